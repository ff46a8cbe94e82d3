//! What is read from the event store, as a viewer may see it.

use std::{collections::HashMap, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, RecordBatch, StringArray},
    datatypes::DataType,
    error::ArrowError,
};
use weir_query::{Parameter, Statement, USER_COLUMN};

use super::{pseudonyms::Users, viewer::Viewer};

/// Columns of text in which a user may be mentioned.
const TEXTS: [&str; 7] = [
    "id",
    "metadata",
    "error_message",
    "session_id",
    "subject_id",
    "resource_id",
    "trigger_id",
];
/// What no user is called: their ids have no control characters.
const NOBODY: &str = "\u{1}nobody";

/// The statement with the users that a veiled viewer means: by pseudonyms, which are their only names for
/// them. An id as it is stands for nobody, so that trying ids tells nothing.
pub(super) fn unveiled(mut statement: Statement, users: &Users) -> Statement {
    for parameter in &mut statement.parameters {
        if let Parameter::User(name) = parameter {
            let id = users.behind(name).unwrap_or(NOBODY).to_owned();
            *parameter = Parameter::User(id);
        }
    }
    statement
}

/// Whether rows of these columns can name anybody.
pub(super) fn names_users(batches: &[RecordBatch]) -> bool {
    let named = |batch: &RecordBatch| {
        let schema = batch.schema();
        let names: Vec<_> = schema.fields().iter().map(|field| field.name()).collect();
        names
            .iter()
            .any(|name| *name == USER_COLUMN || TEXTS.contains(&name.as_str()))
    };
    batches.first().is_some_and(named)
}

/// The rows with pseudonyms in place of users.
pub(super) fn veiled(
    viewer: Viewer,
    users: &Users,
    batches: Vec<RecordBatch>,
) -> Result<Vec<RecordBatch>, ArrowError> {
    let mut veil = Veil {
        viewer,
        users,
        seen: HashMap::new(),
    };
    batches.iter().map(|batch| veil.batch(batch)).collect()
}

/// A text in which users are shown by pseudonyms.
pub(super) fn text(viewer: Viewer, users: &Users, text: &str) -> String {
    let mut veil = Veil {
        viewer,
        users,
        seen: HashMap::new(),
    };
    veil.text(text)
}

struct Veil<'a> {
    viewer: Viewer,
    users: &'a Users,
    seen: HashMap<String, String>,
}

impl Veil<'_> {
    fn batch(&mut self, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let schema = batch.schema();
        let columns = schema.fields().iter().zip(batch.columns());
        let columns: Vec<ArrayRef> = columns
            .map(
                |(field, column)| match (field.name().as_str(), field.data_type()) {
                    (USER_COLUMN, DataType::Utf8) => self.each(column, Self::user),
                    (name, DataType::Utf8) if TEXTS.contains(&name) => {
                        self.each(column, Self::text)
                    }
                    _ => Arc::clone(column),
                },
            )
            .collect();
        RecordBatch::try_new(schema, columns)
    }

    fn each(&mut self, column: &ArrayRef, shown: fn(&mut Self, &str) -> String) -> ArrayRef {
        let values = column.as_string::<i32>();
        let shown = values
            .iter()
            .map(|value| value.map(|value| shown(self, value)));
        Arc::new(shown.collect::<StringArray>())
    }

    fn user(&mut self, id: &str) -> String {
        if let Some(known) = self.seen.get(id) {
            return known.clone();
        }
        let pseudonym = self.viewer.user(id);
        self.seen.insert(id.to_owned(), pseudonym.clone());
        pseudonym
    }

    /// A text in which known users are shown by pseudonyms: where the whole text is one, and where a
    /// word of it is, or a part of a word between punctuation.
    fn text(&mut self, text: &str) -> String {
        if self.users.knows(text) {
            return self.user(text);
        }
        let mut shown = String::with_capacity(text.len());
        for word in
            text.split_inclusive(|c: char| c.is_whitespace() || "\"'`,;()[]{}<>=".contains(c))
        {
            let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            match self.users.knows(bare) {
                true => {
                    shown.push_str(&self.user(bare));
                    shown.push_str(&word[bare.len()..]);
                }
                false => self.parts(word, &mut shown),
            }
        }
        shown
    }

    fn parts(&mut self, word: &str, shown: &mut String) {
        for part in word.split_inclusive(|c: char| ":/|#&?!.".contains(c)) {
            let bare = part.trim_end_matches(|c: char| !c.is_alphanumeric());
            match self.users.knows(bare) {
                true => {
                    shown.push_str(&self.user(bare));
                    shown.push_str(&part[bare.len()..]);
                }
                false => shown.push_str(part),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_meta::PseudonymKey;
    use weir_model::Scope;

    use super::*;

    fn viewer() -> Viewer {
        Viewer::veiled(Scope::new(1, 1), PseudonymKey([7; 32]))
    }

    fn shown(text: &str) -> String {
        let viewer = viewer();
        let users = Users::of(viewer, ["ada", "auth0|x-1", "b@c.io"].map(str::to_owned));
        let shown = super::text(viewer, &users, text);
        let shown = shown.replace(&viewer.user("ada"), "<ada>");
        let shown = shown.replace(&viewer.user("auth0|x-1"), "<x>");
        shown.replace(&viewer.user("b@c.io"), "<b>")
    }

    #[test]
    fn users_in_texts_are_shown_by_pseudonyms() {
        for (text, expected) in [
            ("ada", "<ada>"),
            ("login:ada:5", "login:<ada>:5"),
            (
                "no account of ada. Ask auth0|x-1, or b@c.io!",
                "no account of <ada>. Ask <x>, or <b>!",
            ),
            (
                r#"{"by":"ada","list":["b@c.io"]}"#,
                r#"{"by":"<ada>","list":["<b>"]}"#,
            ),
            ("adam, xada", "adam, xada"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn a_veiled_viewer_asks_by_pseudonyms_and_by_nothing_else() {
        let viewer = viewer();
        let users = Users::of(viewer, ["ada".to_owned()]);
        let asked = |name: &str| {
            let statement = Statement {
                parameters: vec![
                    Parameter::User(name.to_owned()),
                    Parameter::Text(name.to_owned()),
                ],
                ..Statement::default()
            };
            unveiled(statement, &users).parameters
        };
        let pseudonym = viewer.user("ada");
        assert_eq!(asked(&pseudonym)[0], Parameter::User("ada".to_owned()));
        assert_eq!(asked(&pseudonym)[1], Parameter::Text(pseudonym.clone()));
        assert_eq!(asked("ada")[0], Parameter::User(NOBODY.to_owned()));
    }
}
