//! Erased users: nothing names them any more, and all counts stay.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{array::AsArray, datatypes::Int64Type};
use serde_json::{Value, json};
use weir_model::{FixedClock, Scope, time::DAY};
use weir_query::{Parameter, Statement};

use crate::conformance::{Adapter, NOW, assert_verified, commit, events, figures, scope};
use crate::{Erased, EventStore, Submission};

/// Contains a character that JSON escapes, and one that means more in a pattern.
const ADA: &str = "ada.7f3c\"x";
const BOB: &str = "bob-7f3c";

/// One event of every type, by a user; texts of other users name them, too.
fn batch(user: &str, number: i64) -> Vec<Value> {
    let at = NOW.0 - number * DAY;
    let of = |kind: &str, more: Value| {
        let mut event = json!({"type": kind, "workflowId": "w", "userId": user, "timestamp": at,
            "executionId": format!("e{number}")});
        for (name, value) in more.as_object().expect("an object") {
            event[name] = value.clone();
        }
        event
    };
    let mentioned = format!("no account {ADA},{ADA} (x{ADA}x stays)");
    vec![
        of(
            "execution",
            json!({"status": "completed", "duration": 5, "subjectId": user,
            "metadata": {"by": user}}),
        ),
        of(
            "execution",
            json!({"executionId": format!("f{number}"), "status": "failed",
            "userId": "carol", "errorMessage": mentioned, "metadata": {"for": {"user": ADA}}}),
        ),
        of(
            "execution",
            json!({"executionId": format!("o{number}"), "status": "started"}),
        ),
        of(
            "step",
            json!({"stepId": "s", "status": "failed", "errorMessage": mentioned}),
        ),
        of("cost", json!({"dollarAmount": "0.25"})),
        of(
            "activity",
            json!({"action": "login", "sessionId": format!("session of {user}"),
            "executionId": null}),
        ),
        of(
            "activity",
            json!({"action": "edit", "userId": "carol", "resource": "user",
            "resourceId": user, "id": format!("edit:{user}:{number}"), "executionId": null}),
        ),
        of("document", json!({"kind": "pdf", "status": "completed"})),
        of(
            "queue",
            json!({"queue": "q", "action": "dequeued", "waitMs": 3}),
        ),
        of("goal", json!({"goalId": "g", "subjectId": user})),
    ]
}

/// Every text column that contains a text, with the number of rows that do.
async fn columns_with(store: &dyn EventStore, scope: Scope, text: &str) -> BTreeMap<String, i64> {
    let statement = Statement {
        sql: "SELECT table_name, column_name FROM information_schema.columns
              WHERE data_type = 'VARCHAR' AND table_name IN
                (SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant')
              ORDER BY 1, 2"
            .to_owned(),
        parameters: Vec::new(),
    };
    let mut columns = Vec::new();
    for batch in store.read(statement).await.expect("columns are listed") {
        let (tables, names) = (
            batch.column(0).as_string::<i32>(),
            batch.column(1).as_string::<i32>(),
        );
        columns.extend(
            (0..batch.num_rows())
                .map(|row| (tables.value(row).to_owned(), names.value(row).to_owned())),
        );
    }
    assert!(columns.len() > 60, "{columns:?}");
    let mut found = BTreeMap::new();
    for (table, column) in columns {
        let sql = format!(
            "SELECT count(*) FROM {table} WHERE tenant = ? AND project = ? AND contains(\"{column}\", ?)"
        );
        let parameters = vec![
            Parameter::Integer(scope.tenant.0.into()),
            Parameter::Integer(scope.project.0.into()),
            Parameter::Text(text.to_owned()),
        ];
        let batches = store.read(Statement { sql, parameters }).await;
        let batches = batches.expect("rows are counted");
        let count = batches[0].column(0).as_primitive::<Int64Type>().value(0);
        if count > 0 {
            found.insert(format!("{table}.{column}"), count);
        }
    }
    found
}

/// The sums of the cubes without a user dimension.
async fn nameless(store: &dyn EventStore, scope: Scope) -> BTreeMap<String, Vec<i64>> {
    let figures = figures(store, scope).await.into_iter();
    figures
        .filter(|(key, _)| !key.contains(" user="))
        .map(|(key, (measures, _))| (key, measures))
        .collect()
}

fn both() -> Vec<Value> {
    (0..3)
        .flat_map(|number| {
            batch(ADA, number)
                .into_iter()
                .chain(batch(BOB, 10 + number))
        })
        .collect()
}

pub async fn nothing_stored_names_an_erased_user_and_all_counts_stay(adapter: &dyn Adapter) {
    let clock = FixedClock::at(NOW);
    let store = adapter.open(clock.clone()).await;
    commit(&*store, events(&both())).await;
    store.compact().await.expect("the store compacts");
    let before = nameless(&*store, scope()).await;
    let bobs = columns_with(&*store, scope(), BOB).await;
    assert!(columns_with(&*store, scope(), ADA).await.len() > 10);
    let watermark = store.watermark(scope());

    let erased = store.erase_user(scope(), ADA).await.expect("Ada is erased");
    // Eight of the ten events of each day are hers.
    assert_eq!(erased.rows, 3 * 8);
    assert!(erased.mentions > 0 && erased.cube_rows > 0, "{erased:?}");
    assert!(
        store.watermark(scope()) > watermark,
        "answers are out of date"
    );

    let case = "after an erasure";
    assert_named_nowhere(&*store).await;
    assert_eq!(nameless(&*store, scope()).await, before, "{case}");
    assert_eq!(columns_with(&*store, scope(), BOB).await, bobs, "{case}");
    assert_verified(&*store, case).await;
    let again = store
        .erase_user(scope(), ADA)
        .await
        .expect("nothing is left");
    assert_eq!(again, Erased::default());

    // Another user ends the executions that she started.
    let end = |number: i64| {
        json!({"type": "execution", "executionId": format!("o{number}"), "workflowId": "w",
            "status": "completed", "timestamp": NOW.0 - number * DAY + 50})
    };
    commit(&*store, events(&[end(0), end(1)])).await;
    assert_verified(&*store, "after executions ended").await;
    store.compact().await.expect("the store compacts");
    assert_verified(&*store, "after compaction").await;
    let store = adapter.reopen(store, clock).await;
    assert_named_nowhere(&*store).await;
    assert_verified(&*store, "after a restart").await;
}

/// Where the id is part of a longer word, it names another user.
async fn assert_named_nowhere(store: &dyn EventStore) {
    let json = ADA.replace('"', "\\\"");
    for id in [ADA, &json] {
        let found = columns_with(store, scope(), id).await;
        let word = columns_with(store, scope(), &format!("x{id}x")).await;
        assert_eq!(found, word, "{id}");
    }
}

pub async fn the_same_id_elsewhere_and_later_is_another_user(adapter: &dyn Adapter) {
    let clock = FixedClock::at(NOW);
    let store: Arc<dyn EventStore> = adapter.open(clock).await;
    let other = Scope::new(scope().tenant.0, scope().project.0 + 1);
    commit(&*store, events(&batch(BOB, 0))).await;
    let events_of_other = Submission {
        scope: other,
        events: events(&batch(BOB, 0)),
    };
    store
        .commit(events_of_other)
        .await
        .expect("events are taken");
    let elsewhere = columns_with(&*store, other, BOB).await;
    store.erase_user(scope(), BOB).await.expect("Bob is erased");
    assert!(columns_with(&*store, scope(), BOB).await.is_empty());
    assert_eq!(columns_with(&*store, other, BOB).await, elsewhere);

    commit(&*store, events(&batch(BOB, 1))).await;
    let later = columns_with(&*store, scope(), BOB).await;
    assert!(later.contains_key("activity_1d.user"), "{later:?}");
    assert_verified(&*store, "after the user returned").await;
}
