//! The executions related to one: parent, children, the one it retries, and its retries.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, ExecutionId, Status, Timestamp};
use weir_query::records::{executions::ExecutionRecord, tree::Tree};

/// A summary of an execution.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelatedExecution {
    /// Its public id; null if only the producer's id is known.
    pub id: Option<String>,
    /// The producer's id for it.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// Its newest state; null if only the producer's id is known.
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    /// When it entered this state.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub timestamp: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration: Option<i64>,
    /// The error type.
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
    /// Sorts related executions, oldest first, by their relation to one. If the name of a parent can mean
    /// several executions, it means none of them: executions that name their parent in this way are neither
    /// its children nor in its `tree`.
    pub fn of(
        public: impl Fn(&ExecutionRecord) -> ExecutionId,
        whole: &ExecutionRecord,
        others: &[ExecutionRecord],
        tree: &Tree,
    ) -> Self {
        let newest = newest_runs(others);
        let is = |hash: ExecutionHash, other: &ExecutionRecord| match hash.names_one() {
            true => other.execution == hash,
            false => other.execution.name() == hash,
        };
        let pointed = |hash: Option<ExecutionHash>, name: Option<&str>| {
            let mut found = hash
                .into_iter()
                .flat_map(|hash| newest.iter().filter(move |other| is(hash, other)));
            match (found.next(), found.next()) {
                (Some(one), None) => Some(related(public(one), one)),
                _ => name.map(only_name),
            }
        };
        // A retry that leaves out its environment can only mean this execution.
        let meant = |retry: &ExecutionRecord, other: &ExecutionRecord| {
            let same = |column: &str| retry.text(column) == other.text(column);
            retry.text("environment").is_none()
                && retry.text("retry_of") == Some(other.execution_id.as_str())
                && same("workflow")
        };
        let exact = whole
            .retried
            .filter(|hash| newest.iter().any(|other| is(*hash, other)));
        let loose = || newest.iter().find(|other| meant(whole, other));
        let retried = exact.or_else(|| loose().map(|other| other.execution));
        let is_retry =
            |other: &ExecutionRecord| other.retried == Some(whole.execution) || meant(other, whole);
        let is_child = |other: &ExecutionRecord| {
            let called = other.parent.is_some_and(|hash| is(hash, whole));
            called && (tree.cut_at.is_some() || tree.holds(other.execution))
        };
        let all = |which: &dyn Fn(&ExecutionRecord) -> bool| {
            let found = newest.iter().filter(|other| which(other));
            found.map(|other| related(public(other), other)).collect()
        };
        Self {
            retried: pointed(retried, whole.text("retry_of")),
            retries: all(&is_retry),
            parent: pointed(whole.parent, whole.text("parent_execution_id")),
            children: all(&is_child),
        }
    }
}

/// The newest run of each execution, in the order of first runs.
fn newest_runs(runs: &[ExecutionRecord]) -> Vec<ExecutionRecord> {
    let mut newest: Vec<ExecutionRecord> = Vec::new();
    for run in runs {
        let known = newest
            .iter_mut()
            .find(|known| known.execution == run.execution);
        match known {
            Some(known) => *known = run.clone(),
            None => newest.push(run.clone()),
        }
    }
    newest
}

fn related(id: ExecutionId, record: &ExecutionRecord) -> RelatedExecution {
    RelatedExecution {
        id: Some(id.to_string()),
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
        id: None,
        execution_id: name.to_owned(),
        workflow_id: None,
        status: None,
        timestamp: None,
        duration: None,
        error_type: None,
    }
}
