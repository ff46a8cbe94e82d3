//! Past and coming days of spending, for views and budgets.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_analysis::forecast::{self, Estimate, Forecast, Quality};
use weir_model::{Scope, TimeRange, Timestamp};
use weir_query::{Interval as Width, Query, Zone};

use super::{super::Results, Costs, Frame};
use crate::{AppError, Reading, figures, privacy::Viewer, query::Freshness};

/// The most days before today that a forecast is based on: half a year of weeks. Earlier spending says little
/// about next month.
const HISTORY_DAYS: usize = 182;
/// The unit of spending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spending {
    /// US dollars.
    #[default]
    Cost,
    /// Credits.
    Credits,
}

impl Spending {
    /// The name of the metric in the catalogue.
    pub fn metric(self) -> &'static str {
        match self {
            Spending::Cost => "cost",
            Spending::Credits => "credits",
        }
    }

    /// The unit of a stored metric name.
    pub fn stored(metric: &str) -> Option<Self> {
        let known = [Spending::Cost, Spending::Credits];
        known.into_iter().find(|known| known.metric() == metric)
    }

    fn of(self, spent: &Spent) -> f64 {
        match self {
            Spending::Cost => spent.cost,
            Spending::Credits => spent.credits,
        }
    }
}

figures! {
    /// What was spent, and the number of cost records.
    pub(super) struct Spent {
        cost: f64 = sum("cost"),
        credits: f64 = sum("credits"),
        records: u64 = count("cost_records"),
    }
}

/// Past days, today, and the forecast.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Spending of each whole day since the first cost, oldest first.
    pub history: Vec<f64>,
    /// The days among them that the forecast ignores, as dates in order.
    pub left_out: Vec<String>,
    /// The range of these days; `None` without costs.
    pub history_range: Option<TimeRange>,
    /// The start of today.
    pub today: Timestamp,
    /// Spending of today so far.
    pub spent_today: f64,
    /// The time zone of days.
    pub zone: Zone,
    /// The quality of the forecast, or why there is none.
    pub quality: Quality,
    /// The forecast; day 0 is today.
    pub forecast: Option<Forecast>,
}

impl Outlook {
    /// The expected spending from now until `end`, the end of a day: the rest of today and the following
    /// days. `None` without a forecast.
    pub fn until(&self, end: Timestamp) -> Option<Estimate> {
        let forecast = self.forecast.as_ref()?;
        let mut days = 0;
        let mut start = self.today;
        while start < end && days < forecast.days() {
            start = Width::Day.next(start, &self.zone);
            days += 1;
        }
        // Spending so far today says nothing about the other days.
        let rest_of_today = (forecast.day(0).value - self.spent_today).max(0.0);
        let value = rest_of_today + forecast.sum(1, days).value;
        let bounds = forecast.sum(0, days);
        Some(Estimate {
            value,
            lower: (value - (bounds.value - bounds.lower)).max(0.0),
            upper: value + (bounds.upper - bounds.value),
        })
    }
}

impl Reading {
    /// The total spending of projects in a range. Fails if a query does.
    pub async fn spent(
        &self,
        scopes: &[Scope],
        costs: &Costs,
        spending: Spending,
        range: TimeRange,
    ) -> Result<f64, AppError> {
        let question = costs.question().range(range);
        let mut spent = 0.0;
        for &scope in scopes {
            let viewer = Viewer::clear(scope);
            let results = self.ask_for::<Spent>(viewer, question.clone(), Freshness::Cached);
            spent += results.await?.0.only().map_or(0.0, |all| spending.of(&all));
        }
        Ok(spent)
    }

    /// The past and expected spending of projects in total, for this many days after today. Fails if a query
    /// does.
    pub async fn outlook(
        &self,
        scopes: &[Scope],
        costs: &Costs,
        spending: Spending,
        days: usize,
    ) -> Result<Outlook, AppError> {
        let mut answers = Vec::new();
        for &scope in scopes {
            let results = self.ask_for(Viewer::clear(scope), daily(costs), Freshness::Cached);
            answers.push(results.await?.0);
        }
        compute_outlook(answers, spending, days, Vec::new()).await
    }
}

/// A query for each day of the past half year and today.
pub(super) fn daily(costs: &Costs) -> Query {
    let frame = Frame {
        from: None,
        to: None,
        last: Some(format!("{}d", HISTORY_DAYS + 1)),
        ..costs.frame.clone()
    };
    let costs = Costs {
        frame,
        ..costs.clone()
    };
    costs.question().every(Width::Day)
}

/// Computes the outlook, which ignores the days left out (dates), on a blocking thread, because fitting models takes tens of milliseconds. Fails if an
/// answer has no days.
pub(super) async fn compute_outlook(
    answers: Vec<Results<Spent>>,
    spending: Spending,
    days: usize,
    left_out: Vec<String>,
) -> Result<Outlook, AppError> {
    tokio::task::spawn_blocking(move || outlook_of(&answers, spending, days, left_out))
        .await
        .map_err(AppError::internal)?
        .ok_or_else(|| AppError::internal("a daily answer has no days"))
}

/// The outlook from daily answers over the same days; `None` if they have no days.
fn outlook_of(
    answers: &[Results<Spent>],
    spending: Spending,
    days: usize,
    mut left_out: Vec<String>,
) -> Option<Outlook> {
    let first = answers.first()?;
    let mut all: Vec<(Timestamp, f64, u64)> = Vec::new();
    for answer in answers {
        for (position, line) in answer.lines().enumerate() {
            let start = line.start()?;
            let (spent, records) = (spending.of(&line.figures), line.figures.records);
            match all.get_mut(position) {
                Some(day) => *day = (start, day.1 + spent, day.2 + records),
                None => all.push((start, spent, records)),
            }
        }
    }
    let (today, spent_today, _) = all.pop()?;
    let begin = all.iter().position(|&(_, _, records)| records > 0);
    let known = &all[begin.unwrap_or(all.len())..];
    let history: Vec<f64> = known.iter().map(|&(_, spent, _)| spent).collect();
    let zone = first.query().zone.clone();
    let place = |date: &String| {
        let day = zone.day(date)?;
        known.iter().position(|&(start, ..)| start == day.from)
    };
    left_out.retain(|date| place(date).is_some());
    left_out.sort_unstable();
    left_out.dedup();
    let usual = forecast::as_usual(&history, &left_out.iter().filter_map(place).collect());
    Some(Outlook {
        history_range: known
            .first()
            .map(|&(from, ..)| TimeRange { from, to: today }),
        today,
        spent_today,
        quality: forecast::quality(&usual),
        // Day 0 is today.
        forecast: forecast::forecast(&usual, days + 1),
        zone: zone.clone(),
        left_out,
        history,
    })
}
