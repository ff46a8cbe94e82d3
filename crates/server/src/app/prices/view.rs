//! A price book as the API shows it.

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
    /// Grows with every change; 0 before the first. Send it with a change, and the change is refused if there
    /// was another one in the meantime.
    pub version: i64,
    /// The prices, by provider, model and date.
    pub prices: Vec<PriceView>,
    /// The exchange rates, by currency and date.
    #[serde(rename = "exchangeRates")]
    pub exchange_rates: Vec<ExchangeRateView>,
    /// The newest changes.
    pub changes: Vec<PriceChangeView>,
    /// The currency of all sums: USD.
    pub currency: &'static str,
}

/// A price.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceView {
    /// Its id, which the costs that it priced refer to.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// The model; null for every model without a price of its own.
    pub model: Option<String>,
    /// When it takes effect; it applies until the next price of the same provider and model.
    #[schema(value_type = String, format = "date-time")]
    pub effective_from: Timestamp,
    /// The currency of the rates (ISO 4217).
    pub currency: String,
    /// The rates for tokens.
    #[serde(flatten)]
    pub rates: RatesView,
    /// The rate per call.
    pub per_call: Option<f64>,
    /// The rate per unit, such as an image or a second of audio.
    pub per_unit: Option<f64>,
    /// The unit; null for any unit.
    pub unit: Option<String>,
    /// Different rates for calls with long prompts.
    pub tiers: Vec<TierView>,
}

/// Rates per million tokens of each kind. Where a rate is null, cached tokens use the input rate, reasoning
/// tokens use the output rate, and other tokens cost nothing.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RatesView {
    /// Per million tokens sent.
    pub input_per_million: Option<f64>,
    /// Per million tokens received.
    pub output_per_million: Option<f64>,
    /// Per million tokens sent that were read from a cache.
    pub cache_read_per_million: Option<f64>,
    /// Per million tokens sent that were written to a cache.
    pub cache_write_per_million: Option<f64>,
    /// Per million tokens received that were reasoning tokens.
    pub reasoning_per_million: Option<f64>,
}

/// Rates for calls with long prompts. Where a rate is null, the price's own rate applies.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierView {
    /// The tier applies to calls that send more tokens than this, including cached ones. Its rates apply to
    /// all tokens of the call.
    pub above_prompt_tokens: i64,
    /// Its rates.
    #[serde(flatten)]
    pub rates: RatesView,
}

/// An exchange rate from a date on.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeRateView {
    /// The currency (ISO 4217).
    pub currency: String,
    /// When it takes effect; it applies until the next rate of the same currency.
    #[schema(value_type = String, format = "date-time")]
    pub effective_from: Timestamp,
    /// US dollars per unit of the currency.
    pub dollars: f64,
}

/// A change to the price book.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceChangeView {
    /// The book's version after the change.
    pub version: i64,
    /// Who made it: `key:` and its id, or `person:` and their e-mail address.
    pub by: String,
    /// When it was made.
    #[schema(value_type = String, format = "date-time")]
    pub changed_at: Timestamp,
    /// When stored costs were repriced; null while they are not.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub restated_at: Option<Timestamp>,
    /// The effect on stored costs.
    pub restatement: Option<RestatementView>,
}

/// The effect of a change of prices on stored costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestatementView {
    /// Cost records whose amount changed.
    pub records: u64,
    /// The sum of their amounts before, in US dollars.
    pub amount_before: f64,
    /// The sum of their amounts after, in US dollars.
    pub amount_after: f64,
}

/// The outcome of a change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PricesChanged {
    /// Whether this was a dry run, which changed nothing.
    pub dry_run: bool,
    /// The book's version.
    pub version: i64,
    /// The effect that the change had, or would have, on stored costs.
    pub restatement: RestatementView,
    /// The prices of the book; after a dry run, the unchanged ones.
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
