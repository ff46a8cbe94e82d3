//! How a budget stands: what has been spent in its period, and what will have been at its end.

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

/// How a budget stands in the current period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The period.
    pub period: RangeView,
    /// What has been spent.
    pub spent: f64,
    /// In percent of the budget.
    pub spent_pct: f64,
    /// What is left; below 0 when more was spent.
    pub remaining: f64,
    /// What will have been spent at the end of the period; null where the history is too short.
    pub forecast: Option<BudgetForecast>,
    /// How much the forecast can be trusted: ok, short_history, not_enough_data.
    #[schema(value_type = String)]
    pub forecast_status: Quality,
}

/// What will have been spent at the end of a period.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BudgetForecast {
    /// What is expected.
    pub value: f64,
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
    /// What is expected, in percent of the budget.
    pub percent: f64,
}

impl Standing {
    /// The figure that is held against a threshold; `None` where there is none.
    pub(super) fn figure(&self, basis: Basis) -> Option<f64> {
        match basis {
            Basis::Actual => Some(self.spent),
            Basis::Forecast => self.forecast.map(|forecast| forecast.value),
        }
    }

    /// The figure with which a threshold is reached; `None` if it is not.
    pub(super) fn reaches(
        &self,
        threshold: &BudgetThreshold,
        amount: f64,
    ) -> Result<Option<f64>, AppError> {
        let figure = self.figure(Basis::stored(&threshold.basis)?);
        Ok(figure.filter(|figure| 100.0 * figure >= threshold.percent * amount))
    }
}

/// The period of a budget that holds the present.
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

/// How a budget stands now.
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
        .outlook(scopes, &costs(budget), spending, MOST_DAYS)
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
    // A threshold that is reached is not missed by a hair.
    Ok(billionths(spent))
}

/// A month has no more days after today.
const MOST_DAYS: usize = 31;

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
    fn a_threshold_is_reached_at_its_share_and_not_below() {
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
        assert_eq!(never, None, "what is not known reaches nothing");
    }
}
