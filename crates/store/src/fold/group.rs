//! The events of a batch that may belong to one execution.

use weir_model::{Event, ExecutionHash, Identity, Scope};

/// The events of executions in a batch with one `executionId` of one workflow.
pub(super) struct Group {
    pub(super) scope: Scope,
    /// Stands for the workflow and the `executionId`.
    pub(super) key: u64,
    /// Their positions in the batch.
    pub(super) positions: Vec<usize>,
}

/// The workflow of an execution's event; the decoder rejects events without one.
pub(super) fn workflow(event: &Event) -> &str {
    event.workflow_id.as_deref().unwrap_or_default()
}

/// The execution of an event, if it belongs to this environment.
pub(super) fn hash(scope: Scope, event: &Event, environment: Option<&str>) -> ExecutionHash {
    Identity {
        project: scope.project,
        environment,
        workflow: workflow(event),
        execution_id: event.execution_id().unwrap_or_default(),
    }
    .hash()
}
