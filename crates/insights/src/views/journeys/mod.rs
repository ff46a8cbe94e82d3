//! Journeys through a workflow: enrolment and conversion, funnels, actions.
//!
//! | word | meaning |
//! |---|---|
//! | enrolled | executions (or subjects) that started in the range |
//! | active, completed, dropped | their current state; dropped is failed, crashed or canceled |
//! | converted | those that reached a goal |
//! | currently active | all that are running or waiting now, whenever they started |
//! | action | a step of the workflow |
//!
//! Field names are in snake case.

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

/// The most journeys evaluated for one answer.
const MOST_JOURNEYS: usize = 2_000_000;

/// Fails if there are more journeys than can be evaluated: an answer never covers only a part.
fn demand_all(journeys: usize) -> Result<(), AppError> {
    if journeys <= MOST_JOURNEYS {
        return Ok(());
    }
    let detail = format!("the range has more than {MOST_JOURNEYS} enrolments");
    let error = QueryError::new(ErrorCode::TooManyJourneys, "from", detail);
    Err(in_parameters(error.with_fix("a shorter range").into()))
}

/// The range of the true percentage: exact bounds at 95 % confidence (Clopper-Pearson). Null if nothing was
/// counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RateBounds {
    /// The lowest percentage consistent with the counts.
    pub low: Option<f64>,
    /// The highest percentage consistent with the counts.
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

/// Durations in milliseconds. Percentiles are exact, by nearest rank.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct DurationFigures {
    /// Number of durations.
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

/// The number of durations in a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DurationBin {
    /// The shortest duration of the bin, in milliseconds.
    pub from_ms: i64,
    /// The shortest duration of the next bin; null for the last.
    pub to_ms: Option<i64>,
    /// Number of durations.
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
    /// Their mean, extremes and percentiles.
    #[serde(flatten)]
    pub figures: DurationFigures,
    /// The number in each of fifteen fixed bins, from under a second to over 90 days.
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
