//! Documents and queues, with figures worked out by hand.

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::{
    generated::{START, assert_figure},
    views::shape,
};

const HOUR: i64 = 3_600_000;
/// The second day.
const RANGE: &str = "from=2024-03-02T00:00:00Z&to=2024-03-03T00:00:00Z";

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn documents() -> Value {
    let document = |id: i64, kind: &str, status: &str, hour: i64, duration: i64| {
        json!({"type": "document", "id": format!("d{id}"), "workflowId": "letters", "kind": kind,
            "status": status, "duration": duration, "fileSize": 1_000 * id,
            "timestamp": START + 24 * HOUR + hour * HOUR})
    };
    json!([
        document(1, "pdf", "completed", 1, 100),
        document(2, "pdf", "completed", 1, 200),
        document(3, "pdf", "failed", 2, 600),
        document(4, "docx", "completed", 2, 50),
        document(5, "xlsx", "failed", 30, 50),
    ])
}

#[test]
fn documents_have_rates_and_durations_by_kind_and_over_time() {
    let app = TestApp::start();
    app.take(&documents());
    let found = get(
        &app,
        &format!("/api/workflow-analytics/documents?{RANGE}&bucket=1h"),
    );
    let total = &found["total"];
    assert_eq!(
        (&total["documents"], &total["success"], &total["failed"]),
        (&json!(4), &json!(3), &json!(1))
    );
    assert_eq!(total["successRate"], 75.0);
    let kinds = found["kinds"].as_array().unwrap();
    assert_eq!(
        (kinds.len(), &kinds[0]["kind"], &kinds[1]["kind"]),
        (2, &json!("pdf"), &json!("docx"))
    );
    assert_figure(
        "pdf rate",
        &kinds[0]["successRate"],
        Some(200.0 / 3.0),
        1e-9,
    );
    assert_figure("pdf mean", &kinds[0]["avgMs"], Some(300.0), 1e-9);
    assert_figure("pdf median", &kinds[0]["p50Ms"], Some(200.0), 0.01);
    assert_figure("pdf p95", &kinds[0]["p95Ms"], Some(600.0), 0.01);
    assert_eq!(
        (&kinds[0]["totalBytes"], &kinds[1]["totalBytes"]),
        (&json!(6_000), &json!(4_000))
    );
    let series = found["timeseries"].as_array().unwrap();
    let counts: Vec<_> = series[..4]
        .iter()
        .map(|bucket| bucket["documents"].as_u64().unwrap())
        .collect();
    assert_eq!((series.len(), counts), (24, vec![0, 2, 2, 0]));
    assert!(series[0]["successRate"].is_null());
    insta::assert_json_snapshot!("documents", shape(&found));
    let other = get(
        &app,
        &format!("/api/workflow-analytics/documents?{RANGE}&workflowId=none"),
    );
    assert_eq!(
        (&other["total"]["documents"], &other["kinds"]),
        (&json!(0), &json!([]))
    );
}

fn queues() -> Value {
    let mut id = 0;
    let mut moved = |queue: &str, action: &str, hour: i64, wait: Option<i64>| {
        id += 1;
        json!({"type": "queue", "id": format!("q{id}"), "queue": queue, "action": action, "waitMs": wait,
            "workflowId": "letters", "timestamp": START + hour * HOUR})
    };
    json!([
        // The day before: 2 remain in mail, 1 in idle.
        moved("mail", "enqueued", 1, None),
        moved("mail", "enqueued", 2, None),
        moved("mail", "enqueued", 3, None),
        moved("mail", "dequeued", 4, Some(900)),
        moved("idle", "enqueued", 5, None),
        // The day: the depth of mail is 2, 4 (at 1), 1 (at 2), 2 (at 5); that of print 1 (at 2), 0 (at 3).
        moved("mail", "enqueued", 25, None),
        moved("mail", "enqueued", 25, None),
        moved("mail", "dequeued", 26, Some(100)),
        moved("mail", "dequeued", 26, Some(200)),
        moved("mail", "dequeued", 26, Some(600)),
        moved("mail", "enqueued", 29, None),
        moved("print", "enqueued", 26, None),
        moved("print", "dequeued", 27, Some(50)),
        // The day after.
        moved("mail", "enqueued", 50, None),
    ])
}

#[test]
fn queues_have_waits_and_a_depth_that_includes_earlier_items() {
    let app = TestApp::start();
    app.take(&queues());
    let found = get(
        &app,
        &format!("/api/workflow-analytics/queues?{RANGE}&bucket=1h"),
    );
    let total = &found["total"];
    assert_eq!(
        (&total["enqueued"], &total["dequeued"], &total["depth"]),
        (&json!(4), &json!(4), &json!(3))
    );
    let queues = found["queues"].as_array().unwrap().iter();
    let queues: Vec<_> = queues
        .map(|queue| {
            let number = |name: &str| queue[name].as_i64().unwrap();
            (
                queue["queue"].as_str().unwrap(),
                number("depth"),
                number("maxDepth"),
            )
        })
        .collect();
    // Nothing was added to or removed from idle, but it is not empty.
    assert_eq!(queues, [("mail", 2, 4), ("print", 0, 1), ("idle", 1, 1)]);
    let mail = &found["queues"][0];
    assert_figure("mean wait", &mail["waitAvgMs"], Some(300.0), 1e-9);
    assert_figure("median wait", &mail["waitP50Ms"], Some(200.0), 0.01);
    assert_figure("p95 wait", &mail["waitP95Ms"], Some(600.0), 0.01);
    let series = found["timeseries"].as_array().unwrap();
    let depths: Vec<_> = series
        .iter()
        .map(|bucket| bucket["depth"].as_i64().unwrap())
        .collect();
    assert_eq!(
        (depths.len(), &depths[..7]),
        (24, &[3, 5, 3, 2, 2, 3, 3][..])
    );
    insta::assert_json_snapshot!("queues", shape(&found));
}

#[test]
fn unknown_windows_and_buckets_are_named() {
    let app = TestApp::start();
    for view in ["documents", "queues"] {
        for (query, field) in [
            ("window=7", "window"),
            ("bucket=2h", "bucket"),
            ("last=7", "last"),
        ] {
            let answer = app.get(&format!("/api/workflow-analytics/{view}?{query}"));
            assert_eq!(
                (answer.status, answer.json()["field"].as_str()),
                (400, Some(field)),
                "{view}?{query}"
            );
        }
        let found = get(
            &app,
            &format!("/api/workflow-analytics/{view}?window=30d&workflowId="),
        );
        assert_eq!(found["timeseries"].as_array().unwrap().len(), 30, "{view}");
    }
}
