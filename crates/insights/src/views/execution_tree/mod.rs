//! The whole family of an execution: from the one that neither was called nor retries another, everything
//! that was called or retried, and the outcome of the whole.

mod order;
mod outcome;
mod walk;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, TimeRange};
use weir_query::records::executions::ExecutionRecord;

use super::{
    Versioned,
    execution_detail::{DetailWanted, Found},
    execution_list::ExecutionRow,
};
use crate::{AppError, Reading, privacy::Viewer};

pub use outcome::FamilyOutcome;

/// The most executions in an answer.
const MOST_SHOWN: usize = 500;
/// The most executions of a family that its outcome covers.
const MOST_MEMBERS: usize = 2_000;

/// An execution with everything that it belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionFamily {
    /// The id of the execution that neither was called by a known one nor retries one.
    pub root: String,
    /// The executions in the order of drawing: after each one those that it called, then those that retry it.
    pub nodes: Vec<FamilyMember>,
    /// The outcome of the whole.
    pub outcome: FamilyOutcome,
    /// Number of known executions that are not listed.
    pub omitted: usize,
    /// Whether there are more executions than were counted. The outcome then covers only those counted.
    pub truncated: bool,
}

/// An execution of a family.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FamilyMember {
    /// The execution, in its newest run.
    pub execution: ExecutionRow,
    /// The id of the execution of the family that called it.
    pub parent_id: Option<String>,
    /// The id of the execution of the family that it retries.
    pub retry_of: Option<String>,
    /// How many executions stand above it: a called execution is one deeper than its caller, and a retry is as
    /// deep as what it retries.
    pub depth: usize,
}

impl Reading {
    /// The family of an execution. Fails like [`Reading::execution_detail`].
    pub async fn execution_family(
        &self,
        viewer: Viewer,
        id: &str,
        wanted: &DetailWanted,
    ) -> Result<Found<Box<Versioned<ExecutionFamily>>>, AppError> {
        let watermark = self.store.watermark(viewer.scope());
        let run = match self.run_by_id(viewer, id, wanted).await? {
            Found::Here(run) => run,
            Found::Moved(id) => return Ok(Found::Moved(id)),
        };
        let root = self.root_of(viewer, run.whole.execution).await?;
        let (walked, truncated) = self.walk_down(viewer, root, MOST_MEMBERS).await?;
        let hashes: Vec<ExecutionHash> = walked.iter().map(|member| member.execution).collect();
        let records = self.newest_runs(viewer, &hashes).await?;
        let members = order::ordered(root, &walked, records);
        let body = self.family_view(viewer, &members, truncated).await?;
        let answer = Versioned::as_of(watermark, TimeRange::new(0, 0), body);
        Ok(Found::Here(Box::new(answer)))
    }

    async fn family_view(
        &self,
        viewer: Viewer,
        members: &[order::Member],
        truncated: bool,
    ) -> Result<ExecutionFamily, AppError> {
        if members.is_empty() {
            return Err(AppError::internal("a family without its root"));
        }
        let records: Vec<ExecutionRecord> = members.iter().map(|one| one.record.clone()).collect();
        let mut rows = self.execution_rows(viewer, &records).await?;
        let outcome = FamilyOutcome::of(members, &rows);
        let omitted = rows.len().saturating_sub(MOST_SHOWN);
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        rows.truncate(MOST_SHOWN);
        let id = |place: usize| ids.get(place).cloned();
        let nodes = rows
            .into_iter()
            .zip(members)
            .map(|(execution, member)| FamilyMember {
                execution,
                parent_id: member.parent.and_then(id),
                retry_of: member.retried.and_then(id),
                depth: member.depth,
            });
        Ok(ExecutionFamily {
            root: id(0).unwrap_or_default(),
            nodes: nodes.collect(),
            outcome,
            omitted,
            truncated,
        })
    }
}
