//! Prices that change: stored costs follow, whatever else is stored.

use serde_json::{Value, json};
use std::sync::Arc;
use weir_model::{
    Decimal, Event, EventKind, FixedClock, Scope, Timestamp,
    cube::Family,
    price::{ExchangeRate, Price, PriceBook, PriceTerms, Tier, TokenRates, USD},
    time::{DAY, HOUR},
};

use crate::conformance::{Adapter, NOW, assert_verified, commit, events, figures, scope};
use crate::{EventStore, Restated, Submission};

fn price(id: &str, model: Option<&str>, from: i64, rates: [&str; 3]) -> Price {
    let [input, output, per_call] = rates.map(Decimal::parse);
    let terms = PriceTerms {
        provider: "openai".to_owned(),
        model: model.map(str::to_owned),
        from: Timestamp(from),
        currency: USD.to_owned(),
        tokens: TokenRates {
            input,
            output,
            ..TokenRates::default()
        },
        per_call,
        per_unit: None,
        unit: None,
        tiers: Vec::new(),
    };
    terms.with_id(Arc::from(id))
}

/// Prices with every property that a price can have: one for every model, and several for two of them.
fn prices() -> Vec<Price> {
    let mut any = price("any", None, NOW.0 - 20 * DAY, ["2.5", "10", ""]);
    any.terms.per_unit = Decimal::parse("0.0000000333");
    any.terms.unit = Some("second".to_owned());
    let mut new = price("m1-new", Some("m1"), NOW.0 - DAY, ["0.30", "0.7777777", ""]);
    new.terms.tokens.cache_read = Decimal::parse("0.0333333");
    new.terms.tokens.reasoning = Decimal::parse("1.1");
    let mut tiered = price("m2", Some("m2"), NOW.0 - 30 * DAY, ["3", "15", ""]);
    tiered.terms.currency = "EUR".to_owned();
    tiered.terms.tokens.cache_write = Decimal::parse("3.75");
    tiered.terms.per_unit = Decimal::parse("0.04");
    let tier = |above: i64, input: &str, output: &str| Tier {
        above_prompt_tokens: above,
        rates: TokenRates {
            input: Decimal::parse(input),
            output: Decimal::parse(output),
            cache_read: Decimal::parse("0.6"),
            ..TokenRates::default()
        },
    };
    tiered.terms.tiers = vec![tier(200_000, "6", "22.5"), tier(20_000_000, "7", "")];
    vec![
        any,
        price("m1-old", Some("m1"), NOW.0 - 3 * DAY, ["0.15", "", "0.001"]),
        new,
        tiered,
    ]
}

fn exchange_rates() -> Vec<ExchangeRate> {
    let rate = |currency: &str, days: i64, dollars: &str| ExchangeRate {
        currency: currency.to_owned(),
        from: Timestamp(NOW.0 - days * DAY),
        dollars: Decimal::parse(dollars).expect("a decimal"),
    };
    vec![
        rate("EUR", 25, "1.0999999"),
        rate("EUR", 5, "1.2"),
        rate("JPY", 12, "0.0066666667"),
    ]
}

fn book() -> PriceBook {
    PriceBook::new(prices(), exchange_rates())
}

/// 120 costs over 60 days: some with an amount, in several currencies; some without tokens, without a model,
/// or from a provider without prices; some with cached tokens, reasoning or units, and at the limits of
/// tiers.
fn costs() -> Vec<Event> {
    let cost = |number: i64| -> Value {
        let provider = ["openai", "OpenAI", "openai", "other"][number as usize % 4];
        let model = [json!("m1"), json!("m2"), Value::Null][number as usize % 3].clone();
        let mut cost = json!({"type": "cost", "id": format!("c{number}"), "workflowId": format!("w{}", number % 2),
            "provider": provider, "model": model, "timestamp": NOW.0 - number * 12 * HOUR - 1});
        if number % 5 != 0 {
            cost["inputTokens"] = json!(match number % 10 {
                1 => 200_000,
                2 => 200_001,
                3 => 3,
                _ => 1_234_567 * number,
            });
            cost["outputTokens"] = json!(890 * number);
        }
        if number % 2 == 0 {
            cost["cacheReadTokens"] = json!(1_001 * number);
            cost["cacheWriteTokens"] = json!(number);
            cost["inputIncludesCache"] = json!(number % 4 == 0);
        }
        if number % 9 == 0 {
            cost["reasoningTokens"] = json!(77 * number);
            cost["outputIncludesReasoning"] = json!(number % 2 == 0);
        }
        if number % 6 == 0 {
            cost["units"] = json!(format!("{number}.123456789"));
            cost["unit"] = json!(if number % 4 == 0 { "second" } else { "image" });
        }
        if number % 7 == 0 {
            cost["apiCalls"] = json!(number);
        }
        match number % 16 {
            8 => cost["dollarAmount"] = json!("0.5"),
            0 => {
                cost["amount"] = json!(format!("-{number}.000000005"));
                cost["currency"] = json!(if number % 32 == 0 { "EUR" } else { "jpy" });
            }
            _ => {}
        }
        cost
    };
    events(&(0..120).map(cost).collect::<Vec<_>>())
}

fn amount(event: &Event) -> Option<Decimal> {
    match &event.kind {
        EventKind::Cost(cost) => cost.dollar_amount,
        _ => None,
    }
}

/// The costs as the intake prices them by a book, and how they differ from those before.
fn priced(book: &PriceBook, before: &[Event]) -> (Vec<Event>, Restated) {
    let mut after = costs();
    let mut restated = Restated::default();
    for (event, before) in after.iter_mut().zip(before) {
        book.apply(event);
        let (old, new) = (amount(before), amount(event));
        if old != new {
            restated.records += 1;
            restated.before.0 += old.unwrap_or_default().0;
            restated.after.0 += new.unwrap_or_default().0;
        }
    }
    (after, restated)
}

/// Money and records without a price, by the cube's day rows.
async fn sums(store: &dyn EventStore) -> (i64, i64) {
    let names = Family::Costs.measures();
    let place = |name: &str| names.iter().position(|measure| *measure == name);
    let (amount, unpriced) = (place("amount"), place("unpriced"));
    let mut sums = (0, 0);
    for (key, (measures, _)) in figures(store, scope()).await {
        if key.starts_with("costs_1d ") {
            let of = |place: Option<usize>| place.map_or(0, |place| measures[place]);
            sums = (sums.0 + of(amount), sums.1 + of(unpriced));
        }
    }
    sums
}

fn expected(events: &[Event]) -> (i64, i64) {
    let money = events
        .iter()
        .filter_map(amount)
        .map(|amount| amount.0)
        .sum();
    let unpriced = events.iter().filter(|event| match &event.kind {
        EventKind::Cost(cost) => {
            let is_reported = cost.input_tokens.is_some()
                || cost.output_tokens.is_some()
                || cost.units.is_some()
                || cost.foreign.is_some();
            cost.dollar_amount.is_none() && is_reported
        }
        _ => false,
    });
    (money, unpriced.count() as i64)
}

pub(in crate::conformance) async fn a_change_of_prices_restates_stored_costs(
    adapter: &dyn Adapter,
) {
    let clock = || FixedClock::at(NOW);
    let store = adapter.open(clock()).await;
    let sent = costs();
    commit(&*store, sent.clone()).await;
    let elsewhere = Scope::new(1, 2);
    let submission = Submission {
        scope: elsewhere,
        events: sent.clone(),
    };
    store
        .commit(submission)
        .await
        .expect("another project's costs are taken");
    assert_eq!(sums(&*store).await, expected(&sent));
    let others = (
        store.watermark(elsewhere),
        figures(&*store, elsewhere).await,
    );

    let (after, due) = priced(&book(), &sent);
    assert!(due.records >= 20 && due.after.0 > 0, "{due:?}");
    let before = store.watermark(scope());
    let restate = async |store: &dyn EventStore, book: &PriceBook, dry_run: bool| {
        let restated = store.restate_costs(scope(), book, dry_run).await;
        restated.expect("the store restates")
    };
    assert_eq!(restate(&*store, &book(), true).await, due);
    assert_eq!(
        sums(&*store).await,
        expected(&sent),
        "a dry run changes nothing"
    );
    assert_eq!(store.watermark(scope()), before);

    assert_eq!(restate(&*store, &book(), false).await, due);
    assert_eq!(sums(&*store).await, expected(&after));
    let moved = store.watermark(scope());
    assert!(moved > before, "answers have changed");
    assert_eq!(restate(&*store, &book(), false).await, Restated::default());
    assert_eq!(store.watermark(scope()), moved, "nothing has changed");
    assert_verified(&*store, "after a restatement").await;

    let store = adapter.reopen(store, clock()).await;
    assert_eq!(
        (store.watermark(scope()), sums(&*store).await),
        (moved, expected(&after))
    );
    let now_known = (
        store.watermark(elsewhere),
        figures(&*store, elsewhere).await,
    );
    assert_eq!(now_known, others, "another project is left alone");

    let one = [
        PriceBook::default(),
        PriceBook::new(prices().split_off(1), exchange_rates().split_off(1)),
        book(),
    ];
    let mut held = after;
    for book in one {
        let (after, due) = priced(&book, &held);
        assert_eq!(restate(&*store, &book, false).await, due);
        assert_eq!(sums(&*store).await, expected(&after));
        held = after;
    }
    let receipt = commit(
        &*store,
        events(&[json!({"type": "cost", "id": "last", "timestamp": NOW.0})]),
    )
    .await;
    assert!(
        receipt.sequence > moved,
        "later commits continue the sequence"
    );
    store.compact().await.expect("the store compacts");
    assert_verified(&*store, "after more restatements").await;
}

/// Costs that are parts of others, some of them priced by the book.
fn trees() -> Vec<Event> {
    let cost = |number: i64| {
        json!({"type": "cost", "id": format!("t{number}"), "timestamp": NOW.0 - number * 7 * HOUR,
            "provider": "openai", "model": if number % 3 == 0 { Value::Null } else { json!("m1") },
            "inputTokens": 1_000_000 * (number + 1), "outputTokens": 10 * number,
            "dollarAmount": if number % 4 == 0 { json!(number + 2) } else { Value::Null },
            "partOf": format!("t{}", number / 3)})
    };
    events(&(0..30).map(cost).collect::<Vec<_>>())
}

pub(in crate::conformance) async fn a_change_of_prices_moves_what_sums_count_beyond_their_parts(
    adapter: &dyn Adapter,
) {
    let store = adapter.open(FixedClock::at(NOW)).await;
    commit(&*store, trees()).await;
    assert_verified(&*store, "before prices").await;
    for book in [book(), PriceBook::default()] {
        let restated = store.restate_costs(scope(), &book, false).await;
        assert!(restated.expect("the store restates").records > 5);
        assert_verified(&*store, "after prices").await;
        // The cubes equal those of a store in which the costs had these prices from the start.
        let mut priced = trees();
        priced.iter_mut().for_each(|event| book.apply(event));
        let fresh = adapter.open(FixedClock::at(NOW)).await;
        commit(&*fresh, priced).await;
        let (found, due) = (
            figures(&*store, scope()).await,
            figures(&*fresh, scope()).await,
        );
        assert_eq!(found, due);
        fresh.close().await.expect("the store closes");
    }
}
