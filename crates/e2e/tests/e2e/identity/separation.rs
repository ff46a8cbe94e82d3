//! What one organisation leaves on the server (cached answers, cursors, positions in streams, exports,
//! ids of events) reveals nothing to another that presents it.

use serde_json::{Value, json};
use weir_e2e::{Client, TestApp, events};

use super::{project, strangers::stranger};

const AT: &str = "2026-01-05T10:00:00Z";

/// Two organisations with runs of the same workflow and the same ids: three of the first, one of the second.
struct Two {
    app: TestApp,
    owner: Client,
    first: Client,
    second: Client,
}

fn runs(of: &str, count: u32) -> Value {
    let run = |number: u32| {
        let id = format!("run-{number}");
        let run = events::execution("shared", &id, "completed", AT);
        // Both events have the same id; they must not be duplicates of each other.
        events::with(
            run,
            json!({"id": format!("event-{number}"), "userId": format!("user-of-{of}")}),
        )
    };
    (0..count).map(run).collect()
}

fn two() -> Two {
    let app = TestApp::start();
    let owner = app.owner();
    let (_, second) = stranger(&app);
    app.take(&runs("first", 3));
    let answer = second.post_events(&runs("second", 1));
    assert_eq!(answer.json()["accepted"], 1, "{}", answer.text());
    let first = app.client().clone();
    Two {
        app,
        owner,
        first,
        second,
    }
}

fn tenant(client: &Client) -> String {
    let projects = client.get("/api/v1/projects").send().json();
    let id = projects["projects"][0]["tenant"]["id"].as_str();
    id.expect("a project has a tenant").to_owned()
}

#[test]
fn an_answer_cached_for_one_organisation_is_not_returned_to_another() {
    let two = two();
    let question = json!({"metrics": ["executions", "users"], "range": {"all": true}});
    let list = "/api/v1/executions?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z";
    let first = two.first.get(list).send();
    for _ in 0..2 {
        assert_eq!(two.first.query(&question)["rows"][0]["executions"], 3);
        assert_eq!(two.second.query(&question)["rows"][0]["executions"], 1);
    }
    // The ETag of one organisation's answer does not match for the other either.
    let tag = first.header("etag").to_owned();
    let second = two.second.get(list).header("if-none-match", tag).send();
    assert_eq!(second.status, 200);
    assert!(
        !second.text().contains("user-of-first"),
        "{}",
        second.text()
    );
    assert!(
        second.text().contains("user-of-second"),
        "{}",
        second.text()
    );
}

#[test]
fn a_cursor_gives_no_access_to_the_list_of_another_organisation() {
    let two = two();
    for list in [
        "/api/v1/executions?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z&limit=1",
        "/api/v1/audit?limit=1",
    ] {
        if list.contains("audit") {
            let key = json!({"name": "one more", "scopes": ["read"]});
            for _ in 0..2 {
                let made = two.owner.post("/api/v1/api-keys").json(&key).send();
                assert_eq!(made.status, 201, "{}", made.text());
            }
        }
        let page = two.first.get(list).send().json();
        let cursor = page["nextCursor"].as_str().expect("there is more");
        let brought = two.second.get(&format!("{list}&cursor={cursor}")).send();
        let text = brought.text();
        assert!([200, 400].contains(&brought.status), "{text}");
        assert!(
            !text.contains("user-of-first") && !text.contains("one more"),
            "{text}"
        );
    }
}

#[test]
fn a_position_in_a_stream_gives_no_access_to_another_organisation() {
    let two = two();
    let stream = |client: &Client, tenant: &str, last: Option<&str>| {
        let path = format!("/api/v1/sse/counts/{tenant}");
        client.get(&path).follow(last)
    };
    let (first, second) = (tenant(&two.first), tenant(&two.second));
    let mut own = stream(&two.first, &first, None).expect("the first follows its own");
    let place = own.next_of("counts.update").id;
    let refused = stream(&two.second, &first, Some(&place)).err();
    assert_eq!(refused.expect("it is not the second's").status, 404);

    // From the position of the first on, the second sees only its own executions.
    two.app.take(&json!([events::execution(
        "shared",
        "late-of-first",
        "completed",
        AT
    )]));
    two.second.post_events(&json!([events::execution(
        "shared",
        "late-of-second",
        "completed",
        AT
    )]));
    let mut other = stream(&two.second, &second, Some(&place)).expect("the second follows its own");
    loop {
        let news = other.next_of("execution.completed");
        let text = news.data.to_string();
        assert!(!text.contains("first"), "{text}");
        if text.contains("late-of-second") {
            break;
        }
    }
}

#[test]
fn positions_and_etags_do_not_reveal_what_another_organisation_sends() {
    let two = two();
    let path = format!("/api/v1/sse/counts/{}", tenant(&two.second));
    let list = "/api/v1/executions?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z";
    let seen = || {
        let poll = two.second.get(&path).header("accept", "application/json");
        let place = poll.send().json()["id"].as_str().map(str::to_owned);
        let tag = two.second.get(list).send().header("etag").to_owned();
        (place.expect("a poll returns its position"), tag)
    };
    let before = seen();
    for number in 0..3 {
        let late = format!("late-of-first-{number}");
        let run = events::execution("shared", &late, "completed", AT);
        two.app.take(&json!([run]));
    }
    assert_eq!(seen(), before);
    two.second.post_events(&json!([events::execution(
        "shared",
        "late-of-second",
        "completed",
        AT
    )]));
    let after = seen();
    assert!(after.0 != before.0 && after.1 != before.1);
    // Nor does it reveal how much was sent in between.
    for word in [&before.0, &before.1, &after.0, &after.1] {
        let value = word.trim_start_matches("W/").trim_matches('"');
        assert!(
            value.len() >= 22 && value.parse::<u128>().is_err(),
            "{word}"
        );
    }
}

#[test]
fn an_export_contains_only_data_of_the_callers_organisation() {
    let two = two();
    let owner = &two.owner;
    let key = json!({"name": "named by the first", "scopes": ["read"]});
    let made = owner.post("/api/v1/api-keys").json(&key).send();
    assert_eq!(made.status, 201, "{}", made.text());
    for format in ["csv", "ndjson"] {
        let path = format!("/api/v1/audit/export?format={format}");
        let (mine, others) = (owner.get(&path).send(), two.second.get(&path).send());
        assert_eq!(
            (mine.status, others.status),
            (200, 200),
            "{}",
            others.text()
        );
        assert!(
            mine.text().contains("named by the first"),
            "{}",
            mine.text()
        );
        assert!(
            !others.text().contains("named by the first"),
            "{}",
            others.text()
        );
        let of_another = format!("{path}&projectId={}", project(&two.first));
        assert_eq!(two.second.get(&of_another).send().status, 404);
    }
}
