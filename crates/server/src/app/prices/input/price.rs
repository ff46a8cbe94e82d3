//! A price and its tiers as a caller writes them.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::ToSchema;
use weir_model::price::{PriceTerms, Tier, TokenRates, USD};

use super::values::{currency, moment, rate, wrong};
use crate::app::AppError;

/// The most tiers of a price.
const MOST_TIERS: usize = 16;
/// The longest name, in bytes.
const LONGEST: usize = 256;
/// The longest prompt that a tier can start at, in tokens.
const LONGEST_PROMPT: i64 = 1_000_000_000_000;

/// A price. It needs at least one rate.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceInput {
    /// Ignored, and accepted so that what was read can be sent back. An unchanged price keeps its id.
    #[serde(default)]
    #[allow(dead_code, reason = "it is part of what callers send")]
    pub id: Option<String>,
    /// The provider, as cost events name it.
    #[schema(example = "openai")]
    pub provider: String,
    /// The model, as cost events name it; if omitted, every model without a price of its own.
    #[serde(default)]
    pub model: Option<String>,
    /// When it takes effect (RFC 3339).
    #[schema(format = DateTime)]
    pub effective_from: String,
    /// The currency of the rates (ISO 4217); US dollars by default. Other currencies need an exchange rate.
    #[serde(default)]
    pub currency: Option<String>,
    /// Per million tokens sent.
    #[serde(default)]
    pub input_per_million: Option<f64>,
    /// Per million tokens received.
    #[serde(default)]
    pub output_per_million: Option<f64>,
    /// Per million tokens sent that were read from a cache; by default, the input rate.
    #[serde(default)]
    pub cache_read_per_million: Option<f64>,
    /// Per million tokens sent that were written to a cache; by default, the input rate.
    #[serde(default)]
    pub cache_write_per_million: Option<f64>,
    /// Per million tokens received that were reasoning tokens; by default, the output rate.
    #[serde(default)]
    pub reasoning_per_million: Option<f64>,
    /// Per call.
    #[serde(default)]
    pub per_call: Option<f64>,
    /// Per unit, such as an image or a second of audio.
    #[serde(default)]
    pub per_unit: Option<f64>,
    /// The unit, as cost events name it; if omitted, any unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// Different rates for calls with long prompts, at most 16.
    #[serde(default)]
    pub tiers: Vec<TierInput>,
}

/// Rates for calls with long prompts. At least one is required; for the others, the price's own rates apply.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TierInput {
    /// The tier applies to calls that send more tokens than this, including cached ones. Its rates apply to
    /// all tokens of the call.
    #[schema(example = 200_000)]
    pub above_prompt_tokens: i64,
    /// Per million tokens sent.
    #[serde(default)]
    pub input_per_million: Option<f64>,
    /// Per million tokens received.
    #[serde(default)]
    pub output_per_million: Option<f64>,
    /// Per million tokens sent that were read from a cache.
    #[serde(default)]
    pub cache_read_per_million: Option<f64>,
    /// Per million tokens sent that were written to a cache.
    #[serde(default)]
    pub cache_write_per_million: Option<f64>,
    /// Per million tokens received that were reasoning tokens.
    #[serde(default)]
    pub reasoning_per_million: Option<f64>,
}

impl PriceInput {
    /// Fails if an earlier price spells the same provider or model differently. Names are compared without
    /// regard to case, so the book would otherwise have two names for one model.
    pub(super) fn demand_spelling_of(
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
                    "`{here}` differs from `{there}` in prices[{number}] only in case, which makes no difference."
                );
                return Err(wrong(&format!("{place}.{field}"), &detail)
                    .fix(format!("Use `{there}` in both.")));
            }
        }
        Ok(())
    }

    /// The validated price. Fails if a value is invalid; `place` is its path in the input, for the error's
    /// field.
    pub(in crate::app::prices) fn terms(&self, place: &str) -> Result<PriceTerms, AppError> {
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
            let detail = "A price needs at least one rate: inputPerMillion, outputPerMillion, perCall, perUnit or another.";
            return Err(wrong(&at("inputPerMillion"), detail));
        }
        Ok(terms)
    }

    /// The tiers, in ascending order.
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
                    format!("Tiers start at different numbers from 0 to {LONGEST_PROMPT}.");
                return Err(wrong(&format!("{place}.abovePromptTokens"), &detail));
            }
            let rates = RatesInput::from(tier).rates(&place)?;
            if rates.is_empty() {
                let detail = "A tier needs at least one rate.";
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

/// The token rates of a price or a tier, in the order of [`TokenRates`].
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
