//! The costs of an execution.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Decimal, Timestamp};
use weir_query::records::parts::{CostRecord, Counted};

use super::{super::units, StepRuns};

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
    /// The step that caused the cost: the `stepId` of its event. Without that, the step that was running when the
    /// cost arose, if that was only one besides those that contain it.
    pub step_id: Option<String>,
    /// The run of that step, as in the timeline.
    pub occurrence: Option<usize>,
    /// Credits.
    pub credits: Option<f64>,
    /// US dollars.
    pub dollar_amount: Option<f64>,
    #[serde(skip)]
    counted: Counted,
}

impl ExecutionCosts {
    pub(in crate::views) fn of(records: &[CostRecord], steps: &StepRuns, most: usize) -> Self {
        let truncated = records.len() > most;
        let records = &records[..records.len().min(most)];
        // Exact: billionths are added as integers. A cost with parts counts only what its parts do not.
        let sum = |of: fn(&Counted) -> i64| -> i64 {
            let amounts = records.iter().map(|record| of(&record.counted));
            amounts.fold(0, i64::saturating_add)
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
            items: records.iter().map(|record| item(record, steps)).collect(),
            truncated,
        }
    }

    /// What each step run cost, as far as [`ExecutionCostItem::step_id`] tells. Runs without costs are absent.
    pub(in crate::views) fn by_step(&self) -> HashMap<(&str, usize), StepCosts> {
        let mut found: HashMap<_, StepCosts> = HashMap::new();
        for item in &self.items {
            if let (Some(step), Some(occurrence)) = (&item.step_id, item.occurrence) {
                let costs = found.entry((step.as_str(), occurrence)).or_default();
                let sum = |sum: &mut i64, amount: i64| *sum = sum.saturating_add(amount);
                sum(&mut costs.amount, item.counted.amount.0);
                sum(&mut costs.input_tokens, item.counted.input_tokens);
                sum(&mut costs.output_tokens, item.counted.output_tokens);
            }
        }
        found
    }
}

/// What a step run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::views) struct StepCosts {
    amount: i64,
    /// Tokens sent.
    pub input_tokens: i64,
    /// Tokens received.
    pub output_tokens: i64,
}

impl StepCosts {
    /// US dollars.
    pub fn cost(self) -> f64 {
        units(Decimal(self.amount))
    }
}

fn item(record: &CostRecord, steps: &StepRuns) -> ExecutionCostItem {
    let run = match &record.step {
        Some(step) => steps.run_of(step, record.timestamp),
        // A step reports its cost when it ends.
        None => steps.alone_at(record.timestamp, true),
    };
    let named = record.step.clone();
    ExecutionCostItem {
        step_id: named.or_else(|| run.map(|run| run.record.step.clone())),
        occurrence: run.map(|run| run.occurrence),
        counted: record.counted,
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
