//! Replaces users by pseudonyms in what is read from the event store, and pseudonyms by users in statements.
//! Text searches and conditions on metadata compare the stored values.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, RecordBatch, StringArray},
    datatypes::{DataType, Field},
    error::ArrowError,
};
use serde::de::IgnoredAny;
use serde_json::Value;
use weir_query::{Parameter, Statement, USER_COLUMN};

use super::{
    pseudonyms::Users,
    viewer::{Viewer, pseudonyms_in},
};

/// Columns whose values are words defined by Weir. Any other text can mention a user: messages, names, and
/// values of dimensions.
const OWN_WORDS: [&str; 6] = [
    "status",
    "outcome",
    "event_type",
    "queue_action",
    "error_class",
    "error_group",
];
/// An id that no user has: ids have no control characters.
const NO_USER: &str = "\u{1}nobody";

/// The statement with user ids in place of pseudonyms. Where it compares users, only pseudonyms count and a
/// real id matches no user, so that guessing ids reveals nothing. In other texts, such as the value of a
/// dimension that mentions a user, pseudonyms are replaced by ids.
pub(super) fn unveiled(mut statement: Statement, users: &Users) -> Statement {
    for parameter in &mut statement.parameters {
        match parameter {
            Parameter::User(name) => {
                *name = users.behind(name).unwrap_or(NO_USER).to_owned();
            }
            Parameter::Text(text) => *text = restored(text, users),
            Parameter::Integer(_) => {}
        }
    }
    statement
}

/// Whether the parameters of a statement can refer to users.
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

/// The stored form of a text that a viewer sees.
pub(super) fn restored(text: &str, users: &Users) -> String {
    users.spelled(text).unwrap_or_else(|| with_ids(text, users))
}

/// A text with the ids of users in place of their pseudonyms.
fn with_ids(text: &str, users: &Users) -> String {
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

/// Whether rows with these columns can mention users.
pub(super) fn names_users(batches: &[RecordBatch]) -> bool {
    let named = |batch: &RecordBatch| {
        let schema = batch.schema();
        schema.fields().iter().any(|field| mentions(field))
    };
    batches.first().is_some_and(named)
}

/// Whether the values of a column can mention users.
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

/// A text with pseudonyms in place of users.
pub(super) fn text(viewer: Viewer, users: &Users, text: &str) -> String {
    let mut veil = Veil {
        viewer,
        users,
        seen: HashMap::new(),
    };
    veil.text(text)
}

/// The same for a text that no event has, such as one that a person typed: it says nothing about how values of events
/// are spelled.
pub(super) fn typed(viewer: Viewer, users: &Users, text: &str) -> String {
    let mut veil = Veil {
        viewer,
        users,
        seen: HashMap::new(),
    };
    match is_json(text) {
        true => veil.json(text),
        false => veil.plain(text).into_owned(),
    }
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

    /// A text with pseudonyms in place of known users. JSON stays valid JSON.
    fn text(&mut self, text: &str) -> String {
        if is_json(text) {
            return self.json(text);
        }
        match self.plain(text) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(shown) => {
                match with_ids(&shown, self.users) == text {
                    true => self.users.spell_plainly(&shown),
                    false => self.users.spell(&shown, text),
                }
                shown
            }
        }
    }

    fn plain<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let users = self.users;
        let (mut shown, mut done) = (String::new(), 0);
        for mention in users.mentions(text) {
            shown.push_str(&text[done..mention.place.start]);
            shown.push_str(&self.user(mention.id));
            done = mention.place.end;
        }
        match done {
            0 => Cow::Borrowed(text),
            _ => Cow::Owned(shown + &text[done..]),
        }
    }

    /// A JSON text, by string and number. A number that is a user id becomes a string.
    fn json(&mut self, text: &str) -> String {
        let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(first) = rest.bytes().next() {
            let (token, after) = rest.split_at(match first {
                b'"' => string_length(rest),
                b'-' | b'0'..=b'9' => {
                    span(rest, |c| c.is_ascii_alphanumeric() || "+-.".contains(c))
                }
                _ => span(rest, |c| c != '"' && c != '-' && !c.is_ascii_digit()),
            });
            rest = after;
            match first {
                b'"' => shown.push_str(&self.json_string(token)),
                b'-' | b'0'..=b'9' => match self.plain(token) {
                    Cow::Borrowed(number) => shown.push_str(number),
                    Cow::Owned(name) => shown.push_str(&format!("\"{name}\"")),
                },
                _ => shown.push_str(token),
            }
        }
        shown
    }

    /// A JSON string: its decoded value, or the literal if an id was inserted without escapes.
    fn json_string(&mut self, literal: &str) -> String {
        let meant: String = serde_json::from_str(literal).unwrap_or_default();
        let shown = self.text(&meant);
        if shown != meant {
            return Value::from(shown).to_string();
        }
        match self.plain(literal.trim_matches('"')) {
            Cow::Owned(shown) if literal.contains('\\') => Value::from(shown).to_string(),
            _ => literal.to_owned(),
        }
    }
}

/// Whether a text is a JSON object or array.
fn is_json(text: &str) -> bool {
    let opened = text.trim_start().starts_with(['{', '[']);
    opened && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Length in bytes of the string at the start of a JSON text.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 2)
}

/// Length in bytes up to the first character that does not belong.
fn span(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
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
        let users = Users::of(viewer, &["ada", "auth0|x-1", "b@c.io"].map(str::to_owned));
        let shown = super::text(viewer, &users, text);
        let shown = shown.replace(&viewer.user("ada"), "<ada>");
        let shown = shown.replace(&viewer.user("auth0|x-1"), "<x>");
        shown.replace(&viewer.user("b@c.io"), "<b>")
    }

    #[test]
    fn users_in_texts_are_replaced_by_pseudonyms() {
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
    fn every_text_column_is_veiled_except_those_of_weirs_own_words() {
        let viewer = viewer();
        let users = Users::of(viewer, &["ada", "failed"].map(str::to_owned));
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
    fn a_veiled_viewer_can_only_filter_users_by_pseudonym() {
        let viewer = viewer();
        let users = Users::of(viewer, &["ada".to_owned()]);
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
        assert_eq!(asked("ada")[0], Parameter::User(NO_USER.to_owned()));
        assert_eq!(asked("ada")[1], Parameter::Text("ada".to_owned()));
        let mentioned = asked(&format!("mail to {pseudonym}: refused"));
        assert_eq!(
            mentioned[1],
            Parameter::Text("mail to ada: refused".to_owned())
        );
    }

    #[test]
    fn a_shown_value_is_restored_to_its_stored_spelling() {
        let viewer = viewer();
        let users = Users::of(viewer, &["ada.l".to_owned()]);
        for value in ["mail to ADA.L", "mail%20to%20ada%2El", "mail to ada.l"] {
            let shown = super::text(viewer, &users, value);
            assert!(shown.contains(&viewer.user("ada.l")), "{shown}");
            assert_eq!(restored(&shown, &users), value);
        }
    }
}
