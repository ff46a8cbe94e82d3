//! Figures of costs.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::figures::{Figures, Row, Wanted};
use crate::figures;

/// Figures of costs. Money is in US dollars. Figures per execution are null if executions cannot be broken
/// down in the same way as costs, or if there are no executions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostFigures {
    /// Costs in US dollars.
    pub total_cost: f64,
    /// Credits used.
    pub total_credits: f64,
    /// Calls to paid APIs.
    pub api_calls: u64,
    /// Tokens sent, including cached ones.
    pub input_tokens: u64,
    /// Tokens received, including reasoning tokens.
    pub output_tokens: u64,
    /// Sent tokens that were read from a cache.
    pub cache_read_tokens: u64,
    /// Sent tokens that were written to a cache.
    pub cache_write_tokens: u64,
    /// Received tokens that were spent on reasoning.
    pub reasoning_tokens: u64,
    /// Number of cost records.
    pub records: u64,
    /// Cost records with tokens, units or another currency, but without US dollars, and without a price or
    /// exchange rate in the price book. `totalCost` does not include them.
    pub unpriced_records: u64,
    /// All executions; each counts once.
    pub executions: Option<u64>,
    /// Completed executions.
    pub successful: Option<u64>,
    /// totalCost / executions.
    pub cost_per_execution: Option<f64>,
    /// totalCost / successful: the cost per success, including the cost of failures.
    pub cost_per_successful_execution: Option<f64>,
    /// totalCredits / executions.
    pub credits_per_execution: Option<f64>,
}

figures! {
    /// The metrics behind [`CostFigures`].
    struct Paid {
        cost: f64 = sum("cost"),
        credits: f64 = sum("credits"),
        api_calls: u64 = count("api_calls"),
        input_tokens: u64 = count("input_tokens"),
        output_tokens: u64 = count("output_tokens"),
        cache_read_tokens: u64 = count("cache_read_tokens"),
        cache_write_tokens: u64 = count("cache_write_tokens"),
        reasoning_tokens: u64 = count("reasoning_tokens"),
        records: u64 = count("cost_records"),
        unpriced_records: u64 = count("unpriced_records"),
        executions: Option<u64> = counted("executions").where_known,
        successful: Option<u64> = counted("completed").where_known,
    }
}

impl Figures for CostFigures {
    fn wanted() -> Vec<Wanted> {
        Paid::wanted()
    }

    fn read(row: Row<'_>) -> Self {
        let paid = Paid::read(row);
        Self {
            total_cost: paid.cost,
            total_credits: paid.credits,
            api_calls: paid.api_calls,
            input_tokens: paid.input_tokens,
            output_tokens: paid.output_tokens,
            cache_read_tokens: paid.cache_read_tokens,
            cache_write_tokens: paid.cache_write_tokens,
            reasoning_tokens: paid.reasoning_tokens,
            records: paid.records,
            unpriced_records: paid.unpriced_records,
            executions: paid.executions,
            successful: paid.successful,
            cost_per_execution: per(paid.cost, paid.executions),
            cost_per_successful_execution: per(paid.cost, paid.successful),
            credits_per_execution: per(paid.credits, paid.executions),
        }
    }
}

/// A sum divided by a count; `None` if the count is 0 or unknown.
fn per(sum: f64, count: Option<u64>) -> Option<f64> {
    count
        .filter(|&count| count > 0)
        .map(|count| sum / count as f64)
}
