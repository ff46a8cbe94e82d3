//! Errors by group: the same error is one group whatever its values and wherever it occurred; groups can be
//! merged, split and renamed, rules changed and tried, and history follows.

mod changes;
mod parts;
mod triage;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use weir_e2e::{
    Answer, TestApp,
    events::{execution, step, with},
};

/// Two days of errors: workflow, message, how often.
const ERRORS: &[(&str, &str, usize)] = &[
    ("orders", "connect ETIMEDOUT 10.0.0.1:443", 3),
    ("orders", "Connection timed out", 2),
    ("invoices", "Connection timeout", 1),
    ("invoices", "Invoice 4711 of 2024-03-01 has no address", 2),
    ("invoices", "Invoice 4712 of 2024-03-02 has no address", 2),
    ("orders", "429 Too Many Requests: retry after 30 seconds", 1),
    ("crm", "Batch alpha was refused by the warehouse", 2),
    ("crm", "Batch beta was refused by the warehouse", 1),
];
const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-06T00:00:00Z";

fn events() -> Vec<Value> {
    let mut all = Vec::new();
    for (kind, (workflow, message, count)) in ERRORS.iter().enumerate() {
        for number in 0..*count {
            let time = format!("2024-03-0{}T1{number}:0{kind}:00Z", 4 + number % 2);
            let failed = execution(workflow, &format!("{kind}-{number}"), "failed", &time);
            let fields =
                json!({"errorType": "NodeApiError", "errorMessage": message, "errorStep": "call"});
            all.push(with(failed, fields));
        }
    }
    all.push(execution(
        "orders",
        "fine",
        "completed",
        "2024-03-04T10:00:00Z",
    ));
    let failed = step("orders", "0-0", "call", "2024-03-04T10:00:00Z", 5);
    all.push(with(
        failed,
        json!({"status": "failed", "errorMessage": "Connection timed out"}),
    ));
    all
}

fn started() -> TestApp {
    let app = TestApp::start();
    app.take(&events().into());
    app
}

fn groups(app: &TestApp) -> Vec<Value> {
    let answer = app.get(&format!("/api/v1/errors/groups?{RANGE}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["errors"].as_array().unwrap().clone()
}

/// Messages of the samples by group, with the count.
fn by_message(app: &TestApp) -> BTreeMap<BTreeSet<String>, u64> {
    let messages = |group: &Value| {
        let samples = group["samples"].as_array().unwrap().iter();
        samples
            .map(|sample| sample["message"].as_str().unwrap().to_owned())
            .collect()
    };
    groups(app)
        .iter()
        .map(|group| (messages(group), group["count"].as_u64().unwrap()))
        .collect()
}

fn group_of<'a>(groups: &'a [Value], message: &str) -> &'a Value {
    let has = |group: &&Value| {
        let samples = group["samples"].as_array().unwrap().iter();
        samples
            .map(|sample| &sample["message"])
            .any(|sample| sample == message)
    };
    groups
        .iter()
        .find(has)
        .unwrap_or_else(|| panic!("no group has {message:?}"))
}

fn id_of(app: &TestApp, message: &str) -> String {
    group_of(&groups(app), message)["errorGroup"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn send(app: &TestApp, method: &str, path: &str, body: &Value) -> Answer {
    let method = method.parse().unwrap();
    app.client().call(method, path).json(body).send()
}

fn done(answer: &Answer) -> (u64, u64) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    (
        body["executions"].as_u64().unwrap(),
        body["steps"].as_u64().unwrap(),
    )
}

fn set(messages: &[&str]) -> BTreeSet<String> {
    messages
        .iter()
        .map(|message| (*message).to_owned())
        .collect()
}

#[test]
fn the_same_error_is_one_group_whatever_its_values_and_wherever_it_occurred() {
    let app = started();
    let expected = BTreeMap::from([
        (
            set(&[
                "connect ETIMEDOUT 10.0.0.1:443",
                "Connection timed out",
                "Connection timeout",
            ]),
            6,
        ),
        (
            set(&[
                "Invoice 4711 of 2024-03-01 has no address",
                "Invoice 4712 of 2024-03-02 has no address",
            ]),
            4,
        ),
        (set(&["429 Too Many Requests: retry after 30 seconds"]), 1),
        (set(&["Batch alpha was refused by the warehouse"]), 2),
        (set(&["Batch beta was refused by the warehouse"]), 1),
    ]);
    // The five samples of the first group may not include its oldest message.
    let found: BTreeMap<_, _> = by_message(&app).into_iter().collect();
    let counts: Vec<_> = found.values().collect();
    assert_eq!(counts.iter().copied().sum::<u64>(), 14);
    for (messages, count) in &expected {
        let hit = found
            .iter()
            .find(|(sampled, _)| sampled.is_subset(messages));
        assert_eq!(
            hit.map(|(_, count)| count),
            Some(count),
            "{messages:?} in {found:#?}"
        );
    }
}

#[test]
fn a_group_has_class_times_workflows_share_trend_and_change() {
    let app = started();
    let groups = groups(&app);
    let timeouts = group_of(&groups, "Connection timeout");
    assert_eq!(timeouts["errorClass"], "timeout");
    assert_eq!(timeouts["title"], "Connection timed out");
    assert_eq!(timeouts["workflowCount"], 2);
    assert_eq!(
        timeouts["affectedWorkflows"][0],
        json!({"workflowId": "orders", "workflowName": null, "count": 5})
    );
    let times: Vec<&str> = vec!["2024-03-04T10:00:00Z", "2024-03-05T11:01:00Z"];
    assert_eq!(
        (
            timeouts["firstSeen"].as_str().unwrap(),
            timeouts["lastSeen"].as_str().unwrap()
        ),
        (times[0], times[1])
    );
    assert!((timeouts["share"].as_f64().unwrap() - 600.0 / 14.0).abs() < 1e-9);
    let trend: u64 = timeouts["trend"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["count"].as_u64().unwrap())
        .sum();
    assert_eq!(trend, 6);
    assert_eq!(
        (&timeouts["previousCount"], &timeouts["changePct"]),
        (&json!(0), &Value::Null)
    );
    let day = app
        .get("/api/v1/errors/groups?from=2024-03-05T00:00:00Z&to=2024-03-06T00:00:00Z")
        .json();
    let timeouts = group_of(day["errors"].as_array().unwrap(), "Connection timed out").clone();
    // 4 March: 2 + 1 + 1, 5 March: 1 + 1 + 0.
    assert_eq!(
        (&timeouts["count"], &timeouts["previousCount"]),
        (&json!(2), &json!(4))
    );
    assert_eq!(timeouts["changePct"], -50.0);
    let answer = app.get(&format!(
        "/api/v1/analytics/executions/errors?{RANGE}&errorClass=rate_limit"
    ));
    assert_eq!(
        (&answer.json()["total"], &answer.json()["groupCount"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn error_intelligence_has_the_same_groups_in_its_own_terms() {
    let app = started();
    let found = app.get(&format!("/api/v1/observability/errors?{RANGE}"));
    assert_eq!(found.status, 200, "{}", found.text());
    let mut found = found.json();
    let first = &found["errors"][0];
    assert_eq!(
        (
            &first["error_type"],
            &first["count"],
            &first["affected_workflows"]
        ),
        (&json!("Connection timed out"), &json!(6), &json!(2))
    );
    assert_eq!(first["sample_messages"].as_array().unwrap().len(), 5);
    assert_eq!(first["first_seen"], "2024-03-04T10:00:00Z");
    found["errors"] = json!([first.clone()]);
    found["meta"] = json!("[varies]");
    insta::assert_json_snapshot!("error_intelligence", found);
    let empty = app
        .get("/api/v1/observability/errors?time_range=24h")
        .json();
    assert_eq!(
        (&empty["total_errors"], &empty["errors"]),
        (&json!(0), &json!([]))
    );
    let wrong = app.get("/api/v1/observability/errors?time_range=24h&error_class=timeouts");
    assert_eq!(
        (wrong.status, wrong.code()),
        (400, "invalid_parameter".to_owned())
    );
}

#[test]
fn groups_are_a_dimension_of_every_query() {
    let app = started();
    let range = json!({"from": "2024-03-04T00:00:00Z", "to": "2024-03-06T00:00:00Z"});
    let answer =
        app.query(&json!({"metrics": ["errors"], "dimensions": ["error_class"], "range": range}));
    let counts = weir_e2e::counts(&answer, "error_class", "errors");
    let expected = [("timeout", 6), ("rate_limit", 1), ("unknown", 7)];
    let expected = expected.map(|(class, count)| (class.to_owned(), count));
    assert_eq!(counts, BTreeMap::from(expected));
    assert!(
        answer["meta"]["source"]
            .as_str()
            .unwrap()
            .starts_with("cube errors"),
        "{}",
        answer["meta"]
    );
    let steps = app.query(
        &json!({"metrics": ["steps"], "dimensions": ["error_class"], "range": {"all": true}}),
    );
    assert_eq!(
        weir_e2e::counts(&steps, "error_class", "steps"),
        BTreeMap::from([("timeout".to_owned(), 1)])
    );
}
