//! An error and where it happened.

/// An error as its producer reported it, with the names of the step and workflow where it happened.
/// Messages often repeat those names, which say nothing about what went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SeenError<'a> {
    /// The error's type.
    pub error_type: Option<&'a str>,
    /// The error's message.
    pub message: Option<&'a str>,
    /// The id of the step that failed.
    pub step: Option<&'a str>,
    /// That step's name.
    pub step_name: Option<&'a str>,
    /// That step's type: its connector or node.
    pub step_type: Option<&'a str>,
    /// The id of the workflow.
    pub workflow: Option<&'a str>,
    /// The workflow's name.
    pub workflow_name: Option<&'a str>,
}

impl<'a> SeenError<'a> {
    /// An error with nothing but a type and a message.
    pub fn told(error_type: Option<&'a str>, message: Option<&'a str>) -> Self {
        Self {
            error_type,
            message,
            ..Self::default()
        }
    }

    /// The names of the step and workflow, as far as they are known.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        let names = [
            self.step_name,
            self.step,
            self.step_type,
            self.workflow_name,
            self.workflow,
        ];
        names.into_iter().flatten()
    }
}
