//! Worths as callers send them.

use std::collections::HashSet;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{WorthPeriod, wrong};
use crate::AppError;

/// The most periods of a worth.
const MOST: usize = 50;
/// The most minutes that a run can save: a year.
const MOST_MINUTES: f64 = 525_600.0;
/// The highest rate and value, in US dollars.
const HIGHEST: f64 = 1_000_000.0;

/// The worth of a successful run of a workflow.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowWorthInput {
    /// The periods, at most 50; they replace all previous ones. An empty list removes the worth.
    pub periods: Vec<WorkflowPeriodInput>,
}

/// The worth of a successful run from a day until the next period.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowPeriodInput {
    /// The first day (UTC), YYYY-MM-DD; by default, it applies from the beginning of time.
    #[serde(default)]
    #[schema(format = Date)]
    pub effective_from: Option<String>,
    /// Minutes saved by a successful run, to the millisecond: 0 to 525,600.
    #[schema(example = 12.5)]
    pub minutes: f64,
    /// The value of an hour saved, in US dollars: 0 to 1,000,000. By default, time saved has no monetary
    /// value.
    #[serde(default)]
    #[schema(example = 60)]
    pub hourly_rate: Option<f64>,
}

/// The worth of reaching a goal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalWorthInput {
    /// The periods, at most 50; they replace all previous ones. An empty list removes the worth.
    pub periods: Vec<GoalPeriodInput>,
}

/// The worth of reaching a goal from a day until the next period.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GoalPeriodInput {
    /// The first day (UTC), YYYY-MM-DD; by default, it applies from the beginning of time.
    #[serde(default)]
    #[schema(format = Date)]
    pub effective_from: Option<String>,
    /// US dollars: 0 to 1,000,000.
    #[schema(example = 25)]
    pub value: f64,
}

impl WorkflowWorthInput {
    /// The periods, oldest first. Fails if a period is not valid, if two start on the same day, or if there
    /// are too many.
    pub fn periods(&self) -> Result<Vec<WorthPeriod>, AppError> {
        in_order(self.periods.iter().enumerate().map(|(number, given)| {
            let at = |field: &str| format!("periods[{number}].{field}");
            Ok(WorthPeriod {
                effective_from: given.effective_from.clone(),
                minutes: Some(within(given.minutes, MOST_MINUTES, &at("minutes"))?),
                hourly_rate: given
                    .hourly_rate
                    .map(|rate| within(rate, HIGHEST, &at("hourlyRate")))
                    .transpose()?,
                value: None,
            })
        }))
    }
}

impl GoalWorthInput {
    /// The periods, oldest first. Fails if a period is not valid, if two start on the same day, or if there
    /// are too many.
    pub fn periods(&self) -> Result<Vec<WorthPeriod>, AppError> {
        in_order(self.periods.iter().enumerate().map(|(number, given)| {
            let field = format!("periods[{number}].value");
            Ok(WorthPeriod {
                effective_from: given.effective_from.clone(),
                minutes: None,
                hourly_rate: None,
                value: Some(within(given.value, HIGHEST, &field)?),
            })
        }))
    }
}

fn within(value: f64, most: f64, field: &str) -> Result<f64, AppError> {
    match (0.0..=most).contains(&value) {
        true => Ok(value),
        false => Err(wrong(field, "The number is out of range.").fix(format!("0 to {most}"))),
    }
}

fn in_order(
    periods: impl Iterator<Item = Result<WorthPeriod, AppError>>,
) -> Result<Vec<WorthPeriod>, AppError> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for (number, period) in periods.enumerate() {
        let period = period?;
        let field = format!("periods[{number}].effectiveFrom");
        let begins = period
            .begins()
            .ok_or_else(|| wrong(&field, "The day is not valid.").fix("2026-01-01"))?;
        if !seen.insert(begins) {
            let detail = "Another period starts on the same day.";
            return Err(wrong(&field, detail).fix("one period per first day"));
        }
        if number >= MOST {
            return Err(
                wrong("periods", "There are too many periods.").fix(format!("at most {MOST}"))
            );
        }
        all.push((begins, period));
    }
    all.sort_by_key(|(begins, _)| *begins);
    Ok(all.into_iter().map(|(_, period)| period).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(periods: Value) -> Result<Vec<WorthPeriod>, String> {
        let input: WorkflowWorthInput =
            serde_json::from_value(json!({"periods": periods})).unwrap();
        input.periods().map_err(|error| error.field.unwrap())
    }

    #[test]
    fn periods_are_ordered_by_day() {
        let found = read(json!([
            {"effectiveFrom": "2026-03-01", "minutes": 4},
            {"minutes": 5, "hourlyRate": 60},
        ]))
        .unwrap();
        let days: Vec<_> = found
            .iter()
            .map(|period| period.effective_from.as_deref())
            .collect();
        assert_eq!(days, [None, Some("2026-03-01")]);
    }

    #[test]
    fn an_invalid_period_is_refused_with_its_field() {
        let with = |period: Value| read(json!([{"minutes": 1}, period])).unwrap_err();
        let day = "periods[1].effectiveFrom";
        assert_eq!(
            with(json!({"minutes": 1})),
            day,
            "two periods without a first day"
        );
        assert_eq!(
            with(json!({"minutes": 1, "effectiveFrom": "2026-02-30"})),
            day
        );
        assert_eq!(
            with(json!({"minutes": 1, "effectiveFrom": "2026-01-01T00:00:00Z"})),
            day
        );
        let minutes = json!({"minutes": -1, "effectiveFrom": "2026-01-01"});
        assert_eq!(with(minutes), "periods[1].minutes");
        let rate = json!({"minutes": 1, "hourlyRate": 2e6, "effectiveFrom": "2026-01-01"});
        assert_eq!(with(rate), "periods[1].hourlyRate");
        let many: Vec<Value> = (0..51)
            .map(|year| json!({"minutes": 1, "effectiveFrom": format!("{}-01-01", 2000 + year)}))
            .collect();
        assert_eq!(read(json!(many)).unwrap_err(), "periods");
    }
}
