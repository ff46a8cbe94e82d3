//! Links between executions: which one an execution retries, and which one called it.

use weir_model::{Event, ExecutionHash, Identity, Scope};

/// The execution that another retries: given by its public id, or by its `executionId` in the same workflow
/// and environment.
pub fn retried(scope: Scope, event: &Event) -> Option<ExecutionHash> {
    let execution = event.execution()?;
    let by_name = || {
        let identity = Identity {
            project: scope.project,
            environment: event.environment.as_deref(),
            workflow: event.workflow_id.as_deref()?,
            execution_id: execution.retry_of.as_deref()?,
        };
        Some(identity.hash())
    };
    execution.retry_of_id.or_else(by_name)
}

/// The execution that called another; if its workflow is not given, only its name is known.
pub fn parent(scope: Scope, event: &Event) -> Option<ExecutionHash> {
    let execution = event.execution()?;
    let by_name = || {
        let execution_id = execution.parent_execution_id.as_deref()?;
        let Some(workflow) = execution.parent_workflow_id.as_deref() else {
            return Some(ExecutionHash::of_name(scope.project, execution_id));
        };
        let identity = Identity {
            project: scope.project,
            environment: event.environment.as_deref(),
            workflow,
            execution_id,
        };
        Some(identity.hash())
    };
    execution.parent_id.or_else(by_name)
}
