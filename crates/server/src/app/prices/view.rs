//! A price book as callers read it.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{PriceChange, Restatement};
use weir_model::{
    Decimal, Timestamp,
    price::{ExchangeRate, Price, Tier, TokenRates},
};
use weir_store::Restated;

/// A project's price book.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceBookView {
    /// Grows with every change; 0 before the first. Give it back with a change, and the change is
    /// refused if somebody else made one meanwhile.
    pub version: i64,
    /// By provider, model and date.
    pub prices: Vec<PriceView>,
    /// What other currencies are worth, by currency and date.
    #[serde(rename = "exchangeRates")]
    pub exchange_rates: Vec<ExchangeRateView>,
    /// The newest changes.
    pub changes: Vec<PriceChangeView>,
    /// What sums are in: USD.
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
    /// What the rates are in (ISO 4217).
    pub currency: String,
    /// For tokens.
    #[serde(flatten)]
    pub rates: RatesView,
    /// For a call.
    pub per_call: Option<f64>,
    /// For a unit: an image, a second of sound.
    pub per_unit: Option<f64>,
    /// What the unit is; null for whatever a cost has units of.
    pub unit: Option<String>,
    /// Other rates for calls with long prompts.
    pub tiers: Vec<TierView>,
}

/// Rates for a million tokens of each kind. Null: cached tokens have that of input, reasoning that of
/// output, and what is left counts nothing.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatesView {
    /// For a million tokens sent.
    pub input_per_million: Option<f64>,
    /// For a million tokens received.
    pub output_per_million: Option<f64>,
    /// For a million of the tokens sent that were read from a cache.
    pub cache_read_per_million: Option<f64>,
    /// For a million of the tokens sent that were written to a cache.
    pub cache_write_per_million: Option<f64>,
    /// For a million of the tokens received that were reasoning.
    pub reasoning_per_million: Option<f64>,
}

/// Rates for calls with long prompts; null is the price's own rate.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierView {
    /// For calls with more tokens sent than these, cached ones among them; for all tokens of the call.
    pub above_prompt_tokens: i64,
    /// Its rates.
    #[serde(flatten)]
    pub rates: RatesView,
}

/// What a currency is worth from a moment on.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRateView {
    /// The currency (ISO 4217).
    pub currency: String,
    /// From when on it holds, until the next rate of the same currency.
    #[schema(value_type = String, format = "date-time")]
    pub effective_from: Timestamp,
    /// US dollars for one.
    pub dollars: f64,
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
        let terms = &price.terms;
        Self {
            id: price.id.to_string(),
            provider: terms.provider.clone(),
            model: terms.model.clone(),
            effective_from: terms.from,
            currency: terms.currency.clone(),
            rates: RatesView::from(&terms.tokens),
            per_call: terms.per_call.map(Decimal::as_f64),
            per_unit: terms.per_unit.map(Decimal::as_f64),
            unit: terms.unit.clone(),
            tiers: terms.tiers.iter().map(TierView::from).collect(),
        }
    }
}

impl From<&TokenRates> for RatesView {
    fn from(rates: &TokenRates) -> Self {
        let number = |rate: Option<Decimal>| rate.map(Decimal::as_f64);
        Self {
            input_per_million: number(rates.input),
            output_per_million: number(rates.output),
            cache_read_per_million: number(rates.cache_read),
            cache_write_per_million: number(rates.cache_write),
            reasoning_per_million: number(rates.reasoning),
        }
    }
}

impl From<&Tier> for TierView {
    fn from(tier: &Tier) -> Self {
        Self {
            above_prompt_tokens: tier.above_prompt_tokens,
            rates: RatesView::from(&tier.rates),
        }
    }
}

impl From<&ExchangeRate> for ExchangeRateView {
    fn from(rate: &ExchangeRate) -> Self {
        Self {
            currency: rate.currency.clone(),
            effective_from: rate.from,
            dollars: rate.dollars.as_f64(),
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
