//! Prices that change: stored costs follow, whatever else is stored.

use serde_json::{Value, json};
use std::sync::Arc;
use weir_model::{
    Decimal, Event, EventKind, FixedClock, Scope, Timestamp,
    price::{Price, PriceBook},
    time::{DAY, HOUR},
};

use super::{Adapter, NOW, assert_verified, commit, events, figures, scope};
use crate::{EventStore, Restated, Submission};

fn price(id: &str, model: Option<&str>, from: i64, rates: [&str; 3]) -> Price {
    let [input, output, call] = rates.map(Decimal::parse);
    Price {
        id: Arc::from(id),
        provider: "openai".to_owned(),
        model: model.map(str::to_owned),
        from: Timestamp(from),
        input_per_million: input,
        output_per_million: output,
        per_call: call,
    }
}

/// A price for every model, and two for one of them.
fn book() -> PriceBook {
    PriceBook::new(vec![
        price("any", None, NOW.0 - 20 * DAY, ["2.5", "10", ""]),
        price("m1-old", Some("m1"), NOW.0 - 3 * DAY, ["0.15", "", "0.001"]),
        price("m1-new", Some("m1"), NOW.0 - DAY, ["0.30", "0.7777777", ""]),
    ])
}

/// 80 costs of 40 days: some with money, some without tokens, model or a provider with prices.
fn costs() -> Vec<Event> {
    let cost = |number: i64| -> Value {
        let provider = ["openai", "openai", "openai", "other"][number as usize % 4];
        let model = [json!("m1"), json!("m2"), Value::Null][number as usize % 3].clone();
        let mut cost = json!({"type": "cost", "id": format!("c{number}"), "workflowId": format!("w{}", number % 2),
            "provider": provider, "model": model, "timestamp": NOW.0 - number * 12 * HOUR - 1});
        if number % 5 != 0 {
            cost["inputTokens"] = json!(1_234_567 * number);
            cost["outputTokens"] = json!(890 * number);
        }
        if number % 7 == 0 {
            cost["apiCalls"] = json!(number);
        }
        if number % 8 == 0 {
            cost["dollarAmount"] = json!("0.5");
        }
        cost
    };
    events(&(0..80).map(cost).collect::<Vec<_>>())
}

fn amount(event: &Event) -> Option<Decimal> {
    match &event.kind {
        EventKind::Cost(cost) => cost.dollar_amount,
        _ => None,
    }
}

/// The costs as the intake prices them by a book, and what differs from those before.
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
    let mut sums = (0, 0);
    for (key, (measures, _)) in figures(store, scope()).await {
        if key.starts_with("costs_1d ") {
            sums = (sums.0 + measures[1], sums.1 + measures[6]);
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
        EventKind::Cost(cost) => cost.dollar_amount.is_none() && cost.input_tokens.is_some(),
        _ => false,
    });
    (money, unpriced.count() as i64)
}

pub(super) async fn a_change_of_prices_restates_stored_costs(adapter: &dyn Adapter) {
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
    assert!(moved > before, "answers are other ones now");
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
        PriceBook::new(book().prices()[1..].to_vec()),
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
    assert!(receipt.sequence > moved, "commits go on after it");
    store.compact().await.expect("the store compacts");
    assert_verified(&*store, "after more restatements").await;
}
