//! The workflows beside each other: figures, changes, and when each last ran and failed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::{Timestamp, cube::Dimension};
use weir_query::{Answer, Comparison, Dialect, Direction, records::last_runs::LastRuns};

use super::{METRICS, Observation, Observed, ObservedDeltas, ObservedFigures, TimeRangeView};
use crate::{
    AppError, ErrorCode, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, Row, Versioned},
};

/// Workflows in an answer without a limit.
const DEFAULT: u32 = 50;
/// The most workflows in an answer: more values than this no filter takes.
const MOST: u32 = 500;

/// What workflows are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// Most executions first.
    #[default]
    Executions,
    /// Most failures first.
    Failures,
    /// Lowest success rate first.
    SuccessRate,
    /// Longest p95 duration first.
    Duration,
}

impl SortBy {
    fn order(self) -> (&'static str, Direction) {
        match self {
            Self::Executions => ("executions", Direction::Desc),
            Self::Failures => ("errors", Direction::Desc),
            Self::SuccessRate => ("success_rate", Direction::Asc),
            Self::Duration => ("duration_p95", Direction::Desc),
        }
    }
}

/// `GET /api/v1/observability/workflows`.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowTable {
    /// What it covers.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// What orders them.
    pub sort_by: SortBy,
    /// How many workflows ran, listed or not.
    pub total_workflows: usize,
    /// The workflows.
    pub workflows: Vec<WorkflowLine>,
    /// How it came about.
    pub meta: Meta,
}

/// A workflow in figures.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct WorkflowLine {
    /// The workflow; null for executions that named none.
    pub workflow_id: Option<String>,
    /// Its name.
    pub workflow_name: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ObservedFigures,
    /// failure_count / (success_count + failure_count), in percent.
    pub error_rate: Option<f64>,
    /// The changes against the range before.
    pub delta_vs_previous: ObservedDeltas,
    /// When it last said anything, within the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_execution_at: Option<Timestamp>,
    /// When it last failed or crashed, within the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_failure_at: Option<Timestamp>,
    /// What it said then, redacted.
    pub last_error_message: Option<String>,
}

impl Reading {
    /// The workflows beside each other.
    pub async fn observability_workflows(
        &self,
        viewer: Viewer,
        wanted: &Observed,
        sort_by: SortBy,
        limit: Option<u32>,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowTable>, AppError> {
        let observation = self.observation(viewer, wanted).await?;
        self.workflow_table(viewer, &observation, sort_by, limit, freshness)
            .await
    }

    pub(super) async fn workflow_table(
        &self,
        viewer: Viewer,
        observation: &Observation,
        sort_by: SortBy,
        limit: Option<u32>,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowTable>, AppError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("An answer has 1 to {MOST} workflows.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let Observation { range, frame, .. } = observation;
        let mut questions = Questions::new(self, viewer, freshness);
        let (metric, direction) = sort_by.order();
        let mut query = frame
            .query(METRICS)
            .by(["workflow"])
            .compare(Comparison::PreviousPeriod)
            .order(metric, direction)
            .limit(i64::from(limit));
        if metric == "errors" {
            query.metrics.push(metric.to_owned());
        }
        let answer = questions.ask(&query).await?;
        let last = LastRuns {
            by: Dimension::Workflow,
            range: *range,
            environment: frame.environment.as_deref(),
            keys: &answer.ids(&[Dimension::Workflow])[&Dimension::Workflow],
        };
        let statement = last.statement(viewer.scope(), Dialect::default());
        let last = self
            .range_records(viewer, *range, statement, |rows| LastRuns::read(&rows))
            .await?;
        let mut workflows = lines(&answer);
        let names = self.names(viewer, &answer);
        let names = names.get("workflow");
        for line in &mut workflows {
            let id = line.workflow_id.as_deref().unwrap_or_default();
            line.workflow_name = names.and_then(|names| names.get(id)).cloned();
            if let Some(last) = last.get(id) {
                line.last_execution_at = Some(last.at);
                line.last_failure_at = last.failure_at;
                line.last_error_message.clone_from(&last.error_message);
            }
        }
        let body = WorkflowTable {
            time: observation.view(answer.query.zone.name()),
            sort_by,
            total_workflows: answer.groups,
            workflows,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(*range, body))
    }
}

fn lines(answer: &Answer) -> Vec<WorkflowLine> {
    let before = answer.comparison.as_ref();
    Row::all(&answer.rows)
        .map(|row| {
            let figures = ObservedFigures::from(row);
            let before = before.and_then(|rows| {
                let mut earlier = Row::all(rows);
                earlier.find(|earlier| earlier.1.key == row.1.key)
            });
            WorkflowLine {
                workflow_id: row.key(0),
                workflow_name: None,
                error_rate: figures.success_rate.map(|rate| 100.0 - rate),
                delta_vs_previous: before
                    .map(|before| figures.against(&before.into()))
                    .unwrap_or_default(),
                figures,
                last_execution_at: None,
                last_failure_at: None,
                last_error_message: None,
            }
        })
        .collect()
}
