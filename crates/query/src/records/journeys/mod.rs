//! Journeys: what happened to those who were enrolled in a workflow in a range.
//!
//! An **enrolment** is an execution of the workflow, at its first moment: its first event, or where
//! only its end was reported, its end less its duration. It belongs to the range that holds that
//! moment; where it stands is where it stands now, whatever the range. By subject, the executions of
//! one subject that were enrolled in the range are one journey; executions without a subject are
//! counted and stay out.
//!
//! Marks of a journey are its enrolment, its states, its steps, goals, and activities whose resource
//! is the execution. A goal without an execution, and an activity whose resource is a subject,
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

/// Whose journeys.
#[derive(Clone, Copy, Debug)]
pub struct Enrolled<'a> {
    /// Whose rows may be read.
    pub scope: Scope,
    /// In which workflow.
    pub workflow: &'a str,
    /// Only in this environment.
    pub environment: Option<&'a str>,
    /// When they were enrolled.
    pub range: TimeRange,
}

/// Journeys with their marks.
#[derive(Clone, Copy, Debug)]
pub struct JourneysRequest<'a> {
    /// Whose.
    pub enrolled: Enrolled<'a>,
    /// Whether the executions of a subject are one journey.
    pub by_subject: bool,
    /// The dimension of executions that groups them: that of the journey's first execution.
    pub group: Option<Dimension>,
    /// What each step of the funnel is; at most [`MAX_BITS`].
    pub steps: &'a [Vec<Occurrence>],
    /// What is excluded; at most [`MAX_BITS`].
    pub exclusions: &'a [Occurrence],
    /// Whether others of the same kinds (steps, goals, activities) are marks too, each with its place among
    /// those of one instant: in a strict funnel they lie in between.
    pub everything: bool,
    /// The most journeys; one more is read, so that the caller sees that there are more.
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
