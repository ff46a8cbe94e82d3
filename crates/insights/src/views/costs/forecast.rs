//! A forecast of costs by day, from past days (`weir_analysis::forecast`).

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    billionths,
    forecast::{self, Candidate, Estimate, Forecast, Method, Quality},
};
use weir_query::{Interval as Width, Zone};

use super::{
    super::{Meta, Questions, RangeView, Versioned},
    Costs, Outlook, Spending,
    outlook::{compute_outlook, daily},
};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

/// The most days to forecast.
const MOST_DAYS: u32 = 90;
const DEFAULT_DAYS: u32 = 30;
/// The most days that a forecast can ignore.
const MOST_LEFT_OUT: usize = 60;

/// What to forecast.
#[derive(Clone, Debug, Default)]
pub struct ForecastWanted {
    /// The unit.
    pub spending: Spending,
    /// The number of days after today.
    pub days: Option<u32>,
    /// Dates of past days that the forecast ignores, such as those of an incident.
    pub left_out: Vec<String>,
}

/// A forecast of costs for the coming days.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostForecast {
    /// The unit forecast: US dollars or credits.
    pub metric: Spending,
    /// The time zone of days.
    pub timezone: String,
    /// `ok`; `short_history` with less than eight weeks; `not_enough_data` with less than two weeks or with
    /// costs on fewer than five days: there is no forecast then.
    #[schema(value_type = String)]
    pub status: Quality,
    /// The status explained in a sentence.
    pub note: String,
    /// The days that the forecast is based on: whole days since the first cost, at most half a year.
    pub history: Option<HistoryView>,
    /// The days of the history that the forecast ignores, as dates: it takes them to be like the median of the
    /// other days of their weekday.
    pub left_out: Vec<String>,
    /// Today: the actual costs so far, and those expected for the whole day.
    pub today: Today,
    /// The days after today, in order.
    pub forecast: Vec<DayEstimate>,
    /// The sum of these days. Its bounds are narrower than the sums of the days' bounds, because more
    /// expensive days and cheaper days offset each other.
    pub total: Option<Amount>,
    /// The meaning of the bounds.
    pub interval: ForecastBounds,
    /// The method used, and its accuracy in the past.
    pub accuracy: Option<Accuracy>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// The days that a forecast is based on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// The time range covered.
    #[serde(flatten)]
    pub range: RangeView,
    /// Number of days.
    pub days: usize,
    /// Costs of these days.
    pub total: f64,
    /// Mean costs per day.
    pub per_day: f64,
}

/// An expected value with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Amount {
    /// The expected value.
    pub value: f64,
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
}

impl From<Estimate> for Amount {
    fn from(estimate: Estimate) -> Self {
        Self {
            value: billionths(estimate.value),
            lower: billionths(estimate.lower),
            upper: billionths(estimate.upper),
        }
    }
}

/// A day of a forecast.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayEstimate {
    /// Its start, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// The expected costs.
    #[serde(flatten)]
    pub amount: Amount,
}

/// The current day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Today {
    /// Its start, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// Costs so far.
    pub actual: f64,
    /// The expected costs of the whole day.
    pub expected: Option<Amount>,
}

/// The meaning of bounds.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForecastBounds {
    /// The percentage of days expected to lie within their bounds.
    pub level: f64,
}

/// The method of a forecast, and its accuracy in back-tests.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accuracy {
    /// `mstl_ets` (weekly seasonality and exponential smoothing), `ets` (exponential smoothing) or
    /// `seasonal_naive` (same as the previous week): the method with the smallest error in the back-test.
    #[schema(value_type = String)]
    pub method: Method,
    /// The back-test of that method; null if the history is too short.
    #[schema(value_type = Option<Object>)]
    pub backtest: Option<forecast::Backtest>,
    /// All methods tried, smallest error first.
    pub candidates: Vec<CandidateView>,
}

/// A method that was tried.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    /// The method.
    #[schema(value_type = String)]
    pub method: Method,
    /// Mean absolute error of a day's forecast.
    pub mean_absolute_error: f64,
    /// The sum of absolute errors divided by the sum of costs, in percent.
    pub error_pct: Option<f64>,
}

impl From<&Candidate> for CandidateView {
    fn from(candidate: &Candidate) -> Self {
        Self {
            method: candidate.method,
            mean_absolute_error: candidate.backtest.mean_absolute_error,
            error_pct: candidate.backtest.error_pct,
        }
    }
}

impl Reading {
    /// A forecast of costs for the coming days. Fails if the request is not valid or the store fails.
    pub async fn cost_forecast(
        &self,
        viewer: Viewer,
        costs: &Costs,
        wanted: ForecastWanted,
        freshness: Freshness,
    ) -> Result<Versioned<CostForecast>, AppError> {
        let spending = wanted.spending;
        check_left_out(&wanted.left_out)?;
        let days = wanted.days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            let detail = format!("A forecast can cover 1 to {MOST_DAYS} days.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("days"));
        }
        let mut questions = Questions::new(self, viewer, freshness);
        let answer = questions.figures(daily(costs)).await?;
        let outlook = compute_outlook(
            vec![answer.clone()],
            spending,
            days as usize,
            wanted.left_out,
        )
        .await?;
        let body = CostForecast {
            metric: spending,
            timezone: outlook.zone.name().to_owned(),
            status: outlook.quality,
            note: note(&outlook),
            history: history(&outlook),
            left_out: outlook.left_out.clone(),
            today: today(&outlook),
            forecast: upcoming_days(&outlook),
            total: outlook
                .forecast
                .as_ref()
                .map(|forecast| forecast.sum(1, forecast.days()).into()),
            interval: ForecastBounds {
                level: forecast::LEVEL,
            },
            accuracy: outlook.forecast.as_ref().map(accuracy),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(answer.query().range, body))
    }
}

fn check_left_out(dates: &[String]) -> Result<(), AppError> {
    let wrong = |detail: String| {
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("leaveOut");
        error.fix("dates separated by commas, such as 2026-11-20,2026-11-21")
    };
    if dates.len() > MOST_LEFT_OUT {
        return Err(wrong(format!(
            "A forecast can ignore up to {MOST_LEFT_OUT} days."
        )));
    }
    let odd = dates.iter().find(|date| Zone::utc().day(date).is_none());
    odd.map_or(Ok(()), |date| {
        Err(wrong(format!("{date:?} is not a date.")))
    })
}

fn note(outlook: &Outlook) -> String {
    let days = outlook.history.len();
    let active = outlook.history.iter().filter(|&&day| day != 0.0).count();
    match outlook.quality {
        Quality::Ok => format!("Based on {days} days."),
        Quality::ShortHistory => format!(
            "Based on only {days} days; a weekly pattern is reliable from {} days.",
            forecast::FULL_DAYS
        ),
        Quality::NotEnoughData => format!(
            "There are {days} whole days since the first cost, {active} of them with costs; \
             a forecast needs at least {} and {}.",
            forecast::FEWEST_DAYS,
            forecast::FEWEST_ACTIVE_DAYS
        ),
    }
}

fn history(outlook: &Outlook) -> Option<HistoryView> {
    let range = outlook.history_range?;
    let days = outlook.history.len();
    let total: f64 = outlook.history.iter().sum();
    Some(HistoryView {
        range: range.into(),
        days,
        total: billionths(total),
        per_day: billionths(total / days as f64),
    })
}

fn today(outlook: &Outlook) -> Today {
    let expected = outlook.forecast.as_ref().map(|forecast| forecast.day(0));
    Today {
        time: outlook.zone.format(outlook.today),
        actual: outlook.spent_today,
        expected: expected.map(Amount::from),
    }
}

fn upcoming_days(outlook: &Outlook) -> Vec<DayEstimate> {
    let Some(forecast) = &outlook.forecast else {
        return Vec::new();
    };
    let mut start = outlook.today;
    (1..forecast.days())
        .map(|day| {
            start = Width::Day.next(start, &outlook.zone);
            DayEstimate {
                time: outlook.zone.format(start),
                amount: forecast.day(day).into(),
            }
        })
        .collect()
}

fn accuracy(forecast: &Forecast) -> Accuracy {
    Accuracy {
        method: forecast.method,
        backtest: forecast.backtest,
        candidates: forecast
            .candidates
            .iter()
            .map(CandidateView::from)
            .collect(),
    }
}
