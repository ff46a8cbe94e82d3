//! The outcome of a family as a whole.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Status, Timestamp};
use weir_query::records::executions::begun;

use super::{super::execution_list::ExecutionRow, order::Member};

/// What became of the work that an execution began, whatever was called and retried for it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FamilyOutcome {
    /// `completed` if an attempt of the root completed; otherwise the state of its last attempt.
    #[schema(value_type = String)]
    pub status: Status,
    /// The id of the attempt that decided: the first that completed, or the last.
    pub decided_by: String,
    /// Number of attempts of the root: itself and its retries.
    pub attempts: usize,
    /// Number of executions.
    pub executions: usize,
    /// How many of them failed or crashed.
    pub failed: usize,
    /// How many of them were retried.
    pub retried: usize,
    /// How many of them have not ended.
    pub open: usize,
    /// The earliest start.
    #[schema(value_type = String, format = "date-time")]
    pub started_at: Timestamp,
    /// The latest end; null while an execution is open.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub ended_at: Option<Timestamp>,
    /// The time from the earliest start to the latest end, in milliseconds; null while an execution is open.
    pub duration_ms: Option<i64>,
    /// US dollars.
    pub cost: f64,
}

impl FamilyOutcome {
    /// The outcome of members in their order, with their rows.
    pub(super) fn of(members: &[Member], rows: &[ExecutionRow]) -> Self {
        let attempts = attempts(members);
        let completed = attempts
            .iter()
            .find(|&&at| members[at].record.status == Status::Completed);
        let decided = completed.or(attempts.last()).copied().unwrap_or(0);
        let status = |at: usize| members[at].record.status;
        let count =
            |which: &dyn Fn(usize) -> bool| (0..members.len()).filter(|&at| which(at)).count();
        let open = count(&|at| !status(at).is_terminal());
        let starts = members.iter().map(|member| begun(&member.record));
        let ends = members.iter().map(|member| member.record.timestamp);
        let started_at = starts.min().unwrap_or(Timestamp(0));
        let ended_at = ends.max().filter(|_| open == 0);
        let mut retried: Vec<usize> = members.iter().filter_map(|member| member.retried).collect();
        retried.sort_unstable();
        retried.dedup();
        let cost: f64 = rows.iter().filter_map(|row| row.cost).sum();
        Self {
            status: members
                .get(decided)
                .map_or(Status::Started, |one| one.record.status),
            decided_by: rows
                .get(decided)
                .map(|row| row.id.clone())
                .unwrap_or_default(),
            attempts: attempts.len(),
            executions: members.len(),
            failed: count(&|at| matches!(status(at), Status::Failed | Status::Crashed)),
            retried: retried.len(),
            open,
            started_at,
            ended_at,
            duration_ms: ended_at.map(|end| (end.0 - started_at.0).max(0)),
            cost: weir_analysis::billionths(cost),
        }
    }
}

/// The positions of the root and of its retries, of their retries and so on, by start.
fn attempts(members: &[Member]) -> Vec<usize> {
    let mut attempts = vec![0];
    let mut is_attempt = vec![false; members.len()];
    for (at, member) in members.iter().enumerate() {
        let retries = member.retried.is_some_and(|of| of < at && is_attempt[of]);
        if at == 0 || retries {
            is_attempt[at] = true;
        }
        if retries {
            attempts.push(at);
        }
    }
    attempts.sort_by_key(|&at| members.get(at).map(|member| begun(&member.record)));
    attempts
}
