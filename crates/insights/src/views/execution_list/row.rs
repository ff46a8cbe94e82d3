//! A row of the list.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, ExecutionId, Status, Timestamp, cube::Dimension};
use weir_query::records::{
    executions::ExecutionRecord,
    spent::{SpentBy, spent_by},
};

use super::super::units;
use crate::{AppError, Reading, privacy::Viewer};

/// An execution in its newest state.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionRow {
    /// Its public id, unique among all executions.
    pub id: String,
    /// The producer's id for it, which executions of other workflows and environments can share.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// The workflow's name.
    pub workflow_name: Option<String>,
    /// The workflow's version.
    pub workflow_version: Option<String>,
    /// The environment.
    pub environment: Option<String>,
    /// One of `started`, `waiting`, `completed`, `failed`, `canceled` and `crashed`.
    #[schema(value_type = String)]
    pub status: Status,
    /// Whether it has been open for longer than any execution of its workflow took, or than configured.
    pub stale: bool,
    /// When it entered this state; its end, if it has ended.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// When it started, if that is known or follows from its duration.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration: Option<i64>,
    /// The type of trigger.
    pub trigger_type: Option<String>,
    /// The trigger's id.
    pub trigger_id: Option<String>,
    /// The user who caused it.
    pub user_id: Option<String>,
    /// The subject that is enrolled.
    pub subject_id: Option<String>,
    /// Number of steps run.
    pub step_count: Option<i64>,
    /// The error type.
    pub error_type: Option<String>,
    /// The error message, redacted.
    pub error_message: Option<String>,
    /// The step that failed.
    pub error_step: Option<String>,
    /// The error group that it counts under.
    pub error_group: Option<String>,
    /// The error class that it counts under.
    pub error_class: Option<String>,
    /// What all its runs cost in US dollars; null without costs.
    pub cost: Option<f64>,
    /// The credits that all its runs used up, as far as costs report them; null without costs.
    pub credits: Option<f64>,
    /// The execution that this one retries.
    pub retry_of: Option<String>,
    /// The execution that called this one.
    pub parent_execution_id: Option<String>,
    /// The workflow of the execution that called this one, if reported.
    pub parent_workflow_id: Option<String>,
}

impl Reading {
    /// The rows for records, with the names of their workflows and their costs. Fails if the store does.
    pub(in crate::views) async fn execution_rows(
        &self,
        viewer: Viewer,
        records: &[ExecutionRecord],
    ) -> Result<Vec<ExecutionRow>, AppError> {
        let executions = records.iter().map(|record| record.execution);
        let spent = self.spent_by(viewer, executions.collect()).await?;
        let mut rows = self.rows_without_costs(viewer, records);
        for (row, record) in rows.iter_mut().zip(records) {
            let spent = spent.get(&record.execution);
            row.cost = spent.map(|spent| units(spent.cost));
            row.credits = spent.map(|spent| units(spent.credits));
        }
        Ok(rows)
    }

    /// What executions cost; those without costs are absent. Fails if the store does.
    async fn spent_by(
        &self,
        viewer: Viewer,
        mut executions: Vec<ExecutionHash>,
    ) -> Result<HashMap<ExecutionHash, SpentBy>, AppError> {
        executions.sort_unstable();
        executions.dedup();
        if executions.is_empty() {
            return Ok(HashMap::new());
        }
        let statement = spent_by(viewer.scope(), self.store.dialect(), &executions);
        self.read_records(viewer, statement, |batches| SpentBy::read(&batches))
            .await
    }

    fn rows_without_costs(&self, viewer: Viewer, records: &[ExecutionRecord]) -> Vec<ExecutionRow> {
        let mut ids: Vec<String> = records
            .iter()
            .filter_map(|record| record.text("workflow").map(str::to_owned))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = BTreeMap::from([(Dimension::Workflow, ids)]);
        let names = self
            .labels(viewer, &ids)
            .remove(&Dimension::Workflow)
            .unwrap_or_default();
        let name = |id: &str| names.get(id).cloned();
        let rows = records.iter().map(|record| {
            let id = self.public_id(viewer, record);
            row(id, record, name)
        });
        rows.collect()
    }
}

fn row(
    id: ExecutionId,
    record: &ExecutionRecord,
    name: impl Fn(&str) -> Option<String>,
) -> ExecutionRow {
    let text = |column: &str| record.text(column).map(str::to_owned);
    ExecutionRow {
        id: id.to_string(),
        execution_id: record.execution_id.clone(),
        workflow_name: record.text("workflow").and_then(name),
        workflow_id: text("workflow"),
        workflow_version: text("version"),
        environment: text("environment"),
        status: record.status,
        stale: record.stale,
        timestamp: record.timestamp,
        started_at: started(record),
        duration: record.duration,
        trigger_type: text("trigger_type"),
        trigger_id: text("trigger_id"),
        user_id: text("user"),
        subject_id: text("subject_id"),
        step_count: record.step_count,
        error_type: text("error_type"),
        error_message: text("error_message"),
        error_step: text("error_step"),
        error_group: text("error_group"),
        error_class: text("error_class"),
        cost: None,
        credits: None,
        retry_of: text("retry_of"),
        parent_execution_id: text("parent_execution_id"),
        parent_workflow_id: text("parent_workflow"),
    }
}

/// When a run started, as far as the event that counts it tells.
pub(in crate::views) fn started(record: &ExecutionRecord) -> Option<Timestamp> {
    let duration = record.duration.filter(|_| record.status.is_terminal());
    match record.status {
        Status::Started => Some(record.timestamp),
        _ => duration.map(|duration| record.timestamp.plus(-duration)),
    }
}
