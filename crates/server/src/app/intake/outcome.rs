//! What became of a body of events.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::event::EventError;

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Outcome {
    /// Events stored.
    pub accepted: usize,
    /// Events that had been stored before, or stand twice in the body.
    pub duplicates: usize,
    /// Events refused.
    pub rejected: usize,
    /// Why, in the order of the events.
    pub errors: Vec<Fault>,
    /// Fields that look like money or tokens and are no fields of their events' type: nothing of them is
    /// stored. Absent where there is none; at most 20 names.
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
    /// How many of the events have it.
    pub events: usize,
    /// The first of them: its position among the events of the body, from 0.
    pub index: usize,
}

impl Outcome {
    /// Takes in ignored fields of a part of the body.
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

/// One refused event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Its position among the events of the body, from 0.
    pub index: usize,
    /// Its own id, where it could be read.
    pub id: Option<String>,
    /// The kind of fault.
    pub code: &'static str,
    /// The field at fault.
    pub field: Option<String>,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl Fault {
    /// The fault of the event at a position.
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
    fn ignored_fields_are_counted_by_name_and_only_so_many_are_named() {
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
