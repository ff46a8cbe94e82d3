//! Prices with effective dates: they turn tokens, calls and units into money where the producer
//! sends no amount. A priced cost names its price, so that it can be found when the price changes.

use std::sync::Arc;

pub use crate::decimal::USD;
use crate::{
    Decimal, Event, EventKind, Timestamp,
    decimal::SCALE,
    event::{CostEvent, Foreign},
};

/// The number of tokens that a rate is for.
const PER: i128 = 1_000_000;

/// A provider's rates per million tokens of each kind. A kind without a rate is billed as the kind
/// that includes it: cached tokens as input, reasoning as output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenRates {
    /// Uncached tokens sent.
    pub input: Option<Decimal>,
    /// Tokens received.
    pub output: Option<Decimal>,
    /// Tokens sent that were read from a cache.
    pub cache_read: Option<Decimal>,
    /// Tokens sent that were written to a cache.
    pub cache_write: Option<Decimal>,
    /// Tokens received that were spent on reasoning.
    pub reasoning: Option<Decimal>,
}

/// Different rates for calls with long prompts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The tier applies to calls that send more tokens than this, cached ones included, and then to
    /// all tokens of the call.
    pub above_prompt_tokens: i64,
    /// Its rates; where one is absent, the price's own rate applies.
    pub rates: TokenRates,
}

/// What a provider charges from a given moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceTerms {
    /// The provider.
    pub provider: String,
    /// The model; `None` for every model of the provider without a price of its own.
    pub model: Option<String>,
    /// When it takes effect. It applies until the next price of the same provider and model.
    pub from: Timestamp,
    /// The currency of the rates: three capital letters (ISO 4217).
    pub currency: String,
    /// Rates per million tokens.
    pub tokens: TokenRates,
    /// The rate per call.
    pub per_call: Option<Decimal>,
    /// The rate per unit.
    pub per_unit: Option<Decimal>,
    /// The name of the unit; `None` for any unit.
    pub unit: Option<String>,
    /// Rates for long prompts, in ascending order of their thresholds.
    pub tiers: Vec<Tier>,
}

/// A price with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The public id.
    pub id: Arc<str>,
    /// Its terms.
    pub terms: PriceTerms,
}

/// The dollar value of one unit of a currency from a given moment on, until the next rate of the
/// same currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeRate {
    /// Three capital letters (ISO 4217).
    pub currency: String,
    /// When it takes effect.
    pub from: Timestamp,
    /// US dollars per unit of the currency.
    pub dollars: Decimal,
}

/// The prices of a project, and the exchange rates for these prices and for costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceBook {
    /// Sorted by provider, model and date.
    prices: Vec<Price>,
    /// Sorted by currency and date.
    exchange_rates: Vec<ExchangeRate>,
}

/// Something and the period in which it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a, T> {
    /// What applies.
    pub of: &'a T,
    /// When it stops applying; `None` if it does not.
    pub to: Option<Timestamp>,
}

/// The rates of a price for calls with a number of prompt tokens in a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// The call sends more tokens than this.
    pub above: i64,
    /// The call sends at most this many tokens.
    pub up_to: i64,
    /// The rate of each kind that has one, directly or through the kind that includes it.
    pub rates: TokenRates,
}

impl TokenRates {
    /// These rates, with those of `others` where one is absent.
    fn or(&self, others: &TokenRates) -> TokenRates {
        TokenRates {
            input: self.input.or(others.input),
            output: self.output.or(others.output),
            cache_read: self.cache_read.or(others.cache_read),
            cache_write: self.cache_write.or(others.cache_write),
            reasoning: self.reasoning.or(others.reasoning),
        }
    }

    /// Fills in the rate of each kind from the kind that includes it.
    fn complete(self) -> TokenRates {
        TokenRates {
            cache_read: self.cache_read.or(self.input),
            cache_write: self.cache_write.or(self.input),
            reasoning: self.reasoning.or(self.output),
            ..self
        }
    }

    /// Whether no kind has a rate.
    pub fn is_empty(&self) -> bool {
        *self == TokenRates::default()
    }
}

impl PriceTerms {
    /// The amount of a cost in the price's currency: rates times quantities, where both are known,
    /// rounded half up to billionths. `None` if no quantity has a rate, or if the amount is out of
    /// range.
    pub fn amount(&self, cost: &CostEvent) -> Option<Decimal> {
        let rates = self.rates_for(cost.input_tokens.unwrap_or(0));
        let (read, write) = (cost.cache_read_tokens, cost.cache_write_tokens);
        let part = |part: Option<i64>| part.unwrap_or(0);
        let fresh = cost.input_tokens.map(|all| all - part(read) - part(write));
        let answered = cost
            .output_tokens
            .map(|all| all - part(cost.reasoning_tokens));
        let tokens = sum([
            product(fresh, rates.input),
            product(read, rates.cache_read),
            product(write, rates.cache_write),
            product(answered, rates.output),
            product(cost.reasoning_tokens, rates.reasoning),
        ]);
        let calls = product(cost.api_calls, self.per_call);
        let is_priced = self.unit.is_none() || self.unit == cost.unit;
        let units = cost.units.filter(|_| is_priced).map(|units| units.0);
        let units = product(units, self.per_unit);
        let amount = sum([
            tokens.map(|tokens| rounded(tokens, PER)),
            calls,
            units.map(|units| rounded(units, SCALE.into())),
        ])?;
        i64::try_from(amount).ok().map(Decimal)
    }

    /// The rates for calls of every length, in ascending order: the price's own, then the tiers'.
    pub fn brackets(&self) -> Vec<Bracket> {
        let own = (-1, self.tokens.clone());
        let tiers = self.tiers.iter();
        let tiers = tiers.map(|tier| (tier.above_prompt_tokens, tier.rates.or(&self.tokens)));
        let all: Vec<(i64, TokenRates)> = std::iter::once(own).chain(tiers).collect();
        let bounds = all.iter().skip(1).map(|(above, _)| *above);
        let bounds: Vec<i64> = bounds.chain([i64::MAX]).collect();
        let all = all.into_iter().zip(bounds);
        all.map(|((above, rates), up_to)| Bracket {
            above,
            up_to,
            rates: rates.complete(),
        })
        .collect()
    }

    fn rates_for(&self, prompt_tokens: i64) -> TokenRates {
        let mut tiers = self.tiers.iter().rev();
        let tier = tiers.find(|tier| tier.above_prompt_tokens < prompt_tokens);
        let rates = tier.map_or_else(|| self.tokens.clone(), |tier| tier.rates.or(&self.tokens));
        rates.complete()
    }

    /// A price with these terms and this id.
    pub fn with_id(self, id: Arc<str>) -> Price {
        Price { id, terms: self }
    }

    /// The provider and model of the price, in the form in which names are compared.
    pub fn is_for(&self) -> (String, Option<String>) {
        (
            compared(&self.provider),
            self.model.as_deref().map(compared),
        )
    }

    /// Whether `other` is for the same provider and model.
    fn is_for_the_same(&self, other: &PriceTerms) -> bool {
        let models = (self.model.as_deref(), other.model.as_deref());
        is_same(&self.provider, &other.provider) && is_same_model(models.0, models.1)
    }
}

/// The form in which names of providers and models are compared: producers write both `GPT-4o` and
/// `gpt-4o`. Letters beyond ASCII stay as they are, so that every database can do the same.
pub fn compared(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Whether two names of a provider or model are the same, by [`compared`].
fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn is_same_model(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same(one, other),
        _ => one.is_none() && other.is_none(),
    }
}

fn product(quantity: Option<i64>, rate: Option<Decimal>) -> Option<i128> {
    Some(i128::from(quantity?) * i128::from(rate?.0))
}

/// The sum of the known parts; `None` if none is known.
fn sum<const N: usize>(parts: [Option<i128>; N]) -> Option<i128> {
    let known = parts.into_iter().flatten();
    known.reduce(|sum, part| sum + part)
}

/// Rounds half up; the value must not be negative.
fn rounded(value: i128, per: i128) -> i128 {
    (value + per / 2) / per
}

impl PriceBook {
    /// A book of these prices and exchange rates, given in any order.
    pub fn new(mut prices: Vec<Price>, mut exchange_rates: Vec<ExchangeRate>) -> Self {
        prices.sort_by_cached_key(|price| (price.terms.is_for(), price.terms.from));
        exchange_rates.sort_by(|a, b| (&a.currency, a.from).cmp(&(&b.currency, b.from)));
        Self {
            prices,
            exchange_rates,
        }
    }

    /// Sorted by provider, model and date.
    pub fn prices(&self) -> &[Price] {
        &self.prices
    }

    /// Sorted by currency and date.
    pub fn exchange_rates(&self) -> &[ExchangeRate] {
        &self.exchange_rates
    }

    /// The price that applies at a moment: the model's own, or else the one for all models of the
    /// provider. Names are compared by [`compared`].
    pub fn price_at(
        &self,
        provider: &str,
        model: Option<&str>,
        moment: Timestamp,
    ) -> Option<&Price> {
        let newest = |model: Option<&str>| {
            let mut known = self.prices.iter().filter(|price| {
                let terms = &price.terms;
                is_same(&terms.provider, provider)
                    && is_same_model(terms.model.as_deref(), model)
                    && terms.from <= moment
            });
            known.next_back()
        };
        model
            .and_then(|model| newest(Some(model)))
            .or_else(|| newest(None))
    }

    /// The value of an amount in US dollars at a moment, rounded half away from zero to billionths.
    /// `None` if there is no exchange rate, or if the value is out of range.
    pub fn dollars(&self, amount: Decimal, currency: &str, moment: Timestamp) -> Option<Decimal> {
        if currency == USD {
            return Some(amount);
        }
        let known = self.exchange_rates.iter().rev();
        let rate = known
            .filter(|rate| rate.currency == currency)
            .find(|rate| rate.from <= moment)?;
        let product = i128::from(amount.0) * i128::from(rate.dollars.0);
        let dollars = rounded(product.abs(), SCALE.into()) * product.signum();
        i64::try_from(dollars).ok().map(Decimal)
    }

    /// Sets the dollars of a cost that was sent without them: from its amount in another currency,
    /// or else from its tokens, calls and units.
    pub fn apply(&self, event: &mut Event) {
        let moment = event.timestamp;
        let EventKind::Cost(cost) = &mut event.kind else {
            return;
        };
        if let Some(Foreign { amount, currency }) = &cost.foreign {
            cost.dollar_amount = self.dollars(*amount, currency, moment);
            return;
        }
        if cost.dollar_amount.is_some() || self.prices.is_empty() {
            return;
        }
        let Some(provider) = cost.provider.as_deref() else {
            return;
        };
        let price = self.price_at(provider, cost.model.as_deref(), moment);
        let priced = price.and_then(|price| {
            let amount = price.terms.amount(cost)?;
            let dollars = self.dollars(amount, &price.terms.currency, moment)?;
            Some((Arc::clone(&price.id), dollars))
        });
        if let Some((id, dollars)) = priced {
            cost.dollar_amount = Some(dollars);
            cost.price = Some(id);
        }
    }

    /// Every price with the period in which it applies. Of two prices with equal provider, model
    /// and date, the later in the book applies, and the earlier never does.
    pub fn spans(&self) -> impl Iterator<Item = Span<'_, Price>> {
        spans(
            &self.prices,
            |price| &price.terms,
            |a, b| a.is_for_the_same(b),
            |terms| terms.from,
        )
    }

    /// Every exchange rate with the period in which it applies.
    pub fn exchange_spans(&self) -> impl Iterator<Item = Span<'_, ExchangeRate>> {
        let same = |a: &ExchangeRate, b: &ExchangeRate| a.currency == b.currency;
        spans(&self.exchange_rates, |rate| rate, same, |rate| rate.from)
    }
}

/// Each item of a sorted list, with the start of the next item for the same thing as its end.
fn spans<'a, T, U: 'a>(
    list: &'a [T],
    terms: fn(&T) -> &U,
    same: impl Fn(&U, &U) -> bool,
    from: fn(&U) -> Timestamp,
) -> impl Iterator<Item = Span<'a, T>> {
    list.iter().enumerate().map(move |(position, of)| {
        let next = list.get(position + 1).map(terms);
        let next = next.filter(|next| same(terms(of), next));
        Span {
            of,
            to: next.map(from),
        }
    })
}

#[cfg(test)]
mod tests;
