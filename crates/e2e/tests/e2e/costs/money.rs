//! How money is calculated: cached tokens, tiers, other currencies, sums and their parts, and the starter
//! price book.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::TestApp;

use super::{assert_money, get};

const PRICES: &str = "/api/v1/analytics/costs/prices";
const STARTER: &str = "/api/v1/analytics/costs/prices/starter";
const RANGE: &str = "from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z";

/// Two calls of models whose prices have rates for cached tokens and long prompts.
fn calls() -> Value {
    json!([
        {"type": "cost", "id": "1", "timestamp": "2026-11-01T00:00:00Z", "provider": "p", "model": "m",
            "inputTokens": 20212, "cacheReadTokens": 16298, "outputTokens": 931},
        {"type": "cost", "id": "2", "timestamp": "2026-11-01T00:00:00Z", "provider": "p", "model": "big",
            "inputTokens": 250000, "outputTokens": 2000},
    ])
}

fn book() -> Value {
    json!({"prices": [
        {"provider": "p", "model": "m", "effectiveFrom": "2026-01-01T00:00:00Z",
            "inputPerMillion": 0.5, "cacheReadPerMillion": 0.05, "outputPerMillion": 3},
        {"provider": "p", "model": "big", "effectiveFrom": "2026-01-01T00:00:00Z",
            "inputPerMillion": 3, "outputPerMillion": 15,
            "tiers": [{"abovePromptTokens": 200_000, "inputPerMillion": 6, "outputPerMillion": 22.5}]},
    ]})
}

fn put(app: &TestApp, body: &Value) -> Value {
    let answer = app.client().call(Method::PUT, PRICES).json(body).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn cost_of(app: &TestApp, model: &str) -> Value {
    let found = app.query(&json!({"metrics": ["cost"], "dimensions": ["model"],
        "range": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}}));
    let rows = found["rows"].as_array().expect("rows").iter();
    let row = rows.clone().find(|row| row["model"] == model);
    row.unwrap_or_else(|| panic!("{model}: {found}"))["cost"].clone()
}

#[test]
fn cached_tokens_and_long_prompts_have_their_own_rates_whenever_prices_are_set() {
    for book_first in [true, false] {
        let app = TestApp::start();
        if book_first {
            put(&app, &book());
        }
        app.take(&calls());
        if !book_first {
            assert_eq!(put(&app, &book())["restatement"]["records"], 2);
        }
        assert_money(&cost_of(&app, "m"), 0.005_564_9, "cached tokens");
        assert_money(&cost_of(&app, "big"), 1.545, "a long prompt");
        let totals = get(&app, &format!("/api/v1/analytics/costs?{RANGE}"))["current"].clone();
        assert_eq!(totals["unpricedRecords"], 0);
        assert_eq!(totals["inputTokens"], 270_212);
        assert_eq!(totals["cacheReadTokens"], 16_298);
    }
}

#[test]
fn a_counter_without_cached_tokens_gives_the_same_cost() {
    let app = TestApp::start();
    put(&app, &book());
    app.take(&json!([{"type": "cost", "timestamp": "2026-11-01T00:00:00Z", "provider": "p", "model": "m",
        "inputTokens": 3914, "cacheReadTokens": 16298, "outputTokens": 931, "inputIncludesCache": false}]));
    assert_money(&cost_of(&app, "m"), 0.005_564_9, "separate counts");
    let found = app.query(&json!({"metrics": ["input_tokens", "cached_token_rate"],
        "range": {"from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z"}}));
    assert_eq!(found["rows"][0]["input_tokens"], 20_212, "{found}");
    assert_money(
        &found["rows"][0]["cached_token_rate"],
        100.0 * 16_298.0 / 20_212.0,
        "rate",
    );
}

#[test]
fn other_currencies_are_converted_at_the_rate_of_their_day() {
    let app = TestApp::start();
    app.take(&json!([
        {"type": "cost", "timestamp": "2026-11-01T00:00:00Z", "model": "own", "amount": "10", "currency": "EUR"},
        {"type": "cost", "timestamp": "2026-11-01T00:00:00Z", "model": "images", "provider": "p", "units": 3, "unit": "image"},
    ]));
    let mut euros = json!({"prices": [{"provider": "p", "effectiveFrom": "2026-01-01T00:00:00Z",
        "currency": "EUR", "perUnit": 0.05, "unit": "image"}]});
    let refused = app.client().call(Method::PUT, PRICES).json(&euros).send();
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(refused.json()["field"], "prices[0].currency");
    euros["exchangeRates"] = json!([
        {"currency": "EUR", "effectiveFrom": "2026-01-01T00:00:00Z", "dollars": 1.1},
        {"currency": "EUR", "effectiveFrom": "2026-12-01T00:00:00Z", "dollars": 2.0},
    ]);
    put(&app, &euros);
    assert_money(&cost_of(&app, "own"), 11.0, "a reported amount");
    assert_money(&cost_of(&app, "images"), 0.165, "from the price book");
    let held = get(&app, PRICES);
    assert_eq!(held["exchangeRates"], euros["exchangeRates"]);
    let again = put(&app, &json!({"prices": held["prices"]}));
    assert_eq!(
        again["prices"], held["prices"],
        "a price book can be read and sent back"
    );
    assert_eq!(get(&app, PRICES)["exchangeRates"], euros["exchangeRates"]);
}

#[test]
fn a_cost_that_is_the_sum_of_others_counts_once_everywhere() {
    let app = TestApp::start();
    let at = "2026-11-01T10:00:00Z";
    let call = |id: &str, amount: &str| {
        json!({"type": "cost", "id": id, "timestamp": at, "executionId": "x", "workflowId": "w",
            "dollarAmount": amount, "inputTokens": 100, "cacheReadTokens": 10, "partOf": "span"})
    };
    app.take(&json!([call("a", "0.40")]));
    app.take(&json!([
        {"type": "execution", "executionId": "x", "workflowId": "w", "status": "failed", "timestamp": at, "duration": 5},
        {"type": "cost", "id": "span", "timestamp": at, "executionId": "x", "workflowId": "w",
            "dollarAmount": "1.00", "inputTokens": 200, "cacheReadTokens": 20,
            "outputTokens": 7, "reasoningTokens": 5},
    ]));
    app.take(&json!([call("b", "0.60")]));
    let totals = get(&app, &format!("/api/v1/analytics/costs?{RANGE}"))["current"].clone();
    assert_money(&totals["totalCost"], 1.0, "costs");
    assert_eq!(
        (&totals["inputTokens"], &totals["records"]),
        (&json!(200), &json!(3))
    );
    let waste = get(&app, &format!("/api/v1/analytics/costs?{RANGE}"))["waste"].clone();
    assert_money(&waste["failed"]["cost"], 1.0, &format!("waste: {waste}"));
    let detail = get(&app, "/api/v1/executions/x");
    assert_money(&detail["costs"]["totalCost"], 1.0, "the execution");
    assert_eq!(detail["costs"]["inputTokens"], 200);
    let items = detail["costs"]["items"].as_array().expect("items");
    let parts = items.iter().filter(|item| item["partOf"] == "span");
    assert_eq!((items.len(), parts.count()), (3, 2));
    let ids: Vec<&str> = items
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect();
    assert_eq!(ids, ["a", "b", "span"], "`partOf` refers to one of them");
    let kinds = ["cacheReadTokens", "cacheWriteTokens", "reasoningTokens"];
    assert_eq!(kinds.map(|kind| &detail["costs"][kind]), [20, 0, 5]);
}

#[test]
fn ignored_fields_that_look_like_money_or_tokens_are_listed_in_the_response() {
    let app = TestApp::start();
    let cost = json!({"type": "cost", "timestamp": "2026-11-01T00:00:00Z", "cached_input_tokens": 5,
        "costUsd": 1, "colour": "red"});
    let step = json!({"type": "step", "timestamp": "2026-11-01T00:00:00Z", "executionId": "x",
        "stepId": "s", "status": "completed", "inputTokens": 5});
    let mut second = cost.clone();
    second["timestamp"] = json!("2026-11-01T00:00:01Z");
    let answer = app.post_events(&json!([cost, step, second]));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    assert_eq!(answer["accepted"], 3);
    let expected = json!([
        {"field": "cached_input_tokens", "events": 2, "index": 0},
        {"field": "costUsd", "events": 2, "index": 0},
        {"field": "inputTokens", "events": 1, "index": 1},
    ]);
    assert_eq!(answer["ignoredFields"], expected, "{answer}");
    let silent = app.post_events(&calls()).json();
    assert_eq!(silent.get("ignoredFields"), None, "{silent}");
}

#[test]
fn the_starter_price_book_can_be_adopted_and_keeps_existing_prices() {
    let app = TestApp::start();
    let offered = get(&app, STARTER);
    let prices = offered["prices"].as_array().expect("prices").clone();
    assert_eq!(offered["toAdd"], prices.len());
    assert!(
        get(&app, PRICES)["prices"]
            .as_array()
            .expect("prices")
            .is_empty()
    );
    let first = &prices[0];
    let own = json!({"prices": [{"provider": first["provider"], "model": first["model"],
        "effectiveFrom": "2026-01-01T00:00:00Z", "inputPerMillion": 7}]});
    put(&app, &own);
    let second = &prices[1];
    app.take(&json!([{"type": "cost", "timestamp": "2026-11-01T00:00:00Z", "provider": second["provider"],
        "model": second["model"], "inputTokens": 1_000_000}]));

    let adopt = |body: &Value| {
        let answer = app.client().call(Method::POST, STARTER).json(body).send();
        (answer.status, answer.json())
    };
    let (status, tried) = adopt(&json!({"dryRun": true}));
    assert_eq!(
        (status, &tried["restatement"]["records"]),
        (200, &json!(1)),
        "{tried}"
    );
    assert_eq!(get(&app, PRICES)["version"], 1);
    let (status, adopted) = adopt(&json!({"effectiveFrom": "2026-10-01T00:00:00Z"}));
    assert_eq!((status, &adopted["version"]), (200, &json!(2)), "{adopted}");
    let book = get(&app, PRICES);
    let held = book["prices"].as_array().expect("prices");
    assert_eq!(held.len(), prices.len());
    let kept = held
        .iter()
        .find(|p| p["provider"] == first["provider"] && p["model"] == first["model"]);
    assert_eq!(kept.expect("it is kept")["inputPerMillion"], 7.0);
    let model = second["model"].as_str().expect("a model");
    let due = second["inputPerMillion"].as_f64().expect("a rate");
    assert_money(&cost_of(&app, model), due, "stored costs follow");
    assert_eq!(get(&app, STARTER)["toAdd"], 0);
    assert_eq!(adopt(&json!({})).1["version"], 2, "nothing is left to add");
    assert_eq!(adopt(&json!({"providers": ["nobody"]})).0, 400);
    let log = get(
        &app,
        "/api/v1/audit?kind=change&action=prices.starter_adopted",
    );
    let entries = log["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 1, "{log}");
    assert_eq!(entries[0]["detail"]["added"], prices.len() - 1);
}

#[test]
fn adopting_the_starter_price_book_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let read = app.client_with("read key");
    assert_eq!(read.get(STARTER).send().status, 200);
    let refused = read.call(Method::POST, STARTER).json(&json!({})).send();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "missing_scope")
    );
    assert_eq!(app.client().get(STARTER).send().status, 401);
}
