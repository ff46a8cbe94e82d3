//! A price book as a caller writes it.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::ToSchema;
use weir_meta::PriceTerms;
use weir_model::{Decimal, Timestamp};

use crate::app::{AppError, ErrorCode};

/// The most prices in a book.
const MOST: usize = 1_000;
/// The longest name.
const LONGEST: usize = 256;
/// The highest rate, in US dollars: sums of rates times quantities must fit.
const HIGHEST: f64 = 1_000_000.0;

/// What a price book is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PricesInput {
    /// Every price; those that are not named are dropped. At most 1000.
    pub prices: Vec<PriceInput>,
    /// The version that the change is made to; without it, whichever it is.
    #[serde(default)]
    pub version: Option<i64>,
    /// Whether only to say what would become of stored costs.
    #[serde(default)]
    pub dry_run: bool,
}

/// A price. At least one of the rates is needed.
#[derive(Debug, Deserialize, ToSchema)]
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
    /// US dollars for a million tokens sent.
    #[serde(default)]
    pub input_per_million: Option<f64>,
    /// US dollars for a million tokens received.
    #[serde(default)]
    pub output_per_million: Option<f64>,
    /// US dollars for a call.
    #[serde(default)]
    pub per_call: Option<f64>,
}

impl PricesInput {
    /// The prices, if they make sense.
    pub(super) fn terms(&self) -> Result<Vec<PriceTerms>, AppError> {
        if self.prices.len() > MOST {
            let detail = format!("A book has at most {MOST} prices.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("prices"));
        }
        let mut seen = HashSet::new();
        let mut all = Vec::with_capacity(self.prices.len());
        for (number, price) in self.prices.iter().enumerate() {
            let terms = price.terms(number)?;
            if !seen.insert((terms.provider.clone(), terms.model.clone(), terms.from)) {
                let detail =
                    "Another price is for the same provider and model from the same moment on.";
                return Err(wrong(number, "effectiveFrom", detail));
            }
            all.push(terms);
        }
        Ok(all)
    }
}

impl PriceInput {
    fn terms(&self, number: usize) -> Result<PriceTerms, AppError> {
        let named = |text: &str| !text.trim().is_empty() && text.len() <= LONGEST;
        if !named(&self.provider) {
            return Err(wrong(number, "provider", "A provider has 1 to 256 bytes."));
        }
        if !self.model.as_deref().is_none_or(named) {
            return Err(wrong(number, "model", "A model has 1 to 256 bytes."));
        }
        let from = Timestamp::parse(&self.effective_from).ok_or_else(|| {
            let detail = "This is no RFC 3339 time with an offset or Z.";
            wrong(number, "effectiveFrom", detail).fix("2026-01-01T00:00:00Z")
        })?;
        let terms = PriceTerms {
            provider: self.provider.clone(),
            model: self.model.clone(),
            from,
            input_per_million: rate(self.input_per_million, number, "inputPerMillion")?,
            output_per_million: rate(self.output_per_million, number, "outputPerMillion")?,
            per_call: rate(self.per_call, number, "perCall")?,
        };
        let rates = [
            terms.input_per_million,
            terms.output_per_million,
            terms.per_call,
        ];
        if rates.iter().all(Option::is_none) {
            let detail = "A price needs a rate: inputPerMillion, outputPerMillion or perCall.";
            return Err(wrong(number, "inputPerMillion", detail));
        }
        Ok(terms)
    }
}

fn rate(rate: Option<f64>, number: usize, field: &str) -> Result<Option<Decimal>, AppError> {
    let Some(rate) = rate else { return Ok(None) };
    let decimal = (0.0..=HIGHEST)
        .contains(&rate)
        .then(|| Decimal::parse(&rate.to_string()));
    decimal.flatten().map(Some).ok_or_else(|| {
        let detail = format!("A rate is 0 to {HIGHEST} US dollars.");
        wrong(number, field, &detail)
    })
}

fn wrong(number: usize, field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(format!("prices[{number}].{field}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(prices: serde_json::Value) -> Result<Vec<PriceTerms>, String> {
        let json = serde_json::json!({"prices": prices});
        let input: PricesInput = serde_json::from_value(json).unwrap();
        input.terms().map_err(|error| error.field.unwrap())
    }

    #[test]
    fn rates_are_read_exactly() {
        let found = read(
            serde_json::json!([{"provider": "openai", "effectiveFrom": "2026-01-01T00:00:00Z",
            "inputPerMillion": 0.15, "perCall": 0.000000001}]),
        )
        .unwrap();
        assert_eq!(found[0].input_per_million, Some(Decimal(150_000_000)));
        assert_eq!(found[0].per_call, Some(Decimal(1)));
        assert_eq!(found[0].output_per_million, None);
    }

    #[test]
    fn what_makes_no_sense_is_named_by_its_place() {
        let good = serde_json::json!({"provider": "p", "effectiveFrom": "2026-01-01T00:00:00Z", "perCall": 1});
        let with = |field: &str, value: serde_json::Value| {
            let mut price = good.clone();
            price[field] = value;
            read(serde_json::json!([good, price])).unwrap_err()
        };
        assert_eq!(with("provider", " ".into()), "prices[1].provider");
        assert_eq!(with("model", "".into()), "prices[1].model");
        assert_eq!(
            with("effectiveFrom", "2026-01-01".into()),
            "prices[1].effectiveFrom"
        );
        assert_eq!(with("perCall", (-1).into()), "prices[1].perCall");
        assert_eq!(
            with("perCall", serde_json::Value::Null),
            "prices[1].inputPerMillion"
        );
        assert_eq!(
            with("perCall", 2.into()),
            "prices[1].effectiveFrom",
            "twice the same moment"
        );
    }
}
