//! The performance of one workflow (paper 2): figures, trend, versions beside each other, bottleneck.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Heading, coefficient_of_variation};
use weir_query::{Answer, Comparison, Interval};

use super::{
    ExecutionFigures, Frame, Meta, Questions, RangeView, Row, Versioned,
    executions::{ExecutionPoint, query},
    figures::only,
    steps::{StepFigures, ask_steps, steps},
};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness};

/// One workflow in figures.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowPerformance {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// What it covers.
    pub range: RangeView,
    /// The width of a bucket of the trend.
    pub granularity: Option<Interval>,
    /// The zone of the buckets.
    pub timezone: String,
    /// The figures of the range.
    pub current: ExecutionFigures,
    /// The figures of the range before: of whole calendar months as many months, else of the same length.
    pub previous: ExecutionFigures,
    /// The figures over time.
    pub trend: Vec<ExecutionPoint>,
    /// Where the figures go over time.
    pub trends: Vec<MetricTrend>,
    /// How even the durations are.
    pub stability: Stability,
    /// The versions beside each other, the busiest first.
    pub versions: Vec<VersionFigures>,
    /// The step that takes most time.
    pub bottleneck: Option<StepFigures>,
    /// The fewest steps that together take 80 % of the time, the longest first.
    pub critical_steps: Vec<StepFigures>,
    /// How it came about.
    pub meta: Meta,
}

/// Where a figure goes over the buckets of the trend that have one.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricTrend {
    /// The metric, as in the catalogue.
    pub metric: &'static str,
    /// rising, falling, steady, not_enough_data.
    #[schema(value_type = String)]
    pub heading: Heading,
    /// How much it changes from bucket to bucket, in its unit.
    pub slope: Option<f64>,
    /// How much it changed over the range, in percent.
    pub change_pct: Option<f64>,
}

/// How even durations are.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stability {
    /// Standard deviation of durations, in milliseconds.
    pub stddev_duration: Option<f64>,
    /// Variance of durations, in square milliseconds.
    pub variance_duration: Option<f64>,
    /// The deviation over the mean.
    pub coefficient_of_variation: Option<f64>,
    /// The coefficient of variation of the mean durations of the buckets: how much it varies in time.
    pub variation_over_time: Option<f64>,
}

/// A version of a workflow in figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionFigures {
    /// The version; null for executions that named none.
    pub version: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

impl Reading {
    /// The performance of a workflow.
    pub async fn workflow_performance(
        &self,
        viewer: Viewer,
        workflow: &str,
        frame: &Frame,
        granularity: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowPerformance>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let mut over_time = query(frame, None);
        over_time.granularity = Some(granularity.unwrap_or("auto").to_owned());
        let trend = questions.ask(&over_time).await?;
        // The same time for every part, however late it is by now.
        let frame = &frame.within(trend.query.range);
        let mut whole = query(frame, None).compare(Comparison::PreviousPeriod);
        whole.metrics.push("duration_stddev".to_owned());
        let whole = questions.ask(&whole).await?;
        let by_version = questions.ask(&query(frame, Some("version"))).await?;
        let by_step = ask_steps(&mut questions, frame).await?;
        let ran = Row::all(&whole.rows).any(|row| row.count("executions") > 0);
        let steps = steps(&by_step, &self.names(viewer, &by_step));
        let body = WorkflowPerformance {
            workflow_id: workflow.to_owned(),
            workflow_name: self
                .workflow_name(viewer, workflow)
                // Elsewhere it may have another name, or be unknown.
                .filter(|_| !viewer.is_bound() || ran),
            range: whole.query.range.into(),
            granularity: trend.query.granularity,
            timezone: trend.query.zone.name().to_owned(),
            current: only(&whole.rows),
            previous: whole.comparison.as_ref().map(only).unwrap_or_default(),
            trend: Row::all(&trend.rows).map(point).collect(),
            versions: Row::all(&by_version.rows).map(version).collect(),
            trends: TRENDS.map(|metric| metric_trend(&trend, metric)).into(),
            stability: stability(&whole, &trend),
            bottleneck: steps.iter().find(|step| step.is_bottleneck).cloned(),
            critical_steps: steps.into_iter().filter(|step| step.is_critical).collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(whole.query.range, body))
    }
}

/// The metrics whose trend is told.
const TRENDS: [&str; 4] = ["executions", "success_rate", "duration_avg", "duration_p95"];

fn metric_trend(answer: &Answer, metric: &'static str) -> MetricTrend {
    let points: Vec<_> = Row::all(&answer.rows)
        .map(|row| row.value(metric))
        .collect();
    let found = weir_analysis::trend(&points);
    MetricTrend {
        metric,
        heading: found.heading,
        slope: found.slope,
        change_pct: found.percent,
    }
}

fn stability(whole: &Answer, over_time: &Answer) -> Stability {
    let row = Row::all(&whole.rows).next();
    let deviation = row.and_then(|row| row.value("duration_stddev"));
    let mean = row.and_then(|row| row.value("duration_avg"));
    let means: Vec<f64> = Row::all(&over_time.rows)
        .filter_map(|row| row.value("duration_avg"))
        .collect();
    Stability {
        stddev_duration: deviation,
        variance_duration: deviation.map(|deviation| deviation * deviation),
        coefficient_of_variation: deviation
            .zip(mean.filter(|&mean| mean > 0.0))
            .map(|(deviation, mean)| deviation / mean),
        variation_over_time: coefficient_of_variation(&means),
    }
}

fn point(row: Row<'_>) -> ExecutionPoint {
    ExecutionPoint {
        time: row.time(),
        group: None,
        name: None,
        figures: row.into(),
    }
}

fn version(row: Row<'_>) -> VersionFigures {
    VersionFigures {
        version: row.key(0),
        figures: row.into(),
    }
}
