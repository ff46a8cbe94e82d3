//! Two executions side by side, and executions with very many steps and odd ids.

use std::time::Instant;

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{cost, execution, with},
};

/// 4 March 2024, 10:00 UTC.
const START: i64 = 1_709_546_400_000;

fn step(execution: &str, id: &str, from: i64, to: i64) -> Value {
    json!({"type": "step", "workflowId": "w", "executionId": execution, "stepId": id, "stepType": "http",
        "status": "completed", "startTime": START + from, "endTime": START + to})
}

fn run(id: &str, status: &str, duration: i64, more: Value) -> Value {
    let event = execution("w", id, status, "");
    with(
        with(
            event,
            json!({"timestamp": START + duration, "duration": duration}),
        ),
        more,
    )
}

fn compared(app: &TestApp, a: &str, b: &str) -> Value {
    let answer = app.get(&format!("/api/v1/executions/comparison?a={a}&b={b}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn pair(app: &TestApp) {
    app.take(&json!([
        run("one", "completed", 1_000, json!({"workflowVersion": "11", "metadata": {"region": "eu", "plan": "pro"}})),
        step("one", "fetch", 0, 100),
        step("one", "loop", 100, 200),
        step("one", "loop", 200, 300),
        step("one", "store", 300, 900),
        step("one", "left", 900, 950),
        step("one", "right", 920, 980),
        run("two", "failed", 2_000, json!({"workflowVersion": "12", "metadata": {"region": "us", "plan": "pro"}, "errorType": "Timeout"})),
        step("two", "fetch", 0, 105),
        step("two", "loop", 105, 205),
        step("two", "check", 205, 400),
        with(step("two", "store", 400, 1_900), json!({"status": "failed"})),
        step("two", "right", 1_900, 1_950),
        step("two", "left", 1_920, 1_980),
        with(cost("w", "two", "", "0.25"), json!({"timestamp": START + 300})),
    ]));
}

#[test]
fn steps_are_aligned_and_the_differences_ranked() {
    let app = TestApp::start();
    pair(&app);
    let found = compared(&app, "one", "two");
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        (
            row["step"]["id"].as_str().unwrap().to_owned(),
            row["occurrence"].as_u64().unwrap(),
            text("kind"),
        )
    };
    let rows: Vec<_> = found["rows"].as_array().unwrap().iter().map(row).collect();
    let expected = [
        ("fetch", 1, "same"),
        ("loop", 1, "same"),
        ("loop", 2, "only_a"),
        ("check", 1, "only_b"),
        ("store", 1, "status"),
        ("left", 1, "only_a"),
        ("right", 1, "same"),
        ("left", 1, "only_b"),
    ]
    .map(|(id, occurrence, kind)| (id.to_owned(), occurrence, kind.to_owned()));
    // Of two parallel steps in another order, either can be the one that is paired.
    assert_eq!((&rows[..2], &rows[4]), (&expected[..2], &expected[4]));
    // What only one has comes in any order between two pairs.
    let mut between = rows[2..4].to_vec();
    between.sort_unstable();
    assert_eq!(between, [expected[3].clone(), expected[2].clone()]);
    let rest: Vec<&str> = rows[5..].iter().map(|row| row.2.as_str()).collect();
    assert_eq!(
        rest.iter().filter(|kind| **kind == "same").count(),
        1,
        "{rows:?}"
    );
    let rows = found["rows"].as_array().unwrap();
    let alone: Vec<usize> = (5..8).filter(|&at| rows[at]["kind"] != "same").collect();
    assert_eq!(rows[alone[0]]["counterpart"], alone[1]);
    assert_eq!(rows[alone[1]]["counterpart"], alone[0]);
    // The failed step first, then the new one, then what is left out; what only moved comes later.
    let of = |step: &str, kind: &str| {
        let is = |row: &&Value| row["step"]["id"] == step && row["kind"] == kind;
        rows.iter().find(is).unwrap()
    };
    let (store, check) = (of("store", "status"), of("check", "only_b"));
    assert_eq!((&store["rank"], &check["rank"]), (&json!(1), &json!(2)));
    assert_eq!(of("loop", "only_a")["rank"], 3);
    assert_eq!(store["difference"], 900);
    assert_eq!(
        (&check["b"]["cost"], &check["a"]),
        (&json!(0.25), &Value::Null)
    );
    let mut ranks: Vec<u64> = rows
        .iter()
        .map(|row| row["rank"].as_u64().unwrap())
        .collect();
    ranks.sort_unstable();
    assert_eq!(ranks, (1..=8).collect::<Vec<u64>>());
    let differences = found["differences"].as_array().unwrap().iter();
    let mut fields: Vec<&str> = differences
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "cost",
            "credits",
            "duration",
            "errorClass",
            "errorGroup",
            "errorType",
            "metadata.region",
            "status",
            "workflowVersion"
        ]
    );
    insta::assert_json_snapshot!("executions_compared", crate::views::steady(found));
}

#[test]
fn exchanging_the_executions_exchanges_the_sides() {
    let app = TestApp::start();
    pair(&app);
    let (found, other) = (compared(&app, "one", "two"), compared(&app, "two", "one"));
    assert_eq!((&found["a"], &found["b"]), (&other["b"], &other["a"]));
    let rows = found["rows"].as_array().unwrap().iter();
    for (row, other) in rows.zip(other["rows"].as_array().unwrap()) {
        assert_eq!(
            (&row["a"], &row["b"], &row["rank"]),
            (&other["b"], &other["a"], &other["rank"])
        );
        assert_eq!(
            row["difference"].as_i64().map(|ms| -ms),
            other["difference"].as_i64()
        );
    }
    let same = compared(&app, "one", "one");
    assert!(
        same["rows"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["kind"] == "same")
    );
    assert_eq!(same["differences"], json!([]));
}

#[test]
fn an_execution_that_cannot_be_compared_is_named() {
    let app = TestApp::start();
    pair(&app);
    for (query, status, field) in [
        ("a=one&b=none", 404, "b"),
        ("a=none&b=one", 404, "a"),
        ("a=one", 400, "b"),
        ("a=one&b=two&c=three", 400, "c"),
    ] {
        let answer = app.get(&format!("/api/v1/executions/comparison?{query}"));
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (status, &json!(field)),
            "{query}"
        );
    }
}

#[test]
fn executions_of_5000_steps_are_answered_whole_and_larger_ones_say_so() {
    let app = TestApp::start();
    for (id, count, shift) in [("long", 5_000_i64, 0), ("longer", 5_001, 700)] {
        let steps = (0..count).map(|n| {
            let lane = n % 7;
            step(
                id,
                &format!("s{}", (n + shift) % 2_000),
                n * 10,
                n * 10 + 5 + lane * 20,
            )
        });
        let mut sent: Vec<Value> = steps.collect();
        sent.push(run(id, "completed", count * 10 + 200, json!({})));
        app.take(&json!(sent));
    }
    let timed = |path: &str| {
        let started = Instant::now();
        let answer = app.get(path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        // Generous for a debug build; it guards against work that grows with the square of the steps.
        assert!(
            started.elapsed().as_secs() < 20,
            "{path}: {:?}",
            started.elapsed()
        );
        answer.json()
    };
    let count = |steps: &Value| steps.as_array().unwrap().len();
    let long = timed("/api/v1/executions/long");
    assert_eq!(
        (
            count(&long["timeline"]["steps"]),
            &long["timeline"]["truncated"]
        ),
        (5_000, &json!(false))
    );
    let longer = timed("/api/v1/executions/longer");
    assert_eq!(
        (
            count(&longer["timeline"]["steps"]),
            &longer["timeline"]["truncated"]
        ),
        (5_000, &json!(true))
    );
    let norms = timed("/api/v1/executions/longer/norms");
    assert_eq!(
        (count(&norms["steps"]), &norms["truncated"]),
        (5_000, &json!(true))
    );
    let compared = timed("/api/v1/executions/comparison?a=long&b=longer");
    assert_eq!(compared["truncated"], true);
    let both = |row: &&Value| row["a"].is_object() && row["b"].is_object();
    let aligned = compared["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(both)
        .count();
    assert!(aligned >= 4_300, "{aligned}");
}

#[test]
fn every_view_opens_executions_with_odd_ids() {
    let app = TestApp::start();
    let ids = [
        "a/b?c#d",
        "100 %",
        "..",
        "ünï€",
        "x\"'<>&+;=",
        "histogram",
        "a\\b",
    ];
    let mut sent: Vec<Value> = Vec::new();
    for id in ids {
        sent.push(run(id, "completed", 1_000, json!({})));
        sent.push(step(id, "s/1", 0, 10));
    }
    app.take(&json!(sent));
    let encoded = |id: &str| -> String {
        let byte = |byte: u8| format!("%{byte:02X}");
        id.bytes().map(byte).collect()
    };
    for id in ids {
        let name = encoded(id);
        // The names of other endpoints are found by the public id only.
        let rows = app
            .get("/api/v1/executions?from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z")
            .json();
        let rows = rows["executions"].as_array().unwrap().clone();
        let row = rows.iter().find(|row| row["executionId"] == id).unwrap();
        let public = row["id"].as_str().unwrap();
        for place in [name.as_str(), public] {
            for part in ["", "/norms", "/tree"] {
                if part.is_empty() && place == encoded("histogram") {
                    continue;
                }
                let answer = app.get(&format!("/api/v1/executions/{place}{part}"));
                assert_eq!(answer.status, 200, "{id} {part}: {}", answer.text());
            }
        }
        let answer = compared(&app, &name, public);
        assert_eq!(answer["a"]["executionId"], id);
    }
}
