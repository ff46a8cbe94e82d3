//! A price book as a caller writes it.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use utoipa::ToSchema;
use weir_meta::WantedPrices;
use weir_model::{
    Decimal, Timestamp,
    price::{ExchangeRate, PriceTerms, Tier, TokenRates, USD},
};

use crate::app::{AppError, ErrorCode};

/// The most prices, and the most exchange rates, in a book.
const MOST: usize = 1_000;
/// The most tiers of a price.
const MOST_TIERS: usize = 16;
/// The longest name.
const LONGEST: usize = 256;
/// The highest rate: sums of rates times quantities must fit.
const HIGHEST: f64 = 1_000_000.0;
/// The longest prompt that a tier may begin at.
const LONGEST_PROMPT: i64 = 1_000_000_000_000;

/// What a price book is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PricesInput {
    /// Every price; those that are not named are dropped. At most 1000.
    pub prices: Vec<PriceInput>,
    /// Every exchange rate; those that are not named are dropped. At most 1000. Without the field they
    /// stay as they are.
    #[serde(default)]
    pub exchange_rates: Option<Vec<ExchangeRateInput>>,
    /// The version that the change is made to; without it, whichever it is.
    #[serde(default)]
    pub version: Option<i64>,
    /// Whether only to say what would become of stored costs.
    #[serde(default)]
    pub dry_run: bool,
}

/// A price. At least one of the rates is needed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceInput {
    /// Ignored: a price that stays the same keeps its id. Here so that what was read can be sent back.
    #[serde(default)]
    #[allow(dead_code, reason = "it is part of what callers send")]
    pub id: Option<String>,
    /// Who is paid, as cost events name it.
    #[schema(example = "openai")]
    pub provider: String,
    /// For which model, as cost events name it; without it for every model without a price of its own.
    #[serde(default)]
    pub model: Option<String>,
    /// From when on it holds, RFC 3339.
    #[schema(format = DateTime)]
    pub effective_from: String,
    /// What the rates are in (ISO 4217); US dollars without it. Another currency needs an exchange rate.
    #[serde(default)]
    pub currency: Option<String>,
    /// For a million tokens sent.
    #[serde(default)]
    pub input_per_million: Option<f64>,
    /// For a million tokens received.
    #[serde(default)]
    pub output_per_million: Option<f64>,
    /// For a million of the tokens sent that were read from a cache; without it they are input.
    #[serde(default)]
    pub cache_read_per_million: Option<f64>,
    /// For a million of the tokens sent that were written to a cache; without it they are input.
    #[serde(default)]
    pub cache_write_per_million: Option<f64>,
    /// For a million of the tokens received that were reasoning; without it they are output.
    #[serde(default)]
    pub reasoning_per_million: Option<f64>,
    /// For a call.
    #[serde(default)]
    pub per_call: Option<f64>,
    /// For a unit: an image, a second of sound.
    #[serde(default)]
    pub per_unit: Option<f64>,
    /// What the unit is, as cost events name it; without it whatever a cost has units of.
    #[serde(default)]
    pub unit: Option<String>,
    /// Other rates for calls with long prompts. At most 16.
    #[serde(default)]
    pub tiers: Vec<TierInput>,
}

/// Rates for calls with long prompts. At least one is needed; those left out are the price's own.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TierInput {
    /// For calls with more tokens sent than these, cached ones among them; for all tokens of the call.
    #[schema(example = 200_000)]
    pub above_prompt_tokens: i64,
    /// For a million tokens sent.
    #[serde(default)]
    pub input_per_million: Option<f64>,
    /// For a million tokens received.
    #[serde(default)]
    pub output_per_million: Option<f64>,
    /// For a million of the tokens sent that were read from a cache.
    #[serde(default)]
    pub cache_read_per_million: Option<f64>,
    /// For a million of the tokens sent that were written to a cache.
    #[serde(default)]
    pub cache_write_per_million: Option<f64>,
    /// For a million of the tokens received that were reasoning.
    #[serde(default)]
    pub reasoning_per_million: Option<f64>,
}

/// What a currency is worth from a moment on, until the next rate of the same currency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExchangeRateInput {
    /// The currency (ISO 4217).
    #[schema(example = "EUR")]
    pub currency: String,
    /// From when on it holds, RFC 3339.
    #[schema(format = DateTime)]
    pub effective_from: String,
    /// US dollars for one.
    #[schema(example = 1.08)]
    pub dollars: f64,
}

impl PricesInput {
    /// What the book is to be, if it makes sense. Exchange rates that are not given are those held.
    pub(super) fn wanted(&self, held: &[ExchangeRate]) -> Result<WantedPrices, AppError> {
        let exchange_rates = match &self.exchange_rates {
            Some(rates) => exchange_rates(rates)?,
            None => held.to_vec(),
        };
        let prices = self.terms()?;
        for (number, price) in prices.iter().enumerate() {
            let is_known = exchange_rates.iter().any(|r| r.currency == price.currency);
            if price.currency != USD && !is_known {
                let detail = format!("The book has no exchange rate of {}.", price.currency);
                return Err(wrong(&format!("prices[{number}].currency"), &detail)
                    .fix("Add one to exchangeRates."));
            }
        }
        Ok(WantedPrices {
            expected: self.version,
            prices,
            exchange_rates,
        })
    }

    fn terms(&self) -> Result<Vec<PriceTerms>, AppError> {
        if self.prices.len() > MOST {
            return Err(wrong(
                "prices",
                &format!("A book has at most {MOST} prices."),
            ));
        }
        let mut seen: HashMap<_, (usize, Vec<Timestamp>)> = HashMap::new();
        let mut all = Vec::with_capacity(self.prices.len());
        for (number, price) in self.prices.iter().enumerate() {
            let place = format!("prices[{number}]");
            let terms = price.terms(&place)?;
            let (first, moments) = seen.entry(terms.is_for()).or_insert((number, Vec::new()));
            if let Some(other) = self.prices.get(*first) {
                price.demand_spelling_of(other, *first, &place)?;
            }
            if moments.contains(&terms.from) {
                let detail =
                    "Another price is for the same provider and model from the same moment on.";
                return Err(wrong(&format!("{place}.effectiveFrom"), detail)
                    .fix("Keep one of them, or give them different moments."));
            }
            moments.push(terms.from);
            all.push(terms);
        }
        Ok(all)
    }
}

impl PriceInput {
    /// Refuses another spelling of the provider or model of an earlier price: names are compared without
    /// regard to capitals, so it is the same, and the book would have two names for it.
    fn demand_spelling_of(
        &self,
        other: &PriceInput,
        number: usize,
        place: &str,
    ) -> Result<(), AppError> {
        let names = [
            ("provider", Some(&self.provider), Some(&other.provider)),
            ("model", self.model.as_ref(), other.model.as_ref()),
        ];
        for (field, here, there) in names {
            if let (Some(here), Some(there)) = (here, there)
                && here != there
            {
                let detail = format!(
                    "`{here}` is `{there}` of prices[{number}] in other capitals, which make no difference."
                );
                return Err(wrong(&format!("{place}.{field}"), &detail)
                    .fix(format!("Write `{there}` in both.")));
            }
        }
        Ok(())
    }

    /// What it says, if it makes sense. `place` is where it stands, for refusals.
    pub(super) fn terms(&self, place: &str) -> Result<PriceTerms, AppError> {
        let at = |field: &str| format!("{place}.{field}");
        let named = |text: &str| !text.trim().is_empty() && text.len() <= LONGEST;
        if !named(&self.provider) {
            return Err(wrong(&at("provider"), "A provider has 1 to 256 bytes."));
        }
        if !self.model.as_deref().is_none_or(named) {
            return Err(wrong(&at("model"), "A model has 1 to 256 bytes."));
        }
        if !self.unit.as_deref().is_none_or(named) {
            return Err(wrong(&at("unit"), "A unit has 1 to 256 bytes."));
        }
        let currency = match &self.currency {
            Some(code) => currency(code, &at("currency"))?,
            None => USD.to_owned(),
        };
        let terms = PriceTerms {
            provider: self.provider.clone(),
            model: self.model.clone(),
            from: moment(&self.effective_from, &at("effectiveFrom"))?,
            currency,
            tokens: RatesInput::from(self).rates(place)?,
            per_call: rate(self.per_call, &at("perCall"))?,
            per_unit: rate(self.per_unit, &at("perUnit"))?,
            unit: self.unit.clone(),
            tiers: self.tiers(place)?,
        };
        if terms.tokens.is_empty() && terms.per_call.is_none() && terms.per_unit.is_none() {
            let detail = "A price needs a rate: inputPerMillion, outputPerMillion, perCall, perUnit or another.";
            return Err(wrong(&at("inputPerMillion"), detail));
        }
        Ok(terms)
    }

    /// The tiers in the order of their bounds.
    fn tiers(&self, place: &str) -> Result<Vec<Tier>, AppError> {
        if self.tiers.len() > MOST_TIERS {
            let detail = format!("A price has at most {MOST_TIERS} tiers.");
            return Err(wrong(&format!("{place}.tiers"), &detail));
        }
        let mut seen = HashSet::new();
        let mut tiers = Vec::with_capacity(self.tiers.len());
        for (number, tier) in self.tiers.iter().enumerate() {
            let place = format!("{place}.tiers[{number}]");
            let above = tier.above_prompt_tokens;
            if !(0..=LONGEST_PROMPT).contains(&above) || !seen.insert(above) {
                let detail =
                    format!("Tiers begin at different numbers from 0 to {LONGEST_PROMPT}.");
                return Err(wrong(&format!("{place}.abovePromptTokens"), &detail));
            }
            let rates = RatesInput::from(tier).rates(&place)?;
            if rates.is_empty() {
                let detail = "A tier needs a rate.";
                return Err(wrong(&format!("{place}.inputPerMillion"), detail));
            }
            tiers.push(Tier {
                above_prompt_tokens: above,
                rates,
            });
        }
        tiers.sort_by_key(|tier| tier.above_prompt_tokens);
        Ok(tiers)
    }
}

/// The rates for tokens of a price or a tier, in the order of [`TokenRates`].
struct RatesInput([Option<f64>; 5]);

impl From<&PriceInput> for RatesInput {
    fn from(price: &PriceInput) -> Self {
        Self([
            price.input_per_million,
            price.output_per_million,
            price.cache_read_per_million,
            price.cache_write_per_million,
            price.reasoning_per_million,
        ])
    }
}

impl From<&TierInput> for RatesInput {
    fn from(tier: &TierInput) -> Self {
        Self([
            tier.input_per_million,
            tier.output_per_million,
            tier.cache_read_per_million,
            tier.cache_write_per_million,
            tier.reasoning_per_million,
        ])
    }
}

impl RatesInput {
    fn rates(&self, place: &str) -> Result<TokenRates, AppError> {
        let [input, output, cache_read, cache_write, reasoning] = self.0;
        let read = |value: Option<f64>, field: &str| rate(value, &format!("{place}.{field}"));
        Ok(TokenRates {
            input: read(input, "inputPerMillion")?,
            output: read(output, "outputPerMillion")?,
            cache_read: read(cache_read, "cacheReadPerMillion")?,
            cache_write: read(cache_write, "cacheWritePerMillion")?,
            reasoning: read(reasoning, "reasoningPerMillion")?,
        })
    }
}

fn exchange_rates(given: &[ExchangeRateInput]) -> Result<Vec<ExchangeRate>, AppError> {
    if given.len() > MOST {
        let detail = format!("A book has at most {MOST} exchange rates.");
        return Err(wrong("exchangeRates", &detail));
    }
    let mut seen = HashSet::new();
    let mut all = Vec::with_capacity(given.len());
    for (number, given) in given.iter().enumerate() {
        let at = |field: &str| format!("exchangeRates[{number}].{field}");
        let currency = currency(&given.currency, &at("currency"))?;
        if currency == USD {
            return Err(wrong(&at("currency"), "A US dollar is a US dollar."));
        }
        let from = moment(&given.effective_from, &at("effectiveFrom"))?;
        if !seen.insert((currency.clone(), from)) {
            let detail = "Another rate is for the same currency from the same moment on.";
            return Err(wrong(&at("effectiveFrom"), detail));
        }
        let dollars = rate(Some(given.dollars), &at("dollars"))?;
        let dollars = dollars.filter(|dollars| dollars.0 > 0).ok_or_else(|| {
            let detail = "An exchange rate is at least a billionth of a US dollar.";
            wrong(&at("dollars"), detail)
        })?;
        all.push(ExchangeRate {
            currency,
            from,
            dollars,
        });
    }
    Ok(all)
}

/// Three letters, as capital ones.
fn currency(code: &str, field: &str) -> Result<String, AppError> {
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(code.to_ascii_uppercase());
    }
    let detail = "A currency is the three letters of ISO 4217.";
    Err(wrong(field, detail).fix("EUR"))
}

/// A time as callers write it.
pub(super) fn moment(text: &str, field: &str) -> Result<Timestamp, AppError> {
    Timestamp::parse(text).ok_or_else(|| {
        let detail = "This is no RFC 3339 time with an offset or Z.";
        wrong(field, detail).fix("2026-01-01T00:00:00Z")
    })
}

fn rate(rate: Option<f64>, field: &str) -> Result<Option<Decimal>, AppError> {
    let Some(rate) = rate else { return Ok(None) };
    let decimal = (0.0..=HIGHEST)
        .contains(&rate)
        .then(|| Decimal::parse(&rate.to_string()));
    decimal
        .flatten()
        .map(Some)
        .ok_or_else(|| wrong(field, &format!("A rate is 0 to {HIGHEST}.")))
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(book: Value) -> Result<WantedPrices, String> {
        let input: PricesInput = serde_json::from_value(book).unwrap();
        input.wanted(&[]).map_err(|error| error.field.unwrap())
    }

    fn good() -> Value {
        json!({"provider": "p", "effectiveFrom": "2026-01-01T00:00:00Z", "perCall": 1})
    }

    #[test]
    fn rates_are_read_exactly() {
        let found = read(json!({"prices": [{"provider": "openai", "effectiveFrom": "2026-01-01T00:00:00Z",
            "inputPerMillion": 0.15, "perCall": 0.000000001, "currency": "eur",
            "tiers": [{"abovePromptTokens": 9, "outputPerMillion": 2}, {"abovePromptTokens": 5, "cacheReadPerMillion": 0}]}],
            "exchangeRates": [{"currency": "EUR", "effectiveFrom": "2026-01-01T00:00:00Z", "dollars": 1.0801}]}))
        .unwrap();
        let price = &found.prices[0];
        assert_eq!(price.tokens.input, Some(Decimal(150_000_000)));
        assert_eq!(price.per_call, Some(Decimal(1)));
        assert_eq!(price.tokens.output, None);
        assert_eq!(price.currency, "EUR");
        let tiers: Vec<_> = price.tiers.iter().map(|t| t.above_prompt_tokens).collect();
        assert_eq!(tiers, [5, 9]);
        assert_eq!(price.tiers[0].rates.cache_read, Some(Decimal(0)));
        assert_eq!(found.exchange_rates[0].dollars, Decimal(1_080_100_000));
    }

    #[test]
    fn what_makes_no_sense_is_named_by_its_place() {
        let with = |field: &str, value: Value| {
            let mut price = good();
            price[field] = value;
            read(json!({"prices": [good(), price]})).unwrap_err()
        };
        assert_eq!(with("provider", " ".into()), "prices[1].provider");
        assert_eq!(with("model", "".into()), "prices[1].model");
        assert_eq!(
            with("effectiveFrom", "2026-01-01".into()),
            "prices[1].effectiveFrom"
        );
        assert_eq!(with("perCall", (-1).into()), "prices[1].perCall");
        assert_eq!(with("perCall", Value::Null), "prices[1].inputPerMillion");
        assert_eq!(
            with("perCall", 2.into()),
            "prices[1].effectiveFrom",
            "twice the same moment"
        );
        assert_eq!(with("provider", "P".into()), "prices[1].provider");
        assert_eq!(with("currency", "euro".into()), "prices[1].currency");
        let tier = |tier: Value| {
            let mut price = good();
            price["tiers"] = json!([{"abovePromptTokens": 1, "inputPerMillion": 1}, tier]);
            read(json!({"prices": [price]})).unwrap_err()
        };
        let above = "prices[0].tiers[1].abovePromptTokens";
        assert_eq!(
            tier(json!({"abovePromptTokens": 1, "inputPerMillion": 1})),
            above
        );
        assert_eq!(
            tier(json!({"abovePromptTokens": -1, "inputPerMillion": 1})),
            above
        );
        let none = tier(json!({"abovePromptTokens": 2}));
        assert_eq!(none, "prices[0].tiers[1].inputPerMillion");
    }

    #[test]
    fn one_model_in_two_spellings_is_refused_whatever_their_moments() {
        let price = |provider: &str, model: Value, from: &str| json!({"provider": provider, "model": model, "effectiveFrom": from, "perCall": 1});
        let (june, july) = ("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");
        let input: PricesInput = serde_json::from_value(json!({"prices": [
            price("openai", "GPT-4o".into(), june), price("openai", "gpt-4o".into(), july)]}))
        .unwrap();
        let error = input.wanted(&[]).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("prices[1].model"));
        assert!(error.detail.contains("`gpt-4o` is `GPT-4o` of prices[0]"));
        assert_eq!(error.fix.as_deref(), Some("Write `GPT-4o` in both."));
        let fine = json!({"prices": [
            price("openai", "GPT-4o".into(), june), price("openai", "GPT-4o".into(), july),
            price("OpenAI", "gpt-4".into(), june), price("openai", Value::Null, june)]});
        assert!(read(fine).is_ok());
    }

    #[test]
    fn another_currency_needs_an_exchange_rate() {
        let mut price = good();
        price["currency"] = json!("EUR");
        let with = |rates: Value| read(json!({"prices": [price], "exchangeRates": rates}));
        assert_eq!(with(json!([])).unwrap_err(), "prices[0].currency");
        let rate = |currency: &str, dollars: f64| json!({"currency": currency, "effectiveFrom": "2026-01-01T00:00:00Z", "dollars": dollars});
        assert!(with(json!([rate("EUR", 1.1)])).is_ok());
        let usd = with(json!([rate("EUR", 1.1), rate("USD", 1.0)]));
        assert_eq!(usd.unwrap_err(), "exchangeRates[1].currency");
        let free = with(json!([rate("EUR", 0.0)]));
        assert_eq!(free.unwrap_err(), "exchangeRates[0].dollars");
        let twice = with(json!([rate("EUR", 1.1), rate("eur", 1.2)]));
        assert_eq!(twice.unwrap_err(), "exchangeRates[1].effectiveFrom");
    }
}
