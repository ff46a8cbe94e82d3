//! The price book: what costs that came without money come to, and what a change of prices does to
//! those that are stored.

mod books;
mod input;

use std::{sync::Arc, time::Duration};

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{Actor, AuditKind, AuditRecord, PriceChange, PriceTerms, Restatement};
use weir_model::{
    Scope, Timestamp,
    price::{Price, PriceBook},
};
use weir_store::Restated;

pub use books::Books;
pub use input::{PriceInput, PricesInput};

use super::{App, AppError, ErrorCode};

/// Changes listed.
const CHANGES: u32 = 50;
/// How long between two looks whether the old book is still in use.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A project's price book.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceBookView {
    /// Grows with every change; 0 before the first. Give it back with a change, and the change is
    /// refused if somebody else made one meanwhile.
    pub version: i64,
    /// By provider, model and date.
    pub prices: Vec<PriceView>,
    /// The newest changes.
    pub changes: Vec<PriceChangeView>,
    /// What rates are in: USD.
    pub currency: &'static str,
}

/// A price.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceView {
    /// Its id; costs that it priced carry it.
    pub id: String,
    /// Who is paid.
    pub provider: String,
    /// For which model; null for every model without a price of its own.
    pub model: Option<String>,
    /// From when on it holds, until the next price of the same provider and model.
    #[schema(value_type = String, format = "date-time")]
    pub effective_from: Timestamp,
    /// US dollars for a million tokens sent.
    pub input_per_million: Option<f64>,
    /// US dollars for a million tokens received.
    pub output_per_million: Option<f64>,
    /// US dollars for a call.
    pub per_call: Option<f64>,
}

/// A change of prices.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceChangeView {
    /// The book's version from then on.
    pub version: i64,
    /// Who made it: `key:` and its id, `person:` and their address.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub changed_at: Timestamp,
    /// When stored costs had followed; null while they have not.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub restated_at: Option<Timestamp>,
    /// What it did to stored costs.
    pub restatement: Option<RestatementView>,
}

/// What a change of prices does to stored costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestatementView {
    /// Cost records with another amount.
    pub records: u64,
    /// What these came to before, in US dollars.
    pub amount_before: f64,
    /// What they come to now.
    pub amount_after: f64,
}

/// What became of a change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PricesChanged {
    /// Whether nothing was changed, because only the outcome was asked for.
    pub dry_run: bool,
    /// The book's version.
    pub version: i64,
    /// What the change did, or would do, to stored costs.
    pub restatement: RestatementView,
    /// The book; with `dryRun` the one that stays.
    pub prices: Vec<PriceView>,
}

impl From<Restated> for RestatementView {
    fn from(restated: Restated) -> Self {
        Self {
            records: restated.records,
            amount_before: restated.before.as_f64(),
            amount_after: restated.after.as_f64(),
        }
    }
}

impl From<Restatement> for RestatementView {
    fn from(restatement: Restatement) -> Self {
        Self {
            records: restatement.records.max(0) as u64,
            amount_before: restatement.before.as_f64(),
            amount_after: restatement.after.as_f64(),
        }
    }
}

impl From<&Price> for PriceView {
    fn from(price: &Price) -> Self {
        Self {
            id: price.id.to_string(),
            provider: price.provider.clone(),
            model: price.model.clone(),
            effective_from: price.from,
            input_per_million: price.input_per_million.map(|rate| rate.as_f64()),
            output_per_million: price.output_per_million.map(|rate| rate.as_f64()),
            per_call: price.per_call.map(|rate| rate.as_f64()),
        }
    }
}

impl From<PriceChange> for PriceChangeView {
    fn from(change: PriceChange) -> Self {
        Self {
            version: change.version,
            by: change.actor,
            changed_at: change.changed_at,
            restated_at: change.restated.map(|restated| restated.at),
            restatement: change.restated.map(RestatementView::from),
        }
    }
}

impl App {
    /// A project's price book.
    pub async fn price_book(&self, scope: Scope) -> Result<PriceBookView, AppError> {
        let (version, prices) = self.meta.prices(scope).await?;
        let changes = self.meta.price_changes(scope, CHANGES).await?;
        Ok(PriceBookView {
            version,
            prices: prices.iter().map(PriceView::from).collect(),
            changes: changes.into_iter().map(PriceChangeView::from).collect(),
            currency: "USD",
        })
    }

    /// Puts prices in place of a project's book; stored costs that came without money follow. With
    /// `dryRun` only says what would become of them.
    pub async fn change_prices(
        self: &Arc<Self>,
        scope: Scope,
        actor: Actor,
        input: PricesInput,
    ) -> Result<PricesChanged, AppError> {
        let terms = input.terms()?;
        if input.dry_run {
            return self.try_prices(scope, terms).await;
        }
        // A task of its own, so that a caller who hangs up does not stop it half way.
        let app = Arc::clone(self);
        tokio::spawn(async move { app.put_prices(scope, &actor, input.version, terms).await })
            .await
            .map_err(AppError::internal)?
    }

    async fn try_prices(
        &self,
        scope: Scope,
        terms: Vec<PriceTerms>,
    ) -> Result<PricesChanged, AppError> {
        let (version, held) = self.meta.prices(scope).await?;
        let wanted = terms.into_iter().enumerate();
        let wanted = wanted.map(|(number, terms)| terms.with_id(Arc::from(number.to_string())));
        let book = PriceBook::new(wanted.collect());
        let restated = self.store.port().restate_costs(scope, &book, true).await?;
        Ok(PricesChanged {
            dry_run: true,
            version,
            restatement: restated.into(),
            prices: held.iter().map(PriceView::from).collect(),
        })
    }

    async fn put_prices(
        &self,
        scope: Scope,
        actor: &Actor,
        expected: Option<i64>,
        terms: Vec<PriceTerms>,
    ) -> Result<PricesChanged, AppError> {
        let _turn = self.prices.turn().await;
        let (before, _) = self.meta.prices(scope).await?;
        let detail =
            serde_json::json!({"versionBefore": before, "prices": terms.len()}).to_string();
        let audit = AuditRecord {
            kind: AuditKind::Change,
            actor,
            action: "prices.changed",
            subject: "price book",
            detail: &detail,
        };
        let version = self
            .meta
            .replace_prices(scope, expected, terms, audit)
            .await?;
        let Some(version) = version else {
            let detail = format!("The price book is at version {before} now.");
            return Err(AppError::new(ErrorCode::ChangedMeanwhile, detail)
                .field("version")
                .fix("Read the book again and repeat the change on it."));
        };
        let restated = self.restate(scope, version).await?;
        let (version, prices) = self.meta.prices(scope).await?;
        Ok(PricesChanged {
            dry_run: false,
            version,
            restatement: restated.into(),
            prices: prices.iter().map(PriceView::from).collect(),
        })
    }

    /// Brings stored costs to the book: first new ones are priced by it, then, when nobody prices by an
    /// older one any more, the stored ones.
    async fn restate(&self, scope: Scope, version: i64) -> Result<Restated, AppError> {
        let (_, prices) = self.meta.prices(scope).await?;
        let book = Arc::new(PriceBook::new(prices));
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

    /// Does the restatements that a crash left undone. Returns how many there were.
    pub async fn finish_restatements(&self) -> Result<usize, AppError> {
        let _turn = self.prices.turn().await;
        let unfinished = self.meta.unfinished_price_changes().await?;
        for &(scope, version) in &unfinished {
            self.restate(scope, version).await?;
        }
        Ok(unfinished.len())
    }
}
