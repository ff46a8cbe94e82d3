//! The price book: costs without an amount, and how a change of prices affects them.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, TestApp};

use super::{assert_money, get};
use crate::views::shape;

const PATH: &str = "/api/v1/analytics/costs/prices";
const RANGE: &str = "from=2024-05-01T00:00:00Z&to=2024-06-01T00:00:00Z";

fn put(app: &TestApp, body: &Value) -> Answer {
    app.client().call(Method::PUT, PATH).json(body).send()
}

fn price(model: Option<&str>, from: &str, rates: [f64; 2]) -> Value {
    json!({"provider": "openai", "model": model, "effectiveFrom": from,
        "inputPerMillion": rates[0], "outputPerMillion": rates[1]})
}

/// One price for every model, and one for `small` that changes on 11 May.
fn first() -> Vec<Value> {
    vec![
        price(None, "2024-01-01T00:00:00Z", [5.0, 15.0]),
        price(Some("small"), "2024-01-01T00:00:00Z", [0.5, 1.5]),
    ]
}

fn second() -> Vec<Value> {
    let mut prices = first();
    prices.push(price(Some("small"), "2024-05-11T00:00:00Z", [0.25, 1.0]));
    prices
}

/// A cost on every day of May: with an amount, for one of two models, or of another provider.
fn costs() -> Vec<Value> {
    (1..=31)
        .map(|day| {
            let mut cost = json!({"type": "cost", "id": format!("c{day}"), "workflowId": "w",
                "timestamp": format!("2024-05-{day:02}T12:00:00Z"), "inputTokens": 10_000 * day,
                "outputTokens": 1_000 * day, "provider": if day % 5 == 0 { "other" } else { "openai" },
                "model": if day % 2 == 0 { "small" } else { "large" }});
            if day % 7 == 0 {
                cost["dollarAmount"] = json!("0.125");
            }
            cost
        })
        .collect()
}

/// The amount of a cost, calculated from the rates of its model and day.
fn dollars(cost: &Value, changed: bool) -> f64 {
    if let Some(own) = cost["dollarAmount"].as_str() {
        return own.parse().unwrap();
    }
    let late = cost["timestamp"].as_str().unwrap() >= "2024-05-11";
    let (input, output) = match (cost["provider"].as_str(), cost["model"].as_str()) {
        (Some("other"), _) => (0.0, 0.0),
        (_, Some("small")) if late && changed => (0.25, 1.0),
        (_, Some("small")) => (0.5, 1.5),
        _ => (5.0, 15.0),
    };
    let tokens = |field: &str| cost[field].as_f64().unwrap();
    (tokens("inputTokens") * input + tokens("outputTokens") * output) / 1e6
}

fn total(app: &TestApp) -> Value {
    get(app, &format!("/api/v1/analytics/costs?{RANGE}"))["current"].clone()
}

fn due(changed: bool) -> f64 {
    costs().iter().map(|cost| dollars(cost, changed)).sum()
}

#[test]
fn costs_without_an_amount_are_priced_when_they_arrive() {
    let app = TestApp::start();
    let changed = put(&app, &json!({"prices": first()}));
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.json()["restatement"]["records"], 0);
    app.take(&costs().into());
    let found = total(&app);
    assert_money(&found["totalCost"], due(false), "from the price book");
    // Days 5, 10, ... 30 have a provider without prices; none of them has an amount.
    assert_eq!(
        (&found["records"], &found["unpricedRecords"]),
        (&json!(31), &json!(6))
    );
}

#[test]
fn a_change_of_prices_restates_stored_costs_and_reports_the_effect() {
    let mut app = TestApp::start();
    app.take(&costs().into());
    let own: f64 = 4.0 * 0.125;
    assert_money(&total(&app)["totalCost"], own, "without prices");

    assert_eq!(put(&app, &json!({"prices": first()})).status, 200);
    assert_money(
        &total(&app)["totalCost"],
        due(false),
        "after the first prices",
    );

    let body = json!({"prices": second(), "version": 1, "dryRun": true});
    let tried = put(&app, &body).json();
    assert_eq!(
        (&tried["dryRun"], &tried["version"]),
        (&json!(true), &json!(1))
    );
    assert_money(&total(&app)["totalCost"], due(false), "after a dry run");

    let changed = put(&app, &json!({"prices": second(), "version": 1}));
    assert_eq!(changed.status, 200, "{}", changed.text());
    let changed = changed.json();
    let moved: Vec<Value> = costs();
    let moved = moved
        .iter()
        .filter(|cost| dollars(cost, true) != dollars(cost, false));
    let (records, before, after) = moved.fold((0, 0.0, 0.0), |(records, before, after), cost| {
        (
            records + 1,
            before + dollars(cost, false),
            after + dollars(cost, true),
        )
    });
    let restatement = &changed["restatement"];
    assert_eq!(
        (&restatement["records"], records > 5),
        (&json!(records), true)
    );
    assert_eq!(restatement, &tried["restatement"], "as in the dry run");
    assert_money(&restatement["amountBefore"], before, "before");
    assert_money(&restatement["amountAfter"], after, "after");
    assert_money(
        &total(&app)["totalCost"],
        due(true),
        "after the second prices",
    );
    let by_model = get(
        &app,
        &format!("/api/v1/analytics/costs/breakdown?{RANGE}&by=model"),
    );
    let small: f64 = costs()
        .iter()
        .filter(|c| c["model"] == "small")
        .map(|c| dollars(c, true))
        .sum();
    let rows = by_model["breakdown"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"] == "small").unwrap();
    assert_money(&row["totalCost"], small, "small");

    let book = get(&app, PATH);
    assert_eq!(book["version"], 2);
    let changes: Vec<_> = book["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["version"])
        .collect();
    assert_eq!(changes, [2, 1]);
    assert_eq!(book["changes"][0]["restatement"], *restatement);
    insta::assert_json_snapshot!("prices", shape(&book));
    insta::assert_json_snapshot!("prices_changed", shape(&changed));

    let log = get(&app, "/api/v1/audit?kind=change&limit=3");
    let entries = log["entries"].as_array().unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| &entry["action"]).collect();
    assert_eq!(
        actions,
        ["costs.restated", "prices.changed", "costs.restated"]
    );
    assert_eq!(entries[0]["detail"]["records"], records);
    assert!(
        entries[1]["actor"].as_str().unwrap().starts_with("key:"),
        "{log}"
    );
    let next = log["nextCursor"].as_str().unwrap();
    let rest = get(&app, &format!("/api/v1/audit?kind=change&cursor={next}"));
    assert_eq!(rest["entries"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&rest["entries"][0]["action"], &rest["nextCursor"]),
        (&json!("prices.changed"), &Value::Null)
    );
    assert_eq!(app.get("/api/v1/audit?cursor=x").status, 400);
    insta::assert_json_snapshot!("audit", shape(&log));

    assert!(app.stop().success());
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    app.start_again();
    assert_money(&total(&app)["totalCost"], due(true), "after a restart");
}

#[test]
fn a_change_based_on_an_outdated_price_book_is_refused() {
    let app = TestApp::start();
    assert_eq!(put(&app, &json!({"prices": first()})).json()["version"], 1);
    let late = put(&app, &json!({"prices": second(), "version": 0}));
    assert_eq!(
        (late.status, late.code().as_str()),
        (409, "changed_meanwhile"),
        "{}",
        late.text()
    );
    assert_eq!(get(&app, PATH)["prices"].as_array().unwrap().len(), 2);
    let wrong = put(
        &app,
        &json!({"prices": [{"provider": "openai", "effectiveFrom": "now", "perCall": 1}]}),
    );
    assert_eq!(
        (wrong.status, &wrong.json()["field"]),
        (400, &json!("prices[0].effectiveFrom"))
    );
    let kept = get(&app, PATH);
    let again = put(&app, &json!({"prices": kept["prices"], "version": 1})).json();
    assert_eq!(
        again["prices"], kept["prices"],
        "an unchanged price keeps its id"
    );
}

#[test]
fn changing_prices_and_budgets_needs_a_permission() {
    let app = TestApp::with_own_keys();
    let read = app.client_with("read key");
    for (path, body) in [
        (PATH, json!({"prices": first()})),
        ("/api/v1/analytics/costs/budgets", json!({"budgets": []})),
    ] {
        assert_eq!(read.get(path).send().status, 200, "{path}");
        let refused = read.call(Method::PUT, path).json(&body).send();
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "missing_scope"),
            "{path}"
        );
        assert_eq!(app.client().get(path).send().status, 401, "{path}");
    }
    assert_eq!(read.get("/api/v1/audit").send().status, 403);
}
