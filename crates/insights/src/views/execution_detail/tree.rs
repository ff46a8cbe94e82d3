//! What an execution cost and how long it took with everything that it called.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, Timestamp};
use weir_query::records::tree::{Tree, TreeWanted, read_tree, tree_of};

use super::costs::units;
use crate::{AppError, Reading, privacy::Viewer};

/// An execution with all that descend from it by parent links, and all runs of each.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionTree {
    /// How many executions there are, this one among them.
    pub executions: u64,
    /// How many of them have not ended.
    pub open: u64,
    /// The first start.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// The last end so far.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<Timestamp>,
    /// From the first start to the last end, in milliseconds.
    pub duration: Option<i64>,
    /// US dollars, this execution's own among them.
    pub total_cost: f64,
    /// Credits, this execution's own among them.
    pub total_credits: f64,
    /// Whether there are more executions than are counted here.
    pub truncated: bool,
    /// The level of the first execution left out, where there are more: this execution is on level 0, its
    /// children on level 1.
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
    /// The tree under an execution, at most as many executions as the server is set to walk.
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
