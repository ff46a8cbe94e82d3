//! Stored segments: creating, reading, changing and using them.

use serde_json::json;
use weir_e2e::{TestApp, events::with};

use super::{
    post, posted, retention_of,
    segments::{edits, filled, property, users},
};
use crate::views::steady;

#[test]
fn a_segment_can_be_created_read_changed_and_deleted() {
    let app = filled();
    let keen = json!({"name": "Keen", "definition": users("all", json!([edits("at_least", 2.0)]))});
    let made = post(&app, "segments", &keen);
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let varying = json!({"id": "[id]", "createdAt": "[varies]", "updatedAt": "[varies]"});
    insta::assert_json_snapshot!("segment", with(made.json(), varying));
    let path = format!("/api/v1/analytics/segments/{id}");
    assert_eq!(app.get(&path).json(), made.json());
    assert_eq!(
        app.get("/api/v1/analytics/segments").json()["segments"],
        json!([made.json()])
    );
    let shown = app.get(&format!("{path}/members")).json();
    insta::assert_json_snapshot!("segment_members", steady(shown));

    let taken = post(&app, "segments", &keen);
    assert_eq!((taken.status, taken.code().as_str()), (409, "name_taken"));
    let wider =
        json!({"name": "Keener", "definition": users("all", json!([edits("at_least", 1.0)]))});
    let put = |path: &str| {
        app.client()
            .call("PUT".parse().unwrap(), path)
            .json(&wider)
            .send()
    };
    let changed = put(&path).json();
    assert_eq!(
        (&changed["version"], &changed["name"]),
        (&json!(2), &json!("Keener"))
    );
    assert_eq!(app.get(&format!("{path}/members")).json()["size"], 2);
    let delete = || {
        app.client()
            .call("DELETE".parse().unwrap(), &path)
            .send()
            .status
    };
    assert_eq!((delete(), delete()), (204, 404));
    assert_eq!(app.get(&path).status, 404);
    assert_eq!(put(&path).status, 404);
    assert_eq!(
        app.get("/api/v1/analytics/segments/not-a-uuid").code(),
        "not_found"
    );
}

#[test]
fn a_cohort_can_be_limited_to_a_segment() {
    let app = filled();
    let pro = users(
        "all",
        json!([property("metadata.plan", "in", json!(["pro"]))]),
    );
    let segment = posted(&app, "segments", &json!({"name": "Pro", "definition": pro}));
    let day = json!({"from": "2024-03-04T00:00:00Z", "to": "2024-03-05T00:00:00Z"});
    let all = json!({"range": day, "periods": 2});
    assert_eq!(
        retention_of(&app, &all),
        (4, vec![Some(4), Some(1), Some(1)])
    );
    let limited = json!({"range": day, "periods": 2, "segmentId": segment["id"]});
    assert_eq!(
        retention_of(&app, &limited),
        (2, vec![Some(2), Some(1), Some(0)])
    );
    let workflows = json!({"of": "workflows", "range": day, "segmentId": segment["id"]});
    let refused = post(&app, "retention", &workflows);
    assert_eq!(
        (refused.status, &refused.json()["field"]),
        (400, &json!("segmentId"))
    );
}

#[test]
fn changing_segments_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let reader = app.client_with("read key");
    let body = json!({"name": "x", "definition": users("all", json!([]))});
    let refused = reader.post("/api/v1/analytics/segments").json(&body).send();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "missing_scope")
    );
    let preview = reader
        .post("/api/v1/analytics/segments/preview")
        .json(&body["definition"])
        .send();
    assert_eq!(preview.status, 200);
}
