//! Every endpoint of the OpenAPI document that responds to GET with JSON, after events of every
//! type with every field filled: no field that has data is null, and no list that has data is empty.

mod allowed;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{
    Client, TestApp,
    events::{self, with},
};

use allowed::{ALLOWED, NOT_WALKED};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Days with events: the range of 30 days and the one before it.
const DAYS: i64 = 65;

/// The path of an endpoint, with parameters filled in and those added that it needs for an answer with data.
struct Walked {
    endpoint: String,
    path: String,
}

/// Events of every type with every field, for one run, which fails if `failed`.
fn run(id: &str, end: i64, failed: bool, more: &Value) -> Vec<Value> {
    let of = |kind: &str, fields: Value| {
        let common = json!({
            "type": kind, "timestamp": end, "id": format!("{kind}-{id}"), "environment": "production",
            "workflowId": "w", "workflowName": "Everything", "workflowVersion": "1", "userId": "ada",
            "executionId": id, "metadata": {"region": "eu"},
        });
        with(with(common, fields), more.clone())
    };
    let status = if failed { "failed" } else { "completed" };
    let mut ended = json!({
        "status": status, "duration": 2_000 + end % 777, "triggerId": "hook", "triggerType": "webhook",
        "stepCount": 2, "retryOf": "earlier", "parentExecutionId": "parent", "parentWorkflowId": "w",
        "subjectId": "customer",
    });
    let mut stepped = json!({
        "stepId": "fetch", "stepName": "Fetch", "stepType": "http", "status": status, "startTime": end - 1_500,
        "endTime": end - 500, "duration": 1_000, "attempt": 2, "inputSize": 10, "outputSize": 20, "itemsIn": 3,
        "itemsOut": 4, "creditsUsed": 1.5, "cacheHit": !failed,
    });
    if failed {
        let error = json!({"errorType": "Timeout", "errorMessage": "no answer in 3 s"});
        stepped = with(stepped, error.clone());
        ended = with(with(ended, error), json!({"errorStep": "fetch"}));
    }
    let started =
        json!({"status": "started", "timestamp": end - 2_500, "id": format!("started-{id}")});
    let store = json!({
        "stepId": "store", "stepName": "Store", "stepType": "sql", "status": "completed", "id": format!("store-{id}"),
        "startTime": end - 500, "endTime": end, "duration": 500, "attempt": 1, "cacheHit": failed,
    });
    let approve = json!({
        "stepId": "approve", "stepName": "Approve", "stepType": "approval", "status": "completed",
        "id": format!("approve-{id}"), "parentStepId": "store", "startTime": end - 400, "endTime": end, "duration": 400,
        "waitDuration": 300, "attempt": 1, "cacheHit": failed,
    });
    vec![
        of("execution", started),
        of("step", stepped),
        of("step", store),
        of("step", approve),
        of("execution", ended),
        of(
            "cost",
            json!({
                "actionType": "chat", "provider": "openai", "model": "small", "apiCalls": 1, "inputTokens": 100,
                "outputTokens": 10, "credits": 2, "dollarAmount": "0.25", "cacheReadTokens": 20,
                "cacheWriteTokens": 5, "reasoningTokens": 3, "units": 2, "unit": "images",
                "partOf": format!("sum-{id}"),
            }),
        ),
        of(
            "activity",
            json!({
                "action": "edit", "sessionId": format!("session-{id}"), "resource": "workflow", "resourceId": "w", "duration": 300,
            }),
        ),
        of(
            "document",
            json!({"kind": "pdf", "status": status, "duration": 40, "fileSize": 4_096}),
        ),
        of(
            "document",
            json!({"kind": "docx", "status": status, "duration": 30, "fileSize": 2_048, "id": format!("docx-{id}")}),
        ),
        of(
            "queue",
            json!({"queue": "jobs", "action": "enqueued", "id": format!("in-{id}")}),
        ),
        of(
            "queue",
            json!({"queue": "jobs", "action": "dequeued", "waitMs": 70}),
        ),
        of(
            "goal",
            json!({"goalId": "paid", "subjectId": "customer", "value": 12.5}),
        ),
    ]
}

/// Runs of two versions and two workflows on every day, a quarter of them failed; one running and one waiting.
fn everything(now: i64) -> Vec<Value> {
    let daily = (0..DAYS).flat_map(|day| {
        let end = now - HOUR - day * DAY;
        (0..4).flat_map(move |i| {
            let version = if i < 2 { "1" } else { "2" };
            let more = json!({"workflowVersion": version});
            run(&format!("r{day}-{i}"), end - i * 60_000, i == 3, &more)
        })
    });
    let other = run(
        "other",
        now - HOUR,
        false,
        &json!({"workflowId": "v", "workflowName": "Other"}),
    );
    let parts = ["earlier", "parent"].map(|id| {
        let begun = run(id, now - 2 * HOUR, true, &json!({}));
        begun.into_iter().map(|event| {
            with(
                event,
                json!({"retryOf": null, "parentExecutionId": null, "parentWorkflowId": null}),
            )
        })
    });
    let open = |id: &str, status: &str| {
        json!({"type": "execution", "workflowId": "w", "executionId": id, "status": status,
            "timestamp": now - HOUR, "environment": "production", "userId": "bob"})
    };
    let related = |workflow: &str, id: &str, more: Value| {
        with(
            json!({"type": "execution", "workflowId": workflow, "executionId": id, "status": "failed",
                "errorType": "Timeout", "timestamp": now - HOUR / 2, "duration": 5}),
            more,
        )
    };
    let again = related(
        "w",
        "again",
        json!({"retryOf": "r0-3", "environment": "production"}),
    );
    let child = related("v", "child", json!({"parentExecutionId": "r0-3"}));
    daily
        .chain(other)
        .chain(parts.into_iter().flatten())
        .chain([
            open("running", "started"),
            open("waiting", "waiting"),
            again,
            child,
        ])
        .collect()
}

/// Creates targets, budgets, prices, segments, rules and people.
fn set_up(app: &TestApp, owner: &Client) {
    let put = |path: &str, body: Value| {
        let answer = app.client().call(Method::PUT, path).json(&body).send();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    };
    let post = |client: &Client, path: &str, body: Value| {
        let answer = client.post(path).json(&body).send();
        assert!(answer.status < 300, "{path}: {}", answer.text());
    };
    post(
        app.client(),
        "/api/workflow-analytics/sli-config",
        json!({"targetSuccessPct": 70}),
    );
    post(
        app.client(),
        "/api/workflow-analytics/sli-config",
        json!({"workflowId": "w", "targetSuccessPct": 70}),
    );
    put(
        "/api/v1/analytics/costs/budgets",
        json!({"budgets": [{"name": "All", "amount": 1, "thresholds": [{"percent": 50}, {"percent": 60, "basis": "forecast"}]}]}),
    );
    put(
        "/api/v1/analytics/costs/prices",
        json!({"prices": [{"provider": "openai", "model": "small", "effectiveFrom": "2020-01-01T00:00:00Z",
            "inputPerMillion": 1.0, "outputPerMillion": 2.0, "perCall": 0.1, "cacheReadPerMillion": 0.1,
            "cacheWritePerMillion": 1.2, "reasoningPerMillion": 3.0, "unit": "images", "perUnit": 0.01,
            "tiers": [{"abovePromptTokens": 200_000, "inputPerMillion": 2.0, "outputPerMillion": 4.0,
                "cacheReadPerMillion": 0.2, "cacheWritePerMillion": 2.4, "reasoningPerMillion": 6.0}]}],
            "exchangeRates": [{"currency": "EUR", "effectiveFrom": "2026-01-01T00:00:00Z", "dollars": 1.1}]}),
    );
    put(
        "/api/v1/workflows/w/worth",
        json!({"periods": [{"effectiveFrom": "2020-01-01", "minutes": 5, "hourlyRate": 60}]}),
    );
    put(
        "/api/v1/goals/w/worth",
        json!({"periods": [{"effectiveFrom": "2020-01-01", "value": 5}]}),
    );
    post(
        app.client(),
        "/api/v1/analytics/segments",
        json!({"name": "Everybody", "definition": {}}),
    );
    put(
        "/api/v1/workflows/w/rules",
        json!({"rules": [{"kind": "at_most", "step": "fetch", "times": 1},
            {"kind": "followed_within", "step": "fetch", "other": "store", "withinMs": 1000},
            {"kind": "never", "step": "fetch"}]}),
    );
    post(
        app.client(),
        "/api/v1/annotations",
        json!({"kind": "release", "title": "9 is out", "description": "d", "url": "https://example.com/9",
            "workflowId": "w", "environment": "production", "version": "9", "endsAt": "2100-01-01T00:00:00Z"}),
    );
    post(
        owner,
        "/api/v1/views",
        json!({"name": "Failed", "page": {"path": ["executions"], "parameters": {"status": "failed"}}}),
    );
    let preferences = json!({"theme": "dark", "timezone": "UTC", "range": "7d", "startPage": "executions",
        "executionColumns": ["status"]});
    let set = owner.put("/api/v1/profile/preferences", &preferences);
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(
        app.place()
            .weir(&["announce", "--until", "2100-01-01T00:00:00Z", "Hello"])
            .code,
        Some(0)
    );
    let group = first(app, "/api/v1/errors/groups", "/errors/0/errorGroup");
    put(
        &format!("/api/v1/errors/groups/{group}/state"),
        json!({"state": "resolved", "note": "retries are on"}),
    );
    let person = first(app, "/api/v1/errors/assignees", "/assignees/0/id");
    put(
        &format!("/api/v1/errors/groups/{group}/assignee"),
        json!({"assigneeId": person}),
    );
    let project = first(app, "/api/v1/projects", "/projects/0/id");
    put(
        &format!("/api/v1/projects/{project}/dimensions"),
        json!({"dimensions": [{"key": "region"}]}),
    );
    post(
        owner,
        "/api/v1/invitations",
        json!({"email": "new@localhost", "role": "viewer"}),
    );
}

/// The id of the first item of a list.
fn first(app: &TestApp, path: &str, pointer: &str) -> String {
    let found = app.get(path).json();
    let id = found.pointer(pointer).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("{path} has no {pointer}: {found}"))
        .to_owned()
}

/// The endpoints of the document, each with its path.
fn endpoints(app: &TestApp) -> Vec<Walked> {
    let document = app.get("/openapi.json").json();
    let segment = first(app, "/api/v1/analytics/segments", "/segments/0/id");
    let group = first(app, "/api/v1/errors/groups", "/errors/0/errorGroup");
    let annotation = first(app, "/api/v1/annotations", "/annotations/0/id");
    let project = first(app, "/api/v1/projects", "/projects/0/id");
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .filter(|(_, operations)| {
            operations["get"]["responses"]["200"]["content"]["application/json"].is_object()
        })
        .filter(|(endpoint, _)| NOT_WALKED.iter().all(|(not, _)| not != endpoint))
        .map(|(endpoint, _)| {
            let id = match endpoint.as_str() {
                executions if executions.contains("/executions/{") => "r0-3",
                users if users.contains("/activity/users/") => "ada",
                projects if projects.contains("/projects/") => &project,
                segments if segments.contains("/segments/") => &segment,
                groups if groups.contains("/errors/groups/") => &group,
                "/api/v1/annotations/{id}" => &annotation,
                _ => "w",
            };
            let query = match endpoint.as_str() {
                "/api/v1/analytics/workflows/comparison" => "?workflowId=w",
                "/api/v1/analytics/executions" => "?groupBy=workflow",
                "/api/v1/analytics/costs" => "?groupBy=workflow",
                "/api/v1/executions" => "?limit=200",
                "/api/v1/executions/comparison" => "?a=r0-3&b=r0-2",
                "/api/v1/analytics/workflows/{id}/variants/comparison" => {
                    "?a=status:completed&b=status:failed"
                }
                "/api/v1/workflows/{id}/analytics/funnel" => {
                    "?steps=enrolled,step:fetch,completed&window=7d&breakdown=version"
                }
                "/api/v1/workflows/{id}/analytics" => "?window=7d",
                _ => "",
            };
            Walked {
                path: format!("{}{query}", endpoint.replace("{id}", id)),
                endpoint: endpoint.clone(),
            }
        })
        .collect()
}

/// Records for every place in an answer whether it has a value anywhere.
fn note(value: &Value, place: &str, seen: &mut BTreeMap<String, bool>) {
    match value {
        Value::Null => {
            seen.entry(place.to_owned()).or_insert(false);
        }
        Value::Array(items) => {
            let each = format!("{place}[]");
            *seen.entry(each.clone()).or_insert(false) |= !items.is_empty();
            items.iter().for_each(|item| note(item, &each, seen));
        }
        Value::Object(fields) => {
            seen.insert(place.to_owned(), true);
            for (name, field) in fields {
                note(field, &format!("{place}/{name}"), seen);
            }
        }
        _ => {
            seen.insert(place.to_owned(), true);
        }
    }
}

#[test]
fn no_field_with_data_is_null() {
    let app = TestApp::start();
    let owner = app.owner();
    let all = everything(events::now());
    for part in all.chunks(2_000) {
        let answer = app.client().post("/api/v1/events").lines(part).send();
        assert_eq!(answer.json()["rejected"], 0, "{}", answer.text());
    }
    set_up(&app, &owner);
    let mut missing = BTreeSet::new();
    for Walked { endpoint, path } in endpoints(&app) {
        let mut answer = app.get(&path);
        if answer.status == 401 || answer.status == 403 {
            // Some pages are about the person who reads them.
            answer = owner.get(&path).send();
        }
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let mut seen = BTreeMap::new();
        note(&answer.json(), "", &mut seen);
        let nothing = seen.into_iter().filter(|(_, something)| !something);
        missing.extend(nothing.map(|(place, _)| (endpoint.clone(), place)));
    }
    let unexpected: Vec<_> = missing
        .iter()
        .filter(|found| !ALLOWED.iter().any(|allowed| covers(allowed, found)))
        .collect();
    let filled: Vec<_> = ALLOWED
        .iter()
        .filter(|allowed| !missing.iter().any(|found| covers(allowed, found)))
        .collect();
    assert!(
        unexpected.is_empty() && filled.is_empty(),
        "no values in {unexpected:#?}\nbut values in {filled:#?}"
    );
}

fn covers(allowed: &(&str, &str, &str), found: &(String, String)) -> bool {
    let &(endpoint, place, _) = allowed;
    match (endpoint, place.strip_suffix('*')) {
        ("*", _) => found.1.ends_with(place),
        (_, Some(beginning)) => found.0 == endpoint && found.1.starts_with(beginning),
        (_, None) => found.0 == endpoint && found.1 == place,
    }
}
