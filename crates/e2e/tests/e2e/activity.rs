//! User activity: figures worked out by hand, and figures of generated activity against a
//! computation that shares no code with the server.

mod engagement;
mod generated;

use serde_json::{Value, json};
use weir_e2e::TestApp;

use crate::views::steady;

const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-06T00:00:00Z";

fn act(
    user: Option<&str>,
    time: &str,
    action: &str,
    resource: Option<&str>,
    minutes: i64,
) -> Value {
    let duration = (minutes > 0).then_some(minutes * 60_000);
    json!({"type": "activity", "timestamp": time, "userId": user, "action": action,
        "resource": resource, "duration": duration, "id": format!("{time} {action}")})
}

/// Ada on Monday: 9:00 to 9:45 (a pause of exactly 30 minutes is still within a session), 10:16 to
/// 10:20. Grace from Monday 23:50 to Tuesday 0:15, and on Tuesday at 12:00. No one at 13:00.
fn two_days() -> Value {
    let (ada, grace) = (Some("ada"), Some("grace"));
    let (workflow, dashboard) = (Some("workflow"), Some("dashboard"));
    json!([
        act(ada, "2024-03-04T09:00:00Z", "session.login", None, 0),
        act(ada, "2024-03-04T09:05:00Z", "edit", workflow, 10),
        act(ada, "2024-03-04T09:45:00Z", "edit", workflow, 0),
        act(ada, "2024-03-04T10:16:00Z", "view", dashboard, 4),
        act(grace, "2024-03-04T23:50:00Z", "session.login", None, 0),
        act(grace, "2024-03-05T00:10:00Z", "edit", workflow, 5),
        act(grace, "2024-03-05T12:00:00Z", "session.login", None, 0),
        act(None, "2024-03-05T13:00:00Z", "cleanup", None, 0),
    ])
}

fn filled() -> TestApp {
    let app = TestApp::start();
    app.take(&two_days());
    app
}

fn get(app: &TestApp, path: &str) -> Value {
    let answer = app.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

#[test]
fn the_sessions_of_a_user_have_a_start_and_an_end() {
    let app = filled();
    let path = format!("/api/v1/analytics/activity/users/ada/sessions?{RANGE}");
    let found = get(&app, &path);
    let session = |start: &str, end: &str, minutes: i64, activities: u64| {
        json!({"start": format!("2024-03-04T{start}:00Z"), "end": format!("2024-03-04T{end}:00Z"),
            "durationMs": minutes * 60_000, "activities": activities})
    };
    let expected = [
        session("10:16", "10:20", 4, 1),
        session("09:00", "09:45", 45, 3),
    ];
    assert_eq!(
        (&found["total"], &found["sessions"]),
        (&json!(2), &json!(expected))
    );
    assert_eq!(found["nextCursor"], Value::Null);
    let first = get(&app, &format!("{path}&limit=1"));
    assert_eq!(first["sessions"], json!([expected[0]]));
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = get(&app, &format!("{path}&limit=1&cursor={cursor}"));
    assert_eq!(
        (&second["sessions"], &second["nextCursor"]),
        (&json!([expected[1]]), &Value::Null)
    );
    let elsewhere = get(
        &app,
        &format!("/api/v1/analytics/activity/users/nobody/sessions?{RANGE}"),
    );
    assert_eq!(elsewhere["sessions"], json!([]));
}

fn assert_near(found: &Value, exact: f64) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    assert!((found - exact).abs() < 1e-6, "{found} is not {exact}");
}

#[test]
fn activity_has_sessions_logins_features_and_patterns() {
    let app = filled();
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity?{RANGE}&granularity=day"),
    );
    let minutes = |minutes: i64| json!(minutes * 60_000);
    let summary = &found["summary"];
    for (name, expected) in [
        ("activities", json!(8)),
        ("activeUsers", json!(2)),
        ("logins", json!(3)),
        ("loginsPerUser", json!(1.5)),
        ("reportedTimeMs", minutes(19)),
        ("sessions", json!(4)),
        ("activeTimeMs", minutes(74)),
        ("medianSessionMs", minutes(4)),
        ("p95SessionMs", minutes(45)),
        ("avgSessionMs", json!(74.0 / 4.0 * 60_000.0)),
        ("activitiesPerSession", json!(1.75)),
        ("singleActivityPct", json!(50.0)),
    ] {
        assert_eq!(summary[name], expected, "{name}");
    }
    let day = |i: usize| {
        let point = &found["data"][i];
        [
            &point["activities"],
            &point["activeUsers"],
            &point["sessions"],
        ]
        .map(Value::as_u64)
    };
    assert_eq!(day(0), [Some(5), Some(2), Some(3)]);
    assert_eq!(day(1), [Some(3), Some(1), Some(1)]);
    // The session that crosses midnight counts where it began.
    assert_eq!(found["data"][0]["activeTimeMs"], minutes(74));
    let feature = &found["features"][0];
    assert_eq!(
        (&feature["action"], &feature["uses"]),
        (&json!("edit"), &json!(3))
    );
    assert_eq!(
        (&feature["sharePct"], &feature["adoptionPct"]),
        (&json!(37.5), &json!(100.0))
    );
    let patterns = &found["patterns"];
    assert_eq!(
        patterns["byHour"][9],
        json!({"hour": 9, "activities": 3, "logins": 1})
    );
    let monday = json!({"weekday": "monday", "activities": 5, "logins": 2});
    assert_eq!(patterns["byWeekday"][0], monday);
    insta::assert_json_snapshot!("activity", steady(found));
}

#[test]
fn patterns_are_in_the_requested_time_zone() {
    let app = filled();
    let path = format!("/api/v1/analytics/activity?{RANGE}&granularity=day&timezone=Asia/Kolkata");
    let patterns = &get(&app, &path)["patterns"];
    // 9:00Z is 14:30 in Kolkata, 23:50Z on Monday 5:20 on Tuesday.
    assert_eq!(patterns["byHour"][14]["activities"], 2);
    assert_eq!(patterns["byHour"][15]["activities"], 2);
    assert_eq!(
        patterns["byHour"][5],
        json!({"hour": 5, "activities": 2, "logins": 1})
    );
    assert_eq!(patterns["byWeekday"][0]["activities"], 4);
}

#[test]
fn activity_is_filtered_by_user_action_and_resource() {
    let app = filled();
    for (filter, activities, sessions) in [
        ("userId=ada", 4, 2),
        ("userId=grace", 3, 2),
        ("action=edit", 3, 2),
        ("resource=dashboard", 1, 1),
        ("userId=ada&action=session.login", 1, 1),
        ("userId=nobody", 0, 0),
    ] {
        let found = get(
            &app,
            &format!("/api/v1/analytics/activity?{RANGE}&{filter}"),
        );
        let summary = &found["summary"];
        let counts = (&summary["activities"], &summary["sessions"]);
        assert_eq!(counts, (&json!(activities), &json!(sessions)), "{filter}");
    }
}

#[test]
fn a_user_has_figures_a_score_and_a_trail() {
    let app = filled();
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity/users/grace?{RANGE}&granularity=day"),
    );
    assert_eq!(found["firstSeen"], "2024-03-04T23:50:00Z");
    assert_eq!(found["lastSeen"], "2024-03-05T12:00:00Z");
    assert_eq!(found["summary"]["logins"], 2);
    assert_near(&found["engagement"]["score"], 70.083_333_333);
    let entries = found["trail"]["entries"].as_array().unwrap();
    let actions: Vec<_> = entries
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["session.login", "edit", "session.login"]);
    insta::assert_json_snapshot!("user_activity", steady(found));
}

#[test]
fn a_user_without_activity_in_the_range_has_zeros_and_an_unknown_one_is_not_found() {
    let app = filled();
    let elsewhere = "from=2024-04-01T00:00:00Z&to=2024-04-02T00:00:00Z";
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity/users/ada?{elsewhere}"),
    );
    assert_eq!(found["summary"]["activities"], 0);
    assert_eq!(found["summary"]["sessions"], 0);
    assert_eq!(found["summary"]["avgSessionMs"], Value::Null);
    assert_eq!(found["engagement"], Value::Null);
    let unknown = app.get(&format!("/api/v1/analytics/activity/users/nobody?{RANGE}"));
    assert_eq!(
        (unknown.status, unknown.code().as_str()),
        (404, "not_found")
    );
}

#[test]
fn the_trail_has_pages_without_gaps_or_repetitions() {
    let app = filled();
    let mut actions = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/analytics/activity/trail?{RANGE}&limit=3&cursor={cursor}");
        let page = get(&app, &path);
        for entry in page["entries"].as_array().unwrap() {
            actions.push(entry["timestamp"].as_str().unwrap()[8..16].to_owned());
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let expected = [
        "05T13:00", "05T12:00", "05T00:10", "04T23:50", "04T10:16", "04T09:45", "04T09:05",
        "04T09:00",
    ];
    assert_eq!(actions, expected);
    let page = get(
        &app,
        &format!("/api/v1/analytics/activity/trail?{RANGE}&userId=ada&limit=1"),
    );
    insta::assert_json_snapshot!("trail", steady(page));
}

#[test]
fn an_invalid_parameter_is_named() {
    let app = filled();
    for (path, field) in [
        ("activity/trail?cursor=zzzz", "cursor"),
        ("activity/trail?limit=0", "limit"),
        ("activity/engagement?limit=1001", "limit"),
        ("activity/engagement?cursor=!", "cursor"),
        ("activity?granularity=dayly", "granularity"),
        (
            "activity?from=2024-03-06T00:00:00Z&to=2024-03-04T00:00:00Z",
            "to",
        ),
        ("activity?timezone=Europe/Amsterdm", "timezone"),
        ("activity/users/ada?last=30", "last"),
    ] {
        let answer = app.get(&format!("/api/v1/analytics/{path}"));
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{path}");
    }
}
