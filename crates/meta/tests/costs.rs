//! Prices, budgets and the audit log are stored separately for each project.

use std::sync::{Arc, LazyLock};

use weir_meta::{
    Actor, AuditFilter, AuditKind, AuditRecord, Budget, BudgetLevel, BudgetTerms, BudgetThreshold,
    HeldPrices, MetaStore, Options, Reached, Restatement, WantedPrices,
};
use weir_model::{
    Decimal, FixedClock, Scope, TimeRange, Timestamp,
    price::{ExchangeRate, PriceTerms, Tier, TokenRates, USD},
    time::DAY,
};

const START: Timestamp = Timestamp(1_700_000_000_000);
/// A project that does not exist; it must see nothing.
const ELSEWHERE: Scope = Scope {
    tenant: weir_model::TenantKey(99),
    project: weir_model::ProjectKey(99),
};

async fn started() -> (MetaStore, FixedClock, Scope) {
    let clock = FixedClock::at(START);
    let options = Options {
        clock: Arc::new(clock.clone()),
        ..Options::default()
    };
    let store = MetaStore::open(options).await.expect("the store opens");
    store.bootstrap(None).await.expect("bootstrap runs");
    let scopes = store.every_scope().await.expect("projects are listed");
    (store, clock, scopes[0])
}

fn audit(action: &'static str) -> AuditRecord<'static> {
    static ADA: LazyLock<Actor> = LazyLock::new(|| Actor {
        name: "person:ada@example.com".to_owned(),
        ..Actor::system()
    });
    AuditRecord {
        kind: AuditKind::Change,
        actor: &ADA,
        action,
        subject: "it",
        detail: "{}",
    }
}

fn threshold(basis: &str, percent: f64) -> BudgetThreshold {
    BudgetThreshold {
        basis: basis.to_owned(),
        percent,
    }
}

fn terms(name: &str, level: BudgetLevel) -> BudgetTerms {
    BudgetTerms {
        name: name.to_owned(),
        level,
        metric: "cost".to_owned(),
        amount: Decimal(5_000_000_000),
        period: "month".to_owned(),
        timezone: "UTC".to_owned(),
        thresholds: vec![threshold("actual", 50.0), threshold("forecast", 100.0)],
    }
}

fn names(budgets: &[Budget]) -> Vec<&str> {
    budgets
        .iter()
        .map(|budget| budget.terms.name.as_str())
        .collect()
}

#[tokio::test]
async fn a_caller_can_replace_only_the_budgets_that_they_see() {
    let (store, _, scope) = started().await;
    let put = async |with_tenant: bool, wanted: &[(Option<uuid::Uuid>, BudgetTerms)]| {
        let replaced = store.replace_budgets(scope, with_tenant, wanted, audit("budgets.changed"));
        replaced.await.unwrap()
    };
    let all = [
        (None, terms("tenant", BudgetLevel::Tenant)),
        (
            None,
            terms("loan", BudgetLevel::Workflow("loan".to_owned())),
        ),
    ];
    assert_eq!(put(true, &all).await, None);
    let both = store.budgets(scope, true).await.unwrap();
    assert_eq!(names(&both), ["tenant", "loan"]);
    assert_eq!(both[1].terms, all[1].1);
    assert_eq!(names(&store.budgets(scope, false).await.unwrap()), ["loan"]);
    assert!(store.budgets(ELSEWHERE, true).await.unwrap().is_empty());

    // A caller who sees only the project cannot change a budget of the tenant: its id is unknown to them.
    let foreign = [(Some(both[0].id), terms("mine now", BudgetLevel::Project))];
    assert_eq!(put(false, &foreign).await, Some(both[0].id));
    assert_eq!(
        names(&store.budgets(scope, true).await.unwrap()),
        ["tenant", "loan"]
    );
    let renamed = [(
        Some(both[1].id),
        terms("credit", BudgetLevel::User("ada".to_owned())),
    )];
    assert_eq!(put(false, &renamed).await, None);
    let now = store.budgets(scope, true).await.unwrap();
    assert_eq!(names(&now), ["tenant", "credit"]);
    assert_eq!(
        (now[1].id, &now[1].terms.level),
        (both[1].id, &BudgetLevel::User("ada".to_owned()))
    );
    assert_eq!(store.every_budget().await.unwrap(), now);
    assert_eq!(store.scopes_of(&now[0]).await.unwrap(), [scope]);
}

#[tokio::test]
async fn an_alert_is_recorded_once_per_period() {
    let (store, clock, scope) = started().await;
    let wanted = [(None, terms("all", BudgetLevel::Project))];
    store
        .replace_budgets(scope, false, &wanted, audit("budgets.changed"))
        .await
        .unwrap();
    let budget = store.budgets(scope, false).await.unwrap().remove(0);
    let reached = |basis: usize, month: i64| Reached {
        threshold: &budget.terms.thresholds[basis],
        period: TimeRange::new(month * 30 * DAY, (month + 1) * 30 * DAY),
        value: Decimal(3),
    };
    assert!(store.fire(&budget, &reached(0, 1)).await.unwrap());
    clock.set(START.plus(DAY));
    assert!(
        !store.fire(&budget, &reached(0, 1)).await.unwrap(),
        "already recorded"
    );
    assert!(
        store.fire(&budget, &reached(1, 1)).await.unwrap(),
        "another basis"
    );
    assert!(
        store.fire(&budget, &reached(0, 2)).await.unwrap(),
        "another period"
    );
    let alerts = store.budget_alerts(scope, false, 10).await.unwrap();
    assert_eq!(alerts.len(), 3);
    let first = &alerts[2];
    assert_eq!(
        (first.fired_at, first.budget, first.amount),
        (START, budget.id, budget.terms.amount)
    );
    assert!(
        store
            .budget_alerts(ELSEWHERE, true, 10)
            .await
            .unwrap()
            .is_empty()
    );
    store
        .replace_budgets(scope, false, &[], audit("budgets.changed"))
        .await
        .unwrap();
    assert!(
        !store.fire(&budget, &reached(0, 3)).await.unwrap(),
        "the budget is deleted"
    );
}

fn price(model: Option<&str>, from: i64, rate: i64) -> PriceTerms {
    PriceTerms {
        provider: "openai".to_owned(),
        model: model.map(str::to_owned),
        from: Timestamp(from),
        currency: USD.to_owned(),
        tokens: TokenRates {
            input: Some(Decimal(rate)),
            ..TokenRates::default()
        },
        per_call: None,
        per_unit: None,
        unit: None,
        tiers: Vec::new(),
    }
}

/// A price with every optional field.
fn full() -> PriceTerms {
    let rates = |first: i64| TokenRates {
        input: Some(Decimal(first)),
        output: Some(Decimal(first + 1)),
        cache_read: Some(Decimal(first + 2)),
        cache_write: Some(Decimal(first + 3)),
        reasoning: Some(Decimal(first + 4)),
    };
    let tier = |above: i64| Tier {
        above_prompt_tokens: above,
        rates: rates(above),
    };
    PriceTerms {
        currency: "EUR".to_owned(),
        tokens: rates(10),
        per_call: Some(Decimal(20)),
        per_unit: Some(Decimal(21)),
        unit: Some("image".to_owned()),
        tiers: vec![tier(100), tier(200)],
        ..price(Some("full"), 5, 0)
    }
}

fn wanted(expected: Option<i64>, prices: Vec<PriceTerms>) -> WantedPrices {
    WantedPrices {
        expected,
        prices,
        exchange_rates: Vec::new(),
    }
}

#[tokio::test]
async fn a_price_book_is_replaced_as_a_whole_at_the_expected_version() {
    let (store, _, scope) = started().await;
    assert_eq!(store.prices(scope).await.unwrap(), HeldPrices::default());
    let put = async |expected, prices| {
        let wanted = wanted(expected, prices);
        let replaced = store.replace_prices(scope, wanted, audit("prices.changed"));
        replaced.await.unwrap()
    };
    assert_eq!(
        put(Some(0), vec![price(None, 0, 1), price(Some("m"), 0, 2)]).await,
        Some(1)
    );
    assert_eq!(
        put(Some(0), vec![]).await,
        None,
        "another change came first"
    );
    let before = store.prices(scope).await.unwrap().prices;
    assert_eq!(
        put(None, vec![price(None, 0, 1), price(Some("m"), 0, 3)]).await,
        Some(2)
    );
    let HeldPrices {
        version,
        prices: after,
        ..
    } = store.prices(scope).await.unwrap();
    assert_eq!((version, after.len()), (2, 2));
    assert_eq!(after[0], before[0], "a price that stays keeps its id");
    assert_ne!(after[1].id, before[1].id);
    let elsewhere = store.prices(ELSEWHERE).await.unwrap();
    assert_eq!(elsewhere, HeldPrices::default());
}

#[tokio::test]
async fn tiers_and_exchange_rates_are_stored_and_replaced_with_the_book() {
    let (store, _, scope) = started().await;
    let rate = |currency: &str, from: i64| ExchangeRate {
        currency: currency.to_owned(),
        from: Timestamp(from),
        dollars: Decimal(from + 1),
    };
    let put = async |prices: Vec<PriceTerms>, exchange_rates: Vec<ExchangeRate>| {
        let wanted = WantedPrices {
            expected: None,
            prices,
            exchange_rates,
        };
        let replaced = store.replace_prices(scope, wanted, audit("prices.changed"));
        replaced.await.unwrap();
        store.prices(scope).await.unwrap()
    };
    let rates = vec![rate("CHF", 3), rate("EUR", 1), rate("EUR", 2)];
    let first = put(vec![full(), price(None, 0, 1)], rates.clone()).await;
    assert_eq!(first.exchange_rates, rates);
    let terms: Vec<_> = first.prices.iter().map(|price| &price.terms).collect();
    assert_eq!(terms, [&price(None, 0, 1), &full()]);
    let second = put(vec![full()], rates.clone()).await;
    assert_eq!(
        second.prices[0], first.prices[1],
        "it keeps its id and its tiers"
    );
    let mut other = full();
    other.tiers.pop();
    let third = put(vec![other.clone()], rates.split_at(1).0.to_vec()).await;
    assert_eq!(third.prices[0].terms, other);
    assert_ne!(third.prices[0].id, first.prices[1].id);
    assert_eq!(third.exchange_rates, [rate("CHF", 3)]);
}

#[tokio::test]
async fn a_price_change_is_unfinished_until_costs_are_restated() {
    let (store, _, scope) = started().await;
    for rate in 1..=2 {
        let prices = vec![price(None, 0, rate)];
        store
            .replace_prices(scope, wanted(None, prices), audit("prices.changed"))
            .await
            .unwrap();
    }
    assert_eq!(
        store.unfinished_price_changes().await.unwrap(),
        [(scope, 2)]
    );
    let restatement = Restatement {
        at: START,
        records: 7,
        before: Decimal(1),
        after: Decimal(2),
    };
    let finished = store.finish_price_change(scope, 2, restatement, audit("costs.restated"));
    finished.await.unwrap();
    assert!(store.unfinished_price_changes().await.unwrap().is_empty());
    let changes = store.price_changes(scope, 10).await.unwrap();
    let versions: Vec<_> = changes.iter().map(|change| change.version).collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(changes[0].restated, Some(restatement));
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_newest_first() {
    let (store, clock, scope) = started().await;
    store
        .replace_budgets(scope, true, &[], audit("budgets.changed"))
        .await
        .unwrap();
    clock.set(START.plus(1));
    let prices = vec![price(None, 0, 1)];
    store
        .replace_prices(scope, wanted(None, prices), audit("prices.changed"))
        .await
        .unwrap();
    let log = store
        .audit_log(scope, true, &AuditFilter::default(), None, 10)
        .await
        .unwrap();
    let actions: Vec<_> = log
        .iter()
        .map(|entry| (entry.action.as_str(), entry.at))
        .collect();
    assert_eq!(
        actions,
        [
            ("prices.changed", START.plus(1)),
            ("budgets.changed", START)
        ]
    );
    assert_eq!(log[0].actor, "person:ada@example.com");
    let older = store
        .audit_log(scope, true, &AuditFilter::default(), Some(log[0].place), 10)
        .await
        .unwrap();
    assert_eq!(older, log[1..]);
    assert!(
        store
            .audit_log(ELSEWHERE, true, &AuditFilter::default(), None, 10)
            .await
            .unwrap()
            .is_empty()
    );
}
