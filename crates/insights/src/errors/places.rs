//! Where stored errors happened, with the names of workflows and steps.

use std::sync::Arc;

use weir_model::{Scope, SeenError};
use weir_query::records::{
    errors::{ErrorKind, ErrorRecord},
    executions::ExecutionRecord,
};
use weir_store::{EventStore, KnownNames};

/// A stored error.
pub(crate) trait Stored {
    /// Its type and message.
    fn texts(&self) -> SeenError<'_>;
    /// The step that failed.
    fn step(&self) -> Option<&str>;
    /// The workflow.
    fn workflow(&self) -> Option<&str>;
}

impl Stored for ErrorRecord {
    fn texts(&self) -> SeenError<'_> {
        SeenError::told(self.error_type.as_deref(), self.message.as_deref())
    }

    fn step(&self) -> Option<&str> {
        self.error_step.as_deref()
    }

    fn workflow(&self) -> Option<&str> {
        self.workflow_id.as_deref()
    }
}

impl Stored for ExecutionRecord {
    fn texts(&self) -> SeenError<'_> {
        SeenError::told(self.text("error_type"), self.text("error_message"))
    }

    fn step(&self) -> Option<&str> {
        self.text("error_step")
    }

    fn workflow(&self) -> Option<&str> {
        self.text("workflow")
    }
}

impl Stored for ErrorKind {
    fn texts(&self) -> SeenError<'_> {
        SeenError::told(self.error_type.as_deref(), self.message.as_deref())
    }

    fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }

    fn workflow(&self) -> Option<&str> {
        self.workflow.as_deref()
    }
}

/// The names of the workflows and steps of some errors.
#[derive(Debug)]
pub struct Places(KnownNames);

impl Places {
    pub(crate) fn of<'a, E: Stored + 'a>(
        store: &Arc<dyn EventStore>,
        scope: Scope,
        errors: impl Iterator<Item = &'a E> + Clone,
    ) -> Self {
        let steps = errors.clone().filter_map(|error| error.step());
        let workflows = errors.filter_map(|error| error.workflow());
        let steps = steps.map(str::to_owned).collect();
        let workflows = workflows.map(str::to_owned).collect();
        Self(store.known(scope, &steps, &workflows))
    }

    /// An error with the names of its workflow and step.
    pub(crate) fn seen<'a, E: Stored>(&'a self, error: &'a E) -> SeenError<'a> {
        self.0.seen(error.texts(), error.step(), error.workflow())
    }
}
