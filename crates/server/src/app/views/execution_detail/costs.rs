//! What an execution cost.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Decimal, Timestamp};
use weir_query::records::parts::CostRecord;

/// The costs of an execution.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionCosts {
    /// US dollars.
    pub total_cost: f64,
    /// Credits.
    pub total_credits: f64,
    /// Calls to paid interfaces.
    pub api_calls: i64,
    /// Tokens sent to language models.
    pub input_tokens: i64,
    /// Tokens received from language models.
    pub output_tokens: i64,
    /// Each cost, oldest first.
    pub items: Vec<ExecutionCostItem>,
    /// Whether there are more than are listed; sums are of those listed.
    pub truncated: bool,
}

/// One cost.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionCostItem {
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// What was paid for.
    pub action_type: Option<String>,
    /// Who was paid.
    pub provider: Option<String>,
    /// The model used.
    pub model: Option<String>,
    /// Number of API calls.
    pub api_calls: Option<i64>,
    /// Tokens sent.
    pub input_tokens: Option<i64>,
    /// Tokens received.
    pub output_tokens: Option<i64>,
    /// Credits.
    pub credits: Option<f64>,
    /// US dollars.
    pub dollar_amount: Option<f64>,
}

impl ExecutionCosts {
    pub(super) fn of(records: &[CostRecord], most: usize) -> Self {
        let money = |of: fn(&CostRecord) -> Option<Decimal>| {
            // Exact: billionths are added as integers.
            units(Decimal(records.iter().filter_map(of).map(|d| d.0).sum()))
        };
        let count = |of: fn(&CostRecord) -> Option<i64>| records.iter().filter_map(of).sum();
        Self {
            total_cost: money(|record| record.amount),
            total_credits: money(|record| record.credits),
            api_calls: count(|record| record.api_calls),
            input_tokens: count(|record| record.input_tokens),
            output_tokens: count(|record| record.output_tokens),
            items: records.iter().map(item).collect(),
            truncated: records.len() >= most,
        }
    }
}

fn item(record: &CostRecord) -> ExecutionCostItem {
    ExecutionCostItem {
        timestamp: record.timestamp,
        action_type: record.action_type.clone(),
        provider: record.provider.clone(),
        model: record.model.clone(),
        api_calls: record.api_calls,
        input_tokens: record.input_tokens,
        output_tokens: record.output_tokens,
        credits: record.credits.map(units),
        dollar_amount: record.amount.map(units),
    }
}

pub(super) fn units(amount: Decimal) -> f64 {
    amount.0 as f64 / 1e9
}
