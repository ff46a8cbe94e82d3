//! What is unusual about an execution.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

use crate::generated::Draw;

/// 4 March 2024, 00:00 UTC.
const START: i64 = 1_709_510_400_000;
const HOUR: i64 = 3_600_000;

/// A run of the workflow `w` that started at an hour: fetch, then store.
struct Run<'a> {
    id: &'a str,
    hour: i64,
    version: &'a str,
    store: i64,
    cost: &'a str,
    error: Option<&'a str>,
}

impl Run<'_> {
    fn usual(id: &str, hour: i64) -> Run<'_> {
        Run {
            id,
            hour,
            version: "11",
            store: 900 + hour % 20 * 10,
            cost: "0.01",
            error: None,
        }
    }

    fn events(&self) -> Vec<Value> {
        let start = START + self.hour * HOUR;
        let end = start + 100 + self.store;
        let common = json!({"workflowId": "w", "executionId": self.id, "environment": "prod", "workflowVersion": self.version});
        let step = |id: &str, from: i64, to: i64| {
            json!({"type": "step", "stepId": id, "stepName": format!("The {id}"), "stepType": "http",
                "status": "completed", "startTime": from, "endTime": to, "itemsOut": 3})
        };
        let end_event = match self.error {
            None => {
                json!({"type": "execution", "status": "completed", "timestamp": end, "duration": end - start})
            }
            Some(error) => {
                json!({"type": "execution", "status": "failed", "timestamp": end, "duration": end - start,
                "errorType": error, "errorMessage": format!("{error} happened"), "errorStep": "store"})
            }
        };
        let cost =
            json!({"type": "cost", "timestamp": end, "dollarAmount": self.cost, "inputTokens": 5});
        let events = [
            step("fetch", start, start + 100),
            step("store", start + 100, end),
            end_event,
            cost,
        ];
        events
            .into_iter()
            .map(|event| with(event, common.clone()))
            .collect()
    }
}

fn norms(app: &TestApp, id: &str) -> Value {
    let answer = app.get(&format!("/api/v1/executions/{id}/norms?environment=prod"));
    assert_eq!(answer.status, 200, "{id}: {}", answer.text());
    answer.json()
}

fn kinds(norms: &Value) -> Vec<&str> {
    let findings = norms["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn an_execution_is_judged_by_the_past_of_its_workflow_in_its_environment() {
    let app = TestApp::start();
    let ids: Vec<String> = (0..120).map(|hour| format!("r{hour}")).collect();
    let past = (0..)
        .zip(&ids)
        .flat_map(|(hour, id)| Run::usual(id, hour).events());
    let mut sent: Vec<Value> = past.collect();
    // Another environment, where the same takes ten times as long, and a later run say nothing about it.
    for hour in 0..40 {
        let id = format!("slow{hour}");
        let run = Run {
            store: 10_000,
            ..Run::usual(&id, hour)
        };
        let there = json!({"environment": "test"});
        sent.extend(
            run.events()
                .into_iter()
                .map(|event| with(event, there.clone())),
        );
    }
    sent.extend(Run::usual("later", 400).events());
    let odd = Run {
        version: "12",
        store: 4_360,
        cost: "0.07",
        error: Some("Unheard"),
        ..Run::usual("odd", 200)
    };
    sent.extend(odd.events());
    app.take(&json!(sent));

    let found = norms(&app, "odd");
    assert_eq!(
        (
            &found["basis"]["executions"],
            &found["basis"]["environment"],
            &found["basis"]["minimum"]
        ),
        (&json!(120), &json!("prod"), &json!(20))
    );
    // The 95th percentile of 900 to 1,090 in steps of 10, each six times; sketches are accurate within 1 %.
    let near = |value: &Value, expected: f64| {
        let value = value.as_f64().unwrap();
        assert!(
            (value - expected).abs() <= 0.02 * expected,
            "{value} is not {expected}"
        );
    };
    let store = &found["steps"][1];
    assert_eq!(
        (&store["stepId"], &store["occurrence"], &store["samples"]),
        (&json!("store"), &json!(1), &json!(120))
    );
    near(&store["p95"], 1_080.0);
    near(&store["ratio"], 4.04);
    near(&found["execution"]["p50"], 1_095.0);
    assert_eq!(
        kinds(&found),
        [
            "new_error",
            "expensive",
            "slow_step",
            "slow",
            "first_of_version"
        ]
    );
    let slow = &found["findings"][2];
    assert_eq!(
        slow["step"],
        json!({"id": "store", "name": "The store", "type": "http"})
    );
    assert_eq!(
        (&slow["value"], &slow["runs"], &slow["unit"]),
        (&json!(4_360.0), &json!(1), &json!("milliseconds"))
    );
    near(&slow["ratio"], 4.04);
    near(&found["findings"][1]["ratio"], 7.0);
    let group = &found["errorGroup"];
    assert_eq!(
        (&group["executionsSince"], &group["count24h"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(group["first"], group["last"]);
    insta::assert_json_snapshot!("execution_norms", crate::views::steady(found));

    // A run like the others: nothing.
    let usual = norms(&app, "later");
    assert_eq!(kinds(&usual), Vec::<&str>::new(), "{usual}");
    assert_eq!(usual["errorGroup"], Value::Null);
    // Its error, once more, is rare, and no longer new.
    let again = Run {
        error: Some("Unheard"),
        ..Run::usual("again", 401)
    };
    app.take(&json!(again.events()));
    let again = norms(&app, "again");
    assert_eq!(kinds(&again), Vec::<&str>::new(), "one in 61 is not rare");
    assert_eq!(again["errorGroup"]["executionsSince"], 2);
}

#[test]
fn without_enough_data_there_is_no_norm() {
    let app = TestApp::start();
    let ids: Vec<String> = (0..20).map(|hour| format!("r{hour}")).collect();
    let past = (0..)
        .zip(&ids)
        .flat_map(|(hour, id)| Run::usual(id, hour).events());
    app.take(&json!(past.collect::<Vec<_>>()));
    let slow = |id: &'static str, hour| Run {
        store: 60_000,
        cost: "9",
        ..Run::usual(id, hour)
    };
    app.take(&json!(slow("early", 10).events()));
    let early = norms(&app, "early");
    assert_eq!(early["execution"]["samples"], 10);
    assert_eq!(
        (&early["execution"]["p95"], &early["steps"][1]["ratio"]),
        (&Value::Null, &Value::Null)
    );
    assert!(kinds(&early).is_empty(), "{early}");
    // Of 21 runs, 20 are usual and one is `early` itself.
    app.take(&json!(slow("enough", 30).events()));
    assert_eq!(norms(&app, "enough")["execution"]["samples"], 21);
    assert!(norms(&app, "enough")["execution"]["p95"].is_number());
    // The very first run has no past.
    let first = norms(&app, "r0");
    assert_eq!(first["basis"]["executions"], 0);
    assert!(kinds(&first).is_empty(), "{first}");
}

#[test]
fn rare_errors_steps_attempts_and_empty_outputs_are_found() {
    let app = TestApp::start();
    let ids: Vec<String> = (0..250).map(|hour| format!("r{hour}")).collect();
    let mut sent = Vec::new();
    for (hour, id) in (0..).zip(&ids) {
        let error = (hour == 3).then_some("Rare");
        sent.extend(
            Run {
                error,
                ..Run::usual(id, hour)
            }
            .events(),
        );
    }
    let odd = Run {
        error: Some("Rare"),
        ..Run::usual("odd", 300)
    };
    let mut events = odd.events();
    events[0]["itemsOut"] = json!(0);
    events[1]["attempt"] = json!(3);
    let detour = json!({"type": "step", "workflowId": "w", "executionId": "odd", "environment": "prod", "stepId": "detour",
        "status": "completed", "timestamp": START + 300 * HOUR + 5, "duration": 1});
    events.push(detour);
    sent.extend(events);
    app.take(&json!(sent));
    let found = norms(&app, "odd");
    let mut all = kinds(&found);
    all.sort_unstable();
    assert_eq!(
        all,
        ["many_attempts", "rare_error", "rare_path", "unusual_size"],
        "{found}"
    );
    let of = |kind: &str| {
        let findings = found["findings"].as_array().unwrap().iter();
        findings
            .clone()
            .find(|finding| finding["kind"] == kind)
            .unwrap()
    };
    assert_eq!(
        (&of("rare_error")["value"], &of("rare_error")["typical"]),
        (&json!(1.0), &json!(250.0))
    );
    assert_eq!(
        (&of("rare_path")["step"]["id"], &of("rare_path")["value"]),
        (&json!("detour"), &json!(0.0))
    );
    assert_eq!(
        (
            &of("many_attempts")["value"],
            &of("many_attempts")["typical"]
        ),
        (&json!(3.0), &json!(1.0))
    );
    assert_eq!(of("unusual_size")["step"]["id"], "fetch");
    let scores: Vec<f64> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
}

#[test]
fn next_and_previous_visit_every_execution_of_a_workflow_once_by_start() {
    let app = TestApp::start();
    let mut draw = Draw(5);
    let mut starts: Vec<(i64, String)> = Vec::new();
    let mut sent = Vec::new();
    for number in 0..60 {
        let (start, id) = (START + draw.below(40) as i64 * 1_000, format!("r{number}"));
        let duration = 1 + draw.below(90_000) as i64;
        let run = |status: &str, at: i64| {
            with(
                execution("w", &id, status, ""),
                json!({"timestamp": at, "environment": "prod"}),
            )
        };
        match draw.below(3) {
            0 => sent.push(run("started", start)),
            _ => sent.push(with(
                run("completed", start + duration),
                json!({"duration": duration}),
            )),
        }
        let elsewhere = json!({"environment": "test"});
        sent.push(with(run("completed", start), elsewhere));
        starts.push((start, id));
    }
    // A second run: the execution stays where its first run began.
    let again = with(
        execution("w", "twice", "completed", ""),
        json!({"environment": "prod"}),
    );
    sent.push(with(
        again.clone(),
        json!({"timestamp": START - 9_000, "duration": 10}),
    ));
    sent.push(with(
        execution("w", "twice", "started", ""),
        json!({"environment": "prod", "timestamp": START + 86_400_000}),
    ));
    sent.push(with(
        again,
        json!({"timestamp": START + 86_400_010, "duration": 10}),
    ));
    starts.push((START - 9_010, "twice".to_owned()));
    app.take(&json!(sent));
    starts.sort_unstable();

    let earliest = starts.iter().filter(|(at, _)| *at == starts[0].0);
    let beginning: Vec<&String> = earliest
        .map(|(_, id)| id)
        .filter(|id| norms(&app, id)["previous"].is_null())
        .collect();
    assert_eq!(beginning.len(), 1);
    let detail = |id: &str| {
        app.get(&format!("/api/v1/executions/{id}?environment=prod"))
            .json()
    };
    let mut at = detail(beginning[0])["id"].as_str().unwrap().to_owned();
    let mut before: Option<String> = None;
    let mut visited = Vec::new();
    loop {
        let found = norms(&app, &at);
        assert_eq!(found["previous"].as_str(), before.as_deref());
        visited.push(detail(&at)["executionId"].as_str().unwrap().to_owned());
        assert!(visited.len() <= starts.len(), "{visited:?}");
        let Some(next) = found["next"].as_str() else {
            break;
        };
        before = Some(std::mem::replace(&mut at, next.to_owned()));
    }
    let at_of = |id: &String| starts.iter().find(|(_, known)| known == id).unwrap().0;
    assert_eq!(visited.len(), starts.len());
    assert!(visited.iter().map(at_of).is_sorted(), "{visited:?}");
}
