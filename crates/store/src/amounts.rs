//! The amounts of a cost: its own, and what counts once its parts are known.

use weir_model::event::CostEvent;

/// The kinds of amounts: measures of the costs family and columns of stored costs.
pub const KINDS: [&str; 9] = [
    "amount",
    "credits",
    "api_calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "units",
];

/// The least that the parts of a cost are taken to sum up to: what it has beyond them then fits into 64 bits, however
/// much they refund.
const LEAST_COVERED: i64 = -(1 << 62);

/// The amounts of one cost, by kind.
pub type Own = [Option<i64>; KINDS.len()];

/// Amounts of several costs, by kind.
pub type Sums = [i64; KINDS.len()];

/// The amounts of a cost.
pub fn own(cost: &CostEvent) -> Own {
    [
        cost.dollar_amount.map(|amount| amount.0),
        cost.credits.map(|amount| amount.0),
        cost.api_calls,
        cost.input_tokens,
        cost.output_tokens,
        cost.cache_read_tokens,
        cost.cache_write_tokens,
        cost.reasoning_tokens,
        cost.units.map(|units| units.0),
    ]
}

/// The amounts of a cost beyond those of its parts.
pub fn counted(own: &Own, covered: Option<&Sums>) -> Sums {
    std::array::from_fn(|kind| match (own[kind], covered) {
        (own, None) => own.unwrap_or(0),
        (None, Some(_)) => 0,
        (Some(own), Some(covered)) => (own - covered[kind].max(LEAST_COVERED)).max(0),
    })
}

/// The total of a cost with its parts.
pub(crate) fn total(own: &Own, covered: Option<&Sums>) -> Sums {
    std::array::from_fn(|kind| match (own[kind], covered) {
        (own, None) => own.unwrap_or(0),
        (None, Some(covered)) => covered[kind],
        (Some(own), Some(covered)) => own.max(covered[kind]),
    })
}
