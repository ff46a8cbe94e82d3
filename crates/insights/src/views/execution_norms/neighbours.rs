//! The executions of the workflow that started before and after one, and the first start of its version.

use weir_query::records::executions::{ExecutionRecord, Neighbours};

use crate::{AppError, Reading, privacy::Viewer};

/// What is around an execution in its workflow and environment.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// The public id of the execution that started before it.
    pub previous: Option<String>,
    /// The public id of the execution that started after it.
    pub next: Option<String>,
    /// Whether no execution of its version started before it.
    pub is_first_of_version: bool,
}

impl Reading {
    /// The neighbours of a run. Fails if the store does.
    pub(super) async fn neighbours_of(
        &self,
        viewer: Viewer,
        whole: &ExecutionRecord,
    ) -> Result<Around, AppError> {
        let Some(workflow) = whole.text("workflow") else {
            return Ok(Around::default());
        };
        let place = Neighbours {
            of: whole.execution,
            workflow,
            environment: whole.text("environment"),
        };
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        let statement = place.statement(scope, dialect);
        let read = |batches: Vec<_>| Neighbours::read(&batches);
        let mut around = Around::default();
        for neighbour in self.read_records(viewer, statement, read).await? {
            // Workflow and environment are the same, so the name completes the identity.
            let mut record = whole.clone();
            record.execution_id = neighbour.execution_id;
            let id = Some(self.public_id(viewer, &record).to_string());
            match neighbour.is_after {
                true => around.next = id,
                false => around.previous = id,
            }
        }
        if let Some(version) = whole.text("version") {
            let statement = place.first_of_version(scope, dialect, version);
            let read = |batches: Vec<_>| Neighbours::read_is_first(&batches);
            around.is_first_of_version = self.read_records(viewer, statement, read).await?;
        }
        Ok(around)
    }
}
