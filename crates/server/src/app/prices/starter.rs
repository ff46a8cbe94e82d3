//! The starter price book: list prices of well-known models at a date, as data, for whoever chooses to
//! take them.

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
    serde_json::from_str(text).expect("the starter price book is what its test reads")
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

/// Where the prices of the starter book are from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct StarterSource {
    /// Who says so.
    pub name: String,
    /// Where.
    pub url: String,
}

/// The starter price book.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StarterBookView {
    /// The day on which these were the prices.
    #[schema(format = "date")]
    pub as_of: &'static str,
    /// What they are, and what is not in them.
    pub note: &'static str,
    /// Where they are from.
    pub sources: Vec<StarterSource>,
    /// By provider and model.
    pub prices: Vec<StarterPriceView>,
    /// How many of them adopting would add: those of a provider and model without a price in the book.
    pub to_add: usize,
}

/// A price of the starter book, in US dollars.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StarterPriceView {
    /// Who is paid.
    pub provider: String,
    /// For which model.
    pub model: Option<String>,
    /// For tokens.
    #[serde(flatten)]
    pub rates: RatesView,
    /// Other rates for calls with long prompts.
    pub tiers: Vec<TierView>,
    /// Whether the project's book has a price of the provider and model: adopting leaves that as it is.
    pub in_book: bool,
}

/// Which prices of the starter book are to be adopted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StarterInput {
    /// From when on they are to hold, RFC 3339; without it from the day of the starter book.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub effective_from: Option<String>,
    /// Only those of these providers; without it all.
    #[serde(default)]
    pub providers: Option<Vec<String>>,
    /// The version of the book that they are added to; without it, whichever it is.
    #[serde(default)]
    pub version: Option<i64>,
    /// Whether only to say what would become of stored costs.
    #[serde(default)]
    pub dry_run: bool,
}

impl Starter {
    /// The prices, from a moment on.
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

/// The providers and models that have a price, as they are compared.
fn known(prices: &[Price]) -> HashSet<(String, Option<String>)> {
    prices.iter().map(|price| price.terms.is_for()).collect()
}

impl App {
    /// The starter price book, and what of it a project has.
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

    /// Adds prices of the starter book to a project's, for every provider and model that has none.
    /// Stored costs that came without money follow.
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
                let detail = format!("The starter book has no prices of `{unknown}`.");
                let all: Vec<String> = all.into_iter().collect();
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field("providers")
                    .fix(format!("Some of: {}.", all.join(", "))));
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
            // What is there must not have changed since it was read.
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
    fn the_starter_book_is_a_book_with_a_date_and_sources() {
        let terms = STARTER.terms(&STARTER.day()).expect("every price is one");
        assert!(terms.len() >= 50, "{}", terms.len());
        let keys: HashSet<_> = terms.iter().map(PriceTerms::is_for).collect();
        assert_eq!(keys.len(), terms.len(), "no model stands twice");
        for terms in &terms {
            assert!(
                terms.model.is_some() && terms.tokens.input.is_some(),
                "{terms:?}"
            );
            // A cache that costs more than it spares would be a slip of the pen.
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
