//! The keys that errors are counted under.

use std::collections::BTreeMap;

use weir_model::{ErrorKey, SeenError};

/// Determines the key that an error is counted under, from its type, its message, and where it happened.
pub trait ErrorKeying: Send + Sync {
    /// The key of an error.
    fn key(&self, error: &SeenError<'_>) -> ErrorKey;
}

/// What is known about a step besides its id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownStep {
    /// The newest name.
    pub name: Option<String>,
    /// The newest type.
    pub step_type: Option<String>,
}

/// What is known about steps and workflows by their ids, to describe where errors happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNames {
    /// Steps.
    pub steps: BTreeMap<String, KnownStep>,
    /// Names of workflows.
    pub workflows: BTreeMap<String, String>,
}

impl KnownNames {
    /// An error at a step of a workflow, with the known names of both.
    pub fn seen<'a>(
        &'a self,
        told: SeenError<'a>,
        step: Option<&'a str>,
        workflow: Option<&'a str>,
    ) -> SeenError<'a> {
        let known = step.and_then(|id| self.steps.get(id));
        let name = workflow.and_then(|id| self.workflows.get(id));
        SeenError {
            step,
            step_name: known.and_then(|step| step.name.as_deref()),
            step_type: known.and_then(|step| step.step_type.as_deref()),
            workflow,
            workflow_name: name.map(String::as_str),
            ..told
        }
    }
}

/// What [`crate::EventStore::rekey_errors`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rekeyed {
    /// The number of failed and crashed executions that are now counted under another key.
    pub executions: u64,
    /// The number of failed steps that are now counted under another key.
    pub steps: u64,
}
