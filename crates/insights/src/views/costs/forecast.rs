//! What will be spent: the days to come, from the days that were (`weir_analysis::forecast`).

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    billionths,
    forecast::{self, Candidate, Estimate, Forecast, Method, Quality},
};
use weir_query::Interval as Width;

use super::{
    super::{Meta, Questions, RangeView, Versioned},
    Costs, Outlook, Spending,
    outlook::{daily, look_out},
};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

/// The most days ahead.
const MOST_DAYS: u32 = 90;
const DEFAULT_DAYS: u32 = 30;

/// What will be spent over the next days.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostForecast {
    /// What is forecast.
    pub metric: Spending,
    /// The zone of the days.
    pub timezone: String,
    /// `ok`; `short_history` below eight weeks; `not_enough_data` below two weeks, or with figures on
    /// fewer than five days: then there is no forecast.
    #[schema(value_type = String)]
    pub status: Quality,
    /// What the status means, for people.
    pub note: String,
    /// The days learnt from: whole days since the first cost, at most half a year.
    pub history: Option<HistoryView>,
    /// Today: what has been spent, and what is expected of the whole day.
    pub today: Today,
    /// The days after today.
    pub forecast: Vec<DayEstimate>,
    /// Their sum. Its bounds are narrower than those of the days added up: days that are dearer than
    /// expected make up for days that are cheaper.
    pub total: Option<Amount>,
    /// What the bounds mean.
    pub interval: ForecastBounds,
    /// How it was made and how good that has been.
    pub accuracy: Option<Accuracy>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// The days that a forecast learns from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// The time range covered.
    #[serde(flatten)]
    pub range: RangeView,
    /// How many days.
    pub days: usize,
    /// What was spent in them.
    pub total: f64,
    /// What was spent on a day, on average.
    pub per_day: f64,
}

/// A figure that is expected, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Amount {
    /// What is expected.
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

/// A day to come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayEstimate {
    /// Its start, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// What is expected.
    #[serde(flatten)]
    pub amount: Amount,
}

/// The day that has not ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Today {
    /// Its start, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// What has been spent.
    pub actual: f64,
    /// What is expected of the whole day.
    pub expected: Option<Amount>,
}

/// What bounds mean.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ForecastBounds {
    /// The share of days, in percent, that should lie within their bounds.
    pub level: f64,
}

/// How a forecast was made, and what forecasts made so in the past were worth.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accuracy {
    /// `mstl_ets` (weekly season and smoothing), `ets` (smoothing) or `seasonal_naive` (as the week
    /// before): the one with the smallest error in the back-test.
    #[schema(value_type = String)]
    pub method: Method,
    /// The back-test of that method; null where the history is too short for one.
    #[schema(value_type = Option<Object>)]
    pub backtest: Option<forecast::Backtest>,
    /// Every method that was tried, the smallest error first.
    pub candidates: Vec<CandidateView>,
}

/// A method that was tried.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    /// The method.
    #[schema(value_type = String)]
    pub method: Method,
    /// How far a day's forecast was off, on average.
    pub mean_absolute_error: f64,
    /// The sum of what days were off over the sum of the days, in percent.
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
    /// What will be spent over the next days.
    pub async fn cost_forecast(
        &self,
        viewer: Viewer,
        costs: &Costs,
        spending: Spending,
        days: Option<u32>,
        freshness: Freshness,
    ) -> Result<Versioned<CostForecast>, AppError> {
        let days = days.unwrap_or(DEFAULT_DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            let detail = format!("A forecast reaches 1 to {MOST_DAYS} days ahead.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("days"));
        }
        let mut questions = Questions::new(self, viewer, freshness);
        let answer = questions.figures(daily(costs)).await?;
        let outlook = look_out(vec![answer.clone()], spending, days as usize).await?;
        let body = CostForecast {
            metric: spending,
            timezone: outlook.zone.name().to_owned(),
            status: outlook.quality,
            note: note(&outlook),
            history: history(&outlook),
            today: today(&outlook),
            forecast: coming(&outlook),
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

fn note(outlook: &Outlook) -> String {
    let days = outlook.history.len();
    let active = outlook.history.iter().filter(|&&day| day != 0.0).count();
    match outlook.quality {
        Quality::Ok => format!("Learnt from {days} days."),
        Quality::ShortHistory => format!(
            "Learnt from {days} days only; from {} days on a weekly pattern can be trusted.",
            forecast::FULL_DAYS
        ),
        Quality::NotEnoughData => format!(
            "There are {days} whole days since the first cost, {active} of them with costs; \
             a forecast needs {} and {}.",
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

fn coming(outlook: &Outlook) -> Vec<DayEstimate> {
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
