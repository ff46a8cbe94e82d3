//! Costs and duration of an execution, including all executions that it called.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, Timestamp};
use weir_query::records::tree::{Tree, TreeWanted, read_tree, tree_of};

use super::super::units;
use crate::{AppError, Reading, privacy::Viewer};

/// An execution with all its descendants by parent links, and all runs of each.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionTree {
    /// Number of executions, including this one.
    pub executions: u64,
    /// Number of executions that have not ended.
    pub open: u64,
    /// The earliest start.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// The latest end so far.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<Timestamp>,
    /// The time from the earliest start to the latest end, in milliseconds.
    pub duration: Option<i64>,
    /// US dollars, including those of this execution.
    pub total_cost: f64,
    /// Credits, including those of this execution.
    pub total_credits: f64,
    /// Whether there are more executions than are counted here.
    pub truncated: bool,
    /// The level of the first execution left out, if any: this execution is on level 0, its children on level
    /// 1.
    pub cut_at_level: Option<i64>,
}

impl From<&Tree> for ExecutionTree {
    fn from(tree: &Tree) -> Self {
        let ends = tree.started.zip(tree.ended);
        Self {
            executions: tree.executions,
            open: tree.open,
            started_at: tree.started,
            ended_at: tree.ended,
            duration: ends.map(|(start, end)| (end.0 - start.0).max(0)),
            total_cost: units(tree.cost),
            total_credits: units(tree.credits),
            truncated: tree.cut_at.is_some(),
            cut_at_level: tree.cut_at,
        }
    }
}

impl Reading {
    /// The tree under an execution, up to the configured number of executions. Fails if the store does.
    pub(super) async fn tree(&self, viewer: Viewer, root: ExecutionHash) -> Result<Tree, AppError> {
        let limit = self.settings.query.tree_executions;
        let wanted = TreeWanted {
            root,
            limit,
            skew: self.store.rules().skew,
        };
        let statement = tree_of(viewer.scope(), self.store.dialect(), &wanted);
        self.read_records(viewer, statement, move |batches| read_tree(&batches, limit))
            .await
    }
}
