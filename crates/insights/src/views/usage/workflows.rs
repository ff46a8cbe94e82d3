//! Executions and success of workflows: in total, by day and by workflow.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::{Direction, Interval, Query};

use super::UsageWanted;
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Frame, Line, Meta, Questions, RangeView, Versioned},
};

const DEFAULT_DAYS: u32 = 7;

/// The response of `GET /analytics/workflows`.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowUsage {
    /// The time range covered.
    pub range: RangeView,
    /// The figures of the range.
    pub workflow_executions: UsageFigures,
    /// The figures of all time.
    pub all_time: UsageFigures,
    /// All days of the range, in order.
    pub daily: Vec<DayUsage>,
    /// The workflows with the most executions.
    pub workflows: Vec<UsedWorkflow>,
    /// Number of workflows that ran.
    pub total_workflows: usize,
    /// How this answer was computed.
    pub meta: Meta,
}

figures! {
    /// Figures of executions.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
    pub struct UsageFigures {
        /// All executions; each counts once.
        pub total: u64 = count("executions"),
        /// Completed executions.
        pub completed: u64 = count("completed"),
        /// Failed and crashed executions.
        pub failed: u64 = count("failed", "crashed"),
        /// completed / (completed + failed), in percent.
        pub success_rate: Option<f64> = value("success_rate"),
        /// Mean duration in seconds.
        pub avg_duration: Option<f64> = seconds("duration_avg"),
    }
}

/// Figures of a day.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DayUsage {
    /// The day.
    #[schema(format = "date")]
    pub date: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

/// Figures of a workflow.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct UsedWorkflow {
    /// The workflow; null for executions that name none.
    pub workflow_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

impl Reading {
    /// Executions and success of workflows. Fails if the request is not valid or the store fails.
    pub async fn workflow_usage(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowUsage>, AppError> {
        let (frame, limit) = (wanted.framed(DEFAULT_DAYS)?, wanted.limit()?);
        let mut questions = Questions::new(self, viewer, freshness);
        let daily = wanted.of_user(frame.question().every(Interval::Day));
        let daily = questions.figures(daily).await?;
        // The same days for every part.
        let range = daily.query().range;
        let frame = frame.within(range);
        let whole = wanted.of_user(frame.question());
        let whole = questions.figures(whole).await?;
        let ever = questions.figures(wanted.of_user(ever(&frame))).await?;
        let busiest = frame
            .question()
            .by(["workflow"])
            .order("executions", Direction::Desc)
            .limit(limit as i64);
        let busiest = questions.figures(wanted.of_user(busiest)).await?;
        let names = self.names(viewer, busiest.answer());
        let body = WorkflowUsage {
            range: range.into(),
            workflow_executions: whole.only().unwrap_or_default(),
            all_time: ever.only().unwrap_or_default(),
            daily: daily.lines().map(day).collect(),
            workflows: busiest
                .lines()
                .map(|line| {
                    let workflow_id = line.key(0);
                    UsedWorkflow {
                        workflow_name: names.of("workflow", workflow_id.as_deref()),
                        workflow_id,
                        figures: line.figures,
                    }
                })
                .collect(),
            total_workflows: busiest.groups(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}

/// A query over all data, with the frame's filters.
fn ever(frame: &Frame) -> Query {
    let mut query = frame.question();
    query.range = weir_query::Range {
        all: Some(true),
        ..weir_query::Range::default()
    };
    query
}

fn day(line: Line<'_, UsageFigures>) -> DayUsage {
    DayUsage {
        date: line.day(),
        figures: line.figures,
    }
}
