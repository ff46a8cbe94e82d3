//! What is read from the event store, as a viewer may see it.

use std::{collections::HashMap, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, RecordBatch, StringArray},
    datatypes::{DataType, Field},
    error::ArrowError,
};
use weir_query::{Parameter, Statement, USER_COLUMN};

use super::{
    pseudonyms::Users,
    viewer::{Viewer, pseudonyms_in},
};

/// Columns of words that Weir chose itself. Every other text may mention a user: messages, names, and
/// values of dimensions, whatever they are called.
const OWN_WORDS: [&str; 6] = [
    "status",
    "outcome",
    "event_type",
    "queue_action",
    "error_class",
    "error_group",
];
/// What no user is called: their ids have no control characters.
const NOBODY: &str = "\u{1}nobody";

/// The statement with the users that a veiled viewer means: by pseudonyms, which are their only names for
/// them. An id as it is stands for nobody, so that trying ids tells nothing. In other texts, such as the
/// value of a dimension that mentions a user, pseudonyms stand for the ids that the viewer does not see.
pub(super) fn unveiled(mut statement: Statement, users: &Users) -> Statement {
    for parameter in &mut statement.parameters {
        match parameter {
            Parameter::User(name) => {
                *name = users.behind(name).unwrap_or(NOBODY).to_owned();
            }
            Parameter::Text(text) => *text = restored(text, users),
            Parameter::Integer(_) => {}
        }
    }
    statement
}

/// Whether what a viewer asks for may mean users.
pub(super) fn means_users(statement: &Statement) -> bool {
    statement
        .parameters
        .iter()
        .any(|parameter| match parameter {
            Parameter::User(_) => true,
            Parameter::Text(text) => pseudonyms_in(text).next().is_some(),
            Parameter::Integer(_) => false,
        })
}

/// A text with the ids of users in place of their pseudonyms.
pub(super) fn restored(text: &str, users: &Users) -> String {
    let (mut made, mut done) = (String::with_capacity(text.len()), 0);
    for at in pseudonyms_in(text) {
        if let Some(id) = users.behind(&text[at.clone()]) {
            made.push_str(&text[done..at.start]);
            made.push_str(id);
            done = at.end;
        }
    }
    made + &text[done..]
}

/// Whether rows of these columns can name anybody.
pub(super) fn names_users(batches: &[RecordBatch]) -> bool {
    let named = |batch: &RecordBatch| {
        let schema = batch.schema();
        schema.fields().iter().any(|field| mentions(field))
    };
    batches.first().is_some_and(named)
}

/// Whether the values of a column may name users.
fn mentions(column: &Field) -> bool {
    column.data_type() == &DataType::Utf8 && !OWN_WORDS.contains(&column.name().as_str())
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
            .map(|(field, column)| match mentions(field) {
                true if field.name() == USER_COLUMN => self.each(column, Self::user),
                true => self.each(column, Self::text),
                false => Arc::clone(column),
            })
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
    use arrow::datatypes::Schema;
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
    fn every_column_of_text_but_of_own_words_is_veiled() {
        let viewer = viewer();
        let users = Users::of(viewer, ["ada".to_owned(), "failed".to_owned()]);
        let names = [
            "user",
            "error_type",
            "error_step",
            "workflow",
            "client",
            "status",
        ];
        let fields = names.map(|name| Field::new(name, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.to_vec()));
        let values = [
            "ada",
            "NoMailbox:ada",
            "Mail ada",
            "flow of ada",
            "ada",
            "failed",
        ];
        let columns = values.map(|value| Arc::new(StringArray::from(vec![value])) as ArrayRef);
        let batch = RecordBatch::try_new(schema, columns.to_vec()).unwrap();
        assert!(names_users(std::slice::from_ref(&batch)));
        let shown = veiled(viewer, &users, vec![batch]).unwrap();
        let pseudonym = viewer.user("ada");
        let shown = shown[0].columns().iter().map(|column| {
            let text = column.as_string::<i32>().value(0).to_owned();
            text.replace(&pseudonym, "<ada>")
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                "<ada>",
                "NoMailbox:<ada>",
                "Mail <ada>",
                "flow of <ada>",
                "<ada>",
                "failed"
            ]
        );
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
        assert_eq!(asked("ada")[0], Parameter::User(NOBODY.to_owned()));
        assert_eq!(asked("ada")[1], Parameter::Text("ada".to_owned()));
        let mentioned = asked(&format!("mail to {pseudonym}: refused"));
        assert_eq!(
            mentioned[1],
            Parameter::Text("mail to ada: refused".to_owned())
        );
    }
}
