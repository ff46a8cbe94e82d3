//! The state of a budget: what has been spent in the current period, and what is forecast for its end.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    billionths,
    forecast::{Estimate, Quality},
};
use weir_insights::views::{
    Frame, RangeView,
    costs::{Costs, Spending},
};
use weir_meta::{Budget, BudgetLevel, BudgetThreshold};
use weir_model::{Scope, TimeRange, Timestamp};
use weir_query::Zone;

use super::{Basis, Period};
use crate::app::{AppError, Reading};

/// The state of a budget in the current period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The period.
    pub period: RangeView,
    /// Spending so far, in the unit of the budget.
    pub spent: f64,
    /// The same in percent of the budget.
    pub spent_pct: f64,
    /// What is left; negative if the budget is exceeded.
    pub remaining: f64,
    /// The expected spending at the end of the period; null if the history is too short.
    pub forecast: Option<BudgetForecast>,
    /// The quality of the forecast: ok, short_history or not_enough_data.
    #[schema(value_type = String)]
    pub forecast_status: Quality,
}

/// The expected spending at the end of a period.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BudgetForecast {
    /// The expected value.
    pub value: f64,
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
    /// The expected value in percent of the budget.
    pub percent: f64,
}

impl Standing {
    /// The figure that is compared with a threshold; `None` if there is no forecast.
    pub(super) fn figure(&self, basis: Basis) -> Option<f64> {
        match basis {
            Basis::Actual => Some(self.spent),
            Basis::Forecast => self.forecast.map(|forecast| forecast.value),
        }
    }

    /// The figure that reaches a threshold; `None` if it is not reached. Fails if the stored basis is
    /// unknown.
    pub(super) fn reaches(
        &self,
        threshold: &BudgetThreshold,
        amount: f64,
    ) -> Result<Option<f64>, AppError> {
        let figure = self.figure(Basis::stored(&threshold.basis)?);
        Ok(figure.filter(|figure| 100.0 * figure >= threshold.percent * amount))
    }
}

/// The current period of a budget, and its time zone. Fails if either is stored wrongly.
pub(super) fn current_period(
    now: Timestamp,
    budget: &Budget,
) -> Result<(Zone, TimeRange), AppError> {
    let zone = Zone::parse(&budget.terms.timezone)?;
    let interval = Period::stored(&budget.terms.period)?.interval();
    let from = interval.floor(now, &zone);
    let to = interval.next(from, &zone);
    Ok((zone, TimeRange { from, to }))
}

/// The state of a budget at `now`. Fails if the stored budget is malformed or a query fails.
pub(super) async fn standing(
    reading: &Reading,
    now: Timestamp,
    scopes: &[Scope],
    budget: &Budget,
) -> Result<Standing, AppError> {
    let (_, period) = current_period(now, budget)?;
    let spending = Spending::stored(&budget.terms.metric)
        .ok_or_else(|| AppError::internal("a stored budget counts something unknown"))?;
    let spent = spent(reading, scopes, budget, spending, period).await?;
    let outlook = reading
        .outlook(scopes, &costs(budget), spending, LONGEST_DAYS)
        .await?;
    let amount = budget.terms.amount.as_f64();
    let percent = |value: f64| billionths(100.0 * value / amount);
    let to_come = outlook.until(period.to);
    let forecast = to_come.map(
        |Estimate {
             value,
             lower,
             upper,
         }| BudgetForecast {
            value: billionths(spent + value),
            lower: billionths(spent + lower),
            upper: billionths(spent + upper),
            percent: percent(spent + value),
        },
    );
    Ok(Standing {
        period: period.into(),
        spent,
        spent_pct: percent(spent),
        remaining: billionths(amount - spent),
        forecast,
        forecast_status: outlook.quality,
    })
}

async fn spent(
    reading: &Reading,
    scopes: &[Scope],
    budget: &Budget,
    spending: Spending,
    period: TimeRange,
) -> Result<f64, AppError> {
    let spent = reading
        .spent(scopes, &costs(budget), spending, period)
        .await?;
    // Rounded, so that a threshold is not missed by a rounding error.
    Ok(billionths(spent))
}

/// The most days from today to the end of a month.
const LONGEST_DAYS: usize = 31;

fn costs(budget: &Budget) -> Costs {
    let mut costs = Costs {
        frame: Frame {
            timezone: Some(budget.terms.timezone.clone()),
            ..Frame::default()
        },
        ..Costs::default()
    };
    match &budget.terms.level {
        BudgetLevel::Tenant | BudgetLevel::Project => {}
        BudgetLevel::Workflow(id) => costs.frame.workflow = Some(id.clone()),
        BudgetLevel::User(id) => costs.user = Some(id.clone()),
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(spent: f64, forecast: Option<f64>) -> Standing {
        Standing {
            period: TimeRange::new(0, 1).into(),
            spent,
            spent_pct: spent,
            remaining: 0.0,
            forecast: forecast.map(|value| BudgetForecast {
                value,
                lower: value,
                upper: value,
                percent: value,
            }),
            forecast_status: Quality::Ok,
        }
    }

    #[test]
    fn a_threshold_is_reached_at_its_percentage_and_not_below() {
        let threshold = |basis: &str, percent| BudgetThreshold {
            basis: basis.to_owned(),
            percent,
        };
        let at = standing(40.0, Some(50.0));
        let reaches = |basis, percent| at.reaches(&threshold(basis, percent), 50.0).unwrap();
        assert_eq!(reaches("actual", 80.0), Some(40.0));
        assert_eq!(reaches("actual", 80.1), None);
        assert_eq!(reaches("forecast", 100.0), Some(50.0));
        let unknown = standing(40.0, None);
        let never = unknown.reaches(&threshold("forecast", 0.1), 50.0).unwrap();
        assert_eq!(never, None, "an unknown forecast reaches nothing");
    }
}
