//! Journeys through a workflow (paper 3): enrolment and conversion, funnels, actions.
//!
//! | paper's word | what it is |
//! |---|---|
//! | enrolled | executions (or subjects) that began in the range |
//! | active, completed, dropped | where those stand now; dropped is failed, crashed or canceled |
//! | converted | those of them that reached a goal |
//! | currently active | all that run or wait now, whenever they began |
//! | action | a step of the workflow |
//!
//! Names of fields are written as paper 3 writes them, in snake case.

pub mod actions;
pub mod enrolment;
pub mod funnel;
pub mod refresh;
mod request;
mod setting;
mod walked;

pub use actions::WorkflowActions;
pub use enrolment::{EnrolmentRequest, WorkflowAnalytics};
pub use funnel::WorkflowFunnel;
pub use refresh::WorkflowRefresh;
pub use request::{ExclusionRequest, FunnelRequest, StepChoice, StepRequest};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Bin, SortedDurations, clopper_pearson};
use weir_query::{ErrorCode, QueryError};

use super::frame::in_parameters;
use crate::AppError;

use setting::Setting;

/// The most journeys that are walked for one answer.
const MOST_JOURNEYS: usize = 2_000_000;

/// Refuses to answer from a part of the journeys.
fn demand_all(journeys: usize) -> Result<(), AppError> {
    if journeys <= MOST_JOURNEYS {
        return Ok(());
    }
    let detail = format!("more than {MOST_JOURNEYS} were enrolled in the range");
    let error = QueryError::new(ErrorCode::TooManyJourneys, "from", detail);
    Err(in_parameters(error.with_fix("a shorter range").into()))
}

/// Between which percentages the true share lies: exact bounds at 95 % (Clopper-Pearson). Nulls
/// without anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RateBounds {
    /// The least share that does not contradict what was counted.
    pub low: Option<f64>,
    /// The largest one.
    pub high: Option<f64>,
}

impl RateBounds {
    fn of(part: u64, whole: u64) -> Self {
        let bounds = clopper_pearson(part, whole);
        Self {
            low: bounds.map(|bounds| bounds.lower * 100.0),
            high: bounds.map(|bounds| bounds.upper * 100.0),
        }
    }
}

/// How long something took, in milliseconds; exact, by nearest rank.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct DurationFigures {
    /// How often it happened.
    pub count: u64,
    /// Mean.
    pub avg_ms: Option<f64>,
    /// The shortest.
    pub min_ms: Option<i64>,
    /// Median.
    pub p50_ms: Option<i64>,
    /// 90th percentile.
    pub p90_ms: Option<i64>,
    /// 95th percentile.
    pub p95_ms: Option<i64>,
    /// The longest.
    pub max_ms: Option<i64>,
}

impl From<&SortedDurations> for DurationFigures {
    fn from(durations: &SortedDurations) -> Self {
        Self {
            count: durations.count(),
            avg_ms: durations.mean(),
            min_ms: durations.percentile(0),
            p50_ms: durations.percentile(50),
            p90_ms: durations.percentile(90),
            p95_ms: durations.percentile(95),
            max_ms: durations.percentile(100),
        }
    }
}

/// How many durations lie in a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DurationBin {
    /// The shortest duration of the bin, in milliseconds.
    pub from_ms: i64,
    /// The shortest duration of the next bin; null for the last.
    pub to_ms: Option<i64>,
    /// How many there are.
    pub count: u64,
}

impl From<Bin> for DurationBin {
    fn from(bin: Bin) -> Self {
        Self {
            from_ms: bin.from,
            to_ms: bin.to,
            count: bin.count,
        }
    }
}

/// A distribution of durations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Distribution {
    /// Their figures.
    #[serde(flatten)]
    pub figures: DurationFigures,
    /// How many lie in each of fifteen fixed bins, from under a second to over 90 days.
    pub distribution: Vec<DurationBin>,
}

impl From<&SortedDurations> for Distribution {
    fn from(durations: &SortedDurations) -> Self {
        Self {
            figures: durations.into(),
            distribution: durations
                .bins()
                .into_iter()
                .map(DurationBin::from)
                .collect(),
        }
    }
}
