//! Two executions side by side: their steps aligned, and the fields that differ.

mod fields;
mod rows;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::TimeRange;

use super::{
    Frame, Versioned,
    execution_detail::{
        DetailWanted, ExecutionCosts, Found, MOST_COSTS, RunOf, StepRuns, StepsTime,
    },
    execution_list::ExecutionRow,
};
use crate::{AppError, Reading, privacy::Viewer};

pub use fields::FieldDifference;
pub use rows::{ComparedRun, ComparedStep, RunDifference};

/// Two executions, `a` and `b`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedExecutions {
    /// The first execution.
    pub a: ExecutionRow,
    /// The second execution.
    pub b: ExecutionRow,
    /// How the steps of the first execution spent the time in which they ran.
    pub a_time: StepsTime,
    /// How the steps of the second execution spent the time in which they ran.
    pub b_time: StepsTime,
    /// Their step runs side by side, in the order of both.
    pub rows: Vec<ComparedStep>,
    /// The fields in which they differ.
    pub differences: Vec<FieldDifference>,
    /// Whether one of them has more step runs than are compared.
    pub truncated: bool,
}

/// An execution with what is compared.
struct Side {
    row: ExecutionRow,
    metadata: BTreeMap<String, serde_json::Value>,
    source: Option<String>,
    start: i64,
    steps: StepRuns,
    costs: ExecutionCosts,
    names: BTreeMap<String, String>,
}

impl Reading {
    /// Compares the newest runs of two executions, each by its public id or by the producer's id. Without a
    /// range, all time is searched. Fails if there is no such execution, if several match, or if the store
    /// fails.
    pub async fn compared_executions(
        &self,
        viewer: Viewer,
        a: &str,
        b: &str,
        frame: Frame,
    ) -> Result<Versioned<ComparedExecutions>, AppError> {
        let watermark = self.store.watermark(viewer.scope());
        let wanted = DetailWanted { frame, run: None };
        let named = |field: &'static str| move |error: AppError| error.field(field);
        let a = self.side(viewer, a, &wanted).await.map_err(named("a"))?;
        let b = self.side(viewer, b, &wanted).await.map_err(named("b"))?;
        let body = ComparedExecutions {
            rows: rows::compared(&a, &b),
            differences: fields::differing(&a, &b),
            truncated: a.steps.truncated || b.steps.truncated,
            a_time: a.steps.time(),
            b_time: b.steps.time(),
            a: a.row,
            b: b.row,
        };
        Ok(Versioned::as_of(watermark, TimeRange::new(0, 0), body))
    }

    async fn side(
        &self,
        viewer: Viewer,
        id: &str,
        wanted: &DetailWanted,
    ) -> Result<Side, AppError> {
        let run = self.run_now(viewer, id, wanted).await?;
        let steps = self.step_runs(viewer, &run).await?;
        let costs = self.costs_of_run(viewer, &run).await?;
        let row = self.row_of(viewer, &run).await?;
        let first = steps.runs.first().map(|run| run.span.start);
        let began = row.started_at.map(|start| start.0);
        let start = began.into_iter().chain(first).min();
        let text = |column: &str| run.whole.text(column);
        let metadata = text("metadata").and_then(|text| serde_json::from_str(text).ok());
        Ok(Side {
            metadata: metadata.unwrap_or_default(),
            source: text("source").map(str::to_owned),
            start: start.unwrap_or(row.timestamp.0),
            names: self.step_names(viewer, steps.steps()),
            costs: ExecutionCosts::of(&costs, &steps, MOST_COSTS),
            row,
            steps,
        })
    }

    /// The newest run of an execution, also by an id that it had before.
    async fn run_now(
        &self,
        viewer: Viewer,
        id: &str,
        wanted: &DetailWanted,
    ) -> Result<RunOf, AppError> {
        let now = match self.run_by_id(viewer, id, wanted).await? {
            Found::Here(run) => return Ok(run),
            Found::Moved(now) => now.to_string(),
        };
        match self.run_by_id(viewer, &now, wanted).await? {
            Found::Here(run) => Ok(run),
            Found::Moved(_) => Err(AppError::internal("an execution moved twice")),
        }
    }
}
