//! A change of prices continues after the server was killed.

use std::{thread, time::Duration};

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{TestApp, until};

use super::{assert_money, get};

const PATH: &str = "/api/v1/analytics/costs/prices";
const RANGE: &str = "from=2024-05-01T00:00:00Z&to=2024-06-01T00:00:00Z";
const DEADLINE: Duration = Duration::from_secs(60);
/// So many that restating them takes longer than noticing the change.
const POSTS: usize = 6;
const IN_A_POST: usize = 10_000;
/// The change is stored before costs follow, so most kills occur in between; at least one must.
const ROUNDS: i64 = 6;

fn costs(post: usize) -> Value {
    let cost = |number: usize| {
        json!({"type": "cost", "id": format!("{post}-{number}"), "workflowId": "w",
            "timestamp": format!("2024-05-{:02}T12:00:00Z", number % 28 + 1),
            "provider": "openai", "model": "m", "inputTokens": 1_000_000})
    };
    (0..IN_A_POST).map(cost).collect()
}

/// The version of the book, and whether stored costs have followed it.
fn standing(app: &TestApp) -> (i64, bool) {
    let book = get(app, PATH);
    let followed = !book["changes"][0]["restatedAt"].is_null();
    (book["version"].as_i64().unwrap(), followed)
}

#[test]
fn stored_costs_follow_a_change_of_prices_even_if_the_server_is_killed_in_between() {
    let mut app = TestApp::start();
    for post in 0..POSTS {
        app.take(&costs(post));
    }
    let mut interrupted = 0;
    for version in 1..=ROUNDS {
        let client = app.client().clone();
        let body = json!({"prices": [{"provider": "openai", "model": "m",
            "effectiveFrom": "2024-01-01T00:00:00Z", "inputPerMillion": version}]});
        let asking = thread::spawn(move || client.call(Method::PUT, PATH).json(&body).try_send());
        let followed = until("the change to be stored", DEADLINE, || {
            let (known, followed) = standing(&app);
            (known == version).then_some(followed)
        });
        app.kill();
        let answer = asking.join().unwrap();
        interrupted += usize::from(!followed && answer.is_err());
        app.start_again();
        until("stored costs to follow", DEADLINE, || {
            (standing(&app) == (version, true)).then_some(())
        });
        let found = get(&app, &format!("/api/v1/analytics/costs?{RANGE}"));
        let due = (POSTS * IN_A_POST) as f64 * version as f64;
        assert_money(&found["current"]["totalCost"], due, "after a kill");
    }
    assert!(
        interrupted > 0,
        "no kill occurred before costs had followed"
    );
    assert!(app.stop().success());
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
