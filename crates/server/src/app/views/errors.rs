//! Errors by type (paper 2): how many, how large a share, since when, which workflows, what it says.

mod samples;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Scope, Timestamp};
use weir_query::{Answer, Direction};

use super::{Frame, Meta, RangeView, Row, Session, Versioned};
use crate::app::{App, AppError, query::Freshness};
use samples::Sample;

/// Error types in an answer.
const MOST: i64 = 100;
/// Pairs of error type and workflow that are looked at.
const MOST_PAIRS: i64 = 5_000;
/// Workflows listed with an error type; all are counted.
const WORKFLOWS_LISTED: usize = 10;

/// Errors by type, the most frequent first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionErrors {
    /// What it covers.
    pub range: RangeView,
    /// Failed and crashed executions.
    pub total: u64,
    /// The types.
    pub errors: Vec<ErrorGroup>,
    /// How it came about.
    pub meta: Meta,
}

/// The failed and crashed executions of one error type.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorGroup {
    /// The type; null for executions that named none.
    pub error_type: Option<String>,
    /// How many.
    pub count: u64,
    /// Percentage of all.
    pub share: f64,
    /// When the first of the range happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_seen: Option<Timestamp>,
    /// When the last of the range happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_seen: Option<Timestamp>,
    /// How many workflows have it.
    pub workflow_count: usize,
    /// Those that have it most.
    pub affected_workflows: Vec<AffectedWorkflow>,
    /// The newest message, redacted.
    pub sample_message: Option<String>,
    /// The execution that said it.
    pub sample_execution_id: Option<String>,
}

/// A workflow with an error.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AffectedWorkflow {
    /// The workflow; null for executions that named none.
    pub workflow_id: Option<String>,
    /// Its name.
    pub workflow_name: Option<String>,
    /// How many of its executions have the error.
    pub count: u64,
}

impl App {
    /// Errors by type.
    pub async fn execution_errors(
        &self,
        scope: Scope,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<ExecutionErrors>, AppError> {
        let mut session = Session::new(self, scope, freshness);
        let all = session.ask(&frame.query(["errors"])).await?;
        let range = all.query.range;
        let by_type = frame
            .query(["errors"])
            .by(["error_type"])
            .order("errors", Direction::Desc)
            .limit(MOST)
            .range(range);
        let by_type = session.ask(&by_type).await?;
        let pairs = frame
            .query(["errors"])
            .by(["error_type", "workflow"])
            .order("errors", Direction::Desc)
            .limit(MOST_PAIRS)
            .range(range);
        let pairs = session.ask(&pairs).await?;
        let workflows = self.affected(scope, &pairs);
        let samples = self.samples(scope, frame, range).await?;
        let total = Row::all(&all.rows)
            .next()
            .map_or(0, |row| row.count("errors"));
        let body = ExecutionErrors {
            range: range.into(),
            total,
            errors: Row::all(&by_type.rows)
                .map(|row| group(row, total, &workflows, &samples))
                .collect(),
            meta: session.meta().await?,
        };
        let version = session.version(range);
        Ok(Versioned { body, version })
    }

    /// The workflows of every error type, those with most errors first.
    fn affected(
        &self,
        scope: Scope,
        pairs: &Answer,
    ) -> HashMap<Option<String>, Vec<AffectedWorkflow>> {
        let names = self.names(scope, pairs);
        let workflows = names.get("workflow");
        let mut affected: HashMap<_, Vec<_>> = HashMap::new();
        for row in Row::all(&pairs.rows) {
            let workflow_id = row.key(1);
            let name = workflows
                .zip(workflow_id.as_ref())
                .and_then(|(names, id)| names.get(id));
            affected
                .entry(row.key(0))
                .or_default()
                .push(AffectedWorkflow {
                    workflow_name: name.cloned(),
                    workflow_id,
                    count: row.count("errors"),
                });
        }
        affected
    }
}

fn group(
    row: Row<'_>,
    total: u64,
    workflows: &HashMap<Option<String>, Vec<AffectedWorkflow>>,
    samples: &HashMap<Option<String>, Sample>,
) -> ErrorGroup {
    let error_type = row.key(0);
    let count = row.count("errors");
    let affected = workflows.get(&error_type).map_or(&[][..], Vec::as_slice);
    let sample = samples.get(&error_type);
    ErrorGroup {
        count,
        share: if total == 0 {
            0.0
        } else {
            count as f64 / total as f64 * 100.0
        },
        first_seen: sample.map(|sample| sample.first_seen),
        last_seen: sample.map(|sample| sample.last_seen),
        workflow_count: affected.len(),
        affected_workflows: affected.iter().take(WORKFLOWS_LISTED).cloned().collect(),
        sample_message: sample.and_then(|sample| sample.message.clone()),
        sample_execution_id: sample.and_then(|sample| sample.execution_id.clone()),
        error_type,
    }
}
