//! Figures of executions under the papers' names.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::{Answer, Rows};

/// A row with its headings.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(pub &'a Rows, pub &'a weir_query::Row);

/// A sum over what a limit left out of an answer; 0 where it left out nothing.
pub(super) fn rest_of(answer: &Answer, metric: &str) -> f64 {
    let other = answer.other.as_ref().map(|other| &other.rows);
    let rest = other.and_then(|other| other.rows.value(other.rest()?.0, metric));
    rest.unwrap_or(0.0)
}

impl<'a> Row<'a> {
    /// The rows of an answer.
    pub fn all(rows: &'a Rows) -> impl Iterator<Item = Row<'a>> {
        rows.iter().map(move |row| Row(rows, row))
    }

    /// A figure; `None` if there is no data for it.
    pub fn value(self, metric: &str) -> Option<f64> {
        self.0.value(self.1, metric)
    }

    /// A count; nothing counted is 0.
    pub fn count(self, metric: &str) -> u64 {
        self.value(metric)
            .map_or(0, |value| value.max(0.0).round() as u64)
    }

    /// The start of its bucket, in the zone of the query.
    pub fn time(self) -> Option<String> {
        self.0.time_text(self.1).map(str::to_owned)
    }

    /// Its value of a dimension of the query, by position.
    pub fn key(self, position: usize) -> Option<String> {
        self.1.key.get(position)?.as_deref().map(str::to_owned)
    }
}

/// The metrics behind [`ExecutionFigures`].
pub(super) const EXECUTION_METRICS: [&str; 13] = [
    "executions",
    "completed",
    "failed",
    "crashed",
    "canceled",
    "running",
    "waiting",
    "success_rate",
    "failure_rate",
    "duration_avg",
    "duration_p50",
    "duration_p95",
    "duration_p99",
];

/// The metrics of money behind [`ExecutionFigures`]: not known by every dimension.
pub(super) const COST_METRICS: [&str; 2] = ["credits", "cost"];

/// Executions in figures. Durations are milliseconds, rates percentages; null is "no data".
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionFigures {
    /// Every execution once.
    pub total_executions: u64,
    /// Those that completed.
    pub successful: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that crashed.
    pub crashed: u64,
    /// Those that were canceled.
    pub canceled: u64,
    /// Those that run.
    pub running: u64,
    /// Those that wait.
    pub waiting: u64,
    /// successful / (successful + failed + crashed).
    pub success_rate: Option<f64>,
    /// (failed + crashed) / (successful + failed + crashed).
    pub failure_rate: Option<f64>,
    /// Mean duration.
    pub avg_duration: Option<f64>,
    /// Median duration.
    pub p50_duration: Option<f64>,
    /// 95th percentile of durations.
    pub p95_duration: Option<f64>,
    /// 99th percentile of durations.
    pub p99_duration: Option<f64>,
    /// Credits used; null where they cannot be told apart so.
    pub total_credits: Option<f64>,
    /// US dollars spent; null where they cannot be told apart so.
    pub total_cost: Option<f64>,
}

impl From<Row<'_>> for ExecutionFigures {
    fn from(row: Row<'_>) -> Self {
        Self {
            total_executions: row.count("executions"),
            successful: row.count("completed"),
            failed: row.count("failed"),
            crashed: row.count("crashed"),
            canceled: row.count("canceled"),
            running: row.count("running"),
            waiting: row.count("waiting"),
            success_rate: row.value("success_rate"),
            failure_rate: row.value("failure_rate"),
            avg_duration: row.value("duration_avg"),
            p50_duration: row.value("duration_p50"),
            p95_duration: row.value("duration_p95"),
            p99_duration: row.value("duration_p99"),
            total_credits: row.value("credits"),
            total_cost: row.value("cost"),
        }
    }
}

/// The figures of rows that are one row: without dimensions and granularity.
pub(super) fn only(rows: &Rows) -> ExecutionFigures {
    let first = Row::all(rows).next();
    first.map(ExecutionFigures::from).unwrap_or_default()
}
