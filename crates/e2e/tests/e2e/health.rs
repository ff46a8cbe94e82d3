//! Observability: the health of environments, insights and the overview, and their shapes.

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::{
    generated::{START, by, success_rate},
    observability::{DAY, MIDDLE, figures_are_those_of, generated_app, get, within},
    views::shape,
};

#[test]
fn environments_have_a_health_once_enough_executions_have_finished() {
    let (app, runs) = generated_app();
    let found = get(
        &app,
        &format!("/api/v1/observability/environments?{MIDDLE}"),
    );
    let groups = by(within(&runs, START + 4 * DAY, START + 6 * DAY), |run| {
        run.environment
    });
    let lines = found["environments"].as_array().unwrap();
    assert_eq!(lines.len(), groups.len());
    for (line, (name, runs)) in lines.iter().zip(&groups) {
        assert_eq!(line["environment"], *name);
        figures_are_those_of(name, line, runs);
        let rate = success_rate(runs).unwrap();
        let status = if rate < 80.0 {
            "unhealthy"
        } else if rate < 95.0 {
            "degraded"
        } else {
            "healthy"
        };
        assert_eq!(line["status"], status, "{rate}");
        let bounds = &line["success_rate_bounds"];
        let (lower, upper) = (
            bounds["lower"].as_f64().unwrap(),
            bounds["upper"].as_f64().unwrap(),
        );
        assert!(lower < rate && rate < upper, "{lower} {rate} {upper}");
        let workflows = by(runs.iter().copied(), |run| run.workflow.clone());
        assert_eq!(line["active_workflows"], workflows.len());
    }
    // An environment stays listed if nothing ran in it.
    let later = get(
        &app,
        "/api/v1/observability/environments?from=2024-06-01T00:00:00Z&to=2024-06-02T00:00:00Z",
    );
    let lines = later["environments"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["status"] == "idle"));
    insta::assert_json_snapshot!("observability_environments", shape(&found));
}

/// A day with 100 successful runs, and a day on which "billing" always fails and "mail" never.
fn trouble() -> Value {
    let run = |day: i64, number: i64, workflow: &str, status: &str| {
        json!({"type": "execution", "workflowId": workflow, "status": status, "duration": 100,
            "executionId": format!("{workflow}-{day}-{number}"), "environment": "production",
            "workflowName": format!("The {workflow}"), "timestamp": START + day * DAY + number * 60_000})
    };
    let good = (0..100).map(|number| run(0, number, "mail", "completed"));
    let also = (0..60).map(|number| run(1, number, "mail", "completed"));
    let bad = (0..40).map(|number| run(1, number, "billing", "failed"));
    good.chain(also).chain(bad).collect()
}

#[test]
fn the_status_names_problems_and_nothing_if_all_is_well() {
    let app = TestApp::start();
    app.take(&trouble());
    let of = |from: &str, to: &str| {
        get(
            &app,
            &format!("/api/v1/observability/status?from={from}T00:00:00Z&to={to}T00:00:00Z"),
        )
    };
    let found = of("2024-03-02", "2024-03-03");
    assert_eq!(found["status"], "critical");
    let insights = found["insights"].as_array().unwrap().iter();
    let codes: Vec<&str> = insights
        .map(|insight| insight["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "success_rate_dropped",
            "workflow_failing",
            "environment_unhealthy"
        ]
    );
    let failing = &found["insights"][1];
    assert_eq!(failing["workflow_id"], "billing");
    assert_eq!(
        failing["message"],
        "The billing is failing: 40 of 40 executions failed."
    );
    let well = of("2024-03-01", "2024-03-02");
    assert_eq!(
        (&well["status"], &well["insights"]),
        (&json!("operational"), &json!([]))
    );
    assert_eq!(of("2024-02-01", "2024-02-02")["status"], "no_data");
    let silent = of("2024-03-03", "2024-03-04");
    assert_eq!(silent["insights"][0]["code"], "silent");
    insta::assert_json_snapshot!("observability_status", shape(&found));
}

#[test]
fn the_overview_consists_of_its_parts_over_the_same_range() {
    let (app, _) = generated_app();
    let found = get(&app, &format!("/api/v1/observability/overview?{MIDDLE}"));
    for part in ["kpis", "workflows", "environments", "errors", "status"] {
        let path = format!("/api/v1/observability/{part}?{MIDDLE}");
        let alone = get(&app, &path);
        for field in [
            "total_executions",
            "workflows",
            "environments",
            "insights",
            "total_errors",
            "sparkline_data",
        ] {
            assert_eq!(found[part][field], alone[field], "{part} {field}");
        }
        let range = match part {
            "errors" => &found[part]["range"],
            _ => &found[part],
        };
        assert_eq!(
            (&range["from"], &range["to"]),
            (&found["from"], &found["to"])
        );
    }
    insta::assert_json_snapshot!("observability_overview", shape(&found));
}

#[test]
fn an_invalid_range_is_refused_with_the_parameter_name_that_the_caller_used() {
    let app = TestApp::start();
    for (query, field) in [
        ("time_range=24", "time_range"),
        ("last=24", "last"),
        ("from=2024-03-02T00:00:00Z", "from"),
        ("from=2024-03-02T00:00:00Z&to=2024-03-01T00:00:00Z", "to"),
        ("timezone=Europe/Amsterdm", "timezone"),
    ] {
        for part in ["overview", "kpis", "workflows", "environments", "status"] {
            let answer = app.get(&format!("/api/v1/observability/{part}?{query}"));
            assert_eq!(answer.status, 400, "{part}?{query}: {}", answer.text());
            assert_eq!(answer.json()["field"], field, "{part}?{query}");
        }
    }
    let answer = app.get("/api/v1/observability/workflows?limit=0");
    assert_eq!(answer.json()["field"], "limit");
}
