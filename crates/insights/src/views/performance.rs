//! The performance of one workflow: figures, trend, versions compared, bottleneck.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Heading, coefficient_of_variation};
use weir_query::{Comparison, Interval};

use super::{
    ExecutionFigures, Frame, Line, Meta, Questions, RangeView, Results, Versioned,
    executions::{ExecutionPoint, query},
    steps::{StepFigures, ask_steps, steps},
};
use crate::{AppError, Reading, figures, privacy::Viewer, query::Freshness};

/// The performance of one workflow.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowPerformance {
    /// The workflow's id.
    pub workflow_id: String,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// The bucket width of the trend.
    pub granularity: Option<Interval>,
    /// The time zone of the buckets.
    pub timezone: String,
    /// The figures of the range.
    pub current: ExecutionFigures,
    /// The figures of the previous period: as many calendar months if the range is whole months, otherwise
    /// the same length.
    pub previous: ExecutionFigures,
    /// The figures over time.
    pub trend: Vec<ExecutionPoint>,
    /// Whether figures rise or fall over the range.
    pub trends: Vec<MetricTrend>,
    /// How evenly durations are distributed.
    pub stability: Stability,
    /// The versions, those with the most executions first.
    pub versions: Vec<VersionPerformance>,
    /// The step that takes the most time.
    pub bottleneck: Option<StepFigures>,
    /// The smallest set of steps that together take 80 % of the time, longest first.
    pub critical_steps: Vec<StepFigures>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// The trend of a figure over the buckets that have a value.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MetricTrend {
    /// The metric, as in the catalogue.
    pub metric: &'static str,
    /// One of `rising`, `falling`, `steady` and `not_enough_data`.
    #[schema(value_type = String)]
    pub heading: Heading,
    /// The change from bucket to bucket, in the metric's unit.
    pub slope: Option<f64>,
    /// The change over the range, in percent.
    pub change_pct: Option<f64>,
}

/// How evenly durations are distributed.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Stability {
    /// Standard deviation of durations, in milliseconds.
    pub stddev_duration: Option<f64>,
    /// Variance of durations, in square milliseconds.
    pub variance_duration: Option<f64>,
    /// The standard deviation divided by the mean.
    pub coefficient_of_variation: Option<f64>,
    /// The coefficient of variation of the buckets' mean durations: how much durations vary over time.
    pub variation_over_time: Option<f64>,
}

/// Figures of a version of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionPerformance {
    /// The version; null for executions that name none.
    pub version: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

impl Reading {
    /// The performance of a workflow. Fails if the frame is not valid or the store fails.
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
        let trend = questions.figures::<ExecutionFigures>(over_time).await?;
        // Every part covers the same range, even if time has passed.
        let frame = &frame.within(trend.query().range);
        let whole = query(frame, None).compare(Comparison::PreviousPeriod);
        let whole = questions
            .figures::<(ExecutionFigures, Spread)>(whole)
            .await?;
        let (current, spread) = whole.only().unwrap_or_default();
        let (previous, _) = whole.only_before().unwrap_or_default();
        let by_version = questions.figures(query(frame, Some("version"))).await?;
        let by_step = ask_steps(&mut questions, frame).await?;
        let steps = steps(&by_step, &self.names(viewer, by_step.answer()));
        let asked = whole.query();
        let body = WorkflowPerformance {
            workflow_id: workflow.to_owned(),
            workflow_name: self
                .workflow_name(viewer, workflow)
                // In other environments it can have another name or be unknown.
                .filter(|_| !viewer.is_bound() || current.total_executions > 0),
            range: asked.range.into(),
            granularity: trend.query().granularity,
            timezone: trend.query().zone.name().to_owned(),
            trend: trend.lines().map(point).collect(),
            versions: by_version.lines().map(version).collect(),
            trends: TRENDS.map(|of| metric_trend(&trend, of)).into(),
            stability: stability(&current, &spread, &trend),
            current,
            previous,
            bottleneck: steps.iter().find(|step| step.is_bottleneck).cloned(),
            critical_steps: steps.into_iter().filter(|step| step.is_critical).collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(asked.range, body))
    }
}

figures! {
    /// How much durations vary.
    #[derive(Default)]
    struct Spread {
        stddev_duration: Option<f64> = value("duration_stddev"),
    }
}

/// A metric with a trend, and how to read it.
type Trend = (&'static str, fn(&ExecutionFigures) -> Option<f64>);

const TRENDS: [Trend; 4] = [
    ("executions", |of| Some(of.total_executions as f64)),
    ("success_rate", |of| of.success_rate),
    ("duration_avg", |of| of.avg_duration),
    ("duration_p95", |of| of.p95_duration),
];

fn metric_trend(results: &Results<ExecutionFigures>, (metric, figure): Trend) -> MetricTrend {
    let points: Vec<_> = results.lines().map(|line| figure(&line.figures)).collect();
    let found = weir_analysis::trend(&points);
    MetricTrend {
        metric,
        heading: found.heading,
        slope: found.slope,
        change_pct: found.percent,
    }
}

fn stability(
    whole: &ExecutionFigures,
    spread: &Spread,
    over_time: &Results<ExecutionFigures>,
) -> Stability {
    let deviation = spread.stddev_duration;
    let mean = whole.avg_duration.filter(|&mean| mean > 0.0);
    let means = over_time
        .lines()
        .filter_map(|line| line.figures.avg_duration);
    Stability {
        stddev_duration: deviation,
        variance_duration: deviation.map(|deviation| deviation * deviation),
        coefficient_of_variation: deviation
            .zip(mean)
            .map(|(deviation, mean)| deviation / mean),
        variation_over_time: coefficient_of_variation(&means.collect::<Vec<_>>()),
    }
}

fn point(line: Line<'_, ExecutionFigures>) -> ExecutionPoint {
    ExecutionPoint {
        time: line.time(),
        group: None,
        name: None,
        figures: line.figures,
    }
}

fn version(line: Line<'_, ExecutionFigures>) -> VersionPerformance {
    VersionPerformance {
        version: line.key(0),
        figures: line.figures,
    }
}
