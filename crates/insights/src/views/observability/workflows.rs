//! The table of workflows: figures, changes, and when each last ran and failed.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::{Timestamp, cube::Dimension};
use weir_query::{Comparison, Direction, records::last_runs::LastRuns};

use super::{Failures, Observation, Observed, ObservedDeltas, ObservedFigures, TimeRangeView};
use crate::{
    AppError, ErrorCode, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, Results, Versioned, figures::asking},
};

/// The default number of workflows in an answer.
const DEFAULT: u32 = 50;
/// The most workflows in an answer, which is also the most values that a filter can have.
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

/// The response of `GET /api/v1/observability/workflows`.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowTable {
    /// The time range covered.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// The order of the workflows.
    pub sort_by: SortBy,
    /// Number of workflows that ran, listed or not.
    pub total_workflows: usize,
    /// The workflows.
    pub workflows: Vec<WorkflowLine>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Figures of a workflow.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct WorkflowLine {
    /// The workflow; null for executions that name none.
    pub workflow_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ObservedFigures,
    /// failure_count / (success_count + failure_count), in percent.
    pub error_rate: Option<f64>,
    /// The changes from the previous period.
    pub delta_vs_previous: ObservedDeltas,
    /// Time of its last execution in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_execution_at: Option<Timestamp>,
    /// Time of its last failure or crash in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_failure_at: Option<Timestamp>,
    /// The error message of that failure, redacted.
    pub last_error_message: Option<String>,
}

impl Reading {
    /// The table of workflows. Fails if the request is not valid or the store fails.
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
            let detail = format!("The table can have 1 to {MOST} workflows.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let Observation { range, frame, .. } = observation;
        let mut questions = Questions::new(self, viewer, freshness);
        let (metric, direction) = sort_by.order();
        let query = frame
            .question()
            .by(["workflow"])
            .compare(Comparison::PreviousPeriod)
            .order(metric, direction)
            .limit(i64::from(limit));
        // Errors come from other tables, so they are only queried when they order.
        let query = match sort_by {
            SortBy::Failures => asking::<(ObservedFigures, Failures)>(query),
            _ => asking::<ObservedFigures>(query),
        };
        let results = Results::new(questions.ask(&query).await?);
        let last = LastRuns {
            by: Dimension::Workflow,
            range: *range,
            environment: frame.environment.as_deref(),
            keys: &results.answer().ids(&[Dimension::Workflow])[&Dimension::Workflow],
        };
        let statement = last.statement(viewer.scope(), self.store.dialect());
        let last = self
            .range_records(viewer, *range, statement, |rows| LastRuns::read(&rows))
            .await?;
        let mut workflows = lines(&results);
        let names = self.names(viewer, results.answer());
        for line in &mut workflows {
            let id = line.workflow_id.as_deref().unwrap_or_default();
            line.workflow_name = names.of("workflow", Some(id));
            if let Some(last) = last.get(id) {
                line.last_execution_at = Some(last.at);
                line.last_failure_at = last.failure_at;
                line.last_error_message.clone_from(&last.error_message);
            }
        }
        let body = WorkflowTable {
            time: observation.view(results.query().zone.name()),
            sort_by,
            total_workflows: results.groups(),
            workflows,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(*range, body))
    }
}

fn lines(results: &Results<ObservedFigures>) -> Vec<WorkflowLine> {
    let before = results.lines_before();
    let before: HashMap<_, _> = before.map(|line| (line.key(0), line.figures)).collect();
    results
        .lines()
        .map(|line| {
            let (workflow_id, figures) = (line.key(0), line.figures);
            let before = before.get(&workflow_id);
            WorkflowLine {
                workflow_id,
                error_rate: figures.success_rate.map(|rate| 100.0 - rate),
                delta_vs_previous: before
                    .map(|before| figures.against(before))
                    .unwrap_or_default(),
                figures,
                workflow_name: None,
                last_execution_at: None,
                last_failure_at: None,
                last_error_message: None,
            }
        })
        .collect()
}
