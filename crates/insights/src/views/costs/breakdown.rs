//! Costs broken down by action type, provider, model, workflow or user.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::billionths;
use weir_query::Comparison;

use super::{
    super::{Meta, Questions, RangeView, Results, Versioned, frame::dimension_word},
    CostChange, CostFigures, Costs, cost_change, most_expensive_first,
};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

/// The most rows of a breakdown.
const MOST: u32 = 1_000;
const DEFAULT: u32 = 100;
/// The default dimension of a breakdown.
const BY: &str = "action_type";

/// Costs by the values of a dimension, highest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    /// The dimension.
    pub by: String,
    /// The time range covered.
    pub range: RangeView,
    /// The previous period: as many calendar months if the range is whole months, otherwise the same length.
    pub previous_range: Option<RangeView>,
    /// All costs of the range.
    pub total: CostFigures,
    /// Costs by value, highest first.
    pub breakdown: Vec<BreakdownRow>,
    /// Costs of the values beyond the limit, in US dollars.
    pub other_cost: f64,
    /// Number of values, regardless of the limit.
    pub groups: usize,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Costs of one value of the dimension.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BreakdownRow {
    /// The value; null for costs that name none.
    pub key: Option<String>,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its share of all costs, in percent; null if nothing was spent.
    pub share: Option<f64>,
    /// How its costs changed from the previous period.
    pub change: Option<CostChange>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: CostFigures,
}

impl Reading {
    /// Costs by the values of a dimension. Fails if the request is not valid or the store fails.
    pub async fn cost_breakdown(
        &self,
        viewer: Viewer,
        costs: &Costs,
        by: Option<&str>,
        limit: Option<u32>,
        freshness: Freshness,
    ) -> Result<Versioned<Breakdown>, AppError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("A breakdown can have 1 to {MOST} rows.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let by = by.map_or_else(|| BY.to_owned(), dimension_word);
        let mut questions = Questions::new(self, viewer, freshness);
        let parts = most_expensive_first(costs.question().by([by.as_str()]))
            .compare(Comparison::PreviousPeriod)
            .limit(i64::from(limit));
        let parts = questions.figures(parts).await?;
        let range = parts.query().range;
        let all = Costs {
            frame: costs.frame.within(range),
            ..costs.clone()
        };
        let total = questions.figures::<CostFigures>(all.question()).await?;
        let total = total.only().unwrap_or_default();
        let breakdown = self.breakdown_rows(viewer, &parts, &by, total.total_cost);
        let listed: f64 = breakdown.iter().map(|row| row.figures.total_cost).sum();
        let all_listed = breakdown.len() >= parts.groups();
        let body = Breakdown {
            by,
            range: range.into(),
            previous_range: parts.query().comparison_range.map(RangeView::from),
            other_cost: if all_listed {
                0.0
            } else {
                billionths(total.total_cost - listed)
            },
            total,
            breakdown,
            groups: parts.groups(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }

    fn breakdown_rows(
        &self,
        viewer: Viewer,
        parts: &Results<CostFigures>,
        by: &str,
        total: f64,
    ) -> Vec<BreakdownRow> {
        let names = self.names(viewer, parts.answer());
        // The rows of the previous period are in the same order.
        let mut before = parts.lines_before();
        parts
            .lines()
            .map(|line| {
                let previous = before.next().map(|line| line.figures.total_cost);
                let key = line.key(0);
                let figures = line.figures;
                BreakdownRow {
                    name: names.of(by, key.as_deref()),
                    key,
                    share: (total > 0.0).then(|| 100.0 * figures.total_cost / total),
                    change: cost_change(Some(figures.total_cost), previous),
                    figures,
                }
            })
            .collect()
    }
}
