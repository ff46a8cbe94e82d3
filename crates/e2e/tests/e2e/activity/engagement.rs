//! Engagement of users, and the rule for its score.

use serde_json::{Value, json};
use weir_e2e::{TestApp, events};

use super::{RANGE, assert_near, filled, get};
use crate::views::steady;

#[test]
fn engagement_has_active_users_and_scores_worked_out_by_hand() {
    let app = filled();
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity/engagement?{RANGE}"),
    );
    let days = found["actives"]["days"].as_array().unwrap();
    let figures =
        |name: &str| -> Vec<f64> { days.iter().map(|day| day[name].as_f64().unwrap()).collect() };
    assert_eq!(figures("dau"), [2.0, 1.0]);
    assert_eq!(figures("wau"), [2.0, 2.0]);
    assert_eq!(figures("mau"), [2.0, 2.0]);
    assert_eq!(figures("stickiness"), [100.0, 50.0]);
    assert_eq!(found["actives"]["averageStickiness"], 75.0);
    let users = found["users"].as_array().unwrap();
    assert_eq!(
        (&users[0]["userId"], &users[1]["userId"]),
        (&json!("grace"), &json!("ada"))
    );
    // Grace: 25 x 0.75 + 35 x 1 + 20 x 12.5 / 30 + 20 x 2 / 5.
    assert_near(&users[0]["score"], 70.083_333_333);
    // Ada: 25 x (1 - 37 h 44 min / 48 h) + 35 x 1 / (5 x 2 / 7) + 20 + 20 x 3 / 5.
    assert_near(&users[1]["score"], 61.847_222_222);
    assert_eq!(
        (&users[0]["level"], &users[1]["level"]),
        (&json!("high"), &json!("medium"))
    );
    assert_eq!(found["scores"]["users"], 2);
    insta::assert_json_snapshot!("engagement", steady(found));
}

#[test]
fn weights_of_the_score_need_a_permission_and_apply_immediately() {
    let app = TestApp::with_own_keys();
    let rule = "/api/v1/analytics/activity/engagement/rule";
    let put = |client: &weir_e2e::Client, body: &Value| {
        client.call("PUT".parse().unwrap(), rule).json(body).send()
    };
    let reader = app.client_with("read key");
    let found = reader.get(rule).send().json();
    assert_eq!(
        (&found["version"], &found["weights"]["frequency"]),
        (&json!(0), &json!(35.0))
    );
    let breadth = json!({"weights": {"recency": 0, "frequency": 0, "depth": 0, "breadth": 1}});
    let refused = put(&reader, &breadth);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "missing_scope")
    );

    let app = filled();
    for (body, field) in [
        (
            json!({"weights": {"recency": -1, "frequency": 0, "depth": 0, "breadth": 1}}),
            "weights.recency",
        ),
        (
            json!({"weights": {"recency": 0, "frequency": 0, "depth": 0, "breadth": 0}}),
            "weights",
        ),
        (
            json!({"targets": {"daysPerWeek": 9, "minutesPerDay": 30, "features": 5}}),
            "targets.daysPerWeek",
        ),
    ] {
        let refused = put(app.client(), &body);
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (400, &json!(field)),
            "{body}"
        );
    }
    let path = format!("/api/v1/analytics/activity/engagement?{RANGE}");
    let before = app.get(&path);
    let stored = put(app.client(), &breadth);
    assert_eq!(stored.status, 200, "{}", stored.text());
    assert_eq!(stored.json()["version"], 1);
    let steadied = events::with(stored.json(), json!({"updatedAt": "[varies]"}));
    insta::assert_json_snapshot!("engagement_rule", steadied);
    let after = app
        .client()
        .get(&path)
        .header("if-none-match", before.header("etag"))
        .send();
    assert_eq!(after.status, 200, "the rule is part of the answer's ETag");
    let users = after.json()["users"].clone();
    // Only breadth counts now: Ada used 3 of 5 features, Grace 2.
    assert_eq!(
        (&users[0]["userId"], &users[0]["score"]),
        (&json!("ada"), &json!(60.0))
    );
    assert_eq!(
        (&users[1]["userId"], &users[1]["score"]),
        (&json!("grace"), &json!(40.0))
    );
}

#[test]
fn a_range_in_the_future_has_no_users() {
    let app = filled();
    let future = "from=2150-01-01T00:00:00Z&to=2150-01-08T00:00:00Z";
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity/engagement?{future}"),
    );
    assert_eq!(found["users"], json!([]));
    assert_eq!(found["actives"]["latest"], Value::Null);
    let found = get(&app, &format!("/api/v1/analytics/activity?{future}"));
    assert_eq!(found["summary"]["activities"], 0);
}
