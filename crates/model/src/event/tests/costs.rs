//! Costs: tokens and their parts, money, and fields that are ignored.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{NOW, decode, decoder, event};
use crate::event::{CostEvent, EventKind};

/// A valid cost with some fields changed.
fn cost(changes: Value) -> CostEvent {
    match decode(&event("cost", changes)).expect("a good cost").kind {
        EventKind::Cost(cost) => cost,
        other => panic!("{other:?}"),
    }
}

#[test]
fn counts_include_their_parts_however_they_were_counted() {
    let input = |changes: Value| cost(changes).input_tokens;
    assert_eq!(input(json!({"inputTokens": 10})), Some(10));
    assert_eq!(
        input(json!({"inputTokens": 10, "cacheReadTokens": 4, "cacheWriteTokens": 1})),
        Some(10)
    );
    assert_eq!(
        input(
            json!({"input_tokens": 10, "cache_read_tokens": 4, "cache_write_tokens": 1,
            "input_includes_cache": false})
        ),
        Some(15)
    );
    assert_eq!(input(json!({"cacheReadTokens": 4})), Some(4));
    assert_eq!(
        input(json!({"inputTokens": 3, "cacheReadTokens": 4})),
        Some(4),
        "never less than its parts"
    );
    let output = |changes: Value| cost(changes).output_tokens;
    assert_eq!(
        output(json!({"outputTokens": 5, "reasoningTokens": 2})),
        Some(5)
    );
    assert_eq!(
        output(json!({"outputTokens": 5, "reasoningTokens": 2, "outputIncludesReasoning": false})),
        Some(7)
    );
}

#[test]
fn money_is_in_dollars_or_in_the_given_currency() {
    let money = |changes: Value| {
        let cost = cost(changes);
        let foreign = cost
            .foreign
            .map(|foreign| (foreign.amount.to_string(), foreign.currency));
        (cost.dollar_amount.map(|amount| amount.to_string()), foreign)
    };
    let five = || Some("5".to_owned());
    assert_eq!(money(json!({"dollarAmount": 5})), (five(), None));
    assert_eq!(
        money(json!({"amount": 5, "currency": "usd"})),
        (five(), None)
    );
    assert_eq!(
        money(json!({"dollarAmount": 5, "currency": "eur"})),
        (None, Some(("5".to_owned(), "EUR".to_owned())))
    );
    assert_eq!(money(json!({"currency": "EUR"})), (None, None));
    for (changes, field) in [
        (json!({"currency": "euro"}), "currency"),
        (json!({"amount": 1, "dollarAmount": 2}), "amount"),
        (json!({"units": -1}), "units"),
        (json!({"cacheReadTokens": -1}), "cacheReadTokens"),
        (json!({"reasoningTokens": "many"}), "reasoningTokens"),
    ] {
        let error = decode(&event("cost", changes.clone())).expect_err("a bad cost");
        assert_eq!(error.field.as_deref(), Some(field), "{changes}");
    }
}

#[test]
fn ignored_fields_that_look_like_money_or_tokens_are_reported() {
    let ignored = |event_type: &str, changes: Value| {
        let json = event(event_type, changes).to_string();
        let read = decoder().read(json.as_bytes(), &Arc::from("http"), NOW);
        read.expect("a good event").ignored
    };
    assert_eq!(
        ignored(
            "cost",
            json!({"cachedTokens": 5, "cost_usd": {"a": [1]}, "provider": "p", "colour": "red",
                "inputTokens": 1, "prompt_tokens": null})
        ),
        ["cachedTokens", "cost_usd", "prompt_tokens"]
    );
    assert_eq!(
        ignored(
            "step",
            json!({"inputTokens": 1, "dollarAmount": 2, "creditsUsed": 1})
        ),
        ["inputTokens", "dollarAmount"]
    );
    assert_eq!(ignored("cost", json!({"creditsUsed": 1})), ["creditsUsed"]);
    assert!(ignored("goal", json!({"value": 1, "metadata": {"cost": 1}})).is_empty());
    let many: serde_json::Map<String, Value> = (0..100)
        .map(|number| (format!("{}tokens{number}", "x".repeat(100)), json!(1)))
        .collect();
    let named = ignored("cost", Value::Object(many));
    assert_eq!(
        (named.len(), named[0].len()),
        (8, 64),
        "at most a few, shortened"
    );
}
