//! Differences between figures of executions, with bounds.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    Better, Difference, Estimate, Finding,
    compare::{mean, rate},
    difference, finding,
};

use crate::figures;

figures! {
    /// The metrics behind the differences and their bounds.
    pub(super) struct Estimates {
        executions: u64 = count("executions"),
        good: u64 = count("completed"),
        judged: u64 = count("completed", "failed", "crashed"),
        success_rate: Option<f64> = value("success_rate"),
        timed: u64 = count("durations"),
        average: Option<f64> = value("duration_avg"),
        deviation: Option<f64> = value("duration_stddev"),
        p50: Option<f64> = value("duration_p50"),
        p50_lower: Option<f64> = value("duration_p50_lower"),
        p50_upper: Option<f64> = value("duration_p50_upper"),
        p95: Option<f64> = value("duration_p95"),
        p95_lower: Option<f64> = value("duration_p95_lower"),
        p95_upper: Option<f64> = value("duration_p95_upper"),
        cost: Option<f64> = value("cost"),
    }
}

/// The difference between a figure and that of the baseline.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MetricDifference {
    /// The metric: `success_rate`, `duration_avg`, `duration_p50`, `duration_p95` or `cost_per_execution`.
    pub metric: &'static str,
    /// The group's value.
    pub value: Option<f64>,
    /// The baseline's value.
    pub baseline: Option<f64>,
    /// value - baseline, in the metric's unit; percentage points for the rate.
    pub difference: Option<f64>,
    /// The lower bound of the true difference.
    pub lower: Option<f64>,
    /// The upper bound of the true difference.
    pub upper: Option<f64>,
    /// The difference in percent of the baseline's value.
    pub percent: Option<f64>,
    /// One of `better`, `worse`, `no_difference` and `not_enough_data`.
    #[schema(value_type = String)]
    pub finding: Finding,
}

/// A figure that is compared, with its estimated error.
struct Compared {
    metric: &'static str,
    better: Better,
    /// The number of executions that it is based on.
    counted: fn(&Estimates) -> u64,
    value: fn(&Estimates) -> Option<f64>,
    estimate: fn(&Estimates) -> Option<Estimate>,
}

const COMPARED: [Compared; 4] = [
    Compared {
        metric: "success_rate",
        better: Better::More,
        counted: |of| of.judged,
        value: |of| of.success_rate,
        estimate: Estimates::success,
    },
    Compared {
        metric: "duration_avg",
        better: Better::Less,
        counted: |of| of.timed,
        value: |of| of.average,
        estimate: |of| mean(of.average?, of.deviation?, of.timed),
    },
    Compared {
        metric: "duration_p50",
        better: Better::Less,
        counted: |of| of.timed,
        value: |of| of.p50,
        estimate: Estimates::p50,
    },
    Compared {
        metric: "duration_p95",
        better: Better::Less,
        counted: |of| of.timed,
        value: |of| of.p95,
        estimate: Estimates::p95,
    },
];

impl Estimates {
    /// The success rate in percent, with its bounds.
    pub(super) fn success(&self) -> Option<Estimate> {
        rate(self.good, self.judged)
    }

    /// The median duration in milliseconds, with its bounds.
    pub(super) fn p50(&self) -> Option<Estimate> {
        quantile(self.p50, self.p50_lower, self.p50_upper)
    }

    /// The 95th percentile of durations in milliseconds, with its bounds.
    pub(super) fn p95(&self) -> Option<Estimate> {
        quantile(self.p95, self.p95_lower, self.p95_upper)
    }
}

/// The differences between a group's figures and those of the baseline.
pub(super) fn differences(
    group: Option<&Estimates>,
    base: Option<&Estimates>,
) -> Vec<MetricDifference> {
    let differences = COMPARED
        .iter()
        .map(|compared| compared.difference(group, base));
    differences.chain([cost(group, base)]).collect()
}

fn quantile(value: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Option<Estimate> {
    Some(Estimate {
        value: value?,
        lower: lower?,
        upper: upper?,
    })
}

impl Compared {
    fn difference(&self, group: Option<&Estimates>, base: Option<&Estimates>) -> MetricDifference {
        let counted = |side: Option<&Estimates>| side.map_or(0, self.counted);
        let bounds = group
            .and_then(self.estimate)
            .zip(base.and_then(self.estimate));
        let found = bounds.map(|(a, b)| difference(a, b));
        let least = counted(group).min(counted(base));
        of(
            self.metric,
            (group.and_then(self.value), base.and_then(self.value)),
            found,
            finding(found, self.better, least),
        )
    }
}

/// Costs have no distribution over executions, so this difference has no bounds.
fn cost(group: Option<&Estimates>, base: Option<&Estimates>) -> MetricDifference {
    let each = |side: Option<&Estimates>| {
        let side = side.filter(|side| side.executions > 0)?;
        Some(side.cost? / side.executions as f64)
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
