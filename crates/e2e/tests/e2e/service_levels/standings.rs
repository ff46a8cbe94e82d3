//! Every service level of a project in one answer.

use serde_json::{Value, json};
use weir_e2e::TestApp;

use super::{configure, report, runs};

fn standings(app: &TestApp, parameters: &str) -> Value {
    let path = format!("/api/workflow-analytics/sli-targets?{parameters}");
    let answer = app.get(&path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn workflows(found: &Value) -> Vec<&str> {
    let targets = found["targets"].as_array().unwrap().iter();
    let ids = targets.map(|of| of["workflowId"].as_str().unwrap_or("project"));
    ids.collect()
}

#[test]
fn each_says_what_its_own_report_says_and_the_one_that_runs_out_first_comes_first() {
    let app = TestApp::start();
    for (workflow, completed, failed) in [
        ("fine", 400, 0),
        ("overspent", 90, 10),
        ("burning", 393, 7),
        ("strict", 997, 3),
        ("few", 3, 1),
    ] {
        app.take(&runs(workflow, completed, failed).into());
    }
    configure(&app, json!({"targetSuccessPct": 99, "window": "28d"}));
    configure(
        &app,
        json!({"workflowId": "strict", "targetSuccessPct": 99.9, "errorBudgetPct": 0.4, "targetP95Ms": 800}),
    );
    // A workflow can have a target before it runs.
    configure(&app, json!({"workflowId": "new", "window": "7d"}));

    let found = standings(&app, "");
    assert_eq!(found["total"], 7);
    let order = workflows(&found);
    assert_eq!(order.len(), 7);
    // 10 of 100 failed where 2 may: nothing is left. 4 runs are too few to be judged.
    assert_eq!(order[..4], ["overspent", "burning", "strict", "project"]);
    for standing in found["targets"].as_array().unwrap() {
        let id = standing["workflowId"].as_str();
        let own = id.map_or(String::new(), |id| format!("workflowId={id}"));
        let report = report(&app, &own);
        assert_eq!(standing["config"], report["config"], "{id:?}");
        assert_eq!(standing["current"], report["current"], "{id:?}");
        let alerts = report["burnRates"]["alerts"].as_array().unwrap();
        let firing = alerts.iter().filter(|alert| alert["state"] == "firing");
        assert_eq!(standing["firing"], firing.count(), "{id:?}");
        let longest = alerts
            .iter()
            .rfind(|alert| alert["objective"] == "success")
            .unwrap();
        assert_eq!(standing["pace"], longest["long"], "{id:?}");
    }
    let of = |id: &str| {
        let targets = found["targets"].as_array().unwrap();
        targets.iter().find(|of| of["workflowId"] == id).unwrap()
    };
    let state = |id: &str| (of(id)["budgetLeftPct"].clone(), of(id)["daysLeft"].clone());
    assert_eq!(state("overspent"), (json!(-400.0), json!(0.0)));
    assert_eq!(state("few"), (json!(-1150.0), Value::Null));
    // 7 of 400 are 1.75 %: 12.5 % of the budget is left, which lasts 28 x 0.125 / 0.875 days.
    assert_eq!(state("burning"), (json!(12.5), json!(4.0)));
    assert_eq!(state("fine"), (json!(100.0), Value::Null));
    assert_eq!(state("new"), (Value::Null, Value::Null));
    // 3 of 1,000 fail where 5 may.
    assert_eq!(state("strict"), (json!(40.0), json!(18.7)));
}

#[test]
fn window_environment_and_number_are_those_of_the_request() {
    let app = TestApp::start();
    let mut sent = runs("prod", 40, 0);
    for run in &mut sent {
        run["environment"] = "production".into();
    }
    app.take(&json!(sent));
    app.take(&runs("test", 39, 1).into());
    configure(&app, json!({"workflowId": "test", "window": "30d"}));
    let windows = |parameters: &str| {
        let found = standings(&app, parameters);
        let targets = found["targets"].as_array().unwrap().iter();
        let windows = targets.map(|of| of["config"]["window"].as_str().unwrap().to_owned());
        windows.collect::<Vec<_>>()
    };
    // The one with its own window has overspent.
    assert_eq!(windows(""), ["30d", "7d", "7d"].map(str::to_owned));
    assert_eq!(windows("window=1d"), ["1d"; 3].map(str::to_owned));
    let found = standings(&app, "environment=production");
    let runs = |id: &str| {
        let targets = found["targets"].as_array().unwrap();
        let of = targets.iter().find(|of| of["workflowId"] == id).unwrap();
        of["current"]["totalRuns"].clone()
    };
    assert_eq!((runs("prod"), runs("test")), (json!(40), json!(0)));
    let one = standings(&app, "limit=1");
    assert_eq!((workflows(&one).len(), &one["total"]), (1, &json!(3)));
    for (parameters, field) in [
        ("window=2d", "window"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
    ] {
        let refused = app.get(&format!("/api/workflow-analytics/sli-targets?{parameters}"));
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field))
        );
    }
}
