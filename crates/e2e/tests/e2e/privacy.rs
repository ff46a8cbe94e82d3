//! Privacy of users: pseudonyms and erasure.

mod erasure;
mod every_endpoint;
mod owner;
mod pseudonyms;

use serde_json::{Value, json};

/// Ids that occur nowhere else.
pub const ADA: &str = "ada-71c9f2";
pub const BOB: &str = "bob-5d0e88";
pub const RANGE: &str = "from=2024-03-01T00:00:00Z&to=2024-04-01T00:00:00Z";

/// An event of every type by each of two users, in one execution each; texts contain their ids too.
pub fn events() -> Value {
    let of = |user: &str, number: u32| {
        let other = if user == ADA { BOB } else { ADA };
        let at = |minute: u32| format!("2024-03-{:02}T10:{minute:02}:00Z", 4 + number);
        let event = |kind: &str, minute: u32, more: Value| {
            let mut event = json!({"type": kind, "workflowId": "flow", "executionId": format!("e{number}"),
                "userId": user, "timestamp": at(minute)});
            for (name, value) in more.as_object().unwrap() {
                event[name] = value.clone();
            }
            event
        };
        let message = format!("no mailbox of {user}; ask {other}");
        vec![
            event(
                "execution",
                0,
                json!({"status": "started", "triggerType": "manual", "triggerId": user}),
            ),
            event(
                "execution",
                9,
                json!({"status": "failed", "subjectId": user, "errorType": "Mail",
                "errorMessage": message, "metadata": {"by": user, "plan": "pro"}}),
            ),
            event(
                "step",
                2,
                json!({"stepId": "s", "stepType": "mail", "status": "failed",
                "errorMessage": message}),
            ),
            event(
                "cost",
                3,
                json!({"dollarAmount": "0.25", "provider": "openai", "model": "m"}),
            ),
            event(
                "activity",
                4,
                json!({"action": "login", "sessionId": format!("session:{user}")}),
            ),
            event(
                "activity",
                5,
                json!({"action": "edit", "resource": "user", "resourceId": other,
                "metadata": {"changed": [other]}}),
            ),
            event("document", 6, json!({"kind": "pdf", "status": "completed"})),
            event(
                "queue",
                7,
                json!({"queue": "q", "action": "dequeued", "waitMs": 3}),
            ),
            event("goal", 8, json!({"goalId": "g", "subjectId": user})),
        ]
    };
    of(ADA, 0).into_iter().chain(of(BOB, 1)).collect()
}

/// The paths of everything that can be read about a range with GET.
pub fn pages() -> Vec<String> {
    let ranged = [
        "/api/v1/executions?",
        "/api/v1/analytics/executions?groupBy=user&",
        "/api/v1/analytics/executions/summary?",
        "/api/v1/analytics/executions/errors?",
        "/api/v1/errors/groups?",
        "/api/v1/analytics/activity?",
        "/api/v1/analytics/activity/trail?",
        "/api/v1/analytics/activity/engagement?",
        "/api/v1/analytics/costs?",
        "/api/v1/analytics/costs/breakdown?by=user&",
        "/api/v1/workflows/flow/analytics?",
        "/api/v1/workflows/flow/analytics/funnel?breakdown=user&",
        "/api/v1/workflows/flow/analytics/actions?",
        "/api/v1/observability/errors?",
        "/analytics/costs?",
        "/analytics/nodes?",
    ];
    let plain = [
        "/api/v1/executions/e0",
        "/api/v1/executions/e1",
        "/api/v1/analytics/segments",
        "/api/v1/analytics/costs/budgets",
        "/api/v1/annotations",
        "/api/v1/views",
    ];
    let ranged = ranged.into_iter().map(|path| format!("{path}{RANGE}"));
    ranged.chain(plain.map(str::to_owned)).collect()
}

/// A query for users with their figures.
pub fn by_user() -> Value {
    json!({"metrics": ["activities", "cost"], "dimensions": ["user"],
        "range": {"from": "2024-03-01T00:00:00Z", "to": "2024-04-01T00:00:00Z"}})
}
