//! Journeys: what happened to the executions or subjects enrolled in a workflow in a range.
//!
//! An **enrolment** is an execution of the workflow, at its first moment: its first event or, if
//! only its end was reported, its end minus its duration. It belongs to the range that contains that
//! moment; its state is always the current one, whatever the range. By subject, the executions of
//! one subject that were enrolled in the range are one journey; executions without a subject are
//! counted separately and excluded.
//!
//! Marks of a journey are its enrolment, its states, its steps, goals, and activities whose resource
//! is the execution. A goal without an execution, or an activity whose resource is a subject,
//! belongs to the newest execution of that subject at that time, so that it counts once.

mod occurrence;
mod parts;
mod paths;
mod rows;
mod stops;
mod window;

#[cfg(test)]
mod tests;

use weir_model::{Scope, TimeRange, cube::Dimension};

use crate::{dialect::Dialect, statement::Statement, writer::Writer};

pub use occurrence::Occurrence;
pub use paths::{most_common_path, path};
pub use rows::{Journey, Mark, Nameless, journeys};
pub use stops::{Stop, stops, stops_of};
pub use window::window;

/// The most steps of a funnel, and the most exclusions: bits of a mark.
pub const MAX_BITS: usize = 20;

/// The enrolments to read.
#[derive(Clone, Copy, Debug)]
pub struct Enrolled<'a> {
    /// The tenant and project whose rows may be read.
    pub scope: Scope,
    /// The workflow.
    pub workflow: &'a str,
    /// Only in this environment.
    pub environment: Option<&'a str>,
    /// The range of enrolment.
    pub range: TimeRange,
}

/// Journeys with their marks.
#[derive(Clone, Copy, Debug)]
pub struct JourneysRequest<'a> {
    /// The enrolments.
    pub enrolled: Enrolled<'a>,
    /// Whether the executions of a subject are one journey.
    pub by_subject: bool,
    /// The dimension of executions that groups them: that of the journey's first execution.
    pub group: Option<Dimension>,
    /// The occurrences that match each step of the funnel; at most [`MAX_BITS`] steps.
    pub steps: &'a [Vec<Occurrence>],
    /// The exclusions; at most [`MAX_BITS`].
    pub exclusions: &'a [Occurrence],
    /// Whether other events of the same kinds (steps, goals, activities) are marks, too, each with its
    /// position among those of the same instant: a strict funnel must see what lies in between.
    pub everything: bool,
    /// The maximum number of journeys; one more is read, so that the caller notices if there are more.
    pub limit: usize,
}

impl JourneysRequest<'_> {
    /// The statement that [`journeys`] reads the rows of.
    pub fn statement(&self, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text("WITH ");
        parts::enrolments(&mut writer, self);
        parts::marks(&mut writer, self);
        parts::journeys(&mut writer, self);
        writer.finish()
    }
}
