//! Viewers who may not identify users see pseudonyms if the organisation turns them on.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Client, TestApp};

use super::{
    ADA, BOB, RANGE, by_user, events,
    owner::{Owner, SETTINGS},
    pages,
};

/// A server with the events, its owner, and a member who can only read.
struct Cast {
    app: TestApp,
    owner: Owner,
    reader: Client,
}

impl Cast {
    fn enter() -> Self {
        let app = TestApp::with_own_keys();
        let taken = app.client_with("ingest key").post_events(&events());
        assert_eq!(taken.json()["accepted"], 18, "{}", taken.text());
        let owner = Owner::of(&app);
        let reader = app.client_with("read key");
        Self { app, owner, reader }
    }

    fn read(&self, path: &str) -> String {
        let answer = self.reader.get(path).send();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }
}

fn names_anybody(text: &str) -> bool {
    text.contains(ADA) || text.contains(BOB)
}

/// The users of a response to [`by_user`]; users with the same figures are in the same order in every response.
fn users(answer: &Value) -> Vec<String> {
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.filter_map(|row| row["user"].as_str().map(str::to_owned))
        .collect()
}

#[test]
fn viewers_who_may_not_identify_users_see_pseudonyms_everywhere() {
    let cast = Cast::enter();
    let user_segment = json!({"name": "One", "definition": {"of": "workflows", "conditions": [
        {"type": "property", "property": "user", "values": [ADA]}]}});
    let everybody = json!({"name": "All", "definition": {}});
    let one = cast.owner.post("/api/v1/analytics/segments", &user_segment);
    let all = cast.owner.post("/api/v1/analytics/segments", &everybody);
    let budget = json!({"budgets": [{"name": "hers", "level": "user", "userId": ADA, "metric": "cost",
        "amount": 5, "period": "month"}]});
    let put = cast
        .owner
        .call(Method::PUT, "/api/v1/analytics/costs/budgets")
        .json(&budget)
        .send();
    assert_eq!(put.status, 200, "{}", put.text());
    let note = json!({"kind": "note", "title": format!("{ADA} moved"), "description": format!("ask {BOB}"),
        "workflowId": ADA});
    cast.owner.post("/api/v1/annotations", &note);
    let view = json!({"name": format!("Of {ADA}"), "shared": true,
        "page": {"path": ["activity", ADA], "parameters": {"user": BOB}}});
    cast.owner.post("/api/v1/views", &view);
    let mut pages = pages();
    for segment in [&one, &all] {
        let id = segment["id"].as_str().unwrap();
        pages.push(format!("/api/v1/analytics/segments/{id}"));
        pages.push(format!("/api/v1/analytics/segments/{id}/members"));
    }
    // Figures without anonymisation, and as the owner sees them, are cached by now.
    let named: Vec<String> = pages.iter().map(|page| cast.read(page)).collect();
    let telling = named.iter().filter(|text| names_anybody(text)).count();
    assert!(telling >= 12, "only {telling} pages name a user");
    cast.owner.anonymize(true);
    for (page, before) in pages.iter().zip(&named) {
        let shown = cast.read(page);
        assert!(!names_anybody(&shown), "{page}: {shown}");
        assert_eq!(
            names_anybody(before),
            shown.contains("u_"),
            "{page}: {shown}"
        );
        assert_eq!(
            names_anybody(&cast.owner.get(page)),
            names_anybody(before),
            "{page}"
        );
        let again = cast.read(page);
        assert!(
            !names_anybody(&again),
            "after the owner's request, {page}: {again}"
        );
    }
    let answer = cast.reader.query(&by_user());
    assert!(!names_anybody(&answer.to_string()), "{answer}");
    assert_eq!(users(&answer).len(), 2);
    let retention = json!({"of": "users", "range": {"from": "2024-03-01T00:00:00Z", "to": "2024-04-01T00:00:00Z"}});
    let table = cast
        .reader
        .post("/api/v1/analytics/retention")
        .json(&retention)
        .send();
    assert_eq!(table.status, 200, "{}", table.text());
    assert!(!names_anybody(&table.text()));
    cast.owner.anonymize(false);
    assert!(names_anybody(
        &cast.read(&format!("/api/v1/executions?{RANGE}"))
    ));
}

#[test]
fn a_pseudonym_can_be_queried_like_an_id_and_an_id_reveals_nothing() {
    let cast = Cast::enter();
    let clear = cast.reader.query(&by_user());
    cast.owner.anonymize(true);
    let veiled = cast.reader.query(&by_user());
    // Both have one row for each user with the same figures, so only their lists distinguish them.
    let list = |user: &str| -> Value {
        let path = format!("/api/v1/executions?{RANGE}&userId={user}");
        serde_json::from_str(&cast.read(&path)).unwrap()
    };
    let (mut found, pseudonyms) = (Vec::new(), users(&veiled));
    for pseudonym in &pseudonyms {
        let rows = list(pseudonym)["executions"].clone();
        assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
        assert_eq!(rows[0]["userId"], *pseudonym);
        found.push(rows[0]["executionId"].as_str().unwrap().to_owned());
        let path = format!("/api/v1/analytics/activity/users/{pseudonym}?{RANGE}");
        assert!(cast.read(&path).contains(pseudonym));
        let mut filtered = by_user();
        filtered["filters"] = json!([{"dimension": "user", "op": "in", "values": [pseudonym]}]);
        let found = users(&cast.reader.query(&filtered));
        assert_eq!(&found[..], std::slice::from_ref(pseudonym));
    }
    found.sort();
    assert_eq!(found, ["e0", "e1"]);
    for id in users(&clear) {
        assert_eq!(list(&id)["executions"], json!([]), "{id}");
        let path = format!("/api/v1/analytics/activity/users/{id}");
        assert_eq!(cast.reader.get(&path).send().status, 404, "{id}");
    }
    let members = json!({"of": "users"});
    let first = "/api/v1/analytics/segments/preview?limit=1";
    let page = cast.reader.post(first).json(&members).send().json();
    let next = page["nextCursor"].as_str().unwrap();
    let second = cast
        .reader
        .post(&format!("{first}&cursor={next}"))
        .json(&members)
        .send()
        .json();
    let mut both = vec![
        page["members"][0]["id"].clone(),
        second["members"][0]["id"].clone(),
    ];
    both.sort_by_key(Value::to_string);
    let mut expected: Vec<Value> = pseudonyms.into_iter().map(Value::from).collect();
    expected.sort_by_key(Value::to_string);
    assert_eq!(both, expected);
}

#[test]
fn mentions_of_users_are_veiled_and_can_be_queried_as_shown() {
    let cast = Cast::enter();
    let telling = json!([
        {"type": "execution", "timestamp": "2024-03-10T10:00:00Z", "workflowId": format!("flow-of {ADA}"),
            "workflowName": format!("Flow of {ADA}"), "executionId": "named", "status": "failed", "userId": ADA,
            "errorType": format!("NoMailbox:{ADA}"), "errorStep": format!("mail {ADA}"), "errorMessage": "refused"},
        {"type": "step", "timestamp": "2024-03-10T10:00:00Z", "workflowId": format!("flow-of {ADA}"),
            "executionId": "named", "stepId": format!("mail {ADA}"), "stepName": format!("Mail to {ADA}"),
            "stepType": format!("mail/{ADA}"), "status": "failed", "errorType": format!("NoMailbox:{ADA}")},
    ]);
    let taken = cast.app.client_with("ingest key").post_events(&telling);
    assert_eq!(taken.json()["accepted"], 2, "{}", taken.text());
    let by = |dimension: &str, metric: &str| {
        json!({"metrics": [metric], "dimensions": [dimension],
            "range": {"from": "2024-03-01T00:00:00Z", "to": "2024-04-01T00:00:00Z"}})
    };
    let asked = [
        ("error_type", "errors"),
        ("error_step", "errors"),
        ("workflow", "executions"),
        ("step", "steps"),
        ("step_type", "steps"),
    ];
    for (dimension, metric) in asked {
        let answer = cast.reader.query(&by(dimension, metric));
        assert!(answer.to_string().contains(ADA), "{dimension}: {answer}");
    }
    cast.owner.anonymize(true);
    for (dimension, metric) in asked {
        let answer = cast.reader.query(&by(dimension, metric));
        assert!(!names_anybody(&answer.to_string()), "{dimension}: {answer}");
        let rows = answer["rows"].as_array().unwrap();
        let veiled = |row: &&Value| {
            row[dimension]
                .as_str()
                .is_some_and(|value| value.contains("u_"))
        };
        let row = rows
            .iter()
            .find(veiled)
            .unwrap_or_else(|| panic!("{dimension}: {answer}"));
        let mut filtered = by(dimension, metric);
        filtered["filters"] =
            json!([{"dimension": dimension, "op": "in", "values": [row[dimension]]}]);
        let found = cast.reader.query(&filtered);
        assert_eq!(found["rows"], json!([row]), "{dimension}: {found}");
    }
    for page in pages() {
        let shown = cast.read(&page);
        assert!(!names_anybody(&shown), "{page}: {shown}");
    }
    let detail = cast.read("/api/v1/executions/named");
    assert!(!names_anybody(&detail), "{detail}");
    assert!(
        detail.contains("Mail to u_") && detail.contains("Flow of u_"),
        "{detail}"
    );
}

#[test]
fn an_etag_from_another_view_of_users_does_not_match() {
    let cast = Cast::enter();
    let path = format!("/api/v1/executions?{RANGE}");
    let tag = |client: &Client| client.get(&path).send().header("etag").to_owned();
    let before = tag(&cast.reader);
    cast.owner.anonymize(true);
    assert_ne!(tag(&cast.reader), before);
    let again = cast
        .reader
        .get(&path)
        .header("if-none-match", before)
        .send();
    assert_eq!(again.status, 200);
}

#[test]
fn pseudonyms_stay_the_same_after_a_restart() {
    let mut cast = Cast::enter();
    cast.owner.anonymize(true);
    let before = users(&cast.reader.query(&by_user()));
    let key = cast.app.server().printed("read key");
    assert!(cast.app.stop().success());
    cast.app.start_again();
    let reader = cast.app.client().with_key(key.as_deref());
    let mut after = users(&reader.query(&by_user()));
    let mut before = before;
    before.sort();
    after.sort();
    assert_eq!(after, before);
}

#[test]
fn turning_pseudonyms_on_needs_a_permission_in_the_organisation() {
    let cast = Cast::enter();
    let wanted = json!({"anonymizeUsers": true});
    assert_eq!(cast.reader.get(SETTINGS).send().status, 403);
    let put = cast.reader.call(Method::PUT, SETTINGS).json(&wanted).send();
    assert_eq!(put.status, 403);
    assert_eq!(cast.owner.get(SETTINGS), r#"{"anonymizeUsers":false}"#);
    let wrong = cast
        .owner
        .call(Method::PUT, SETTINGS)
        .json(&json!({"anonymise": true}))
        .send();
    assert_eq!(wrong.status, 400);
    cast.owner.anonymize(true);
    let log = cast.owner.get("/api/v1/audit?action=privacy");
    assert!(log.contains(r#""after":{"anonymizeUsers":true}"#), "{log}");
}
