//! Ids for events that came without one, so that a retry still counts once.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Event, EventKind};

/// The id of an event from its own identity: an execution's id and state, a step's execution, id,
/// attempt and start, and for types that have no identity of their own, everything they say.
pub(super) fn derive(event: &Event) -> String {
    match &event.kind {
        EventKind::Execution(e) => format!("{}:{}", e.execution_id, e.status.name()),
        EventKind::Step(s) => {
            let attempt = s.attempt.unwrap_or(1);
            let base = format!("{}:{}:{attempt}", s.execution_id, s.step_id);
            // A step in a loop runs many times in one execution; its start tells the runs apart.
            match s.start_time {
                Some(start) => format!("{base}:{}", start.0),
                None => base,
            }
        }
        _ => content(event),
    }
}

/// A digest over all that the event says (half of its SHA-256).
fn content(event: &Event) -> String {
    let text = format!(
        "{}|{:?}|{:?}|{:?}|{:?}|{:?}",
        event.timestamp.0,
        event.environment,
        event.workflow_id,
        event.workflow_version,
        event.user_id,
        event.kind
    );
    let digest = Sha256::digest(text.as_bytes());
    digest[..16]
        .iter()
        .fold("content:".to_owned(), |mut id, byte| {
            // Writing to a String can not fail.
            let _ = write!(id, "{byte:02x}");
            id
        })
}
