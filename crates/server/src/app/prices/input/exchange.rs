//! Exchange rates as a caller writes them.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::ToSchema;
use weir_model::price::{ExchangeRate, USD};

use super::values::{MOST, currency, moment, rate, wrong};
use crate::app::AppError;

/// An exchange rate, which applies until the next rate of the same currency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExchangeRateInput {
    /// The currency (ISO 4217).
    #[schema(example = "EUR")]
    pub currency: String,
    /// When it takes effect (RFC 3339).
    #[schema(format = DateTime)]
    pub effective_from: String,
    /// US dollars per unit of the currency.
    #[schema(example = 1.08)]
    pub dollars: f64,
}

pub(super) fn exchange_rates(given: &[ExchangeRateInput]) -> Result<Vec<ExchangeRate>, AppError> {
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
            return Err(wrong(
                &at("currency"),
                "The US dollar needs no exchange rate.",
            ));
        }
        let from = moment(&given.effective_from, &at("effectiveFrom"))?;
        if !seen.insert((currency.clone(), from)) {
            let detail = "Another rate for the same currency takes effect at the same time.";
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
