//! The differences of execution figures, with their bounds.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    Better, Difference, Estimate, Finding,
    compare::{mean, rate},
    difference, finding,
};

use crate::views::Row;

/// The metrics behind the differences and their bounds.
pub(super) const METRICS: [&str; 15] = [
    "executions",
    "completed",
    "failed",
    "crashed",
    "success_rate",
    "durations",
    "duration_avg",
    "duration_stddev",
    "duration_p50",
    "duration_p50_lower",
    "duration_p50_upper",
    "duration_p95",
    "duration_p95_lower",
    "duration_p95_upper",
    "cost",
];

/// How a figure differs from the baseline's.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MetricDifference {
    /// success_rate, duration_avg, duration_p50, duration_p95 or cost_per_execution.
    pub metric: &'static str,
    /// Its figure.
    pub value: Option<f64>,
    /// The baseline's.
    pub baseline: Option<f64>,
    /// value - baseline, in the metric's unit: percentage points for the rate.
    pub difference: Option<f64>,
    /// The least true difference that does not contradict what was measured.
    pub lower: Option<f64>,
    /// The largest one.
    pub upper: Option<f64>,
    /// The difference in percent of the baseline's figure.
    pub percent: Option<f64>,
    /// better, worse, no_difference, not_enough_data.
    #[schema(value_type = String)]
    pub finding: Finding,
}

/// The differences of a group's figures from those of the baseline.
pub(super) fn differences(group: Option<Row<'_>>, base: Option<Row<'_>>) -> Vec<MetricDifference> {
    let judged = |row: Option<Row<'_>>| {
        row.map_or(0, |row| {
            row.count("completed") + row.count("failed") + row.count("crashed")
        })
    };
    let timed = |row: Option<Row<'_>>| row.map_or(0, |row| row.count("durations"));
    let judged = judged(group).min(judged(base));
    let timed = timed(group).min(timed(base));
    let with = |metric, better, least, of: fn(Row<'_>) -> Option<Estimate>| {
        let bounds = group.and_then(of).zip(base.and_then(of));
        told(metric, better, least, (group, base), bounds)
    };
    vec![
        with("success_rate", Better::More, judged, |row| {
            let good = row.count("completed");
            rate(good, good + row.count("failed") + row.count("crashed"))
        }),
        with("duration_avg", Better::Less, timed, |row| {
            let deviation = row.value("duration_stddev")?;
            mean(
                row.value("duration_avg")?,
                deviation,
                row.count("durations"),
            )
        }),
        with("duration_p50", Better::Less, timed, |row| {
            quantile(row, "duration_p50")
        }),
        with("duration_p95", Better::Less, timed, |row| {
            quantile(row, "duration_p95")
        }),
        cost(group, base),
    ]
}

fn quantile(row: Row<'_>, metric: &str) -> Option<Estimate> {
    Some(Estimate {
        value: row.value(metric)?,
        lower: row.value(&format!("{metric}_lower"))?,
        upper: row.value(&format!("{metric}_upper"))?,
    })
}

fn told(
    metric: &'static str,
    better: Better,
    least: u64,
    sides: (Option<Row<'_>>, Option<Row<'_>>),
    bounds: Option<(Estimate, Estimate)>,
) -> MetricDifference {
    let value = |row: Option<Row<'_>>| row.and_then(|row| row.value(metric));
    let found = bounds.map(|(a, b)| difference(a, b));
    of(
        metric,
        (value(sides.0), value(sides.1)),
        found,
        finding(found, better, least),
    )
}

/// Money is not counted by execution, so that chance can not be told: a difference without bounds.
fn cost(group: Option<Row<'_>>, base: Option<Row<'_>>) -> MetricDifference {
    let each = |row: Option<Row<'_>>| {
        let row = row?;
        let executions = row.value("executions").filter(|&count| count > 0.0)?;
        Some(row.value("cost")? / executions)
    };
    let sides = (each(group), each(base));
    of("cost_per_execution", sides, None, Finding::NotEnoughData)
}

pub(super) fn of(
    metric: &'static str,
    (value, baseline): (Option<f64>, Option<f64>),
    found: Option<Difference>,
    finding: Finding,
) -> MetricDifference {
    let change = weir_analysis::change(value, baseline, Better::Neither);
    MetricDifference {
        metric,
        value,
        baseline,
        difference: change.map(|change| change.absolute),
        lower: found.map(|found| found.lower),
        upper: found.map(|found| found.upper),
        percent: change.and_then(|change| change.percent),
        finding,
    }
}
