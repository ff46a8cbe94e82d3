//! The usage analytics under `/analytics`. They have their own field names; durations are in seconds.
//!
//! | field | metric |
//! |---|---|
//! | `node_type` | the dimension `step_type` |
//! | `node_usage` | `steps` by it |
//! | `avg_duration` | `step_duration_avg`, `duration_avg`, in seconds |
//! | `failure_rate` | 100 - `step_success_rate` |
//! | `cache_hit_rate` | `cache_hit_rate` |
//! | `total`, `completed`, `failed` | `executions`, `completed`, `failed` + `crashed` |
//!
//! Every view can be limited to one user.

mod costs;
mod nodes;
mod performance;
mod workflows;

pub use costs::CostUsage;
pub use nodes::NodeUsage;
pub use performance::PerformanceInsights;
pub use workflows::WorkflowUsage;

use serde::{Serialize, Serializer};
use weir_query::{Direction, Query};

use super::{Frame, Line, Questions, Results, steps::StepRuns};
use crate::{AppError, ErrorCode, figures};

/// The default number of entries in a list.
const DEFAULT_LIMIT: u32 = 10;
/// The most entries in a list.
const MOST: u32 = 1_000;
/// The most days.
const MOST_DAYS: u32 = 3_650;
/// The name for events that name none.
const UNNAMED: &str = "unknown";

/// The parameters of these views.
#[derive(Clone, Debug, Default)]
pub struct UsageWanted {
    /// Time range, time zone, environment and workflow.
    pub frame: Frame,
    /// A range of this many days up to now, in place of the frame's range.
    pub days: Option<u32>,
    /// Only this user.
    pub user: Option<String>,
    /// The number of entries in lists.
    pub limit: Option<u32>,
}

impl UsageWanted {
    /// The frame with a range of `days`, or of the default if it has no range. Fails if the number is out of
    /// range.
    fn framed(&self, default_days: u32) -> Result<Frame, AppError> {
        let frame = self.frame.clone();
        let custom = frame.from.is_some() || frame.to.is_some() || frame.last.is_some();
        let days = match self.days {
            Some(days) if !(1..=MOST_DAYS).contains(&days) => {
                let detail = format!("The range cannot be {days} days.");
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field("days")
                    .fix(format!("1 to {MOST_DAYS}")));
            }
            None if custom => return Ok(frame),
            days => days.unwrap_or(default_days),
        };
        Ok(Frame {
            from: None,
            to: None,
            last: Some(format!("{days}d")),
            ..frame
        })
    }

    /// The query, limited to the user.
    fn of_user(&self, query: Query) -> Query {
        match &self.user {
            Some(user) => query.filter("user", [user.as_str()]),
            None => query,
        }
    }

    fn limit(&self) -> Result<usize, AppError> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("A list has 1 to {MOST} entries.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        Ok(limit as usize)
    }
}

figures! {
    /// The figures of a node type in addition to [`StepRuns`]. Durations are in seconds.
    struct NodeTimes {
        avg_duration: Option<f64> = seconds("step_duration_avg"),
        p95_duration: Option<f64> = seconds("step_duration_p95"),
        total_duration: Option<f64> = seconds("step_duration_sum"),
        cache_lookups: u64 = count("cache_lookups"),
        cache_hits: u64 = count("cache_hits"),
        cache_hit_rate: Option<f64> = value("cache_hit_rate"),
    }
}

/// Runs of a node type.
type NodeRuns = (StepRuns, NodeTimes);

/// Percentage of the runs with an outcome that failed.
fn failure_rate(runs: &StepRuns) -> Option<f64> {
    runs.success_rate.map(|rate| 100.0 - rate)
}

/// The first node types in an order, up to the limit; the rest are summed.
async fn ask_nodes(
    questions: &mut Questions<'_>,
    wanted: &UsageWanted,
    frame: &Frame,
    (metric, direction): (&str, Direction),
) -> Result<Results<NodeRuns>, AppError> {
    let query = frame
        .question()
        .by(["step_type"])
        .order(metric, direction)
        .limit(wanted.limit()? as i64)
        .with_other();
    questions.figures(wanted.of_user(query)).await
}

fn name<F>(line: &Line<'_, F>) -> String {
    line.key(0).unwrap_or_else(|| UNNAMED.to_owned())
}

/// An object whose fields keep their order: the largest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ordered(pub Vec<(String, u64)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, count)| (name, count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_override_a_range_and_a_range_overrides_the_default() {
        let of = |days, last: Option<&str>| {
            let frame = Frame {
                last: last.map(str::to_owned),
                ..Frame::default()
            };
            let wanted = UsageWanted {
                frame,
                days,
                ..UsageWanted::default()
            };
            wanted.framed(7).map(|frame| frame.last.unwrap())
        };
        assert_eq!(of(None, None).unwrap(), "7d");
        assert_eq!(of(Some(30), Some("1d")).unwrap(), "30d");
        assert_eq!(of(None, Some("1d")).unwrap(), "1d");
        assert_eq!(
            of(Some(0), None).unwrap_err().field.as_deref(),
            Some("days")
        );
    }

    #[test]
    fn an_ordered_object_keeps_its_order() {
        let usage = Ordered(vec![("z".to_owned(), 9), ("a".to_owned(), 1)]);
        assert_eq!(serde_json::to_string(&usage).unwrap(), r#"{"z":9,"a":1}"#);
    }
}
