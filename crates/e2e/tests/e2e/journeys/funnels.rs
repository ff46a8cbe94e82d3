//! Funnels of the table worked out by hand.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{self, execution},
};

use super::{
    HOUR, column,
    contacts::{RANGE, WORKFLOW},
    counts, filled, get,
};
use crate::views::steady;

/// A funnel of the table.
fn funnel(app: &TestApp, parameters: &str) -> Value {
    get(app, &format!("/funnel?{RANGE}&{parameters}"))
}

#[test]
fn the_three_orders_give_different_funnels() {
    let app = filled();
    let steps = "steps=enrolled,step:mail,step:call,step:offer&granularity=daily";
    let sequential = funnel(&app, steps);
    assert_eq!(column(&sequential["steps"], "reached"), [7, 6, 2, 1]);
    // c7 is running and c4 is waiting; the others have ended.
    assert_eq!(column(&sequential["steps"], "active"), [1, 0, 1, 0]);
    assert_eq!(column(&sequential["steps"], "dropped"), [0, 4, 0, 0]);
    // c2 and c6 came to their offer without a completed call after the mail.
    assert_eq!(
        column(&sequential["steps"], "finished_otherwise"),
        [0, 2, 0, 0]
    );
    assert_eq!(
        counts(
            &sequential,
            ["enrolled", "entered", "converted", "excluded"]
        ),
        [7, 7, 1, 0]
    );
    // c1: 10 minutes, 50 minutes, an hour; two hours in all.
    assert_eq!(sequential["time_to_convert"]["p50_ms"], 2 * HOUR);
    assert_eq!(sequential["steps"][3]["time_from_previous"]["p50_ms"], HOUR);
    assert_eq!(column(&sequential["series"], "converted"), [1, 0]);
    // A failed call and a second mail lie in between.
    let strict = funnel(&app, &format!("{steps}&order=strict"));
    assert_eq!(column(&strict["steps"], "reached"), [7, 5, 1, 1]);
    let any = funnel(&app, "steps=step:mail,step:call,step:offer&order=any");
    assert_eq!(column(&any["steps"], "reached"), [6, 4, 2]);
    assert_eq!(column(&any["steps"], "done"), [6, 3, 3]);
    assert_eq!(counts(&any, ["entered", "not_entered"]), [6, 1]);
    insta::assert_json_snapshot!("funnel", steady(sequential));
}

#[test]
fn windows_exclusions_repeats_and_alternatives_have_their_effect() {
    let app = filled();
    for (parameters, reached, excluded) in [
        // c2 after 30, c6 after 90 minutes, c1 after two hours.
        ("steps=enrolled,step:offer&window=30m", vec![7, 1], 0),
        ("steps=enrolled,step:offer&window=90m", vec![7, 2], 0),
        ("steps=enrolled,step:offer", vec![7, 3], 0),
        (
            "steps=enrolled,step:mail,step:offer&exclude=failed_step:call",
            vec![6, 5, 3],
            1,
        ),
        // Calls after the mail exclude c1, c3 and c4; the call of c6 came before it.
        (
            "steps=step:mail,step:offer&exclude=any_step:call",
            vec![3, 2],
            3,
        ),
        ("steps=step:mail,step:mail", vec![6, 1], 0),
        ("steps=enrolled,step:offer|goal:bought", vec![7, 4], 0),
        ("steps=enrolled,goal", vec![7, 2], 0),
        ("steps=enrolled,completed", vec![7, 3], 0),
        ("steps=enrolled,failed|canceled", vec![7, 2], 0),
        ("steps=waiting", vec![1], 0),
        ("steps=enrolled,step:nothing", vec![7, 0], 0),
        // ann's mail of the second execution comes after her offer.
        ("steps=step:offer,step:mail&unit=subject", vec![3, 1], 0),
        ("steps=enrolled,enrolled&unit=subject", vec![5, 1], 0),
    ] {
        let found = funnel(&app, parameters);
        assert_eq!(column(&found["steps"], "reached"), reached, "{parameters}");
        assert_eq!(found["excluded"], excluded, "{parameters}");
    }
}

#[test]
fn no_one_is_active_after_the_window() {
    let app = filled();
    let found = funnel(&app, "steps=enrolled,step:offer&window=30m");
    assert_eq!(column(&found["steps"], "active"), [0, 0]);
    assert_eq!(column(&found["steps"], "dropped"), [6, 0]);
}

#[test]
fn a_breakdown_has_a_funnel_for_each_value() {
    let app = filled();
    let found = funnel(
        &app,
        "steps=enrolled,step:mail,completed&breakdown=version&breakdown_limit=1",
    );
    let groups = found["groups"].as_array().unwrap();
    assert_eq!((groups.len(), &found["more_groups"]), (1, &json!(1)));
    // Version 2: c4, c5, c6, c7.
    assert_eq!(groups[0]["value"], "2");
    assert_eq!(groups[0]["reached"], json!([4, 3, 1]));
    let both = funnel(&app, "steps=enrolled,step:mail,completed&breakdown=version");
    assert_eq!(both["groups"][1]["reached"], json!([3, 3, 2]));
    insta::assert_json_snapshot!("breakdown", both["groups"]);
}

#[test]
fn without_steps_the_funnel_is_the_most_common_path() {
    let app = filled();
    let more = ["d1", "d2"].map(|id| {
        let started = "2024-03-05T16:00:00Z";
        [
            execution(WORKFLOW, id, "started", started),
            weir_e2e::events::step(WORKFLOW, id, "offer", "2024-03-05T16:01:00Z", 1),
            execution(WORKFLOW, id, "completed", "2024-03-05T16:02:00Z"),
        ]
    });
    // c1, c2 and c6 take different paths; of equally common ones, the first by name.
    let found = funnel(&app, "");
    assert_eq!(found["steps_from"], "most_common_path");
    let events = |found: &Value| {
        let steps = found["steps"].as_array().unwrap();
        let first = steps.iter().map(|step| step["events"][0].clone());
        first.collect::<Vec<_>>()
    };
    assert_eq!(
        events(&found),
        [
            "enrolled",
            "step:call",
            "step:mail",
            "step:offer",
            "completed"
        ]
    );
    assert_eq!(found["steps"][2]["label"], "Write a mail");
    app.take(&more.concat().into());
    let found = funnel(&app, "");
    assert_eq!(events(&found), ["enrolled", "step:offer", "completed"]);
    assert_eq!(column(&found["steps"], "reached"), [9, 5, 5]);
}

#[test]
fn a_request_body_can_define_the_same_funnel_and_more() {
    let app = filled();
    let ask = |body: Value| {
        let path = format!("/api/v1/workflows/{WORKFLOW}/analytics/funnel");
        app.client().post(&path).json(&body).send()
    };
    let request = json!({
        "from": "2024-03-04", "to": "2024-03-05",
        "steps": ["enrolled", "step:mail", {"label": "Won", "any": ["step:offer", "goal:bought"]}],
        "exclusions": [{"event": "any_step:call", "after": 1, "before": 2}],
    });
    let found = ask(request).json();
    // c6 was called before its mail.
    assert_eq!(found["excluded"], 1, "{found}");
    assert_eq!(column(&found["steps"], "reached"), [6, 5, 3]);
    assert_eq!(found["steps"][2]["label"], "Won");
    let refused = ask(json!({"steps": ["enrolled"], "ordr": "any"}));
    assert_eq!(
        (refused.status, refused.code()),
        (400, "invalid_parameter".to_owned())
    );
}

#[test]
fn an_error_names_the_place_and_the_fix() {
    let app = TestApp::start();
    for (path, code, field, fix) in [
        (
            "/funnel?steps=complete",
            "unknown_event",
            "steps[0]",
            "completed",
        ),
        (
            "/funnel?steps=enrolled,stp:mail",
            "unknown_event",
            "steps[1]",
            "step:mail",
        ),
        ("/funnel?order=strikt", "unknown_order", "order", "strict"),
        ("/funnel?unit=subjekt", "unknown_unit", "unit", "subject"),
        (
            "/funnel?breakdown=versoin",
            "unknown_dimension",
            "breakdown",
            "version",
        ),
        ("/funnel?window=7", "invalid_window", "window", "7d"),
        (
            "/funnel?steps=goal&exclude=failed",
            "invalid_funnel",
            "exclusions[0]",
            "two steps",
        ),
        (
            "?granularity=dayly",
            "unknown_granularity",
            "granularity",
            "day",
        ),
        ("?window=0d", "invalid_window", "window", "7d"),
        (
            "?start_date=2024-03-05&end_date=2024-03-03",
            "reversed_range",
            "to",
            "later",
        ),
        (
            "?timezone=Europe/Amsterdm",
            "unknown_time_zone",
            "timezone",
            "Europe/Amsterdam",
        ),
    ] {
        let answer = app.get(&format!("/api/v1/workflows/w/analytics{path}"));
        let problem = answer.json();
        assert_eq!(
            (answer.status, &problem["code"]),
            (400, &json!(code)),
            "{path}: {problem}"
        );
        assert_eq!(problem["field"], field, "{path}");
        let found = problem["fix"].as_str().unwrap();
        assert!(found.contains(fix), "{path}: {found}");
    }
    let unknown = app.get("/api/v1/workflows/w/analytics?strat_date=2024-03-05");
    assert_eq!(
        (unknown.status, unknown.code()),
        (400, "invalid_parameter".to_owned())
    );
}

/// Times in files are often no finer than a second: events within one second keep the order of the file.
#[test]
fn a_strict_funnel_orders_events_with_the_same_time_as_in_the_body() {
    let app = TestApp::start();
    let moment = "2024-03-04T10:00:00Z";
    let step = |run: &str, id: &str| events::step("w", run, id, moment, 1);
    let began = |run: &str| events::execution("w", run, "completed", moment);
    let body = [
        vec![
            began("straight"),
            step("straight", "a"),
            step("straight", "b"),
        ],
        vec![step("straight", "other")],
        vec![
            began("between"),
            step("between", "a"),
            step("between", "other"),
        ],
        vec![step("between", "b")],
        vec![
            began("reversed"),
            step("reversed", "b"),
            step("reversed", "a"),
        ],
    ];
    let body = body.concat();
    let answer = app.client().post("/api/v1/events").lines(&body).send();
    assert_eq!(answer.json()["accepted"], body.len(), "{}", answer.text());
    let range = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";
    for (order, reached) in [("strict", [3, 1]), ("sequential", [3, 3]), ("any", [3, 3])] {
        let path = format!(
            "/api/v1/workflows/w/analytics/funnel?{range}&steps=step:a,step:b&order={order}"
        );
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(
            column(&answer.json()["steps"], "reached"),
            reached,
            "{order}"
        );
    }
}
