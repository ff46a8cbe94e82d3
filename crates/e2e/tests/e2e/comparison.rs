//! Comparisons of versions and of workflows.

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::{
    generated::{START, assert_figure},
    views::shape,
};

const RANGE: &str = "from=2024-03-01T00:00:00Z&to=2024-03-02T00:00:00Z";
const Z: f64 = 1.959_963_984_540_054;

/// A version's runs: how many, how many of them fail, the duration of the run at a position, and that of
/// its step "fetch"; its step "store" always takes 10 ms.
struct Version {
    name: &'static str,
    runs: i64,
    failed: i64,
    duration: fn(i64) -> i64,
    fetch: i64,
}

const VERSIONS: [Version; 4] = [
    Version {
        name: "1",
        runs: 200,
        failed: 10,
        duration: |i| 100 + i % 20,
        fetch: 50,
    },
    Version {
        name: "2",
        runs: 200,
        failed: 50,
        duration: |i| 180 + i % 40,
        fetch: 120,
    },
    Version {
        name: "3",
        runs: 10,
        failed: 9,
        duration: |_| 900,
        fetch: 50,
    },
    Version {
        name: "10",
        runs: 200,
        failed: 12,
        duration: |i| 100 + (i * 7) % 20,
        fetch: 50,
    },
];

fn events(workflow: &str) -> Vec<Value> {
    VERSIONS
        .iter()
        .flat_map(|version| of_version(workflow, version))
        .collect()
}

fn of_version(workflow: &str, version: &Version) -> Vec<Value> {
    let run = |i: i64| {
        let id = format!("{workflow}-{}-{i}", version.name);
        let common = json!({"workflowId": workflow, "workflowVersion": version.name,
            "executionId": id, "timestamp": START + i * 60_000});
        let status = if i < version.failed {
            "failed"
        } else {
            "completed"
        };
        let with = |more: Value| weir_e2e::events::with(common.clone(), more);
        let step = |name: &str, duration: i64| {
            with(
                json!({"type": "step", "stepId": name, "status": "completed", "duration": duration}),
            )
        };
        [
            with(json!({"type": "execution", "status": status, "duration": (version.duration)(i)})),
            step("fetch", version.fetch + i % 2),
            step("store", 10),
            with(json!({"type": "cost", "dollarAmount": "0.02"})),
        ]
    };
    (0..version.runs).flat_map(run).collect()
}

/// Wilson's bounds as the roots of (p - x)^2 = z^2 x (1 - x) / n.
fn wilson(hits: f64, n: f64) -> (f64, f64) {
    let (p, z2n) = (hits / n, Z * Z / n);
    let (a, b, c) = (1.0 + z2n, -(2.0 * p + z2n), p * p);
    let root = (b * b - 4.0 * a * c).sqrt();
    ((-b - root) / (2.0 * a), (-b + root) / (2.0 * a))
}

fn app() -> TestApp {
    let app = TestApp::start();
    let events: Vec<Value> = events("billing")
        .into_iter()
        .chain(events("mail"))
        .collect();
    let answer = app.client().post("/api/v1/events").lines(&events).send();
    assert_eq!(answer.json()["accepted"], events.len(), "{}", answer.text());
    app
}

fn get(app: &TestApp, query: &str) -> Value {
    let answer = app.get(&format!(
        "/api/v1/analytics/workflows/comparison?{RANGE}&{query}"
    ));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn metric<'a>(comparison: &'a Value, name: &str) -> &'a Value {
    let mut differences = comparison["differences"].as_array().unwrap().iter();
    differences
        .find(|difference| difference["metric"] == name)
        .unwrap()
}

fn keys(found: &Value, list: &str) -> Vec<String> {
    let keys = found[list].as_array().unwrap().iter();
    keys.map(|one| one["key"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn versions_differ_with_bounds_and_too_few_runs_give_no_verdict() {
    let app = app();
    let found = get(&app, "workflowId=billing");
    assert_eq!(
        (&found["by"], &found["baseline"]),
        (&json!("version"), &json!("1"))
    );
    assert_eq!(keys(&found, "groups"), ["1", "2", "3", "10"]);
    assert_eq!(keys(&found, "comparisons"), ["2", "3", "10"]);
    let (second, third, tenth) = (
        &found["comparisons"][0],
        &found["comparisons"][1],
        &found["comparisons"][2],
    );

    let rate = metric(second, "success_rate");
    let (new, old) = (wilson(150.0, 200.0), wilson(190.0, 200.0));
    let lower = -0.2 - ((0.75 - new.0).powi(2) + (old.1 - 0.95).powi(2)).sqrt();
    let upper = -0.2 + ((new.1 - 0.75).powi(2) + (0.95 - old.0).powi(2)).sqrt();
    assert_figure("difference", &rate["difference"], Some(-20.0), 1e-9);
    assert_figure("lower", &rate["lower"], Some(100.0 * lower), 1e-9);
    assert_figure("upper", &rate["upper"], Some(100.0 * upper), 1e-9);
    assert_eq!(rate["finding"], "worse");

    // Means 199.5 and 109.5; deviations of 0..40 and 0..20 with equal weights.
    let mean = metric(second, "duration_avg");
    let deviation = |width: f64| ((width * width - 1.0) / 12.0).sqrt();
    let half = 1.972 * ((deviation(40.0).powi(2) + deviation(20.0).powi(2)) / 199.0).sqrt();
    assert_figure("mean", &mean["difference"], Some(90.0), 1e-9);
    // The sketch keeps values above 64 within 0.8 %.
    assert_figure("mean's lower", &mean["lower"], Some(90.0 - half), 0.01);
    assert_figure("mean's upper", &mean["upper"], Some(90.0 + half), 0.01);
    for name in ["duration_avg", "duration_p50", "duration_p95"] {
        assert_eq!(metric(second, name)["finding"], "worse", "{name}");
        assert_eq!(metric(tenth, name)["finding"], "no_difference", "{name}");
    }
    assert_eq!(metric(tenth, "success_rate")["finding"], "no_difference");
    for difference in third["differences"].as_array().unwrap() {
        assert_eq!(difference["finding"], "not_enough_data", "{difference}");
    }
    let cost = metric(second, "cost_per_execution");
    assert_figure("cost", &cost["value"], Some(0.02), 1e-9);
    insta::assert_json_snapshot!("comparison", shape(&found));
}

#[test]
fn the_step_behind_a_difference_comes_first() {
    let found = get(&app(), "workflowId=billing&versions=1,2");
    let steps = found["comparisons"][0]["steps"].as_array().unwrap();
    assert_eq!((steps.len(), &steps[0]["stepId"]), (2, &json!("fetch")));
    assert_figure("fetch", &steps[0]["contributionMs"], Some(70.0), 1e-9);
    assert_figure("store", &steps[1]["contributionMs"], Some(0.0), 1e-9);
    assert_eq!(steps[0]["duration"]["finding"], "worse");
    assert_eq!(steps[1]["duration"]["finding"], "no_difference");
}

#[test]
fn workflows_are_compared_in_the_order_of_the_request() {
    let app = app();
    let found = get(&app, "workflows=mail,billing,none");
    assert_eq!(keys(&found, "groups"), ["mail", "billing", "none"]);
    let (billing, none) = (&found["comparisons"][0], &found["comparisons"][1]);
    assert_eq!(metric(billing, "success_rate")["finding"], "no_difference");
    assert_figure(
        "difference",
        &metric(billing, "success_rate")["difference"],
        Some(0.0),
        1e-9,
    );
    // A workflow that did not run has no figures and no verdict.
    assert_eq!(found["groups"][2]["totalExecutions"], 0);
    assert_eq!(metric(none, "success_rate")["finding"], "not_enough_data");
    let reversed = get(&app, "workflowId=billing&versions=2,1");
    let rate = metric(&reversed["comparisons"][0], "success_rate");
    assert_figure("reversed", &rate["difference"], Some(20.0), 1e-9);
    assert_eq!(rate["finding"], "better");
}

#[test]
fn groups_have_credits_as_well_as_money() {
    let app = TestApp::start();
    let run = |workflow: &str, id: &str, credits: i64| {
        let common = json!({"timestamp": START, "workflowId": workflow, "executionId": id, "workflowVersion": "1"});
        let with = |more: Value| weir_e2e::events::with(common.clone(), more);
        [
            with(json!({"type": "execution", "status": "completed"})),
            with(json!({"type": "cost", "credits": credits, "dollarAmount": 1})),
            // Credits that a step used are reported separately from costs.
            with(json!({"type": "step", "stepId": "s", "status": "completed", "creditsUsed": 100})),
        ]
    };
    app.take(&[run("w1", "1", 6), run("w2", "2", 2)].concat().into());
    let money = |query: &str| -> Vec<_> {
        let found = get(&app, query);
        let groups = found["groups"].as_array().unwrap().iter();
        groups
            .map(|group| (group["totalCredits"].clone(), group["totalCost"].clone()))
            .collect()
    };
    let one = json!(1.0);
    let expected = [(json!(6.0), one.clone()), (json!(2.0), one.clone())];
    assert_eq!(money("workflows=w1,w2"), expected);
    assert_eq!(money("workflowId=w1"), [(json!(6.0), one)]);
}

/// Thirty runs of each version end after a step of 1,000 ms; thirty more of version 2 are open, and some of
/// those have run the step.
#[test]
fn open_executions_do_not_change_the_contribution_of_steps() {
    for steps_of_open_ones in [0, 10, 30] {
        let app = TestApp::start();
        let event = |version: &str, id: String, more: Value| {
            let common = json!({"timestamp": START, "workflowId": "w", "workflowVersion": version,
                "executionId": id});
            weir_e2e::events::with(common, more)
        };
        let ended = |version: &'static str| {
            (0..30).flat_map(move |i| {
                let id = format!("{version}-{i}");
                [
                    event(version, id.clone(), json!({"type": "execution", "status": "completed", "duration": 1000})),
                    event(version, id, json!({"type": "step", "stepId": "pay", "status": "completed", "duration": 1000})),
                ]
            })
        };
        let open = (0..30).map(|i| {
            event(
                "2",
                format!("open-{i}"),
                json!({"type": "execution", "status": "started"}),
            )
        });
        let at_work = (0..steps_of_open_ones).map(|i| {
            let step =
                json!({"type": "step", "stepId": "pay", "status": "completed", "duration": 1000});
            event("2", format!("open-{i}"), step)
        });
        let all = ended("1").chain(ended("2")).chain(open).chain(at_work);
        app.take(&all.collect());
        let found = get(&app, "workflowId=w");
        let pay = &found["comparisons"][0]["steps"][0];
        assert_eq!(
            (&pay["stepId"], &pay["contributionMs"]),
            (&json!("pay"), &json!(0.0)),
            "{steps_of_open_ones}"
        );
    }
}

#[test]
fn a_comparison_without_subjects_is_refused() {
    let app = TestApp::start();
    for query in [
        "",
        "workflows=one",
        "versions=1,2",
        "workflowId=a&workflows=b,c",
    ] {
        let answer = app.get(&format!("/api/v1/analytics/workflows/comparison?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        assert_eq!(answer.json()["field"], "workflows", "{query}");
    }
}

#[test]
fn performance_has_trend_and_variance_and_critical_steps_are_marked() {
    let app = TestApp::start();
    // Ten days of 30 runs; each day is 100 ms slower than the one before.
    let run = |i: i64| {
        let (day, number) = (i / 30, i % 30);
        let step = |name: &str, duration: i64| {
            json!({"type": "step", "workflowId": "slow", "executionId": format!("r{i}"), "stepId": name,
                "status": "completed", "duration": duration, "timestamp": START + day * 86_400_000 + number * 60_000})
        };
        [
            json!({"type": "execution", "workflowId": "slow", "executionId": format!("r{i}"), "status": "completed",
                "duration": 1_000 + day * 100, "timestamp": START + day * 86_400_000 + number * 60_000}),
            step("a", 600 + (number % 2) * 200),
            step("b", 200),
            step("c", 100),
        ]
    };
    let events: Value = (0..300).flat_map(run).collect();
    app.take(&events);
    let range = "from=2024-03-01T00:00:00Z&to=2024-03-11T00:00:00Z";
    let found = app
        .get(&format!(
            "/api/v1/analytics/workflows/slow/performance?{range}&granularity=day"
        ))
        .json();
    let trend = |metric: &str| {
        let mut trends = found["trends"].as_array().unwrap().iter();
        trends
            .find(|trend| trend["metric"] == metric)
            .unwrap()
            .clone()
    };
    let durations = trend("duration_avg");
    assert_eq!(durations["heading"], "rising");
    assert_figure("slope", &durations["slope"], Some(100.0), 1e-9);
    assert_figure("change", &durations["changePct"], Some(90.0), 1e-9);
    assert_eq!(
        (
            &trend("executions")["heading"],
            &trend("success_rate")["heading"]
        ),
        (&json!("steady"), &json!("steady"))
    );
    // 1000, 1100, ... 1900: variance 100^2 x (10^2 - 1) / 12.
    let variance = 1e4 * 99.0 / 12.0;
    let stability = &found["stability"];
    assert_figure(
        "variance",
        &stability["varianceDuration"],
        Some(variance),
        0.02,
    );
    assert_figure(
        "over time",
        &stability["variationOverTime"],
        Some(variance.sqrt() / 1_450.0),
        1e-9,
    );
    // a takes 700 of 1000 ms, b 200, c 100: a and b are 80 % and more.
    let critical = found["criticalSteps"].as_array().unwrap().iter();
    let critical: Vec<_> = critical
        .map(|step| step["stepId"].as_str().unwrap())
        .collect();
    assert_eq!(critical, ["a", "b"]);
    let steps = app
        .get(&format!("/api/v1/analytics/workflows/slow/steps?{range}"))
        .json();
    let a = &steps["steps"][0];
    assert_figure("deviation of a", &a["stddevDuration"], Some(100.0), 0.02);
    assert_figure(
        "variation of a",
        &a["coefficientOfVariation"],
        Some(100.0 / 700.0),
        0.02,
    );
    assert_eq!(steps["steps"][2]["isCritical"], false);
}
