//! The outcome of a body of events.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::event::EventError;

/// The outcome of a body of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Outcome {
    /// Events stored.
    pub accepted: usize,
    /// Events that were already stored, or occur twice in the body.
    pub duplicates: usize,
    /// Events rejected.
    pub rejected: usize,
    /// Why events were rejected, in their order.
    pub errors: Vec<Fault>,
    /// Fields that look like amounts of money or tokens but do not exist in the event's type, and are not
    /// stored. Absent if there are none; at most 20 names.
    #[serde(rename = "ignoredFields", skip_serializing_if = "Vec::is_empty")]
    pub ignored_fields: Vec<IgnoredField>,
}

/// The most names of ignored fields in an answer.
const MOST_IGNORED: usize = 20;

/// A field that was ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct IgnoredField {
    /// Its name as sent.
    pub field: String,
    /// How many events have it.
    pub events: usize,
    /// The position of the first of them in the body, from 0.
    pub index: usize,
}

impl Outcome {
    /// Adds the ignored fields of a part of the body.
    pub(super) fn ignore(&mut self, fields: Vec<IgnoredField>) {
        for field in fields {
            let known = self.ignored_fields.iter_mut();
            if let Some(known) = known.into_iter().find(|known| known.field == field.field) {
                known.events += field.events;
            } else if self.ignored_fields.len() < MOST_IGNORED {
                self.ignored_fields.push(field);
            }
        }
    }
}

/// A rejected event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Its position in the body, from 0.
    pub index: usize,
    /// Its id, if it could be read.
    pub id: Option<String>,
    /// The kind of fault.
    pub code: &'static str,
    /// The field at fault.
    pub field: Option<String>,
    /// What is wrong, and what would be valid.
    pub detail: String,
}

impl Fault {
    /// The fault of the event at a position in the body.
    pub(super) fn new(index: usize, error: EventError) -> Self {
        Self {
            index,
            id: error.id,
            code: error.code.name(),
            field: error.field,
            detail: error.detail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_fields_are_counted_by_name_up_to_a_number_of_names() {
        let field = |name: &str, index: usize| IgnoredField {
            field: name.to_owned(),
            events: 1,
            index,
        };
        let mut outcome = Outcome::default();
        outcome.ignore(vec![
            field("a_tokens", 3),
            field("cost_eur", 3),
            field("a_tokens", 5),
        ]);
        let counted = IgnoredField {
            events: 2,
            ..field("a_tokens", 3)
        };
        assert_eq!(outcome.ignored_fields, [counted, field("cost_eur", 3)]);
        outcome.ignore((0..50).map(|n| field(&format!("tokens{n}"), n)).collect());
        assert_eq!(outcome.ignored_fields.len(), MOST_IGNORED);
        let json = serde_json::to_value(Outcome::default()).unwrap();
        assert!(json.get("ignoredFields").is_none(), "{json}");
    }
}
