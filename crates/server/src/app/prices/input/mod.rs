//! A price book as a caller writes it.

mod exchange;
mod price;
mod values;

use std::collections::HashMap;

use serde::Deserialize;
use utoipa::ToSchema;
use weir_meta::WantedPrices;
use weir_model::{
    Timestamp,
    price::{ExchangeRate, PriceTerms, USD},
};

pub use exchange::ExchangeRateInput;
pub use price::{PriceInput, TierInput};
pub(super) use values::moment;

use crate::app::AppError;
use exchange::exchange_rates;
use values::{MOST, wrong};

/// A complete price book.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PricesInput {
    /// All prices, at most 1000. Prices that are not listed are removed.
    pub prices: Vec<PriceInput>,
    /// All exchange rates, at most 1000. Rates that are not listed are removed. If omitted, the rates stay
    /// unchanged.
    #[serde(default)]
    pub exchange_rates: Option<Vec<ExchangeRateInput>>,
    /// The version that the change is based on; by default, the current version.
    #[serde(default)]
    pub version: Option<i64>,
    /// Whether only to compute the effect on stored costs.
    #[serde(default)]
    pub dry_run: bool,
}

impl PricesInput {
    /// The validated book; `held` are the exchange rates to keep if none are given. Fails if a price or rate
    /// is invalid; the field names its place.
    pub(super) fn wanted(&self, held: &[ExchangeRate]) -> Result<WantedPrices, AppError> {
        let exchange_rates = match &self.exchange_rates {
            Some(rates) => exchange_rates(rates)?,
            None => held.to_vec(),
        };
        let prices = self.terms()?;
        for (number, price) in prices.iter().enumerate() {
            let is_known = exchange_rates.iter().any(|r| r.currency == price.currency);
            if price.currency != USD && !is_known {
                let detail = format!("The book has no exchange rate for {}.", price.currency);
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
                    "Another price for the same provider and model takes effect at the same time.";
                return Err(wrong(&format!("{place}.effectiveFrom"), detail)
                    .fix("Keep one of them, or give them different times."));
            }
            moments.push(terms.from);
            all.push(terms);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use weir_model::Decimal;

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
    fn invalid_values_are_named_by_their_place() {
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
            "the same time twice"
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
    fn one_model_in_two_spellings_is_refused_at_any_time() {
        let price = |provider: &str, model: Value, from: &str| json!({"provider": provider, "model": model, "effectiveFrom": from, "perCall": 1});
        let (june, july) = ("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z");
        let input: PricesInput = serde_json::from_value(json!({"prices": [
            price("openai", "GPT-4o".into(), june), price("openai", "gpt-4o".into(), july)]}))
        .unwrap();
        let error = input.wanted(&[]).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("prices[1].model"));
        assert!(
            error
                .detail
                .contains("`gpt-4o` differs from `GPT-4o` in prices[0] only in case")
        );
        assert_eq!(error.fix.as_deref(), Some("Use `GPT-4o` in both."));
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
