//! The executions related to one: parent, children, the one it retries, and its retries.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ExecutionHash, ExecutionId, Status, Timestamp};
use weir_query::records::{
    executions::{ExecutionRecord, LinksWanted},
    tree::Tree,
};

use super::{super::execution_list::started, StepRuns};
use crate::{AppError, Reading, privacy::Viewer};

/// A summary of an execution.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelatedExecution {
    /// Its public id; null if only the producer's id is known.
    pub id: Option<String>,
    /// The producer's id for it.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// Its newest state; null if only the producer's id is known.
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    /// When it entered this state.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub timestamp: Option<Timestamp>,
    /// When it started, if that is known or follows from its duration.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration: Option<i64>,
    /// The error type.
    pub error_type: Option<String>,
}

/// A called execution, in its place among the steps of its caller.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalledExecution {
    /// The execution.
    #[serde(flatten)]
    pub execution: RelatedExecution,
    /// The step of the caller that was running when it started, if that was only one besides those that contain
    /// it.
    pub step_id: Option<String>,
    /// The run of that step, as in the timeline.
    pub occurrence: Option<usize>,
}

/// Called executions, each with the step run of the caller that was the only one to run when it started.
pub(super) fn placed(children: Vec<RelatedExecution>, steps: &StepRuns) -> Vec<CalledExecution> {
    let placed = |execution: RelatedExecution| {
        let start = execution.started_at;
        let during = start.and_then(|start| steps.alone_at(start, false));
        CalledExecution {
            step_id: during.map(|run| run.record.step.clone()),
            occurrence: during.map(|run| run.occurrence),
            execution,
        }
    };
    children.into_iter().map(placed).collect()
}

/// The most children and retries in an answer, each.
const MOST_RELATED: usize = 500;

/// Everything related to an execution.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Family {
    pub retried: Option<RelatedExecution>,
    pub retries: Vec<RelatedExecution>,
    pub parent: Option<RelatedExecution>,
    pub children: Vec<RelatedExecution>,
}

impl Family {
    /// Sorts related executions, oldest first and each in its newest run, by their relation to one. If the name of a parent can mean
    /// several executions, it means none of them: executions that name their parent in this way are neither
    /// its children nor in its `tree`.
    pub fn of(
        public: impl Fn(&ExecutionRecord) -> ExecutionId,
        whole: &ExecutionRecord,
        newest: &[ExecutionRecord],
        tree: &Tree,
    ) -> Self {
        let is = |hash: ExecutionHash, other: &ExecutionRecord| match hash.names_one() {
            true => other.execution == hash,
            false => other.execution.name() == hash,
        };
        let pointed = |hash: Option<ExecutionHash>, name: Option<&str>| {
            let mut found = hash
                .into_iter()
                .flat_map(|hash| newest.iter().filter(move |other| is(hash, other)));
            match (found.next(), found.next()) {
                (Some(one), None) => Some(related(public(one), one)),
                _ => name.map(only_name),
            }
        };
        // A retry that leaves out its environment can only mean this execution.
        let meant = |retry: &ExecutionRecord, other: &ExecutionRecord| {
            let same = |column: &str| retry.text(column) == other.text(column);
            retry.text("environment").is_none()
                && retry.text("retry_of") == Some(other.execution_id.as_str())
                && same("workflow")
        };
        let exact = whole
            .retried
            .filter(|hash| newest.iter().any(|other| is(*hash, other)));
        let loose = || newest.iter().find(|other| meant(whole, other));
        let retried = exact.or_else(|| loose().map(|other| other.execution));
        let is_retry =
            |other: &ExecutionRecord| other.retried == Some(whole.execution) || meant(other, whole);
        let is_child = |other: &ExecutionRecord| {
            let called = other.parent.is_some_and(|hash| is(hash, whole));
            called && (tree.cut_at.is_some() || tree.holds(other.execution))
        };
        let all = |which: &dyn Fn(&ExecutionRecord) -> bool| {
            let found = newest
                .iter()
                .filter(|other| which(other))
                .take(MOST_RELATED);
            found.map(|other| related(public(other), other)).collect()
        };
        Self {
            retried: pointed(retried, whole.text("retry_of")),
            retries: all(&is_retry),
            parent: pointed(whole.parent, whole.text("parent_execution_id")),
            children: all(&is_child),
        }
    }
}

fn related(id: ExecutionId, record: &ExecutionRecord) -> RelatedExecution {
    RelatedExecution {
        id: Some(id.to_string()),
        execution_id: record.execution_id.clone(),
        workflow_id: record.text("workflow").map(str::to_owned),
        status: Some(record.status),
        timestamp: Some(record.timestamp),
        started_at: started(record),
        duration: record.duration,
        error_type: record.text("error_type").map(str::to_owned),
    }
}

fn only_name(name: &str) -> RelatedExecution {
    RelatedExecution {
        id: None,
        execution_id: name.to_owned(),
        workflow_id: None,
        status: None,
        timestamp: None,
        started_at: None,
        duration: None,
        error_type: None,
    }
}

impl Reading {
    /// The executions related to one in their newest runs, oldest first: its parent, the one it retries, those
    /// that it called and those that retry it. Fails if the store does.
    pub(super) async fn related(
        &self,
        viewer: Viewer,
        whole: &ExecutionRecord,
    ) -> Result<Vec<ExecutionRecord>, AppError> {
        let of = whole.execution;
        let mut near: BTreeSet<ExecutionHash> = BTreeSet::new();
        for wanted in [LinksWanted::Of(of), LinksWanted::To(&[of])] {
            let found = self.links_of(viewer, wanted).await?;
            let named = found.iter().filter_map(|links| links.retried);
            near.extend(found.iter().map(|links| links.execution).chain(named));
        }
        for named in [whole.retried, whole.parent].into_iter().flatten() {
            if named.names_one() {
                near.insert(named);
            } else {
                let found = self.links_of(viewer, LinksWanted::Of(named)).await?;
                near.extend(found.iter().map(|links| links.execution));
            }
        }
        near.remove(&of);
        let near: Vec<ExecutionHash> = near.into_iter().collect();
        self.newest_runs(viewer, &near).await
    }
}
