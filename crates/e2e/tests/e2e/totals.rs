//! Totals and buckets of one answer agree while events arrive.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use serde_json::{Value, json};
use weir_e2e::TestApp;

/// How many answers are compared while events arrive.
const ANSWERS: usize = 40;
/// How many events each request sends.
const BATCH: usize = 25;

fn event(request: usize, position: usize) -> Value {
    let failed = position.is_multiple_of(5);
    json!({
        "type": "execution",
        "executionId": format!("exe-{request}-{position}"),
        "workflowId": "orders",
        "status": if failed { "failed" } else { "completed" },
        "duration": 100 + position,
        "userId": format!("user-{}", (request + position) % 7),
        "timestamp": format!("2026-03-{:02}T10:00:00Z", 1 + position % 5),
    })
}

fn sum(rows: &Value, metric: &str) -> i64 {
    let rows = rows.as_array().expect("rows");
    rows.iter()
        .map(|row| row[metric].as_i64().unwrap_or(0))
        .sum()
}

#[test]
fn totals_and_buckets_of_an_answer_agree_while_events_arrive() {
    let app = TestApp::start();
    app.take(&json!([event(0, 0)]));
    let query = json!({
        "metrics": ["executions", "completed", "failed", "users"],
        "range": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-08T00:00:00Z"},
        "granularity": "day",
        "totals": true,
    });
    let (stop, client) = (AtomicBool::new(false), app.client().clone());
    let send = || {
        let mut request = 1;
        while !stop.load(Ordering::Relaxed) {
            let events: Vec<_> = (0..BATCH).map(|at| event(request, at)).collect();
            let answer = client.post_events(&json!(events));
            assert_eq!(answer.status, 200, "{}", answer.text());
            request += 1;
        }
    };
    let answers: Vec<Value> = thread::scope(|scope| {
        scope.spawn(send);
        let answers = (0..ANSWERS).map(|_| app.query(&query)).collect();
        stop.store(true, Ordering::Relaxed);
        answers
    });
    let mut seen = Vec::new();
    for answer in &answers {
        let total = &answer["totals"]["rows"][0];
        for metric in ["executions", "completed", "failed"] {
            let sum = sum(&answer["rows"], metric);
            assert_eq!(total[metric], sum, "{metric}: {answer}");
        }
        seen.push(total["executions"].as_i64().expect("a count"));
    }
    // Otherwise nothing arrived between the answers, and the test would show nothing.
    assert!(seen.first() < seen.last(), "{seen:?}");
    let last = app.query(&query);
    assert_eq!(last["totals"]["rows"][0]["users"], 7);
    assert!(
        sum(&last["rows"], "users") > 7,
        "users of several days: {last}"
    );
}
