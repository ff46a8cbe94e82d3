//! The cost of calls to paid APIs, by provider and type, and by day.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Heading, trend};
use weir_query::{Direction, Interval};

use super::{Ordered, UsageWanted, name};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Line, Meta, Questions, RangeView, Results, Versioned},
};

const DEFAULT_DAYS: u32 = 30;

/// The response of `GET /analytics/costs`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostUsage {
    /// The time range covered.
    pub range: RangeView,
    /// The figures of the range.
    pub costs: UsageCosts,
    /// API calls by provider, highest first.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub api_calls: Ordered,
    /// Costs by provider, highest first.
    pub by_provider: Vec<CostGroup>,
    /// Costs by type of API, highest first.
    pub by_api_type: Vec<CostGroup>,
    /// Costs by model, highest first.
    pub by_model: Vec<CostGroup>,
    /// All days of the range, in order.
    pub daily: Vec<DayCosts>,
    /// Whether daily costs rise or fall.
    pub trend: CostTrend,
    /// How this answer was computed.
    pub meta: Meta,
}

figures! {
    /// Figures of costs.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
    pub struct UsageCosts {
        /// US dollars.
        pub total_cost: f64 = sum("cost"),
        /// Credits.
        pub total_credits: f64 = sum("credits"),
        /// Calls to paid APIs.
        pub api_calls: u64 = count("api_calls"),
        /// Tokens sent to language models.
        pub input_tokens: u64 = count("input_tokens"),
        /// Tokens received from language models.
        pub output_tokens: u64 = count("output_tokens"),
        /// Tokens sent and received.
        pub total_tokens: u64 = count("input_tokens", "output_tokens"),
    }
}

/// Costs of a provider, type or model.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CostGroup {
    /// The provider, type or model; `unknown` for costs that name none.
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

/// The trend of costs.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CostTrend {
    /// One of `rising`, `falling`, `steady` and `not_enough_data`.
    #[schema(value_type = String)]
    pub heading: Heading,
    /// Change from one day to the next, in US dollars.
    pub slope_per_day: Option<f64>,
    /// Change over the range, in percent.
    pub change_pct: Option<f64>,
}

impl Reading {
    /// The cost of calls to paid APIs. Fails if the request is not valid or the store fails.
    pub async fn cost_usage(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<CostUsage>, AppError> {
        let (frame, limit) = (wanted.framed(DEFAULT_DAYS)?, wanted.limit()?);
        let mut questions = Questions::new(self, viewer, freshness);
        let daily = wanted.of_user(frame.question().every(Interval::Day));
        let daily = questions.figures(daily).await?;
        let range = daily.query().range;
        let frame = frame.within(range);
        let whole = wanted.of_user(frame.question());
        let whole = questions.figures(whole).await?;
        let mut groups = Vec::with_capacity(3);
        for dimension in ["provider", "action_type", "model"] {
            let query = frame
                .question()
                .by([dimension])
                .order("cost", Direction::Desc)
                .limit(limit as i64);
            groups.push(questions.figures(wanted.of_user(query)).await?);
        }
        let days: Vec<DayCosts> = daily.lines().map(day).collect();
        let spent: Vec<_> = days.iter().map(|day| Some(day.costs.total_cost)).collect();
        let found = trend(&spent);
        let body = CostUsage {
            range: range.into(),
            costs: whole.only().unwrap_or_default(),
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

fn grouped(results: &Results<UsageCosts>) -> Vec<CostGroup> {
    let group = |line: Line<'_, UsageCosts>| CostGroup {
        name: name(&line),
        costs: line.figures,
    };
    results.lines().map(group).collect()
}

fn calls(results: &Results<UsageCosts>) -> Ordered {
    let calls = results
        .lines()
        .map(|line| (name(&line), line.figures.api_calls));
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by_key(|&(_, calls)| std::cmp::Reverse(calls));
    Ordered(calls)
}

fn day(line: Line<'_, UsageCosts>) -> DayCosts {
    DayCosts {
        date: line.day(),
        costs: line.figures,
    }
}
