//! Costs in figures.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::Rows;

use super::super::Row;

/// The metrics of costs behind [`CostFigures`].
pub(super) const COSTS: [&str; 10] = [
    "cost",
    "credits",
    "api_calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
    "cost_records",
    "unpriced_records",
];

/// The metrics of the executions that caused them.
pub(super) const EXECUTIONS: [&str; 2] = ["executions", "completed"];

/// Costs in figures. Money is US dollars. Null is "can not be told": figures for each execution where
/// executions can not be told apart as the costs are, or where there are none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostFigures {
    /// Money spent.
    pub total_cost: f64,
    /// Credits used.
    pub total_credits: f64,
    /// Calls to paid interfaces.
    pub api_calls: u64,
    /// Tokens sent, cached ones among them.
    pub input_tokens: u64,
    /// Tokens received, those of reasoning among them.
    pub output_tokens: u64,
    /// Of the tokens sent those read from a cache.
    pub cache_read_tokens: u64,
    /// Of the tokens sent those written to a cache.
    pub cache_write_tokens: u64,
    /// Of the tokens received those of reasoning.
    pub reasoning_tokens: u64,
    /// Cost records.
    pub records: u64,
    /// Those with tokens, units or another currency, without US dollars and without a price or an exchange
    /// rate in the book: `totalCost` lacks them.
    pub unpriced_records: u64,
    /// Every execution once.
    pub executions: Option<u64>,
    /// Those that completed.
    pub successful: Option<u64>,
    /// totalCost / executions.
    pub cost_per_execution: Option<f64>,
    /// totalCost / successful: what a success costs, with all that failed beside it.
    pub cost_per_successful_execution: Option<f64>,
    /// totalCredits / executions.
    pub credits_per_execution: Option<f64>,
}

impl CostFigures {
    /// The figures of rows that are one row: without dimensions and granularity.
    pub(super) fn only(rows: &Rows) -> Self {
        let first = Row::all(rows).next();
        first.map(Self::from).unwrap_or_default()
    }
}

impl From<Row<'_>> for CostFigures {
    fn from(row: Row<'_>) -> Self {
        let sum = |metric| row.value(metric).unwrap_or(0.0);
        let count = |metric| row.value(metric).map(|value| value.max(0.0).round() as u64);
        let (executions, successful) = (count("executions"), count("completed"));
        Self {
            total_cost: sum("cost"),
            total_credits: sum("credits"),
            api_calls: row.count("api_calls"),
            input_tokens: row.count("input_tokens"),
            output_tokens: row.count("output_tokens"),
            cache_read_tokens: row.count("cache_read_tokens"),
            cache_write_tokens: row.count("cache_write_tokens"),
            reasoning_tokens: row.count("reasoning_tokens"),
            records: row.count("cost_records"),
            unpriced_records: row.count("unpriced_records"),
            executions,
            successful,
            cost_per_execution: per(sum("cost"), executions),
            cost_per_successful_execution: per(sum("cost"), successful),
            credits_per_execution: per(sum("credits"), executions),
        }
    }
}

/// A sum over a count; `None` where there is nothing to divide by.
pub(super) fn per(sum: f64, count: Option<u64>) -> Option<f64> {
    count
        .filter(|&count| count > 0)
        .map(|count| sum / count as f64)
}
