//! A small data set whose figures can be worked out by hand: two workflows on two days.
//!
//! `orders`: 4 March 2024, version 1: o1 and o2 complete in 1 s and 2 s, o3 fails after 3 s; 5 March,
//! version 2: o4 completes in 4 s, o5 crashes after 5 s, o6 is canceled, o7 is running, o8 is waiting.
//! `invoices`: 5 March: i1 and i2 complete in 60 s and 120 s.

use serde_json::{Value, json};
use weir_e2e::events::{cost, execution, step, with};

/// The range that contains everything.
pub const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-06T00:00:00Z";

/// All events: 10 executions, 6 steps, 2 costs.
pub fn events() -> Value {
    let all = [orders(), invoices(), steps(), costs()];
    all.concat().into()
}

fn orders() -> Vec<Value> {
    let first = |id, status, time, more| {
        let common = json!({"workflowName": "Orders", "workflowVersion": "1",
            "environment": "production", "triggerType": "webhook"});
        with(with(execution("orders", id, status, time), common), more)
    };
    let second = |id, status, time, more| {
        with(
            first(id, status, time, more),
            json!({"workflowVersion": "2", "triggerType": "schedule"}),
        )
    };
    vec![
        first(
            "o1",
            "completed",
            "2024-03-04T10:00:00Z",
            json!({"duration": 1000, "userId": "ada"}),
        ),
        first(
            "o2",
            "completed",
            "2024-03-04T11:00:00Z",
            json!({"duration": 2000, "userId": "ada"}),
        ),
        first(
            "o3",
            "failed",
            "2024-03-04T12:00:00Z",
            json!({"duration": 3000,
            "errorType": "Timeout", "errorStep": "fetch", "errorMessage": "no answer in 3 s"}),
        ),
        second(
            "o4",
            "completed",
            "2024-03-05T10:00:00Z",
            json!({"duration": 4000}),
        ),
        second(
            "o5",
            "crashed",
            "2024-03-05T11:00:00Z",
            json!({"duration": 5000,
            "errorType": "OutOfMemory", "errorMessage": "killed at 512 MB"}),
        ),
        second("o6", "canceled", "2024-03-05T12:00:00Z", json!({})),
        second("o7", "started", "2024-03-05T13:00:00Z", json!({})),
        second("o8", "waiting", "2024-03-05T14:00:00Z", json!({})),
    ]
}

fn invoices() -> Vec<Value> {
    let completed = |id, time, duration| {
        let fields = json!({"workflowName": "Invoices", "workflowVersion": "1",
            "environment": "production", "duration": duration, "userId": "bob"});
        with(execution("invoices", id, "completed", time), fields)
    };
    vec![
        completed("i1", "2024-03-05T08:00:00Z", 60_000),
        completed("i2", "2024-03-05T09:00:00Z", 120_000),
    ]
}

fn steps() -> Vec<Value> {
    let fetch = |execution, time, duration, more| {
        let fields = json!({"stepName": "Fetch order", "stepType": "http"});
        with(
            with(step("orders", execution, "fetch", time, duration), fields),
            more,
        )
    };
    let transform = |execution, time, duration, more| {
        let fields = json!({"stepName": "Transform", "stepType": "code"});
        with(
            with(
                step("orders", execution, "transform", time, duration),
                fields,
            ),
            more,
        )
    };
    vec![
        fetch("o1", "2024-03-04T09:59:59Z", 400, json!({})),
        fetch("o2", "2024-03-04T10:59:59Z", 600, json!({})),
        fetch(
            "o3",
            "2024-03-04T11:59:59Z",
            3000,
            json!({"status": "failed", "attempt": 2}),
        ),
        transform("o1", "2024-03-04T09:59:59.500Z", 100, json!({})),
        transform("o2", "2024-03-04T10:59:59.500Z", 200, json!({})),
        transform(
            "o3",
            "2024-03-04T11:59:59.500Z",
            0,
            json!({"status": "skipped", "duration": null}),
        ),
    ]
}

fn costs() -> Vec<Value> {
    let model = |event, version, credits| {
        let fields = json!({"workflowVersion": version, "provider": "openai", "model": "small",
            "credits": credits, "inputTokens": 1000, "outputTokens": 100});
        with(event, fields)
    };
    vec![
        model(cost("orders", "o1", "2024-03-04T10:00:00Z", "0.25"), "1", 2),
        model(cost("orders", "o4", "2024-03-05T10:00:00Z", "1.50"), "2", 3),
    ]
}
