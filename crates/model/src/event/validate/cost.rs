//! Costs: tokens and their parts, units, money.

use super::super::{CostEvent, EventError, EventErrorCode as Code, Foreign, wire::Wire};
use super::check::{Check, Checked};
use crate::{Decimal, decimal::USD};

impl Check<'_> {
    pub(super) fn cost(&self, wire: &Wire) -> Checked<CostEvent> {
        let cache_read_tokens = self.count("cacheReadTokens", wire.cache_read_tokens)?;
        let cache_write_tokens = self.count("cacheWriteTokens", wire.cache_write_tokens)?;
        let reasoning_tokens = self.count("reasoningTokens", wire.reasoning_tokens)?;
        let (dollar_amount, foreign) = self.money(wire)?;
        Ok(CostEvent {
            execution_id: self.text("executionId", &wire.execution_id)?,
            step_id: self.text("stepId", &wire.step_id)?,
            action_type: self.text("actionType", &wire.action_type)?,
            provider: self.text("provider", &wire.provider)?,
            model: self.text("model", &wire.model)?,
            api_calls: self.count("apiCalls", wire.api_calls)?,
            input_tokens: with_parts(
                self.count("inputTokens", wire.input_tokens)?,
                &[cache_read_tokens, cache_write_tokens],
                wire.input_includes_cache,
            ),
            output_tokens: with_parts(
                self.count("outputTokens", wire.output_tokens)?,
                &[reasoning_tokens],
                wire.output_includes_reasoning,
            ),
            cache_read_tokens,
            cache_write_tokens,
            reasoning_tokens,
            units: self.units(wire)?,
            unit: self.text("unit", &wire.unit)?,
            credits: self.amount("credits", wire.credits)?,
            dollar_amount,
            foreign,
            price: None,
            part_of: self.text("partOf", &wire.part_of)?,
        })
    }

    fn units(&self, wire: &Wire) -> Checked<Option<Decimal>> {
        let units = self.amount("units", wire.units)?;
        match units {
            Some(Decimal(below)) if below < 0 => {
                let detail = "units cannot be negative";
                Err(EventError::new(Code::OutOfRange, "units", detail))
            }
            other => Ok(other),
        }
    }

    /// The amount as sent: in US dollars, or else in another currency.
    fn money(&self, wire: &Wire) -> Checked<(Option<Decimal>, Option<Foreign>)> {
        let dollars = self.amount("dollarAmount", wire.dollar_amount)?;
        let amount = self.amount("amount", wire.amount)?;
        if dollars.is_some() && amount.is_some() && dollars != amount {
            let detail = "amount and dollarAmount mean the same and differ; send only one of them";
            return Err(EventError::new(Code::WrongType, "amount", detail));
        }
        let amount = dollars.or(amount);
        Ok(match (amount, self.currency(wire)?) {
            (Some(amount), Some(currency)) => (None, Some(Foreign { amount, currency })),
            (amount, _) => (amount, None),
        })
    }

    /// The currency, if it is not US dollars.
    fn currency(&self, wire: &Wire) -> Checked<Option<String>> {
        let Some(given) = self.text("currency", &wire.currency)? else {
            return Ok(None);
        };
        let code = given.to_ascii_uppercase();
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let shown: String = given.chars().take(40).collect();
            let detail = format!(
                "currency is {shown:?}; it must be a three-letter ISO 4217 code, for example EUR"
            );
            return Err(EventError::new(Code::UnknownValue, "currency", detail));
        }
        Ok(Some(code).filter(|code| code != USD))
    }
}

/// A count of tokens that includes its parts: if the producer counted without them, they are added.
/// It is never less than the sum of its parts.
fn with_parts(count: Option<i64>, parts: &[Option<i64>], included: Option<bool>) -> Option<i64> {
    if parts.iter().all(Option::is_none) {
        return count;
    }
    let (sent, parts) = (count.unwrap_or(0), parts.iter().flatten().sum::<i64>());
    Some(match included {
        Some(false) => sent + parts,
        _ => sent.max(parts),
    })
}
