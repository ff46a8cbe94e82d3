//! Cases about events that are sent again.

use serde_json::json;
use weir_model::{Scope, time::DAY};

use super::counting::{clock, counts, execution, expect};
use crate::Submission;
use crate::conformance::{Adapter, NOW, assert_verified, commit, events, figures, scope};

pub(in crate::conformance) async fn an_event_is_stored_once_however_often_it_is_sent(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    let batch = [
        execution("a", "completed", -1),
        execution("b", "failed", -2),
        execution("a", "completed", -1),
    ];
    let first = commit(&*store, events(&batch)).await;
    assert_eq!((first.accepted, first.duplicates.as_slice()), (2, &[2][..]));
    let again = [
        execution("c", "completed", -3),
        execution("b", "failed", -2),
    ];
    let second = commit(&*store, events(&again)).await;
    assert_eq!(
        (second.accepted, second.duplicates.as_slice()),
        (1, &[1][..])
    );
    assert_eq!(
        counts(&*store).await,
        expect(&[("completed", 2), ("failed", 1)])
    );
    assert_verified(&*store, "duplicates").await;
}

pub(in crate::conformance) async fn duplicates_are_found_after_a_restart(adapter: &dyn Adapter) {
    let store = adapter.open(clock()).await;
    // 31 days ago: within the window in which a retry is recognised.
    let batch = [
        execution("a", "completed", -31 * DAY),
        execution("b", "completed", 0),
    ];
    commit(&*store, events(&batch)).await;
    let store = adapter.reopen(store, clock()).await;
    let again = commit(&*store, events(&batch)).await;
    assert_eq!(
        (again.accepted, again.duplicates.as_slice()),
        (0, &[0, 1][..])
    );
    assert_eq!(counts(&*store).await, expect(&[("completed", 2)]));
}

pub(in crate::conformance) async fn records_that_differ_only_in_metadata_each_count(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    let page = |page: i64| {
        json!({"type": "cost", "timestamp": NOW.0, "executionId": "a", "credits": 1,
               "metadata": {"page": page}})
    };
    // As stored when ids did not cover metadata.
    let mut stored = events(&[page(1)]);
    stored[0].id = stored[0].former_id().expect("it has metadata").to_owned();
    commit(&*store, stored).await;
    let store = adapter.reopen(store, clock()).await;
    let sent = commit(&*store, events(&[page(1), page(2), page(2)])).await;
    assert_eq!(
        (sent.accepted, sent.duplicates.as_slice()),
        (1, &[0, 2][..])
    );
    let bare = json!({"type": "cost", "timestamp": NOW.0, "executionId": "a", "credits": 1});
    let again = commit(&*store, events(&[page(2), page(1), bare.clone()])).await;
    assert_eq!(
        (again.accepted, again.duplicates.as_slice()),
        (1, &[0, 1][..])
    );
    assert_eq!(commit(&*store, events(&[bare])).await.accepted, 0);
}

pub(in crate::conformance) async fn the_same_id_in_another_project_is_another_event(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(clock()).await;
    let batch = || {
        events(&[
            execution("a", "started", -5),
            execution("a", "completed", -1),
        ])
    };
    commit(&*store, batch()).await;
    let other = Scope::new(2, 2);
    let receipt = store
        .commit(Submission {
            scope: other,
            events: batch(),
        })
        .await;
    assert_eq!(receipt.expect("taken").accepted, 2);
    assert_eq!(
        figures(&*store, scope()).await,
        figures(&*store, other).await
    );
    let wrong_pair = Scope::new(1, 2);
    assert!(
        figures(&*store, wrong_pair).await.is_empty(),
        "tenant and project belong together"
    );
    assert_eq!(store.watermark(wrong_pair), store.watermark(other));
}

pub(in crate::conformance) async fn concurrent_submissions_are_all_answered(adapter: &dyn Adapter) {
    let store = adapter.open(clock()).await;
    let mut tasks = Vec::new();
    for number in 0..40 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let shared = execution("shared", "completed", -1);
            let own = execution(&format!("x{number}"), "completed", -2);
            commit(&*store, events(&[shared, own])).await
        }));
    }
    let mut accepted = 0;
    for task in tasks {
        accepted += task.await.expect("the task ends").accepted;
    }
    assert_eq!(
        accepted, 41,
        "the shared event counts once over all producers"
    );
    assert_eq!(counts(&*store).await, expect(&[("completed", 41)]));
}
