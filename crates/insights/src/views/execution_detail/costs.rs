//! The costs of an execution.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Decimal, Timestamp};
use weir_query::records::parts::{CostRecord, Counted};

/// The costs of an execution.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionCosts {
    /// US dollars.
    pub total_cost: f64,
    /// Credits.
    pub total_credits: f64,
    /// Calls to paid APIs.
    pub api_calls: i64,
    /// Tokens sent to language models.
    pub input_tokens: i64,
    /// Tokens received from language models.
    pub output_tokens: i64,
    /// Sent tokens that were read from a cache.
    pub cache_read_tokens: i64,
    /// Sent tokens that were written to a cache.
    pub cache_write_tokens: i64,
    /// Received tokens that were spent on reasoning.
    pub reasoning_tokens: i64,
    /// The cost records, oldest first.
    pub items: Vec<ExecutionCostItem>,
    /// Whether there are more than listed; the sums cover only those listed.
    pub truncated: bool,
}

/// A cost record.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionCostItem {
    /// The id of its event, to which `partOf` of other costs refers.
    pub id: String,
    /// When the cost arose.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The action that was paid for.
    pub action_type: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Number of API calls.
    pub api_calls: Option<i64>,
    /// Tokens sent.
    pub input_tokens: Option<i64>,
    /// Tokens received.
    pub output_tokens: Option<i64>,
    /// Sent tokens that were read from a cache.
    pub cache_read_tokens: Option<i64>,
    /// Sent tokens that were written to a cache.
    pub cache_write_tokens: Option<i64>,
    /// Received tokens that were spent on reasoning.
    pub reasoning_tokens: Option<i64>,
    /// Number of other units.
    pub units: Option<f64>,
    /// The kind of these units.
    pub unit: Option<String>,
    /// The id of the cost that includes this one.
    pub part_of: Option<String>,
    /// Credits.
    pub credits: Option<f64>,
    /// US dollars.
    pub dollar_amount: Option<f64>,
}

impl ExecutionCosts {
    pub(super) fn of(records: &[CostRecord], most: usize) -> Self {
        // Exact: billionths are added as integers. A cost with parts counts only what its parts do not.
        let sum = |of: fn(&Counted) -> i64| -> i64 {
            records.iter().map(|record| of(&record.counted)).sum()
        };
        Self {
            total_cost: units(Decimal(sum(|counted| counted.amount.0))),
            total_credits: units(Decimal(sum(|counted| counted.credits.0))),
            api_calls: sum(|counted| counted.api_calls),
            input_tokens: sum(|counted| counted.input_tokens),
            output_tokens: sum(|counted| counted.output_tokens),
            cache_read_tokens: sum(|counted| counted.cache_read_tokens),
            cache_write_tokens: sum(|counted| counted.cache_write_tokens),
            reasoning_tokens: sum(|counted| counted.reasoning_tokens),
            items: records.iter().map(item).collect(),
            truncated: records.len() >= most,
        }
    }
}

fn item(record: &CostRecord) -> ExecutionCostItem {
    ExecutionCostItem {
        id: record.id.clone(),
        timestamp: record.timestamp,
        action_type: record.action_type.clone(),
        provider: record.provider.clone(),
        model: record.model.clone(),
        api_calls: record.api_calls,
        input_tokens: record.input_tokens,
        output_tokens: record.output_tokens,
        cache_read_tokens: record.cache_read_tokens,
        cache_write_tokens: record.cache_write_tokens,
        reasoning_tokens: record.reasoning_tokens,
        units: record.units.map(units),
        unit: record.unit.clone(),
        part_of: record.part_of.clone(),
        credits: record.credits.map(units),
        dollar_amount: record.amount.map(units),
    }
}

pub(super) fn units(amount: Decimal) -> f64 {
    amount.0 as f64 / 1e9
}
