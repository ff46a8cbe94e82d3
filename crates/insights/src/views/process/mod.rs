//! The process behind a workflow's executions: the map of its steps, the paths taken, and the rules kept.
//!
//! The executions are those of the list for the same range and filters, so each figure has its rows there.
//! `weir_query::records::process` says what belongs to a path and what directly follows what.

pub mod comparison;
pub mod conformance;
pub mod map;
pub mod rules;
pub mod variants;

mod steps;

use weir_model::TimeRange;
use weir_query::records::{
    Told,
    executions::ExecutionFilter,
    process::{Reach, Taken, reach, read_reach},
};

use super::{
    Frame, Questions,
    ways::{SALT, VariantId},
};
use crate::{AppError, ErrorCode, Reading};

pub use comparison::{ComparisonRequest, VariantComparison};
pub use conformance::WorkflowConformance;
pub use map::{MapRequest, WorkflowMap};
pub use rules::{ProcessRule, ProcessRules, ProcessRulesInput};
pub use steps::{MapStep, PathStep};
pub use variants::{VariantsRequest, WorkflowVariants};

/// Which executions of a workflow a view is about.
#[derive(Clone, Debug, Default)]
pub struct ProcessWanted {
    /// Time range, time zone, environment and workflow.
    pub frame: Frame,
    /// Further conditions; workflow and environment are taken from the frame.
    pub filter: ExecutionFilter,
}

/// The executions of a view, and how far back their steps lie.
struct Chosen {
    filter: ExecutionFilter,
    range: TimeRange,
    reach: Reach,
}

impl ProcessWanted {
    /// The workflow's id.
    fn workflow(&self) -> &str {
        self.frame.workflow.as_deref().unwrap_or_default()
    }
}

impl Chosen {
    /// The executions as the store knows them.
    fn taken(&self, questions: &Questions<'_>) -> Taken<'_> {
        Taken {
            scope: questions.scope(),
            filter: &self.filter,
            range: self.range,
            since: self.reach.since,
            skew: questions.rules().skew,
        }
    }

    /// The time of their steps.
    fn steps(&self) -> TimeRange {
        TimeRange {
            from: self.reach.since.min(self.range.from),
            to: self.range.to,
        }
    }

    /// The number of executions that have ended.
    fn ended(&self) -> u64 {
        self.reach.executions - self.reach.open
    }
}

impl Reading {
    /// The executions that a view is about, in its range or, if given, in another. Fails if the frame is not
    /// valid or the store fails.
    async fn chosen(
        &self,
        questions: &mut Questions<'_>,
        wanted: &ProcessWanted,
        instead: Option<TimeRange>,
    ) -> Result<Chosen, AppError> {
        let mut query = wanted.frame.question();
        query.metrics = vec!["executions".to_owned()];
        let asked = questions.resolved(&query).await?.query;
        let range = instead.unwrap_or(asked.range);
        let filter = ExecutionFilter {
            workflow: wanted.frame.workflow.clone(),
            environment: wanted.frame.environment.clone(),
            told: Told::of(&asked.filters),
            ..wanted.filter.clone()
        };
        let statement = reach(questions.scope(), &filter, range, questions.dialect());
        let (viewer, question) = (questions.viewer(), statement.clone());
        let reading = self.range_records(viewer, range, statement, |rows| read_reach(&rows));
        questions.read_from("raw executions");
        let reach = questions.recorded(question, reading).await?;
        Ok(Chosen {
            filter,
            range,
            reach,
        })
    }
}

/// A part of a whole, in percent; `None` without a whole.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

fn wrong(field: &str, detail: impl Into<String>) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail.into()).field(field)
}

/// The number that a parameter gives, or the default. Fails if it is not between 1 and `most`.
fn bounded(
    given: Option<u32>,
    field: &str,
    default: usize,
    most: usize,
) -> Result<usize, AppError> {
    let number = given.map_or(default, |number| number as usize);
    match (1..=most).contains(&number) {
        true => Ok(number),
        false => Err(wrong(field, "The number is out of range.").fix(format!("1 to {most}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_bounds() {
        assert_eq!(bounded(None, "limit", 20, 100).unwrap(), 20);
        assert_eq!(bounded(Some(100), "limit", 20, 100).unwrap(), 100);
        for bad in [0, 101] {
            assert!(bounded(Some(bad), "limit", 20, 100).is_err(), "{bad}");
        }
    }
}
