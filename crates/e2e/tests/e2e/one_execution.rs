//! A single execution with everything that belongs to it.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{cost, execution, with},
};

use crate::{generated::assert_figure, views::steady};

/// A run that is retried and calls another one; its steps overlap.
fn story() -> Value {
    let at = |second: i64| 1_709_632_800_000 + second * 1_000;
    let run = |id: &str, status: &str, second: i64, more: Value| {
        let event = execution("orders", id, status, "");
        with(with(event, json!({"timestamp": at(second)})), more)
    };
    let step = |id: &str, from: i64, to: i64, more: Value| {
        let event = json!({"type": "step", "workflowId": "orders", "executionId": "second",
            "stepId": id, "stepName": format!("The {id}"), "stepType": "http",
            "status": "completed", "startTime": at(from), "endTime": at(to)});
        with(event, more)
    };
    let paid = |second: i64, dollars: &str| {
        let fields = json!({"timestamp": at(second), "provider": "openai", "model": "small",
            "actionType": "llm", "apiCalls": 1, "inputTokens": 100, "outputTokens": 20});
        with(cost("orders", "second", "", dollars), fields)
    };
    json!([
        run(
            "first",
            "failed",
            5,
            json!({"duration": 5000, "errorType": "Timeout"})
        ),
        run(
            "second",
            "started",
            10,
            json!({"retryOf": "first", "triggerType": "webhook",
            "parentExecutionId": "above", "workflowName": "Orders", "userId": "ada",
            "metadata": {"region": "eu"}})
        ),
        run("second", "completed", 30, json!({"duration": 20000})),
        run("third", "canceled", 40, json!({"retryOf": "second"})),
        run(
            "below",
            "started",
            15,
            json!({"parentExecutionId": "second"})
        ),
        run("below", "completed", 18, json!({})),
        // 10 to 14; 14 to 16 and 14 to 24 in parallel; nothing until 25; 25 to 30.
        step("fetch", 10, 14, json!({"itemsOut": 3})),
        step("notify", 14, 16, json!({"cacheHit": true})),
        step(
            "enrich",
            14,
            24,
            json!({"attempt": 2, "creditsUsed": "1.5"})
        ),
        step("store", 25, 30, json!({})),
        paid(24, "0.10"),
        paid(24 * 3600 * 20, "0.20"),
    ])
}

#[test]
fn an_execution_has_its_waterfall_costs_retries_parent_and_children() {
    let app = TestApp::start();
    app.take(&story());
    let answer = app.get("/api/v1/executions/second");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    let timeline = &found["timeline"];
    assert_eq!(
        (
            &timeline["duration"],
            &timeline["busy"],
            &timeline["idle"],
            &timeline["lanes"]
        ),
        (&json!(20_000), &json!(19_000), &json!(1_000), &json!(2))
    );
    let bars = timeline["steps"].as_array().unwrap().iter();
    let bars: Vec<_> = bars
        .map(|bar| {
            let number = |name: &str| bar[name].as_i64().unwrap();
            let critical = bar["isCritical"].as_bool().unwrap();
            (
                bar["stepId"].as_str().unwrap(),
                number("offset"),
                number("duration"),
                number("lane"),
                critical,
            )
        })
        .collect();
    let expected = [
        ("fetch", 0, 4_000, 0, true),
        ("notify", 4_000, 2_000, 0, false),
        ("enrich", 4_000, 10_000, 1, true),
        ("store", 15_000, 5_000, 0, true),
    ];
    assert_eq!(bars, expected);
    assert_figure("cost", &found["costs"]["totalCost"], Some(0.3), 0.0);
    assert_eq!(found["costs"]["inputTokens"], 200);
    assert_eq!(
        (
            &found["retried"]["executionId"],
            &found["retried"]["status"]
        ),
        (&json!("first"), &json!("failed"))
    );
    assert_eq!(found["retries"][0]["executionId"], "third");
    // The parent sent no events: only its name is known.
    assert_eq!(
        (&found["parent"]["executionId"], &found["parent"]["status"]),
        (&json!("above"), &Value::Null)
    );
    assert_eq!(
        (
            &found["children"][0]["executionId"],
            &found["children"][0]["status"]
        ),
        (&json!("below"), &json!("completed"))
    );
    // Values that only the start reported are not lost.
    assert_eq!(
        (&found["triggerType"], &found["metadata"]["region"]),
        (&json!("webhook"), &json!("eu"))
    );
    insta::assert_json_snapshot!("execution", steady(found));
}

#[test]
fn waits_costs_and_calls_have_their_place_in_the_waterfall() {
    let app = TestApp::start();
    let at = |second: i64| 1_709_632_800_000 + second * 1_000;
    let run = |id: &str, status: &str, second: i64, more: Value| {
        let event = execution("orders", id, status, "");
        with(with(event, json!({"timestamp": at(second)})), more)
    };
    let step = |id: &str, from: i64, to: i64| {
        json!({"type": "step", "workflowId": "orders", "executionId": "x", "stepId": id,
            "status": "completed", "startTime": at(from), "endTime": at(to)})
    };
    let paid = |second: i64, dollars: &str| {
        let fields = json!({"timestamp": at(second), "inputTokens": 100, "outputTokens": 20});
        with(cost("orders", "x", "", dollars), fields)
    };
    let called = json!({"parentExecutionId": "x"});
    app.take(&json!([
        run("x", "started", 0, json!({})),
        run("x", "waiting", 30, json!({})),
        run("x", "started", 90, json!({})),
        run("x", "waiting", 95, json!({})),
        run("x", "completed", 100, json!({"duration": 100_000})),
        step("ask", 0, 10),
        step("ask", 10, 20),
        step("left", 20, 30),
        step("right", 22, 28),
        paid(10, "0.10"),
        paid(15, "0.20"),
        paid(20, "0.30"),
        // While two steps run, and while none does.
        paid(25, "0.40"),
        paid(60, "0.50"),
        // A cost that names its step belongs to it, whenever it arose.
        with(paid(25, "0.60"), json!({"stepId": "right"})),
        with(paid(10, "0.70"), json!({"stepId": "ask"})),
        with(paid(26, "0.80"), json!({"stepId": "gone"})),
        run(
            "first",
            "completed",
            19,
            with(called.clone(), json!({"duration": 9_000}))
        ),
        run(
            "second",
            "completed",
            29,
            with(called, json!({"duration": 5_000}))
        ),
    ]));
    let found = app.get("/api/v1/executions/x").json();
    let timeline = &found["timeline"];
    assert_eq!(
        (&timeline["waiting"], &timeline["waits"]),
        (
            &json!(65_000),
            &json!([{"offset": 30_000, "duration": 60_000}, {"offset": 95_000, "duration": 5_000}])
        )
    );
    let bars = timeline["steps"].as_array().unwrap().iter();
    let bars: Vec<Value> = bars
        .map(|bar| {
            json!([
                bar["stepId"],
                bar["occurrence"],
                bar["cost"],
                bar["inputTokens"]
            ])
        })
        .collect();
    assert_eq!(
        json!(bars),
        json!([
            ["ask", 1, 0.8, 200],
            ["ask", 2, 0.5, 200],
            ["left", 1, null, null],
            ["right", 1, 0.6, 100]
        ])
    );
    let places = |list: &Value| -> Vec<Value> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|item| json!([item["stepId"], item["occurrence"]]))
            .collect()
    };
    let of = |step: &str, occurrence: u8| json!([step, occurrence]);
    let none = json!([null, null]);
    let mut paid = places(&found["costs"]["items"]);
    paid.sort_by_key(Value::to_string);
    let mut expected = [
        of("ask", 1),
        of("ask", 1),
        of("ask", 2),
        of("ask", 2),
        of("right", 1),
        json!(["gone", null]),
        none.clone(),
        none.clone(),
    ];
    expected.sort_by_key(Value::to_string);
    assert_eq!(paid, expected);
    assert_eq!(places(&found["children"]), [of("ask", 2), none]);
    assert_eq!(found["children"][0]["startedAt"], "2024-03-05T10:00:10Z");
    assert_figure("cost", &found["cost"], Some(3.6), 0.0);
}

#[test]
fn an_unknown_execution_is_404_even_outside_the_range() {
    let app = TestApp::start();
    app.take(&story());
    for path in [
        "/api/v1/executions/no-such-execution",
        "/api/v1/executions/second?from=2025-01-01T00:00:00Z&to=2025-02-01T00:00:00Z",
    ] {
        let answer = app.get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "not_found"),
            "{path}"
        );
    }
    let answer =
        app.get("/api/v1/executions/second?from=2024-03-05T00:00:00Z&to=2024-03-06T00:00:00Z");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_running_execution_has_its_steps_so_far() {
    let app = TestApp::start();
    let now = weir_e2e::events::now();
    app.take(&json!([
        with(execution("orders", "open", "started", ""), json!({"timestamp": now - 60_000})),
        {"type": "step", "workflowId": "orders", "executionId": "open", "stepId": "fetch",
         "status": "completed", "timestamp": now - 50_000, "duration": 2_000},
    ]));
    let found = app.get("/api/v1/executions/open").json();
    assert_eq!(found["status"], "started");
    assert_eq!(found["timeline"]["steps"][0]["offset"], 8_000);
    assert_eq!(found["timeline"]["duration"], 10_000);
}

#[test]
fn an_execution_has_all_its_records_however_far_away_and_each_run_its_own() {
    let app = TestApp::start();
    let at = |day: f64| 1_772_323_200_000_i64 + (day * 86_400_000.0) as i64;
    let run = |day: f64, status: &str| {
        let event = execution("orders", "1", status, "");
        with(event, json!({"timestamp": at(day)}))
    };
    let paid = |day: f64, dollars: &str| {
        let fields = json!({"timestamp": at(day)});
        with(cost("orders", "1", "", dollars), fields)
    };
    let step = |day: f64, id: &str| {
        json!({"type": "step", "workflowId": "orders", "executionId": "1", "stepId": id,
            "status": "completed", "timestamp": at(day)})
    };
    app.take(&json!([
        run(0.0, "started"),
        run(0.5, "completed"),
        run(10.0, "started"),
        run(10.5, "completed"),
        // Days before the first run, between the two, and days after the second.
        paid(-9.0, "0.01"),
        step(-8.0, "early"),
        paid(5.0, "0.02"),
        step(6.0, "between"),
        paid(20.0, "0.04"),
        step(13.0, "late"),
    ]));
    let parts = |run: u8| {
        let found = app.get(&format!("/api/v1/executions/1?run={run}")).json();
        let steps = found["timeline"]["steps"].as_array().unwrap().iter();
        let steps: Vec<String> = steps
            .map(|step| step["stepId"].as_str().unwrap().to_owned())
            .collect();
        (found["costs"]["totalCost"].clone(), steps)
    };
    let (first, steps) = parts(1);
    assert_figure("costs of the first run", &first, Some(0.03), 0.0);
    assert_eq!(steps, ["early", "between"]);
    let (second, steps) = parts(2);
    assert_figure("costs of the second run", &second, Some(0.04), 0.0);
    assert_eq!(steps, ["late"]);
}
