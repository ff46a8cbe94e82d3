//! What one organisation leaves behind on the server — answers kept, cursors, places in streams, exports,
//! ids of events — says nothing to another that brings it.

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
        // The same id of the event on both sides: it is no duplicate of the other's.
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
fn an_answer_that_was_kept_for_one_is_not_given_to_the_other() {
    let two = two();
    let question = json!({"metrics": ["executions", "users"], "range": {"all": true}});
    let list = "/api/v1/executions?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z";
    let first = two.first.get(list).send();
    for _ in 0..2 {
        assert_eq!(two.first.query(&question)["rows"][0]["executions"], 3);
        assert_eq!(two.second.query(&question)["rows"][0]["executions"], 1);
    }
    // Nor does the tag of one's answer tell the other that it has it.
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
fn a_cursor_leads_nobody_into_the_list_of_another() {
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
fn the_place_in_a_stream_of_one_shows_the_other_nothing_of_it() {
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

    // From the place of the first on, the second sees what ends on its own side alone.
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
        let told = news.data.to_string();
        assert!(!told.contains("first"), "{told}");
        if told.contains("late-of-second") {
            break;
        }
    }
}

#[test]
fn what_one_sends_does_not_show_in_places_and_tags_of_the_other() {
    let two = two();
    let path = format!("/api/v1/sse/counts/{}", tenant(&two.second));
    let list = "/api/v1/executions?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z";
    let seen = || {
        let poll = two.second.get(&path).header("accept", "application/json");
        let place = poll.send().json()["id"].as_str().map(str::to_owned);
        let tag = two.second.get(list).send().header("etag").to_owned();
        (place.expect("a poll names its place"), tag)
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
    // Nor does it tell how much was sent in between.
    let number = |text: &str| {
        text.trim_matches(|c: char| !c.is_ascii_digit())
            .parse::<u64>()
    };
    for word in [&before.0, &before.1, &after.0, &after.1] {
        assert!(number(word).is_err() && word.len() >= 22, "{word}");
    }
}

#[test]
fn an_export_holds_what_is_of_the_asker_alone() {
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
