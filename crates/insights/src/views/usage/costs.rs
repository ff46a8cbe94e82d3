//! What calls to paid interfaces cost, by provider and type, by day.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Heading, trend};
use weir_query::{Answer, Direction, Interval};

use super::{Ordered, UsageWanted, name};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Row, Versioned},
};

const DEFAULT_DAYS: u32 = 30;

const METRICS: [&str; 6] = [
    "cost",
    "credits",
    "api_calls",
    "input_tokens",
    "output_tokens",
    "cost_records",
];

/// `GET /analytics/costs`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostUsage {
    /// What it covers.
    pub range: RangeView,
    /// The figures of the range.
    pub costs: UsageCosts,
    /// API calls by provider, the most first.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub api_calls: Ordered,
    /// Figures by provider, the dearest first.
    pub by_provider: Vec<CostGroup>,
    /// Figures by type of API, the dearest first.
    pub by_api_type: Vec<CostGroup>,
    /// Figures by model, the dearest first.
    pub by_model: Vec<CostGroup>,
    /// Every day of the range in order.
    pub daily: Vec<DayCosts>,
    /// Whether the cost of a day rises or falls.
    pub trend: CostTrend,
    /// How it came about.
    pub meta: Meta,
}

/// Costs in figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct UsageCosts {
    /// US dollars.
    pub total_cost: f64,
    /// Credits.
    pub total_credits: f64,
    /// Calls to paid interfaces.
    pub api_calls: u64,
    /// Tokens sent to language models.
    pub input_tokens: u64,
    /// Tokens received from language models.
    pub output_tokens: u64,
    /// Tokens sent and received.
    pub total_tokens: u64,
}

/// Costs of a provider, type or model.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CostGroup {
    /// The provider, type or model; `unknown` for costs that named none.
    pub name: String,
    /// Its figures.
    #[serde(flatten)]
    pub costs: UsageCosts,
}

/// Costs of a day.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DayCosts {
    /// The day.
    #[schema(format = "date")]
    pub date: String,
    /// Its figures.
    #[serde(flatten)]
    pub costs: UsageCosts,
}

/// Where costs go.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CostTrend {
    /// rising, falling, steady, not_enough_data.
    #[schema(value_type = String)]
    pub heading: Heading,
    /// US dollars more from one day to the next.
    pub slope_per_day: Option<f64>,
    /// Change over the range in percent.
    pub change_pct: Option<f64>,
}

impl From<Row<'_>> for UsageCosts {
    fn from(row: Row<'_>) -> Self {
        let (input, output) = (row.count("input_tokens"), row.count("output_tokens"));
        Self {
            total_cost: row.value("cost").unwrap_or(0.0),
            total_credits: row.value("credits").unwrap_or(0.0),
            api_calls: row.count("api_calls"),
            input_tokens: input,
            output_tokens: output,
            total_tokens: input + output,
        }
    }
}

impl Reading {
    /// What calls to paid interfaces cost.
    pub async fn cost_usage(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<CostUsage>, AppError> {
        let (frame, limit) = (wanted.framed(DEFAULT_DAYS)?, wanted.limit()?);
        let mut questions = Questions::new(self, viewer, freshness);
        let daily = wanted.of_user(frame.query(METRICS).every(Interval::Day));
        let daily = questions.ask(&daily).await?;
        let range = daily.query.range;
        let frame = frame.within(range);
        let whole = questions.ask(&wanted.of_user(frame.query(METRICS))).await?;
        let mut groups = Vec::with_capacity(3);
        for dimension in ["provider", "action_type", "model"] {
            let query = frame
                .query(METRICS)
                .by([dimension])
                .order("cost", Direction::Desc)
                .limit(limit as i64);
            groups.push(questions.ask(&wanted.of_user(query)).await?);
        }
        let days: Vec<DayCosts> = Row::all(&daily.rows).map(day).collect();
        let spent: Vec<_> = days.iter().map(|day| Some(day.costs.total_cost)).collect();
        let found = trend(&spent);
        let body = CostUsage {
            range: range.into(),
            costs: Row::all(&whole.rows)
                .next()
                .map(UsageCosts::from)
                .unwrap_or_default(),
            api_calls: calls(&groups[0]),
            by_provider: grouped(&groups[0]),
            by_api_type: grouped(&groups[1]),
            by_model: grouped(&groups[2]),
            daily: days,
            trend: CostTrend {
                heading: found.heading,
                slope_per_day: found.slope,
                change_pct: found.percent,
            },
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}

fn grouped(answer: &Answer) -> Vec<CostGroup> {
    let group = |row: Row<'_>| CostGroup {
        name: name(row),
        costs: row.into(),
    };
    Row::all(&answer.rows).map(group).collect()
}

fn calls(answer: &Answer) -> Ordered {
    let mut calls: Vec<_> = Row::all(&answer.rows)
        .map(|row| (name(row), row.count("api_calls")))
        .collect();
    calls.sort_by_key(|&(_, calls)| std::cmp::Reverse(calls));
    Ordered(calls)
}

fn day(row: Row<'_>) -> DayCosts {
    let time = row.time().unwrap_or_default();
    DayCosts {
        date: time.chars().take(10).collect(),
        costs: row.into(),
    }
}
