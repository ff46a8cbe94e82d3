//! Segments and retention: tables worked out by hand, and generated data that is counted here.

mod generated;
mod retention;
mod segments;
mod stored;

use serde_json::{Value, json};
use weir_e2e::{Answer, TestApp};

/// An activity of a user.
fn act(user: &str, time: impl Into<Value>, action: &str) -> Value {
    let time = time.into();
    json!({"type": "activity", "timestamp": time, "userId": user, "action": action,
        "id": format!("{user} {time} {action}")})
}

fn post(app: &TestApp, path: &str, body: &Value) -> Answer {
    app.client()
        .post(&format!("/api/v1/analytics/{path}"))
        .json(body)
        .send()
}

fn posted(app: &TestApp, path: &str, body: &Value) -> Value {
    let answer = post(app, path, body);
    assert!(
        matches!(answer.status, 200 | 201),
        "{body}: {}",
        answer.text()
    );
    answer.json()
}

/// The size of the first cohort of a table, and how many of it returned in each period.
fn retention_of(app: &TestApp, body: &Value) -> (u64, Vec<Option<u64>>) {
    let cohort = posted(app, "retention", body)["cohorts"][0].clone();
    let cells = cohort["cells"].as_array().unwrap().iter();
    let counts = cells.map(|cell| cell["count"].as_u64()).collect();
    (cohort["size"].as_u64().unwrap(), counts)
}
