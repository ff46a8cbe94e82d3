//! How often workflows ran and how well: altogether, by day, by workflow.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::{Direction, Interval, Query};

use super::{UsageWanted, seconds};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Frame, Meta, Questions, RangeView, Row, Versioned},
};

const DEFAULT_DAYS: u32 = 7;

const METRICS: [&str; 6] = [
    "executions",
    "completed",
    "failed",
    "crashed",
    "success_rate",
    "duration_avg",
];

/// `GET /analytics/workflows`.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowUsage {
    /// What it covers.
    pub range: RangeView,
    /// The figures of the range.
    pub workflow_executions: UsageFigures,
    /// The figures of all time.
    pub all_time: UsageFigures,
    /// Every day of the range in order.
    pub daily: Vec<DayUsage>,
    /// The workflows that ran most.
    pub workflows: Vec<UsedWorkflow>,
    /// How many workflows ran.
    pub total_workflows: usize,
    /// How it came about.
    pub meta: Meta,
}

/// Executions in figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct UsageFigures {
    /// Every execution once.
    pub total: u64,
    /// Those that completed.
    pub completed: u64,
    /// Those that failed or crashed.
    pub failed: u64,
    /// completed / (completed + failed), in percent.
    pub success_rate: Option<f64>,
    /// Mean duration in seconds.
    pub avg_duration: Option<f64>,
}

/// A day in figures.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DayUsage {
    /// The day.
    #[schema(format = "date")]
    pub date: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

/// A workflow in figures.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct UsedWorkflow {
    /// The workflow; null for executions that named none.
    pub workflow_id: Option<String>,
    /// Its name.
    pub workflow_name: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: UsageFigures,
}

impl From<Row<'_>> for UsageFigures {
    fn from(row: Row<'_>) -> Self {
        Self {
            total: row.count("executions"),
            completed: row.count("completed"),
            failed: row.count("failed") + row.count("crashed"),
            success_rate: row.value("success_rate"),
            avg_duration: seconds(row, "duration_avg"),
        }
    }
}

impl Reading {
    /// How often workflows ran and how well.
    pub async fn workflow_usage(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowUsage>, AppError> {
        let (frame, limit) = (wanted.framed(DEFAULT_DAYS)?, wanted.limit()?);
        let mut questions = Questions::new(self, viewer, freshness);
        let daily = wanted.of_user(frame.query(METRICS).every(Interval::Day));
        let daily = questions.ask(&daily).await?;
        // The same days for every part.
        let range = daily.query.range;
        let frame = frame.within(range);
        let whole = questions.ask(&wanted.of_user(frame.query(METRICS))).await?;
        let ever = questions.ask(&wanted.of_user(ever(&frame))).await?;
        let busiest = frame
            .query(METRICS)
            .by(["workflow"])
            .order("executions", Direction::Desc)
            .limit(limit as i64);
        let busiest = questions.ask(&wanted.of_user(busiest)).await?;
        let names = self.names(viewer, &busiest);
        let names = names.get("workflow");
        let first = |rows| Row::all(rows).next().map(UsageFigures::from);
        let body = WorkflowUsage {
            range: range.into(),
            workflow_executions: first(&whole.rows).unwrap_or_default(),
            all_time: first(&ever.rows).unwrap_or_default(),
            daily: Row::all(&daily.rows).map(day).collect(),
            workflows: Row::all(&busiest.rows)
                .map(|row| {
                    let workflow_id = row.key(0);
                    let known = names.zip(workflow_id.as_ref());
                    UsedWorkflow {
                        workflow_name: known.and_then(|(names, id)| names.get(id)).cloned(),
                        workflow_id,
                        figures: row.into(),
                    }
                })
                .collect(),
            total_workflows: busiest.groups,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}

/// Over everything there is, with the frame's filters.
fn ever(frame: &Frame) -> Query {
    let mut query = frame.query(METRICS);
    query.range = weir_query::Range {
        all: Some(true),
        ..weir_query::Range::default()
    };
    query
}

fn day(row: Row<'_>) -> DayUsage {
    let time = row.time().unwrap_or_default();
    DayUsage {
        date: time.chars().take(10).collect(),
        figures: row.into(),
    }
}
