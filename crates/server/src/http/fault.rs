//! What is told of parameters and bodies that do not fit, in the words of whoever sent them: serde speaks
//! of the types of this program.

use serde_path_to_error::Path;

use crate::app::{AppError, ErrorCode, sentence};

/// What does not fit, as serde has it.
pub(super) struct Misfit<'a> {
    /// Where it is; empty for the whole.
    path: String,
    /// What serde says.
    said: &'a str,
    /// A parameter or a field.
    kind: &'static str,
}

impl<'a> Misfit<'a> {
    /// Of a query's parameters.
    pub(super) fn in_parameters(path: &Path, said: &'a str) -> Self {
        Self::new(path, said, "parameter")
    }

    /// Of a body's fields.
    pub(super) fn in_body(path: &Path, said: &'a str) -> Self {
        Self::new(path, said, "field")
    }

    fn new(path: &Path, said: &'a str, kind: &'static str) -> Self {
        let path = path.to_string();
        Self {
            path: if path == "." { String::new() } else { path },
            // JSON adds the place, which the path tells better.
            said: said.split(" at line ").next().unwrap_or(said),
            kind,
        }
    }

    /// The refusal.
    pub(super) fn refusal(&self) -> AppError {
        let told = self.unknown_field();
        let told = told.or_else(|| self.missing()).or_else(|| self.twice());
        let told = told.or_else(|| self.unknown_word());
        told.unwrap_or_else(|| self.unfitting())
    }

    fn unknown_field(&self) -> Option<AppError> {
        let (name, known) = named(self.said, "unknown field ")?;
        // The path ends with the name already.
        let within = self.path.strip_suffix(name).unwrap_or(&self.path);
        let field = joined(within.trim_end_matches('.'), name);
        let fix = among(name, &known)
            .unwrap_or_else(|| format!("Leave it out: there is no {} here.", self.kind));
        Some(invalid(format!("There is no {} `{name}` here.", self.kind), field).fix(fix))
    }

    fn missing(&self) -> Option<AppError> {
        let (name, _) = named(self.said, "missing field ")?;
        let field = joined(&self.path, name);
        Some(
            invalid(format!("The {} `{name}` is missing.", self.kind), field)
                .fix(format!("Give `{name}`.")),
        )
    }

    fn twice(&self) -> Option<AppError> {
        let (name, _) = named(self.said, "duplicate field ")?;
        let field = joined(
            self.path
                .strip_suffix(name)
                .unwrap_or(&self.path)
                .trim_end_matches('.'),
            name,
        );
        let detail = format!("The {} `{name}` is given twice.", self.kind);
        Some(invalid(detail, field).fix("Give it once, under one name."))
    }

    fn unknown_word(&self) -> Option<AppError> {
        let (word, known) = named(self.said, "unknown variant ")?;
        let fix = among(word, &known).unwrap_or_else(|| self.read_about());
        Some(
            invalid(
                format!("`{word}` is none of the words that fit here."),
                self.field(),
            )
            .fix(fix),
        )
    }

    fn unfitting(&self) -> AppError {
        let said = self.said;
        let parts = ["invalid type: ", "invalid value: ", "invalid length "];
        let parts = parts
            .iter()
            .find_map(|start| said.strip_prefix(start)?.split_once(", expected "));
        if let Some((given, wanted)) = parts {
            let wanted = in_words(wanted);
            let detail = format!("{} does not fit here.", given_in_words(given));
            return invalid(detail, self.field()).fix(format!("Give {wanted}."));
        }
        if said == "expected value" {
            return invalid("The value does not fit here.", self.field()).fix(self.read_about());
        }
        if let Some(wanted) = said.strip_prefix("expected ") {
            return invalid("The value does not fit here.", self.field())
                .fix(format!("Give {wanted}."));
        }
        if let Some(wanted) = of_text(said) {
            return invalid("The value does not fit here.", self.field())
                .fix(format!("Give {wanted}."));
        }
        if said.contains("did not match any variant") || said.contains("missing field") {
            return invalid("The value does not fit here.", self.field()).fix(self.read_about());
        }
        invalid(sentence(said), self.field()).fix(self.read_about())
    }

    fn field(&self) -> String {
        match (self.path.is_empty(), self.kind) {
            (false, _) => self.path.clone(),
            (true, "field") => "body".to_owned(),
            (true, kind) => kind.to_owned(),
        }
    }

    fn read_about(&self) -> String {
        format!("GET /openapi.json says what each {} takes.", self.kind)
    }
}

fn invalid(detail: impl Into<String>, field: String) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}

fn joined(within: &str, name: &str) -> String {
    match within {
        "" => name.to_owned(),
        _ => format!("{within}.{name}"),
    }
}

/// What stands in backticks after a start, and what stands in backticks behind it.
fn named<'a>(said: &'a str, start: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let rest = said.strip_prefix(start)?.strip_prefix('`')?;
    // The name is the caller's, and may have backticks.
    let (name, known) = match rest.split_once("`, ") {
        Some((name, known)) => (name, known),
        None => (rest.strip_suffix('`')?, ""),
    };
    Some((name, known.split('`').skip(1).step_by(2).collect()))
}

/// What may have been meant, and what there is.
pub(super) fn among(word: &str, known: &[&str]) -> Option<String> {
    let all = || {
        known
            .iter()
            .map(|known| format!("`{known}`"))
            .collect::<Vec<_>>()
    };
    match (
        known.len(),
        weir_query::nearest(word, known.iter().copied()),
    ) {
        (0, _) => None,
        (_, Some(near)) => Some(format!(
            "Did you mean `{near}`? There are {}.",
            all().join(", ")
        )),
        (1, None) => Some(format!("There is only {}.", all().join(""))),
        (_, None) => Some(format!("One of {}.", all().join(", "))),
    }
}

/// What fits, of the names of types.
fn in_words(wanted: &str) -> String {
    let words = match wanted {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number from 0 on",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "bool" | "a boolean" => "true or false",
        "a string" | "a borrowed string" | "str" | "string" => "text",
        "a sequence" => "a list",
        "a map" | "unit" | "string or map" => "an object",
        "option" => "a value, or null",
        _ if wanted.starts_with("struct ")
            || wanted.contains(" enum ")
            || wanted.starts_with("enum ") =>
        {
            "an object as GET /openapi.json says"
        }
        _ if wanted.starts_with("a tuple")
            || wanted.starts_with("tuple ")
            || wanted.starts_with("an array of length") =>
        {
            "a list of the right length"
        }
        _ if wanted.contains("Value") || wanted.contains("::") => "any JSON value",
        _ => wanted,
    };
    words.to_owned()
}

/// What was given: `string "x"`, ``integer `5` ``, `map`.
fn given_in_words(given: &str) -> String {
    let value = |start: &str| given.strip_prefix(start).map(|rest| rest.trim_matches('`'));
    let kinds = [
        ("integer ", "The number"),
        ("floating point ", "The number"),
        ("boolean ", "The value"),
        ("string ", "The text"),
    ];
    if let Some((what, value)) = kinds
        .iter()
        .find_map(|(start, what)| Some((what, value(start)?)))
    {
        return format!("{what} {value}");
    }
    match given {
        "null" | "unit value" | "Option value" => "Null".to_owned(),
        "map" => "An object".to_owned(),
        "sequence" => "A list".to_owned(),
        length if length.bytes().all(|byte| byte.is_ascii_digit()) => format!("A list of {length}"),
        _ => "The value".to_owned(),
    }
}

/// What fits where a text was to be read as something else.
fn of_text(said: &str) -> Option<&'static str> {
    let starts = |start: &str| said.starts_with(start);
    Some(match said {
        "provided string was not `true` or `false`" => "true or false",
        _ if starts("number too large") => "a smaller whole number",
        _ if starts("number too small") => "a larger whole number",
        _ if starts("invalid digit") || starts("cannot parse integer") => "a whole number",
        _ if starts("invalid float") || starts("cannot parse float") => "a number",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[allow(dead_code, reason = "they are only read")]
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
    #[allow(dead_code, reason = "they are only read")]
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

    fn told(body: &str) -> [String; 3] {
        let mut json = serde_json::Deserializer::from_str(body);
        let error = serde_path_to_error::deserialize::<_, Book>(&mut json).unwrap_err();
        let said = error.inner().to_string();
        let refusal = Misfit::in_body(error.path(), &said).refusal();
        [refusal.field.unwrap(), refusal.detail, refusal.fix.unwrap()]
    }

    #[test]
    fn what_does_not_fit_is_told_without_the_names_of_types() {
        for (body, field, detail, fix) in [
            (
                r#"{"pages": "x"}"#,
                "pages",
                "The text \"x\" does not fit here.",
                "Give a whole number from 0 on.",
            ),
            (
                r#"{"pages": -1}"#,
                "pages",
                "The number -1 does not fit here.",
                "Give a whole number from 0 on.",
            ),
            (
                r#"{"pages": 1.5}"#,
                "pages",
                "The number 1.5 does not fit here.",
                "Give a whole number from 0 on.",
            ),
            (
                r#"{"pages": null}"#,
                "pages",
                "Null does not fit here.",
                "Give a whole number from 0 on.",
            ),
            (
                r#"{"pages": 1, "rate": "x"}"#,
                "rate",
                "The text \"x\" does not fit here.",
                "Give a number.",
            ),
            (
                r#"{"pages": 1, "isOpen": 1}"#,
                "isOpen",
                "The number 1 does not fit here.",
                "Give true or false.",
            ),
            (
                r#"{"pages": 1, "parts": {}}"#,
                "parts",
                "An object does not fit here.",
                "Give a list.",
            ),
            (
                r#"{"pages": 1, "parts": [7]}"#,
                "parts[0]",
                "The number 7 does not fit here.",
                "Give an object as GET /openapi.json says.",
            ),
            (
                r#"{"pages": 1, "parts": [{"title": 7}]}"#,
                "parts[0].title",
                "The number 7 does not fit here.",
                "Give text.",
            ),
            (
                r#"{"pages": 1, "parts": [{"title": "", "delta": true}]}"#,
                "parts[0].delta",
                "The value true does not fit here.",
                "Give a whole number.",
            ),
            (
                r#"{"pages": 1, "parts": [{"title": ""}]}"#,
                "parts[0].delta",
                "The field `delta` is missing.",
                "Give `delta`.",
            ),
            (
                r#"{"pages": 1, "pair": [1]}"#,
                "pair",
                "A list of 1 does not fit here.",
                "Give a list of the right length.",
            ),
            (
                r#"{"pages": 1, "since": "today"}"#,
                "since",
                "The value does not fit here.",
                "Give an RFC 3339 time with an offset or Z.",
            ),
            (
                r#"{"pages": 1, "pages": 1}"#,
                "pages",
                "The field `pages` is given twice.",
                "Give it once, under one name.",
            ),
            (
                "{}",
                "pages",
                "The field `pages` is missing.",
                "Give `pages`.",
            ),
            (
                "7",
                "body",
                "The number 7 does not fit here.",
                "Give an object as GET /openapi.json says.",
            ),
        ] {
            assert_eq!(told(body), [field, detail, fix], "{body}");
        }
    }

    #[test]
    fn what_is_unknown_is_told_with_what_there_is() {
        let [field, detail, fix] = told(r#"{"page": 1}"#);
        assert_eq!(
            (&*field, &*detail),
            ("page", "There is no field `page` here.")
        );
        assert!(
            fix.starts_with("Did you mean `pages`? There are `pages`, `rate`, "),
            "{fix}"
        );
        let [field, _, fix] = told(r#"{"pages": 1, "parts": [{"titel": "x"}]}"#);
        assert_eq!(&*field, "parts[0].titel");
        assert_eq!(fix, "One of `title`, `delta`.");
        let [field, detail, fix] = told(r#"{"pages": 1, "size": "huge"}"#);
        assert_eq!(
            (&*field, &*detail),
            ("size", "`huge` is none of the words that fit here.")
        );
        assert_eq!(fix, "One of `small`, `very_large`.");
    }
}
