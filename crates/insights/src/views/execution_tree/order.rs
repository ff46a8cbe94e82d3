//! The order in which the members of a family are drawn.

use std::collections::HashMap;

use weir_model::ExecutionHash;
use weir_query::records::executions::{ExecutionRecord, begun};

use super::walk::Walked;

/// A member in its place.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// Its newest run.
    pub record: ExecutionRecord,
    /// The position of the member that called it.
    pub parent: Option<usize>,
    /// The position of the member that it retries.
    pub retried: Option<usize>,
    /// How many members stand above it.
    pub depth: usize,
}

/// Orders the members: after each one those that it called, then those that retry it, each by start.
/// Members without a record are left out, together with what hangs below them.
pub(super) fn ordered(
    root: ExecutionHash,
    walked: &[Walked],
    records: Vec<ExecutionRecord>,
) -> Vec<Member> {
    let mut records: HashMap<ExecutionHash, ExecutionRecord> = records
        .into_iter()
        .map(|record| (record.execution, record))
        .collect();
    let below = hanging(walked, &records);
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut members: Vec<Member> = Vec::new();
    let mut links: Vec<usize> = Vec::new();
    let start = walked.iter().position(|one| one.execution == root);
    let mut waiting: Vec<(usize, usize)> = start.into_iter().map(|place| (place, 0)).collect();
    while let Some((place, depth)) = waiting.pop() {
        let Some(record) = records.remove(&walked[place].execution) else {
            continue;
        };
        places.insert(place, members.len());
        links.push(place);
        members.push(Member {
            record,
            parent: None,
            retried: None,
            depth,
        });
        // The last one pushed comes first.
        for &next in below.get(&place).into_iter().flatten().rev() {
            let is_retry = attached(walked, next) == Some((place, true));
            waiting.push((next, if is_retry { depth } else { depth + 1 }));
        }
    }
    for (member, &place) in members.iter_mut().zip(&links) {
        let of = |link: Option<usize>| link.and_then(|at| places.get(&at).copied());
        member.parent = of(walked[place].parent);
        member.retried = of(walked[place].retried);
    }
    members
}

/// What a member is drawn below, and whether it retries that: the execution that it retries, or else its
/// caller. A link to a member that was found later would close a circle.
fn attached(walked: &[Walked], place: usize) -> Option<(usize, bool)> {
    let earlier = |link: Option<usize>| link.filter(|&at| at < place);
    let member = &walked[place];
    let retried = earlier(member.retried).map(|at| (at, true));
    retried.or_else(|| earlier(member.parent).map(|at| (at, false)))
}

/// By member, those below it: first those that it called, then its retries, each by start.
fn hanging(
    walked: &[Walked],
    records: &HashMap<ExecutionHash, ExecutionRecord>,
) -> HashMap<usize, Vec<usize>> {
    let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
    for place in 1..walked.len() {
        if let Some((above, _)) = attached(walked, place) {
            below.entry(above).or_default().push(place);
        }
    }
    for places in below.values_mut() {
        places.sort_by_key(|&place| {
            let is_retry = attached(walked, place).is_some_and(|(_, is_retry)| is_retry);
            let execution = walked[place].execution;
            let start = records.get(&execution).map(begun);
            (is_retry, start, execution)
        });
    }
    below
}
