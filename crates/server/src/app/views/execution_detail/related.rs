//! The executions around one: who called it, whom it called, what it retries, what retries it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Status, Timestamp};
use weir_query::records::executions::ExecutionRecord;

/// An execution in short.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelatedExecution {
    /// The execution.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// Its newest state; null if it is only known by name.
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    /// When it came into this state.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub timestamp: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration: Option<i64>,
    /// The error's class.
    pub error_type: Option<String>,
}

/// Everything related to an execution.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Family {
    pub retried: Option<RelatedExecution>,
    pub retries: Vec<RelatedExecution>,
    pub parent: Option<RelatedExecution>,
    pub children: Vec<RelatedExecution>,
}

impl Family {
    /// Sorts events of related executions, oldest first, by what they are to `id`.
    pub fn of(id: &str, whole: &ExecutionRecord, events: &[ExecutionRecord]) -> Self {
        let mut by_execution: BTreeMap<&str, Vec<ExecutionRecord>> = BTreeMap::new();
        for event in events {
            let known = by_execution.entry(&event.execution_id).or_default();
            known.push(event.clone());
        }
        let mut merged: Vec<(Timestamp, ExecutionRecord)> = by_execution
            .values()
            .filter_map(|events| Some((events.first()?.timestamp, newest(events)?)))
            .collect();
        merged.sort_by(|a, b| (a.0, &a.1.execution_id).cmp(&(b.0, &b.1.execution_id)));
        let named = |column: &str| {
            let name = whole.text(column)?;
            let found = merged.iter().find(|(_, other)| other.execution_id == name);
            Some(found.map_or_else(|| only_name(name), |(_, other)| related(other)))
        };
        let pointing = |column: &str| {
            let pointing = merged
                .iter()
                .filter(|(_, other)| other.text(column) == Some(id) && other.execution_id != id);
            pointing.map(|(_, other)| related(other)).collect()
        };
        Self {
            retried: named("retry_of"),
            retries: pointing("retry_of"),
            parent: named("parent_execution_id"),
            children: pointing("parent_execution_id"),
        }
    }
}

/// An execution's newest state, whatever the order in which its events arrived: the last by time, at
/// equal times the one further on, with what the others said and it does not.
pub(super) fn newest(events: &[ExecutionRecord]) -> Option<ExecutionRecord> {
    let rank = |event: &&ExecutionRecord| (event.timestamp, event.status);
    let mut newest = events.iter().max_by_key(rank)?.clone();
    for event in events.iter().rev() {
        newest.fill_in(event);
    }
    Some(newest)
}

fn related(record: &ExecutionRecord) -> RelatedExecution {
    RelatedExecution {
        execution_id: record.execution_id.clone(),
        workflow_id: record.text("workflow").map(str::to_owned),
        status: Some(record.status),
        timestamp: Some(record.timestamp),
        duration: record.duration,
        error_type: record.text("error_type").map(str::to_owned),
    }
}

fn only_name(name: &str) -> RelatedExecution {
    RelatedExecution {
        execution_id: name.to_owned(),
        workflow_id: None,
        status: None,
        timestamp: None,
        duration: None,
        error_type: None,
    }
}
