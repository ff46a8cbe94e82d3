//! Explains why parameters and bodies cannot be read. serde's messages name the types of this program; these
//! name the fields and values of the request.

mod words;

use serde_path_to_error::Path;

use crate::app::{AppError, ErrorCode, sentence};
use words::{given, parsed, wanted};

/// A value that serde could not read.
pub(super) struct Misfit<'a> {
    /// Where it is; empty for the whole input.
    path: String,
    /// serde's message.
    message: &'a str,
    /// "parameter" or "field".
    kind: &'static str,
}

impl<'a> Misfit<'a> {
    /// In a query's parameters.
    pub(super) fn in_parameters(path: &Path, message: &'a str) -> Self {
        Self::new(path, message, "parameter")
    }

    /// In a body's fields.
    pub(super) fn in_body(path: &Path, message: &'a str) -> Self {
        Self::new(path, message, "field")
    }

    fn new(path: &Path, message: &'a str, kind: &'static str) -> Self {
        let path = path.to_string();
        Self {
            path: if path == "." { String::new() } else { path },
            // JSON adds line and column; the path is clearer.
            message: message.split(" at line ").next().unwrap_or(message),
            kind,
        }
    }

    /// The refusal: which field is wrong, why, and what would be right.
    pub(super) fn refusal(&self) -> AppError {
        self.unknown_field()
            .or_else(|| self.missing())
            .or_else(|| self.duplicate())
            .or_else(|| self.unknown_word())
            .unwrap_or_else(|| self.invalid_value())
    }

    fn unknown_field(&self) -> Option<AppError> {
        let (name, known) = named(self.message, "unknown field ")?;
        let fix = one_of(name, &known)
            .unwrap_or_else(|| format!("Remove it: no {}s are accepted here.", self.kind));
        let detail = format!("There is no {} `{name}` here.", self.kind);
        Some(invalid(detail, joined(self.parent_of(name), name)).fix(fix))
    }

    fn missing(&self) -> Option<AppError> {
        let (name, _) = named(self.message, "missing field ")?;
        let detail = format!("The {} `{name}` is missing.", self.kind);
        let refusal = invalid(detail, joined(&self.path, name));
        Some(refusal.fix(format!("Add `{name}`.")))
    }

    fn duplicate(&self) -> Option<AppError> {
        let (name, _) = named(self.message, "duplicate field ")?;
        let detail = format!("The {} `{name}` is given twice.", self.kind);
        let refusal = invalid(detail, joined(self.parent_of(name), name));
        Some(refusal.fix("Send it once, under one name."))
    }

    fn unknown_word(&self) -> Option<AppError> {
        let (word, known) = named(self.message, "unknown variant ")?;
        let fix = one_of(word, &known).unwrap_or_else(|| self.see_document());
        Some(invalid(format!("`{word}` is not a valid value here."), self.field()).fix(fix))
    }

    fn invalid_value(&self) -> AppError {
        let message = self.message;
        let starts = ["invalid type: ", "invalid value: ", "invalid length "];
        let parts = starts
            .iter()
            .find_map(|start| message.strip_prefix(start)?.split_once(", expected "));
        if let Some((sent, expected)) = parts {
            let detail = format!("{} is not valid here.", given(sent));
            return invalid(detail, self.field()).fix(format!("Send {}.", wanted(expected)));
        }
        let expected = message
            .strip_prefix("expected ")
            .filter(|expected| *expected != "value")
            .or_else(|| parsed(message));
        if let Some(expected) = expected {
            return invalid(INVALID, self.field()).fix(format!("Send {expected}."));
        }
        let is_vague = message == "expected value"
            || message.contains("did not match any variant")
            || message.contains("missing field");
        let detail = match is_vague {
            true => INVALID.to_owned(),
            false => sentence(message),
        };
        invalid(detail, self.field()).fix(self.see_document())
    }

    fn field(&self) -> String {
        match (self.path.is_empty(), self.kind) {
            (false, _) => self.path.clone(),
            (true, "field") => "body".to_owned(),
            (true, kind) => kind.to_owned(),
        }
    }

    /// The path of the object with the field `name`, which the path may end with.
    fn parent_of(&self, name: &str) -> &str {
        let parent = self.path.strip_suffix(name).unwrap_or(&self.path);
        parent.trim_end_matches('.')
    }

    fn see_document(&self) -> String {
        format!("GET /openapi.json describes each {}.", self.kind)
    }
}

/// The detail where nothing more precise is known.
pub(super) const INVALID: &str = "The value is not valid here.";

fn invalid(detail: impl Into<String>, field: String) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}

fn joined(parent: &str, name: &str) -> String {
    match parent {
        "" => name.to_owned(),
        _ => format!("{parent}.{name}"),
    }
}

/// The name in backticks after a start, and the names in backticks after that.
fn named<'a>(message: &'a str, start: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let rest = message.strip_prefix(start)?.strip_prefix('`')?;
    // The caller chose the name, so it may contain backticks.
    let (name, known) = match rest.split_once("`, ") {
        Some((name, known)) => (name, known),
        None => (rest.strip_suffix('`')?, ""),
    };
    Some((name, known.split('`').skip(1).step_by(2).collect()))
}

/// A fix that lists the valid names, the one that was probably meant first; `None` if there are no names.
pub(super) fn one_of(word: &str, known: &[&str]) -> Option<String> {
    let all = known.iter().map(|known| format!("`{known}`"));
    let all = all.collect::<Vec<_>>().join(", ");
    let near = weir_query::nearest(word, known.iter().copied());
    match (known.len(), near) {
        (0, _) => None,
        (_, Some(near)) => Some(format!("Did you mean `{near}`? Use one of {all}.")),
        (1, None) => Some(format!("Use {all}, the only one.")),
        (_, None) => Some(format!("Use one of {all}.")),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[allow(dead_code, reason = "they are only deserialised")]
    struct Book {
        pages: u64,
        #[serde(default)]
        rate: Option<f64>,
        #[serde(default)]
        is_open: bool,
        #[serde(default)]
        parts: Vec<Part>,
        #[serde(default)]
        size: Size,
        #[serde(default)]
        pair: Option<(u8, u8)>,
        #[serde(default)]
        since: weir_model::Timestamp,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "they are only deserialised")]
    struct Part {
        title: String,
        delta: i32,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Size {
        #[default]
        Small,
        VeryLarge,
    }

    fn explained(body: &str) -> [String; 3] {
        let mut json = serde_json::Deserializer::from_str(body);
        let error = serde_path_to_error::deserialize::<_, Book>(&mut json).unwrap_err();
        let message = error.inner().to_string();
        let refusal = Misfit::in_body(error.path(), &message).refusal();
        [refusal.field.unwrap(), refusal.detail, refusal.fix.unwrap()]
    }

    #[test]
    fn a_misfit_is_explained_without_the_names_of_types() {
        for (body, field, detail, fix) in [
            (
                r#"{"pages": "x"}"#,
                "pages",
                "The text \"x\" is not valid here.",
                "Send a whole number, 0 or greater.",
            ),
            (
                r#"{"pages": -1}"#,
                "pages",
                "The number -1 is not valid here.",
                "Send a whole number, 0 or greater.",
            ),
            (
                r#"{"pages": 1.5}"#,
                "pages",
                "The number 1.5 is not valid here.",
                "Send a whole number, 0 or greater.",
            ),
            (
                r#"{"pages": null}"#,
                "pages",
                "Null is not valid here.",
                "Send a whole number, 0 or greater.",
            ),
            (
                r#"{"pages": 1, "rate": "x"}"#,
                "rate",
                "The text \"x\" is not valid here.",
                "Send a number.",
            ),
            (
                r#"{"pages": 1, "isOpen": 1}"#,
                "isOpen",
                "The number 1 is not valid here.",
                "Send true or false.",
            ),
            (
                r#"{"pages": 1, "parts": {}}"#,
                "parts",
                "An object is not valid here.",
                "Send a list.",
            ),
            (
                r#"{"pages": 1, "parts": [7]}"#,
                "parts[0]",
                "The number 7 is not valid here.",
                "Send an object as described in GET /openapi.json.",
            ),
            (
                r#"{"pages": 1, "parts": [{"title": 7}]}"#,
                "parts[0].title",
                "The number 7 is not valid here.",
                "Send text.",
            ),
            (
                r#"{"pages": 1, "parts": [{"title": "", "delta": true}]}"#,
                "parts[0].delta",
                "The value true is not valid here.",
                "Send a whole number.",
            ),
            (
                r#"{"pages": 1, "parts": [{"title": ""}]}"#,
                "parts[0].delta",
                "The field `delta` is missing.",
                "Add `delta`.",
            ),
            (
                r#"{"pages": 1, "pair": [1]}"#,
                "pair",
                "A list of length 1 is not valid here.",
                "Send a list of the right length.",
            ),
            (
                r#"{"pages": 1, "since": "today"}"#,
                "since",
                "The value is not valid here.",
                "Send an RFC 3339 time with an offset or Z.",
            ),
            (
                r#"{"pages": 1, "pages": 1}"#,
                "pages",
                "The field `pages` is given twice.",
                "Send it once, under one name.",
            ),
            (
                "{}",
                "pages",
                "The field `pages` is missing.",
                "Add `pages`.",
            ),
            (
                "7",
                "body",
                "The number 7 is not valid here.",
                "Send an object as described in GET /openapi.json.",
            ),
        ] {
            assert_eq!(explained(body), [field, detail, fix], "{body}");
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_valid_ones() {
        let [field, detail, fix] = explained(r#"{"page": 1}"#);
        assert_eq!(
            (&*field, &*detail),
            ("page", "There is no field `page` here.")
        );
        assert!(
            fix.starts_with("Did you mean `pages`? Use one of `pages`, `rate`, "),
            "{fix}"
        );
        let [field, _, fix] = explained(r#"{"pages": 1, "parts": [{"titel": "x"}]}"#);
        assert_eq!(&*field, "parts[0].titel");
        assert_eq!(fix, "Use one of `title`, `delta`.");
        let [field, detail, fix] = explained(r#"{"pages": 1, "size": "huge"}"#);
        assert_eq!(
            (&*field, &*detail),
            ("size", "`huge` is not a valid value here.")
        );
        assert_eq!(fix, "Use one of `small`, `very_large`.");
    }
}
