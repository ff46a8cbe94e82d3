//! How the server fares, for who runs it.

use serde_json::{Value, json};
use weir_e2e::{Client, TestApp, events};

use super::{join, refusal, refused, strangers::stranger};

const PATH: &str = "/api/v1/server";

fn runs(count: u32) -> Value {
    let now = events::now();
    let run = |number: u32| {
        let mut run = events::execution("shared", &format!("run-{number}"), "completed", "");
        run["timestamp"] = json!(now - i64::from(number));
        run
    };
    (0..count).map(run).collect()
}

fn shown(client: &Client) -> Value {
    let answer = client.get(PATH).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[test]
fn only_the_owners_of_the_first_organisation_see_how_the_server_fares() {
    let app = TestApp::start();
    let owner = app.owner();
    let admin = join(&app, &owner, "ada@example.com", &json!({"role": "admin"}));
    let (second_owner, _) = stranger(&app);
    assert_eq!(shown(&owner)["people"], 3);
    for (client, code) in [
        (&admin, "missing_permission"),
        (&second_owner, "missing_permission"),
        (app.client(), "missing_scope"),
    ] {
        assert_eq!(refusal(&client.get(PATH).send()), refused(403, code));
    }
    let permissions =
        |client: &Client| client.get("/api/v1/session").send().json()["permissions"].clone();
    let operates = |client: &Client| {
        let held = permissions(client);
        held.as_array().unwrap().contains(&json!("operate_server"))
    };
    assert!(operates(&owner) && !operates(&admin) && !operates(&second_owner));
    for days in ["0", "366", "x"] {
        let answer = owner.get(&format!("{PATH}?days={days}")).send();
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (400, &json!("days")),
            "{days}"
        );
    }
}

#[test]
fn the_server_notes_what_it_stored_and_who_uses_it() {
    let mut app = TestApp::start();
    app.owner();
    let (_, second) = stranger(&app);
    app.take(&runs(30));
    let answer = second.post_events(&runs(10));
    assert_eq!(answer.json()["accepted"], 10, "{}", answer.text());
    // What happened since the last note is noted when the server stops.
    app.stop();
    app.start_again();
    let owner = app.owner();
    let view = weir_e2e::until(
        "the events are summed",
        std::time::Duration::from_secs(60),
        || {
            let view = shown(&owner);
            (view["organisations"][1]["events"] == 10).then_some(view)
        },
    );
    let organisations = view["organisations"].as_array().unwrap();
    assert_eq!(organisations.len(), 2);
    assert_eq!(
        (&organisations[0]["events"], &organisations[0]["sharePct"]),
        (&json!(30), &json!(75.0))
    );
    assert_eq!(organisations[1]["name"], "Second");
    assert_eq!(view["other"], Value::Null);
    let total = |field: &str| -> u64 {
        let days = view["days"].as_array().unwrap().iter();
        days.map(|day| day[field].as_u64().unwrap()).sum()
    };
    assert_eq!(
        (total("events"), total("posts"), total("failed")),
        (40, 2, 0)
    );
    assert!(total("requests") > 0 && total("bytes") > 0);
    let level = |kind: &str| {
        let levels = view["levels"].as_array().unwrap();
        levels
            .iter()
            .find(|level| level["kind"] == kind)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&level("ingest")["good"], &level("ingest")["total"]),
        (&json!(2), &json!(2))
    );
    // Two posts are too few to say whether 99.9 % are good.
    assert_eq!(level("ingest")["met"], Value::Null);
    assert_eq!(view["storage"]["growthPerDay"], Value::Null);
    assert!(view["storage"]["freeBytes"].as_u64() > Some(0));
    assert_eq!(view["advice"], json!([]));
    // Nothing of what other organisations store.
    assert!(!view.to_string().contains("shared") && !view.to_string().contains("run-"));
}
