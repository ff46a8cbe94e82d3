//! The starter price book: list prices of well-known models on a certain date, which a project can adopt.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Actor, WantedPrices};
use weir_model::{
    Scope, Timestamp,
    price::{Price, PriceTerms, compared},
};

use super::{PriceInput, PricesChanged, RatesView, Reason, TierView, changed, input::moment};
use crate::app::{App, AppError, ErrorCode};

static STARTER: LazyLock<Starter> = LazyLock::new(|| {
    let text = include_str!("../../../data/starter_prices.json");
    serde_json::from_str(text).expect("a test reads the starter price book")
});

/// The starter book as data.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Starter {
    as_of: String,
    note: String,
    sources: Vec<StarterSource>,
    prices: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// A source of the starter book's prices.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct StarterSource {
    /// The name of the source.
    pub name: String,
    /// Its URL.
    pub url: String,
}

/// The starter price book.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StarterBookView {
    /// The date of the prices.
    #[schema(format = "date")]
    pub as_of: &'static str,
    /// What the prices include and what they do not.
    pub note: &'static str,
    /// The sources of the prices.
    pub sources: Vec<StarterSource>,
    /// The prices, by provider and model.
    pub prices: Vec<StarterPriceView>,
    /// How many prices adoption would add: those for a provider and model that have no price in the project's
    /// book.
    pub to_add: usize,
}

/// A price of the starter book, in US dollars.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StarterPriceView {
    /// The provider.
    pub provider: String,
    /// The model.
    pub model: Option<String>,
    /// The rates for tokens.
    #[serde(flatten)]
    pub rates: RatesView,
    /// Different rates for calls with long prompts.
    pub tiers: Vec<TierView>,
    /// Whether the project's book already has a price for the provider and model, which adoption leaves
    /// unchanged.
    pub in_book: bool,
}

/// Which prices of the starter book to adopt.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StarterInput {
    /// When they take effect (RFC 3339); by default, the date of the starter book.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub effective_from: Option<String>,
    /// Only prices of these providers; all by default.
    #[serde(default)]
    pub providers: Option<Vec<String>>,
    /// The version of the book to add them to; by default, the current version.
    #[serde(default)]
    pub version: Option<i64>,
    /// Whether only to compute the effect on stored costs.
    #[serde(default)]
    pub dry_run: bool,
}

impl Starter {
    /// The prices, taking effect at `from` (RFC 3339). Fails if the data is malformed.
    fn terms(&self, from: &str) -> Result<Vec<PriceTerms>, AppError> {
        let all = self.prices.iter().enumerate();
        all.map(|(number, price)| {
            let mut price = price.clone();
            price.insert("effectiveFrom".to_owned(), from.into());
            let price: PriceInput =
                serde_json::from_value(price.into()).map_err(AppError::internal)?;
            price.terms(&format!("prices[{number}]"))
        })
        .collect()
    }

    fn day(&self) -> String {
        format!("{}T00:00:00Z", self.as_of)
    }
}

/// The providers and models that have a price, in the form in which they are compared.
fn known(prices: &[Price]) -> HashSet<(String, Option<String>)> {
    prices.iter().map(|price| price.terms.is_for()).collect()
}

impl App {
    /// The starter price book, and which of its prices a project already has. Fails if control data cannot be
    /// read.
    pub async fn starter_prices(&self, scope: Scope) -> Result<StarterBookView, AppError> {
        let held = self.meta.prices(scope).await?;
        let known = known(&held.prices);
        let terms = STARTER.terms(&STARTER.day())?;
        let view = |terms: &PriceTerms| StarterPriceView {
            provider: terms.provider.clone(),
            model: terms.model.clone(),
            rates: RatesView::from(&terms.tokens),
            tiers: terms.tiers.iter().map(TierView::from).collect(),
            in_book: known.contains(&terms.is_for()),
        };
        let prices: Vec<StarterPriceView> = terms.iter().map(view).collect();
        Ok(StarterBookView {
            as_of: &STARTER.as_of,
            note: &STARTER.note,
            sources: STARTER.sources.clone(),
            to_add: prices.iter().filter(|price| !price.in_book).count(),
            prices,
        })
    }

    /// Adds prices of the starter book to a project's book, for every provider and model without a price, and
    /// reprices stored costs. Fails if an input is invalid, or with `changed_meanwhile` if the book is at
    /// another version.
    pub async fn adopt_starter_prices(
        self: &Arc<Self>,
        scope: Scope,
        actor: Actor,
        input: StarterInput,
    ) -> Result<PricesChanged, AppError> {
        let held = self.meta.prices(scope).await?;
        let day = STARTER.day();
        let from = input.effective_from.as_deref().unwrap_or(&day);
        let _: Timestamp = moment(from, "effectiveFrom")?;
        let mut added = STARTER.terms(from)?;
        if let Some(providers) = &input.providers {
            let all: BTreeSet<String> = added.iter().map(|t| compared(&t.provider)).collect();
            let wanted: HashSet<String> = providers.iter().map(|name| compared(name)).collect();
            if let Some(unknown) = wanted.iter().find(|name| !all.contains(*name)) {
                let detail = format!("The starter book has no prices for `{unknown}`.");
                let all: Vec<String> = all.into_iter().collect();
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field("providers")
                    .fix(format!("Use one or more of: {}.", all.join(", "))));
            }
            added.retain(|terms| wanted.contains(&compared(&terms.provider)));
        }
        let known = known(&held.prices);
        added.retain(|terms| !known.contains(&terms.is_for()));
        if added.is_empty() {
            return Ok(changed(
                &held,
                weir_store::Restated::default(),
                input.dry_run,
            ));
        }
        let reason = Reason {
            action: "prices.starter_adopted",
            detail: serde_json::json!({
                "versionBefore": held.version,
                "asOf": STARTER.as_of,
                "effectiveFrom": from,
                "added": added.len(),
            }),
        };
        let kept = held.prices.iter().map(|price| price.terms.clone());
        let wanted = WantedPrices {
            // The book must not have changed since it was read.
            expected: Some(input.version.unwrap_or(held.version)),
            prices: kept.chain(added).collect(),
            exchange_rates: held.exchange_rates.clone(),
        };
        self.want_prices(scope, actor, wanted, input.dry_run, reason)
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_book_is_valid_and_states_its_date_and_sources() {
        let terms = STARTER.terms(&STARTER.day()).expect("every price is valid");
        assert!(terms.len() >= 50, "{}", terms.len());
        let keys: HashSet<_> = terms.iter().map(PriceTerms::is_for).collect();
        assert_eq!(keys.len(), terms.len(), "no model is listed twice");
        for terms in &terms {
            assert!(
                terms.model.is_some() && terms.tokens.input.is_some(),
                "{terms:?}"
            );
            // A cache that costs more than it saves would be a mistake in the data.
            assert!(terms.tokens.cache_read <= terms.tokens.input, "{terms:?}");
            assert!(terms.tokens.input <= terms.tokens.output, "{terms:?}");
            for tier in &terms.tiers {
                assert!(tier.rates.input > terms.tokens.input, "{terms:?}");
            }
        }
        assert!(!STARTER.note.is_empty());
        assert!(
            STARTER
                .sources
                .iter()
                .all(|s| s.url.starts_with("https://"))
        );
    }
}
