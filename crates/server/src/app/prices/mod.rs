//! The price book, which prices cost records without an amount, and the restatement of stored costs when
//! prices change.

mod books;
mod input;
mod starter;
mod view;

use std::{sync::Arc, time::Duration};

use weir_meta::{Actor, AuditKind, AuditRecord, HeldPrices, Restatement, WantedPrices};
use weir_model::{Scope, price::PriceBook};
use weir_store::Restated;

pub use books::Books;
pub use input::{ExchangeRateInput, PriceInput, PricesInput, TierInput};
pub use starter::{StarterBookView, StarterInput, StarterPriceView, StarterSource};
pub use view::{
    ExchangeRateView, PriceBookView, PriceChangeView, PriceView, PricesChanged, RatesView,
    RestatementView, TierView,
};

use super::{App, AppError, ErrorCode};

/// The most changes listed.
const CHANGES: u32 = 50;
/// How often to check whether the old book is still in use.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The reason for a change, as the audit log records it.
struct Reason {
    action: &'static str,
    detail: serde_json::Value,
}

impl App {
    /// A project's price book, with its newest changes. Fails if control data cannot be read.
    pub async fn price_book(&self, scope: Scope) -> Result<PriceBookView, AppError> {
        let held = self.meta.prices(scope).await?;
        let changes = self.meta.price_changes(scope, CHANGES).await?;
        let rates = held.exchange_rates.iter();
        Ok(PriceBookView {
            version: held.version,
            prices: held.prices.iter().map(PriceView::from).collect(),
            exchange_rates: rates.map(ExchangeRateView::from).collect(),
            changes: changes.into_iter().map(PriceChangeView::from).collect(),
            currency: weir_model::price::USD,
        })
    }

    /// Replaces a project's price book and reprices stored costs without an amount of their own. With
    /// `dryRun`, only computes the effect. Fails if a price is invalid, or with `changed_meanwhile` if the
    /// book is at another version.
    pub async fn change_prices(
        self: &Arc<Self>,
        scope: Scope,
        actor: Actor,
        input: PricesInput,
    ) -> Result<PricesChanged, AppError> {
        let held = self.meta.prices(scope).await?;
        let wanted = input.wanted(&held.exchange_rates)?;
        let reason = Reason {
            action: "prices.changed",
            detail: serde_json::json!({
                "versionBefore": held.version,
                "prices": wanted.prices.len(),
                "exchangeRates": wanted.exchange_rates.len(),
            }),
        };
        self.want_prices(scope, actor, wanted, input.dry_run, reason)
            .await
    }

    async fn want_prices(
        self: &Arc<Self>,
        scope: Scope,
        actor: Actor,
        wanted: WantedPrices,
        dry_run: bool,
        reason: Reason,
    ) -> Result<PricesChanged, AppError> {
        if dry_run {
            return self.try_prices(scope, wanted).await;
        }
        // A separate task, so that a caller who disconnects does not stop it halfway.
        let app = Arc::clone(self);
        tokio::spawn(async move { app.put_prices(scope, &actor, wanted, reason).await })
            .await
            .map_err(AppError::internal)?
    }

    async fn try_prices(
        &self,
        scope: Scope,
        wanted: WantedPrices,
    ) -> Result<PricesChanged, AppError> {
        let held = self.meta.prices(scope).await?;
        let prices = wanted.prices.into_iter().enumerate();
        let prices = prices.map(|(number, terms)| terms.with_id(Arc::from(number.to_string())));
        let book = PriceBook::new(prices.collect(), wanted.exchange_rates);
        let restated = self.store.port().restate_costs(scope, &book, true).await?;
        Ok(changed(&held, restated, true))
    }

    async fn put_prices(
        &self,
        scope: Scope,
        actor: &Actor,
        wanted: WantedPrices,
        reason: Reason,
    ) -> Result<PricesChanged, AppError> {
        let _turn = self.prices.turn().await;
        let audit = AuditRecord {
            kind: AuditKind::Change,
            actor,
            action: reason.action,
            subject: "price book",
            detail: &reason.detail.to_string(),
        };
        let version = self.meta.replace_prices(scope, wanted, audit).await?;
        let Some(version) = version else {
            let now = self.meta.prices(scope).await?.version;
            let detail = format!("The price book is now at version {now}.");
            return Err(AppError::new(ErrorCode::ChangedMeanwhile, detail)
                .field("version")
                .fix("Read the book again and apply your change to it."));
        };
        let restated = self.restate(scope, version).await?;
        Ok(changed(&self.meta.prices(scope).await?, restated, false))
    }

    /// Reprices stored costs by the current book. New costs use it first; stored ones follow once nothing
    /// uses an older book.
    async fn restate(&self, scope: Scope, version: i64) -> Result<Restated, AppError> {
        let book = Arc::new(self.meta.prices(scope).await?.book());
        if let Some(older) = self.prices.put(scope, Arc::clone(&book)) {
            while Arc::strong_count(&older) > 1 {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
        let restated = self.store.port().restate_costs(scope, &book, false).await?;
        let restatement = Restatement {
            at: self.clock.now(),
            records: i64::try_from(restated.records).unwrap_or(i64::MAX),
            before: restated.before,
            after: restated.after,
        };
        let detail = serde_json::json!({
            "version": version, "records": restated.records,
            "amountBefore": restated.before.to_string(), "amountAfter": restated.after.to_string(),
        });
        let audit = AuditRecord {
            kind: AuditKind::Change,
            actor: &Actor::system(),
            action: "costs.restated",
            subject: "price book",
            detail: &detail.to_string(),
        };
        self.meta
            .finish_price_change(scope, version, restatement, audit)
            .await?;
        Ok(restated)
    }

    /// Completes restatements that a crash interrupted, and returns how many there were. Fails if a store
    /// cannot be read or written.
    pub async fn finish_restatements(&self) -> Result<usize, AppError> {
        let _turn = self.prices.turn().await;
        let unfinished = self.meta.unfinished_price_changes().await?;
        for &(scope, version) in &unfinished {
            self.restate(scope, version).await?;
        }
        Ok(unfinished.len())
    }
}

fn changed(held: &HeldPrices, restated: Restated, dry_run: bool) -> PricesChanged {
    PricesChanged {
        dry_run,
        version: held.version,
        restatement: restated.into(),
        prices: held.prices.iter().map(PriceView::from).collect(),
    }
}
