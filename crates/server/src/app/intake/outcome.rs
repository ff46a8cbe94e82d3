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
