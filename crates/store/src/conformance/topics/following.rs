//! Cases about following commits.

use std::time::Duration;

use serde_json::{Value, json};
use weir_model::{FixedClock, Scope};

use crate::conformance::{Adapter, NOW, commit, events, scope};
use crate::{EventStore, Finished, Position, Submission};

/// Longer than any commit takes; only a failing test waits this long.
const DEADLINE: Duration = Duration::from_secs(30);

fn clock() -> FixedClock {
    FixedClock::at(NOW)
}

fn execution(id: &str, status: &str) -> Value {
    json!({"type": "execution", "executionId": id, "workflowId": "w", "status": status,
           "timestamp": NOW.0, "duration": 1500})
}

fn ids(found: &[Finished]) -> Vec<&str> {
    found.iter().map(|one| one.execution_id.as_str()).collect()
}

/// Everything after a position, in pages of `limit`.
async fn all_after(store: &dyn EventStore, after: Position, limit: usize) -> Vec<Finished> {
    let mut found = Vec::new();
    let mut place = after;
    loop {
        let page = store.finished(&[scope()], place, limit).await;
        let page = page.expect("the store reads finished executions");
        assert!(page.executions.len() <= limit);
        found.extend(page.executions);
        place = page.next;
        if !page.more {
            return found;
        }
    }
}

/// Three commits: two that end executions, one between them that ends none.
async fn fill(store: &dyn EventStore) -> [u64; 3] {
    let first = [
        execution("b", "completed"),
        execution("a", "failed"),
        execution("open", "started"),
        execution("c", "crashed"),
    ];
    let first = commit(store, events(&first)).await.sequence;
    let second = commit(store, events(&[execution("wait", "waiting")])).await;
    let third = [execution("open", "completed"), execution("d", "canceled")];
    let third = commit(store, events(&third)).await.sequence;
    [first, second.sequence, third]
}

pub(in crate::conformance) async fn a_commit_is_announced_to_subscribers_and_can_be_read_then(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    let mut word = store.commits();
    let before = *word.borrow_and_update();
    let waiting = tokio::spawn(async move {
        let heard = tokio::time::timeout(DEADLINE, word.changed()).await;
        heard
            .expect("a notification arrives")
            .expect("the store is open");
        let last = *word.borrow_and_update();
        (word, last)
    });
    let receipt = commit(&*store, events(&[execution("a", "completed")])).await;
    let (word, heard) = waiting.await.expect("the task ends");
    assert_eq!(heard, receipt.sequence);
    assert!(heard > before);
    let found = all_after(&*store, Position::after(before), 10).await;
    assert_eq!(ids(&found), ["a"]);
    commit(&*store, events(&[execution("a", "completed")])).await;
    assert!(
        !word.has_changed().expect("the store is open"),
        "earlier commits are not announced"
    );
}

pub(in crate::conformance) async fn finished_executions_are_read_once_and_in_the_order_of_commits(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    let [first, second, third] = fill(&*store).await;
    let whole = all_after(&*store, Position::default(), 100).await;
    let mut of_first = ids(&whole[..3]);
    of_first.sort_unstable();
    assert_eq!(of_first, ["a", "b", "c"]);
    let mut of_third = ids(&whole[3..]);
    of_third.sort_unstable();
    assert_eq!(of_third, ["d", "open"]);
    let one = whole.iter().find(|one| one.execution_id == "a");
    let one = one.expect("it is there");
    assert_eq!((one.status.name(), one.duration), ("failed", Some(1500)));
    assert_eq!((one.workflow.as_deref(), one.timestamp), (Some("w"), NOW));
    assert_eq!(whole[2].position, Position::after(first));
    assert_eq!(whole[4].position, Position::after(third));
    for limit in 1..=6 {
        let paged = all_after(&*store, Position::default(), limit).await;
        assert_eq!(paged, whole, "in pages of {limit}");
    }
    for (seen, one) in whole.iter().enumerate() {
        let rest = all_after(&*store, one.position, 2).await;
        assert_eq!(rest, whole[seen + 1..], "after {:?}", one.position);
    }
    assert_eq!(
        all_after(&*store, Position::after(second), 9).await.len(),
        2
    );
    let end = store.finished(&[scope()], Position::after(third), 9).await;
    let end = end.expect("the store reads");
    assert_eq!((end.executions.len(), end.more), (0, false));
    assert_eq!(end.next, Position::after(third));
}

pub(in crate::conformance) async fn a_position_stays_the_same_across_a_restart(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    fill(&*store).await;
    let before = all_after(&*store, Position::default(), 100).await;
    let place = before[1].position;
    let last = *store.commits().borrow();
    let store = adapter.reopen(store, clock()).await;
    assert_eq!(*store.commits().borrow(), last);
    commit(&*store, events(&[execution("late", "completed")])).await;
    let rest = all_after(&*store, place, 2).await;
    assert_eq!(rest[..3], before[2..]);
    assert_eq!(ids(&rest[3..]), ["late"]);
    // A position from a store with more commits is after everything: nothing is returned twice.
    let future = all_after(&*store, Position::after(last + 1_000), 5).await;
    assert_eq!(future, []);
}

pub(in crate::conformance) async fn only_the_requested_projects_are_read(adapter: &dyn Adapter) {
    let store = adapter.open(clock()).await;
    let scopes = [Scope::new(1, 1), Scope::new(1, 2), Scope::new(2, 3)];
    for (scope, id) in scopes.into_iter().zip(["one", "two", "three"]) {
        let events = events(&[execution(id, "completed")]);
        let submission = Submission { scope, events };
        store.commit(submission).await.expect("the store takes it");
    }
    for (asked, expected) in [
        (&scopes[..1], vec!["one"]),
        (&scopes[..2], vec!["one", "two"]),
        (&scopes[2..], vec!["three"]),
        // A tenant's key does not combine with another tenant's project.
        (&[Scope::new(2, 1)], vec![]),
    ] {
        let page = store.finished(asked, Position::default(), 9).await;
        let page = page.expect("the store reads");
        assert_eq!(ids(&page.executions), expected, "{asked:?}");
    }
}
