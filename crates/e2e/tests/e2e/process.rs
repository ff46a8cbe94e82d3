//! The process map, variants, comparison and conformance of small known executions.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, TestApp};

const RANGE: &str = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z";

/// Seconds after 10 March 2026, 10:00 UTC.
fn at(seconds: i64) -> i64 {
    1_773_136_800_000 + seconds * 1_000
}

/// An execution that begins at a second and runs each step for ten seconds, with five between them.
fn ran(name: &str, version: &str, status: &str, began: i64, steps: &[&str]) -> Vec<Value> {
    let of = |more: Value| {
        let mut event = json!({"workflowId": "order", "workflowName": "Order", "workflowVersion": version,
            "executionId": name, "environment": "production", "userId": format!("user of {version}")});
        let more = more.as_object().unwrap().clone();
        event.as_object_mut().unwrap().extend(more);
        event
    };
    let mut events = vec![of(
        json!({"type": "execution", "status": "started", "timestamp": at(began)}),
    )];
    let mut time = began;
    for step in steps {
        events.push(of(json!({"type": "step", "stepId": step, "stepName": format!("The {step}"), "stepType": "task",
            "status": "completed", "startTime": at(time + 5), "endTime": at(time + 15)})));
        time += 15;
    }
    if status != "started" {
        events.push(of(
            json!({"type": "execution", "status": status, "timestamp": at(time + 5)}),
        ));
    }
    events
}

/// Three straight executions, one with a repetition, one that failed on the way, and one that still runs.
fn app() -> TestApp {
    let app = TestApp::start();
    let all = [
        ran("1", "1", "completed", 0, &["check", "pay", "ship"]),
        ran("2", "1", "completed", 100, &["check", "pay", "ship"]),
        ran("3", "2", "completed", 200, &["check", "pay", "ship"]),
        ran("4", "2", "completed", 300, &["check", "pay", "pay", "ship"]),
        ran("5", "2", "failed", 400, &["check", "pay"]),
        ran("6", "2", "started", 500, &["check"]),
    ];
    app.take(&json!(all.concat()));
    app
}

fn get(app: &TestApp, view: &str, more: &str) -> Value {
    let path = format!("/api/v1/analytics/workflows/order/{view}?{RANGE}{more}");
    let answer = app.get(&path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn named(rows: &Value, meets: impl Fn(&Value) -> bool) -> &Value {
    let rows = rows.as_array().unwrap();
    rows.iter().find(|row| meets(row)).unwrap_or(&Value::Null)
}

fn edge<'v>(map: &'v Value, from: Option<&str>, to: Option<&str>) -> &'v Value {
    named(&map["edges"], |edge| {
        edge["from"].as_str() == from && edge["to"].as_str() == to
    })
}

#[test]
fn the_map_shows_steps_arrows_repetitions_and_where_executions_end() {
    let app = app();
    let map = get(&app, "map", "");
    assert_eq!(map["workflowName"], "Order");
    assert_eq!((&map["executions"], &map["open"]), (&json!(6), &json!(1)));
    assert_eq!(map["cost"], Value::Null);
    let pay = named(&map["nodes"], |node| node["step"]["id"] == "pay");
    assert_eq!(
        pay["step"],
        json!({"id": "pay", "name": "The pay", "type": "task"})
    );
    assert_eq!((&pay["executions"], &pay["runs"]), (&json!(5), &json!(6)));
    assert_eq!(pay["durationP50"], 10_000);
    assert_eq!(
        pay["rework"],
        json!({"executions": 1, "runs": 1, "durationMs": 10_000.0, "cost": null})
    );
    assert_eq!(
        pay["ends"],
        json!({"completed": 0, "failed": 1, "canceled": 0, "open": 0})
    );
    let check = named(&map["nodes"], |node| node["step"]["id"] == "check");
    assert_eq!(check["ends"]["open"], 1);
    let arrows = [
        (None, Some("check"), 6),
        (Some("check"), Some("pay"), 5),
        (Some("pay"), Some("pay"), 1),
        (Some("pay"), Some("ship"), 4),
        (Some("ship"), None, 4),
    ];
    for (from, to, executions) in arrows {
        let arrow = edge(&map, from, to);
        assert_eq!(arrow["executions"], executions, "{from:?} to {to:?}");
        assert_eq!(arrow["waitP50"], 5_000, "{from:?} to {to:?}");
    }
    assert_eq!(map["edges"].as_array().unwrap().len(), arrows.len());
    let second = get(&app, "map", "&version=2&status=completed");
    assert_eq!(second["executions"], 2);
    let small = get(&app, "map", "&nodes=2&edges=1");
    assert_eq!(small["omitted"], json!({"nodes": 1, "edges": 4}));
    let nothing = app.get(&format!("/api/v1/analytics/workflows/none/map?{RANGE}"));
    assert_eq!(nothing.json()["nodes"], json!([]));
    let bad = app.get(&format!(
        "/api/v1/analytics/workflows/order/map?{RANGE}&nodes=0"
    ));
    assert_eq!((bad.status, &bad.json()["field"]), (400, &json!("nodes")));
}

#[test]
fn executions_are_found_by_the_types_of_their_steps() {
    let app = TestApp::start();
    let step = |execution: &str, kind: &str, status: &str, attempt: u32| {
        json!({"type": "step", "workflowId": "order", "executionId": execution, "stepId": kind, "stepType": kind,
            "status": status, "attempt": attempt, "startTime": at(1), "endTime": at(2), "environment": "production"})
    };
    let mut events = Vec::new();
    for name in ["1", "2", "3", "4"] {
        events.extend(ran(name, "1", "completed", 0, &["check"]));
    }
    events.extend([
        step("1", "mail", "completed", 1),
        step("2", "mail", "failed", 1),
        step("2", "mail", "completed", 2),
        step("3", "mail", "skipped", 1),
        step("3", "chat", "failed", 1),
    ]);
    app.take(&json!(events));
    let names = |filter: &str| {
        let answer = app.get(&format!("/api/v1/executions?{RANGE}&{filter}"));
        assert_eq!(answer.status, 200, "{filter}: {}", answer.text());
        let found = answer.json();
        let rows = found["executions"].as_array().unwrap().iter();
        let mut names: Vec<String> = rows
            .map(|row| row["executionId"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("stepType=task"), ["1", "2", "3", "4"]);
    assert_eq!(names("stepType=mail"), ["1", "2"]);
    assert_eq!(names("step_type=mail&workflowId=order"), ["1", "2"]);
    assert_eq!(names("failedStepType=mail"), ["2"]);
    assert_eq!(names("failedStepType=mail&stepType=chat"), [""; 0]);
    assert_eq!(names("failedStepType=chat"), ["3"]);
    assert_eq!(names("stepType=fax"), [""; 0]);
}

#[test]
fn variants_are_paged_and_lead_to_their_executions() {
    let app = app();
    let first = get(&app, "variants", "&limit=1");
    assert_eq!(
        (&first["executions"], &first["open"], &first["variants"]),
        (&json!(5), &json!(1), &json!(3))
    );
    let row = &first["rows"][0];
    assert_eq!(
        (&row["executions"], &row["share"]),
        (&json!(3), &json!(60.0))
    );
    assert_eq!(row["steps"].as_array().unwrap().len(), 3);
    assert_eq!(
        first["other"],
        json!({"variants": 2, "executions": 2, "share": 40.0})
    );
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = get(&app, "variants", &format!("&cursor={cursor}"));
    assert_eq!(rest["nextCursor"], Value::Null);
    let again = named(&rest["rows"], |row| row["length"] == 4);
    assert_eq!(
        again["steps"][1],
        json!({"id": "pay", "name": "The pay", "repeats": 2})
    );
    let failed = named(&rest["rows"], |row| row["length"] == 2);
    assert_eq!(failed["successRate"], 0.0);
    let names = |filter: &str| -> Vec<String> {
        let path = format!("/api/v1/executions?{RANGE}&workflowId=order&{filter}");
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let found = answer.json();
        let rows = found["executions"].as_array().unwrap().iter();
        rows.map(|row| row["executionId"].as_str().unwrap().to_owned())
            .collect()
    };
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    assert_eq!(names(&format!("variant={}", id(row))), ["3", "2", "1"]);
    assert_eq!(names(&format!("variant={}", id(again))), ["4"]);
    assert_eq!(names("step=ship"), ["4", "3", "2", "1"]);
    assert_eq!(names("fromStep=pay&toStep=pay"), ["4"]);
    assert_eq!(names("fromStep=ship&toStep=pay"), [""; 0]);
    assert_eq!(
        names("firstStep=check"),
        ["6", "5", "4", "3", "2", "1"].map(str::to_owned)
    );
    assert_eq!(names("firstStep=pay"), [""; 0]);
    assert_eq!(names("lastStep=pay"), ["5"]);
    assert_eq!(names("lastStep=pay&status=completed"), [""; 0]);
    assert_eq!(
        names("lastStep=ship&status=completed"),
        ["4", "3", "2", "1"]
    );
    for (filter, field) in [
        ("fromStep=pay", "toStep"),
        ("toStep=pay", "fromStep"),
        ("variant=first", "variant"),
    ] {
        let refused = app.get(&format!("/api/v1/executions?{RANGE}&{filter}"));
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field)),
            "{filter}"
        );
    }
}

#[test]
fn two_groups_are_compared_by_their_shares() {
    let app = app();
    let found = get(&app, "variants/comparison", "&a=version:2&b=version:1");
    assert_eq!(found["a"], json!({"label": "version:2", "executions": 3}));
    assert_eq!(found["b"], json!({"label": "version:1", "executions": 2}));
    let straight = &found["rows"][0];
    assert_eq!(straight["b"], json!({"executions": 2, "share": 100.0}));
    let difference = straight["difference"]["value"].as_f64().unwrap();
    assert!((difference - (100.0 / 3.0 - 100.0)).abs() < 1e-9);
    assert_eq!(straight["finding"], "not_enough_data");
    let pay = named(&found["nodes"], |node| node["step"]["id"] == "pay");
    assert_eq!(pay["a"]["durationP50"], 10_000);
    let other = get(
        &app,
        "variants/comparison",
        "&a=status:failed&b=status:completed",
    );
    assert_eq!(other["a"]["executions"], 1);
    for bad in ["a=version:1", "a=version:1&b=speed:2", "a=&b=version:2"] {
        let path = format!("/api/v1/analytics/workflows/order/variants/comparison?{RANGE}&{bad}");
        assert_eq!(app.get(&path).status, 400, "{bad}");
    }
}

fn put(app: &TestApp, tag: Option<&str>, rules: Value) -> Answer {
    let mut call = app
        .client()
        .call(Method::PUT, "/api/v1/workflows/order/rules");
    if let Some(tag) = tag {
        call = call.header("if-match", tag);
    }
    call.json(&json!({ "rules": rules })).send()
}

#[test]
fn rules_are_kept_judged_and_tried() {
    let app = app();
    let path = "/api/v1/workflows/order/rules";
    let none = app.get(path);
    assert_eq!(none.json()["rules"], json!([]));
    let rules = json!([{"kind": "at_most", "step": "pay", "times": 1}]);
    let first = put(&app, Some(none.header("etag")), rules.clone());
    assert_eq!(first.status, 200, "{}", first.text());
    let stale = put(&app, Some(none.header("etag")), json!([]));
    assert_eq!(
        (stale.status, stale.code().as_str()),
        (412, "precondition_failed")
    );
    assert_eq!(app.get(path).header("etag"), first.header("etag"));
    let bad = put(&app, None, json!([{"kind": "at_most", "step": "pay"}]));
    assert_eq!(
        (bad.status, &bad.json()["field"]),
        (400, &json!("rules[0].times"))
    );

    let found = get(&app, "conformance", "");
    assert_eq!(
        (&found["executions"], &found["open"]),
        (&json!(5), &json!(1))
    );
    let judged = &found["rules"][0];
    assert_eq!(judged["rule"]["id"], "rule-1");
    assert_eq!(
        (&judged["applicable"], &judged["violations"]),
        (&json!(5), &json!(1))
    );
    assert_eq!(judged["share"]["value"], 20.0);
    let example = &judged["examples"][0];
    assert_eq!(
        (&example["executionId"], &example["status"]),
        (&json!("4"), &json!("completed"))
    );
    assert_eq!(example["why"], "The pay ran 2 times.");
    let id = example["id"].as_str().unwrap();
    assert_eq!(
        app.get(&format!("/api/v1/executions/{id}")).json()["executionId"],
        "4"
    );

    let tried = json!({"rules": [
        {"kind": "followed_within", "step": "pay", "other": "ship", "withinMs": 5_000},
        {"kind": "followed_within", "step": "pay", "other": "ship", "withinMs": 4_999},
    ]});
    let path = format!("/api/v1/analytics/workflows/order/conformance?{RANGE}");
    let answer = app.client().post(&path).json(&tried).send().json();
    let violations = |number: usize| answer["rules"][number]["violations"].clone();
    // Of the two payments of one execution, the first is followed later; the failed one never.
    assert_eq!((violations(0), violations(1)), (json!(2), json!(5)));
    // Trying saved nothing.
    assert_eq!(
        get(&app, "conformance", "")["rules"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let log = app.owner().get("/api/v1/audit?limit=100").send().json();
    let change = named(&log["entries"], |entry| {
        entry["action"] == "process_rules.changed"
    });
    assert_eq!(change["subject"], "workflow:order");
}

#[test]
fn changing_rules_needs_a_permission_and_has_a_limit() {
    let app = TestApp::configured(&[("WEIR_PROCESS_WORKFLOWS", "1")]);
    let rules = json!({"rules": [{"kind": "never", "step": "pay"}]});
    let put = |client: &weir_e2e::Client, workflow: &str| {
        client.put(&format!("/api/v1/workflows/{workflow}/rules"), &rules)
    };
    let owner = app.client();
    assert_eq!(put(owner, "one").status, 200);
    let refused = put(owner, "two");
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (400, &json!("id"))
    );
    assert_eq!(put(owner, "one").status, 200, "a change is no addition");
    let own = TestApp::with_own_keys();
    let reader = own.client_with("read key");
    assert_eq!(put(&reader, "one").status, 403);
}
