//! Errors are counted under their keys, and history follows when keys change.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, AsArray},
    datatypes::Int64Type,
};
use serde_json::{Value, json};
use weir_model::{ErrorClass, ErrorKey, EventKind, FixedClock, Scope, SeenError, time::DAY};
use weir_query::{Parameter, Statement};

use crate::conformance::{Adapter, NOW, assert_verified, commit, events, figures, scope};
use crate::{ErrorKeying, EventStore, KnownNames, KnownStep, Rekeyed, Submission};

/// The suite's keying: the group is the first or last word of the message, and the class is `timeout` for
/// messages that contain that word.
#[derive(Clone, Copy, Debug)]
pub enum ByWord {
    /// The first word.
    First,
    /// The last word.
    Last,
    /// The first word of the step's name, or else of what is known about the place.
    Place,
}

impl ErrorKeying for ByWord {
    fn key(&self, error: &SeenError<'_>) -> ErrorKey {
        let text = match self {
            Self::Place => error.step_name.or(error.step).or(error.workflow),
            Self::First | Self::Last => error.message.or(error.error_type),
        };
        let text = text.unwrap_or("nothing said");
        let mut words = text.split_whitespace();
        let word = match self {
            Self::First | Self::Place => words.next(),
            Self::Last => words.next_back(),
        };
        ErrorKey {
            group: word.unwrap_or("empty").into(),
            class: match text.contains("timeout") {
                true => ErrorClass::Timeout,
                false => ErrorClass::Unknown,
            },
        }
    }
}

fn failed(id: &str, message: Option<&str>, at: i64) -> Value {
    json!({"type": "execution", "executionId": id, "workflowId": "w", "status": "failed",
        "timestamp": NOW.0 + at, "errorType": "E", "errorMessage": message})
}

fn batch() -> Vec<Value> {
    let step = |id: &str, status: &str| {
        json!({"type": "step", "executionId": "a", "stepId": id, "status": status,
            "timestamp": NOW.0 - 5, "errorMessage": "disk gone"})
    };
    let mut crashed = failed("c", Some("disk full"), -40 * DAY);
    crashed["status"] = json!("crashed");
    let completed = json!({"type": "execution", "executionId": "d", "workflowId": "w",
        "status": "completed", "timestamp": NOW.0 - 3});
    vec![
        failed("a", Some("socket timeout"), -1),
        failed("b", Some("disk timeout"), -2 * DAY),
        crashed,
        failed("e", None, -4),
        completed,
        step("s", "failed"),
        step("t", "completed"),
    ]
}

/// Errors by group and class, from the cube at the day granularity.
async fn counted(store: &dyn EventStore, scope: Scope) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for (key, (measures, _)) in figures(store, scope).await {
        if key.starts_with("errors_1d ") {
            let value = |name: &str| {
                let mut words = key.split(' ').filter_map(|word| word.strip_prefix(name));
                words.next().unwrap_or("none").to_owned()
            };
            let group = format!("{} {}", value("error_group="), value("error_class="));
            *counts.entry(group).or_default() += measures[0];
        }
    }
    counts
}

/// Failed steps by group, from raw rows.
async fn steps(store: &dyn EventStore, scope: Scope) -> Vec<(String, i64)> {
    let statement = Statement {
        sql: "SELECT error_group, count(*) FROM steps WHERE tenant = ? AND project = ? AND error_group IS NOT NULL GROUP BY 1 ORDER BY 1".to_owned(),
        parameters: vec![
            Parameter::Integer(scope.tenant.0.into()),
            Parameter::Integer(scope.project.0.into()),
        ],
    };
    let batches = store.read(statement).await.expect("steps can be read");
    let mut found = Vec::new();
    for batch in batches {
        let (groups, counts) = (batch.column(0).as_string::<i32>(), batch.column(1));
        let counts = counts.as_primitive::<Int64Type>();
        let rows = (0..groups.len()).map(|row| (groups.value(row).to_owned(), counts.value(row)));
        found.extend(rows);
    }
    found
}

fn expect(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs
        .iter()
        .map(|&(group, count)| (group.to_owned(), count))
        .collect()
}

pub(in crate::conformance) async fn stored_errors_are_counted_under_new_keys(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(FixedClock::at(NOW)).await;
    let other = Scope::new(2, 2);
    commit(&*store, events(&batch())).await;
    let events_of_other = events(&batch());
    let taken = store
        .commit(Submission {
            scope: other,
            events: events_of_other,
        })
        .await;
    taken.expect("the other project's events are taken");
    let by_first = expect(&[
        ("socket timeout", 1),
        ("disk timeout", 1),
        ("disk unknown", 1),
        ("E unknown", 1),
    ]);
    assert_eq!(counted(&*store, scope()).await, by_first);
    let before = store.watermark(scope());

    let done = store.rekey_errors(scope(), Arc::new(ByWord::Last)).await;
    // "E" is both the first and the last word of an error without a message.
    assert_eq!(
        done.expect("errors are keyed anew"),
        Rekeyed {
            executions: 3,
            steps: 1
        }
    );
    let by_last = expect(&[
        ("timeout timeout", 2),
        ("full unknown", 1),
        ("E unknown", 1),
    ]);
    assert_eq!(counted(&*store, scope()).await, by_last);
    assert_eq!(steps(&*store, scope()).await, [("gone".to_owned(), 1)]);
    assert_eq!(
        counted(&*store, other).await,
        by_first,
        "other projects stay as they are"
    );
    let after = store.watermark(scope());
    assert!(after > before, "answers from before are out of date");
    assert_verified(&*store, "rekeying").await;

    let again = store.rekey_errors(scope(), Arc::new(ByWord::Last)).await;
    assert_eq!(again.expect("errors are keyed anew"), Rekeyed::default());
    assert_eq!(store.watermark(scope()), after, "nothing has changed");

    let store = adapter.reopen(store, FixedClock::at(NOW)).await;
    assert_eq!(store.watermark(scope()), after, "also after a restart");
    assert_eq!(counted(&*store, scope()).await, by_last);
    let receipt = commit(&*store, events(&[failed("f", Some("new timeout"), -7)])).await;
    assert!(receipt.sequence > after, "no sequence number is used twice");
    assert_verified(&*store, "after rekeying").await;

    let mut without_key = events(&[failed("g", Some("odd timeout"), -8)]);
    if let EventKind::Execution(execution) = &mut without_key[0].kind {
        execution.error_key = None;
    }
    commit(&*store, without_key).await;
    assert_eq!(counted(&*store, scope()).await.get("null null"), Some(&1));
    let done = store.rekey_errors(scope(), Arc::new(ByWord::Last)).await;
    let expected = Rekeyed {
        executions: 2,
        steps: 0,
    };
    assert_eq!(done.expect("errors are keyed anew"), expected, "f and g");
    let by_last = expect(&[
        ("timeout timeout", 4),
        ("full unknown", 1),
        ("E unknown", 1),
    ]);
    assert_eq!(counted(&*store, scope()).await, by_last);
}

pub(in crate::conformance) async fn a_keying_receives_where_errors_happened(adapter: &dyn Adapter) {
    let store = adapter.open(FixedClock::at(NOW)).await;
    let step = |id: &str, name: Option<&str>, at: i64| {
        json!({"type": "step", "executionId": format!("of {at}"), "stepId": id, "stepName": name,
            "stepType": "http", "workflowId": "w", "workflowName": "Orders",
            "status": "failed", "timestamp": NOW.0 + at, "errorMessage": "disk gone"})
    };
    let mut at_step = failed("a", Some("disk gone"), -1);
    at_step["errorStep"] = json!("s1");
    let sent = [
        at_step,
        failed("b", Some("disk gone"), -2),
        step("s1", Some("Load now"), -3),
        step("s1", Some("Fetch then"), -9),
        step("s2", None, -4),
    ];
    commit(&*store, events(&sent)).await;
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect();
    let known = store.known(scope(), &ids(&["s1", "s2", "none"]), &ids(&["w", "none"]));
    let expected = KnownNames {
        steps: BTreeMap::from([
            (
                "s1".to_owned(),
                KnownStep {
                    name: Some("Load now".to_owned()),
                    step_type: Some("http".to_owned()),
                },
            ),
            (
                "s2".to_owned(),
                KnownStep {
                    name: None,
                    step_type: Some("http".to_owned()),
                },
            ),
        ]),
        workflows: BTreeMap::from([("w".to_owned(), "Orders".to_owned())]),
    };
    assert_eq!(known, expected);
    let by_place = expect(&[("Load unknown", 1), ("w unknown", 1)]);
    let mut store = store;
    for _ in ["as it is", "opened again"] {
        let done = store.rekey_errors(scope(), Arc::new(ByWord::Place)).await;
        done.expect("errors are keyed anew");
        assert_eq!(counted(&*store, scope()).await, by_place);
        let of_steps = [("Load".to_owned(), 2), ("s2".to_owned(), 1)];
        assert_eq!(steps(&*store, scope()).await, of_steps);
        assert_verified(&*store, "keying by place").await;
        let by_first = store.rekey_errors(scope(), Arc::new(ByWord::First)).await;
        by_first.expect("errors are keyed anew");
        store = adapter.reopen(store, FixedClock::at(NOW)).await;
        assert_eq!(
            store.known(scope(), &ids(&["s1", "s2"]), &ids(&["w"])),
            expected
        );
    }
}
