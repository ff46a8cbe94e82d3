//! Prices with effective dates: money for costs whose producer reports tokens and calls only.

use std::sync::Arc;

use crate::{Decimal, Event, EventKind, Timestamp, event::CostEvent};

/// Tokens that a price is for.
const PER: i128 = 1_000_000;

/// What a provider takes from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Public id.
    pub id: Arc<str>,
    /// Who is paid.
    pub provider: String,
    /// For which model; `None` for every model that has no price of its own.
    pub model: Option<String>,
    /// From when on it holds, until the next price of the same provider and model.
    pub from: Timestamp,
    /// US dollars for a million tokens sent.
    pub input_per_million: Option<Decimal>,
    /// US dollars for a million tokens received.
    pub output_per_million: Option<Decimal>,
    /// US dollars for a call.
    pub per_call: Option<Decimal>,
}

/// The prices of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceBook {
    /// By provider, model and date.
    prices: Vec<Price>,
}

/// A price and the time in which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The price.
    pub price: &'a Price,
    /// Until when; `None` is for ever.
    pub to: Option<Timestamp>,
}

impl Price {
    /// What a cost comes to: rates times quantities, for those that are both known, rounded half up to
    /// billionths. `None` if no quantity has a rate, or if it is too large to hold.
    pub fn amount(&self, cost: &CostEvent) -> Option<Decimal> {
        let product = |quantity: Option<i64>, rate: Option<Decimal>| {
            Some(i128::from(quantity?) * i128::from(rate?.0))
        };
        let input = product(cost.input_tokens, self.input_per_million);
        let output = product(cost.output_tokens, self.output_per_million);
        let calls = product(cost.api_calls, self.per_call);
        if input.is_none() && output.is_none() && calls.is_none() {
            return None;
        }
        let tokens = input.unwrap_or(0) + output.unwrap_or(0);
        let amount = (tokens + PER / 2).div_euclid(PER) + calls.unwrap_or(0);
        i64::try_from(amount).ok().map(Decimal)
    }

    fn key(&self) -> (&str, Option<&str>, Timestamp) {
        (&self.provider, self.model.as_deref(), self.from)
    }

    /// Whether the other is for the same provider and model.
    fn is_for_the_same(&self, other: &Price) -> bool {
        self.provider == other.provider && self.model == other.model
    }
}

impl PriceBook {
    /// The book of these prices, in any order.
    pub fn new(mut prices: Vec<Price>) -> Self {
        prices.sort_by(|a, b| a.key().cmp(&b.key()));
        Self { prices }
    }

    /// By provider, model and date.
    pub fn prices(&self) -> &[Price] {
        &self.prices
    }

    /// The price that holds at a moment: the model's own, or else the provider's for every model.
    pub fn price_at(
        &self,
        provider: &str,
        model: Option<&str>,
        moment: Timestamp,
    ) -> Option<&Price> {
        let newest = |model: Option<&str>| {
            let mut known = self.prices.iter().filter(|price| {
                price.provider == provider
                    && price.model.as_deref() == model
                    && price.from <= moment
            });
            known.next_back()
        };
        model
            .and_then(|model| newest(Some(model)))
            .or_else(|| newest(None))
    }

    /// Gives a cost that came without money the money that follows from its tokens and calls.
    pub fn apply(&self, event: &mut Event) {
        let moment = event.timestamp;
        let EventKind::Cost(cost) = &mut event.kind else {
            return;
        };
        if cost.dollar_amount.is_some() || self.prices.is_empty() {
            return;
        }
        let Some(provider) = cost.provider.as_deref() else {
            return;
        };
        let price = self.price_at(provider, cost.model.as_deref(), moment);
        let Some((price, amount)) = price.and_then(|price| Some((price, price.amount(cost)?)))
        else {
            return;
        };
        cost.dollar_amount = Some(amount);
        cost.price = Some(Arc::clone(&price.id));
    }

    /// Every price with the time in which it holds. Of equal provider, model and date the later in the
    /// book holds, and the earlier for no time.
    pub fn spans(&self) -> impl Iterator<Item = Span<'_>> {
        self.prices.iter().enumerate().map(|(position, price)| {
            let next = self.prices.get(position + 1);
            let next = next.filter(|next| next.is_for_the_same(price));
            Span {
                price,
                to: next.map(|next| next.from),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(id: &str, model: Option<&str>, from: i64, rates: [Option<&str>; 3]) -> Price {
        let [input, output, call] = rates.map(|rate| rate.and_then(Decimal::parse));
        Price {
            id: Arc::from(id),
            provider: "openai".to_owned(),
            model: model.map(str::to_owned),
            from: Timestamp(from),
            input_per_million: input,
            output_per_million: output,
            per_call: call,
        }
    }

    fn cost(tokens: (Option<i64>, Option<i64>), calls: Option<i64>) -> CostEvent {
        CostEvent {
            execution_id: None,
            action_type: None,
            provider: Some("openai".to_owned()),
            model: Some("small".to_owned()),
            api_calls: calls,
            input_tokens: tokens.0,
            output_tokens: tokens.1,
            credits: None,
            dollar_amount: None,
            price: None,
        }
    }

    #[test]
    fn an_amount_is_rates_times_quantities() {
        let all = price("a", None, 0, [Some("0.15"), Some("0.6"), Some("0.01")]);
        let amount = |cost: &CostEvent| all.amount(cost).map(|amount| amount.to_string());
        let tokens = cost((Some(1_000_000), Some(500_000)), None);
        assert_eq!(amount(&tokens).as_deref(), Some("0.45"));
        assert_eq!(
            amount(&cost((None, None), Some(3))).as_deref(),
            Some("0.03")
        );
        // 0.15 dollars for a million are 150 billionths a token.
        assert_eq!(all.amount(&cost((Some(1), None), None)), Some(Decimal(150)));
        assert_eq!(all.amount(&cost((None, None), None)), None);
        let tokens_only = price("b", None, 0, [Some("0.15"), None, None]);
        assert_eq!(tokens_only.amount(&cost((None, Some(9)), Some(3))), None);
        let tiny = price("c", None, 0, [Some("0.0000005"), None, None]);
        assert_eq!(
            tiny.amount(&cost((Some(1_000), None), None)),
            Some(Decimal(1)),
            "half up"
        );
        assert_eq!(
            tiny.amount(&cost((Some(999), None), None)),
            Some(Decimal(0))
        );
        let dear = price("d", None, 0, [None, None, Some("9000000000")]);
        assert_eq!(dear.amount(&cost((None, None), Some(2))), None, "too large");
    }

    #[test]
    fn the_newest_price_of_the_model_holds_and_else_that_of_the_provider() {
        let rates = [Some("1"), None, None];
        let book = PriceBook::new(vec![
            price("small-2", Some("small"), 200, rates),
            price("any", None, 50, rates),
            price("small-1", Some("small"), 100, rates),
        ]);
        let at = |model: Option<&str>, moment: i64| {
            let found = book.price_at("openai", model, Timestamp(moment));
            found.map(|price| price.id.to_string())
        };
        assert_eq!(at(Some("small"), 49), None);
        assert_eq!(at(Some("small"), 50).as_deref(), Some("any"));
        assert_eq!(at(Some("small"), 199).as_deref(), Some("small-1"));
        assert_eq!(at(Some("small"), 200).as_deref(), Some("small-2"));
        assert_eq!(at(Some("large"), 200).as_deref(), Some("any"));
        assert_eq!(at(None, 200).as_deref(), Some("any"));
        assert_eq!(book.price_at("aws", None, Timestamp(200)), None);
        let spans: Vec<_> = book.spans().map(|s| (&*s.price.id, s.to)).collect();
        let expected = [
            ("any", None),
            ("small-1", Some(Timestamp(200))),
            ("small-2", None),
        ];
        assert_eq!(spans, expected);
    }
}
