//! Members of segments.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

use super::{act, post, posted};

fn described(user: &str, time: &str, metadata: Value) -> Value {
    with(
        act(user, time, "login"),
        json!({"metadata": metadata, "environment": "production"}),
    )
}

/// Ada and Grace are now on the pro plan, Linus on the free one, Alan has no plan. Ada has edited
/// three times, Grace once. `good` always completes, `bad` half of the time, `idle` is running.
pub(super) fn filled() -> TestApp {
    let app = TestApp::start();
    app.take(&json!([
        described(
            "ada",
            "2024-03-04T09:00:00Z",
            json!({"plan": "free", "seats": 3})
        ),
        described("ada", "2024-03-05T09:00:00Z", json!({"plan": "pro"})),
        described(
            "grace",
            "2024-03-04T10:00:00Z",
            json!({"plan": "pro", "beta": true})
        ),
        described("linus", "2024-03-04T11:00:00Z", json!({"plan": "pro"})),
        described("linus", "2024-03-06T11:00:00Z", json!({"plan": "free"})),
        with(
            act("alan", "2024-03-04T12:00:00Z", "login"),
            json!({"environment": "staging"})
        ),
        act("ada", "2024-03-04T09:10:00Z", "edit"),
        act("ada", "2024-03-04T09:20:00Z", "edit"),
        act("ada", "2024-03-07T09:30:00Z", "edit"),
        act("grace", "2024-03-04T10:10:00Z", "edit"),
        execution("good", "g1", "completed", "2024-03-04T09:00:00Z"),
        execution("good", "g2", "completed", "2024-03-04T10:00:00Z"),
        execution("bad", "b1", "completed", "2024-03-04T09:00:00Z"),
        execution("bad", "b2", "failed", "2024-03-04T10:00:00Z"),
        with(
            execution("idle", "i1", "started", "2024-03-04T10:00:00Z"),
            json!({"workflowName": "Idle"})
        ),
    ]));
    app
}

fn members(app: &TestApp, definition: &Value) -> Vec<String> {
    let found = posted(app, "segments/preview", definition);
    let members = found["members"].as_array().unwrap().iter();
    let members: Vec<String> = members
        .map(|m| m["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found["size"], members.len(), "{definition}");
    members
}

pub(super) fn property(property: &str, op: &str, values: Value) -> Value {
    json!({"type": "property", "property": property, "op": op, "values": values})
}

pub(super) fn edits(op: &str, value: f64) -> Value {
    json!({"type": "behaviour", "metric": "activities", "op": op, "value": value,
        "filters": [{"dimension": "action", "values": ["edit"]}],
        "range": {"from": "2024-03-04T00:00:00Z", "to": "2024-03-08T00:00:00Z"}})
}

pub(super) fn users(matching: &str, conditions: Value) -> Value {
    json!({"of": "users", "match": matching, "conditions": conditions})
}

#[test]
fn a_property_has_its_newest_value() {
    let app = filled();
    for (condition, expected) in [
        (
            property("metadata.plan", "in", json!(["pro"])),
            &["ada", "grace"][..],
        ),
        (property("metadata.plan", "in", json!(["free"])), &["linus"]),
        (
            property("metadata.plan", "not_in", json!(["pro"])),
            &["alan", "linus"],
        ),
        (property("metadata.plan", "in", json!([null])), &["alan"]),
        (
            property("metadata.plan", "not_in", json!([null])),
            &["ada", "grace", "linus"],
        ),
        (property("metadata.seats", "in", json!(["3"])), &["ada"]),
        (property("metadata.beta", "in", json!(["true"])), &["grace"]),
        (property("environment", "in", json!(["staging"])), &["alan"]),
        (property("user", "in", json!(["ada", "nobody"])), &["ada"]),
    ] {
        let found = members(&app, &users("all", json!([condition])));
        assert_eq!(found, expected, "{condition}");
    }
}

#[test]
fn behaviour_compares_a_metric_and_nothing_counts_as_0() {
    let app = filled();
    for (op, value, expected) in [
        ("at_least", 1.0, &["ada", "grace"][..]),
        ("at_least", 2.5, &["ada"]),
        ("at_most", 0.0, &["alan", "linus"]),
        ("at_most", 1.0, &["alan", "grace", "linus"]),
        ("exactly", 3.0, &["ada"]),
    ] {
        let found = members(&app, &users("all", json!([edits(op, value)])));
        assert_eq!(found, expected, "{op} {value}");
    }
}

#[test]
fn all_or_any_conditions_must_hold() {
    let app = filled();
    let conditions = json!([
        edits("at_least", 1.0),
        property("metadata.plan", "in", json!(["free"]))
    ]);
    assert_eq!(members(&app, &users("all", conditions.clone())), [""; 0]);
    assert_eq!(
        members(&app, &users("any", conditions)),
        ["ada", "grace", "linus"]
    );
    assert_eq!(
        members(&app, &users("all", json!([]))),
        ["ada", "alan", "grace", "linus"]
    );
    assert_eq!(
        members(&app, &users("any", json!([]))),
        ["ada", "alan", "grace", "linus"]
    );
}

#[test]
fn workflows_are_segmented_by_rates_and_an_unknown_rate_meets_no_condition() {
    let app = filled();
    let rate = |op: &str, value: f64| {
        json!({"of": "workflows", "conditions": [{"type": "behaviour", "metric": "success_rate",
            "op": op, "value": value, "range": {"all": true}}]})
    };
    assert_eq!(members(&app, &rate("at_least", 99.0)), ["good"]);
    assert_eq!(members(&app, &rate("at_most", 50.0)), ["bad"]);
    let open = json!({"of": "workflows", "conditions": [{"type": "behaviour", "metric": "running",
        "value": 1, "range": {"all": true}}]});
    let found = posted(&app, "segments/preview", &open);
    assert_eq!(found["members"], json!([{"id": "idle", "name": "Idle"}]));
    assert_eq!((&found["of"], &found["size"]), (&json!(3), &json!(1)));
}

#[test]
fn members_are_cached_and_computed_again_on_request() {
    let app = filled();
    let computed = || -> u32 {
        let metrics = app.get("/metrics").text();
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix("weir_queries_total{outcome=\"computed\"} "));
        line.map_or(0, |count| count.parse().unwrap())
    };
    let everybody = json!({"of": "users"});
    let ask = |path: &str| {
        let before = computed();
        posted(&app, path, &everybody);
        computed() - before
    };
    let paths = [
        "segments/preview",
        "segments/preview",
        "segments/preview?refresh=true",
    ];
    assert_eq!(paths.map(ask), [1, 0, 1]);
}

#[test]
fn members_are_listed_in_pages() {
    let app = filled();
    let everybody = users("all", json!([]));
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = posted(
            &app,
            &format!("segments/preview?limit=3&cursor={cursor}"),
            &everybody,
        );
        assert_eq!(page["size"], 4);
        found.extend(
            page["members"]
                .as_array()
                .unwrap()
                .iter()
                .map(|m| m["id"].clone()),
        );
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found, ["ada", "alan", "grace", "linus"]);
    assert_eq!(
        post(&app, "segments/preview?cursor=zzz", &everybody).status,
        400
    );
    assert_eq!(
        post(&app, "segments/preview?limit=0", &everybody).status,
        400
    );
}

#[test]
fn the_error_for_an_invalid_definition_names_the_place() {
    let app = filled();
    let behaviour = |metric: &str, more: Value| {
        with(
            json!({"type": "behaviour", "metric": metric, "value": 1}),
            more,
        )
    };
    for (condition, code, field) in [
        (
            behaviour("activites", json!({})),
            "unknown_metric",
            "conditions[1].metric",
        ),
        (
            behaviour("duration_p95", json!({})),
            "invalid_parameter",
            "conditions[1].metric",
        ),
        (
            behaviour("users", json!({})),
            "invalid_parameter",
            "conditions[1].metric",
        ),
        (
            behaviour("queue_events", json!({})),
            "dimension_not_available",
            "conditions[1].metric",
        ),
        (
            behaviour("activities", json!({"range": {"last": "x"}})),
            "invalid_range",
            "conditions[1].range.last",
        ),
        (
            behaviour(
                "activities",
                json!({"filters": [{"dimension": "acton", "values": ["x"]}]}),
            ),
            "unknown_dimension",
            "conditions[1].filters[0].dimension",
        ),
        (
            property("envronment", "in", json!(["x"])),
            "unknown_dimension",
            "conditions[1].property",
        ),
        (
            property("step", "in", json!(["x"])),
            "dimension_not_available",
            "conditions[1].property",
        ),
        (
            property("metadata.", "in", json!(["x"])),
            "invalid_parameter",
            "conditions[1].property",
        ),
        (
            property("metadata.plan", "is", json!(["x"])),
            "unknown_operator",
            "conditions[1].op",
        ),
        (
            property("metadata.plan", "in", json!([])),
            "invalid_parameter",
            "conditions[1].values",
        ),
    ] {
        let definition = users("all", json!([edits("at_least", 1.0), condition]));
        let answer = post(&app, "segments/preview", &definition);
        assert_eq!(answer.status, 400, "{condition}");
        let problem = answer.json();
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&json!(code), &json!(field)),
            "{problem}"
        );
        let stored = post(
            &app,
            "segments",
            &json!({"name": "x", "definition": definition}),
        );
        assert_eq!(stored.status, 400, "{condition}");
    }
    let unnamed = post(
        &app,
        "segments",
        &json!({"name": " ", "definition": users("all", json!([]))}),
    );
    assert_eq!(
        (unnamed.status, &unnamed.json()["field"]),
        (400, &json!("name"))
    );
}
