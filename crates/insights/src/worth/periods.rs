//! The periods of a worth.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::{Decimal, TimeRange, Timestamp, time::MINUTE};
use weir_query::worth::Worth;

/// A worth from a day until its next period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorthPeriod {
    /// The first day (UTC); null from the beginning of time.
    #[schema(value_type = Option<String>, format = "date")]
    pub effective_from: Option<String>,
    /// For workflows: the minutes saved by a successful run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<f64>,
    /// For workflows: the value of an hour saved, in US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hourly_rate: Option<f64>,
    /// For goals: the value of reaching the goal, in US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
}

/// A range that includes all times.
const EVER: TimeRange = TimeRange {
    from: Timestamp(i64::MIN >> 1),
    to: Timestamp(i64::MAX >> 1),
};

impl WorthPeriod {
    /// Its start; `None` if the day is not valid.
    pub(super) fn begins(&self) -> Option<Timestamp> {
        match &self.effective_from {
            None => Some(EVER.from),
            Some(day) => Timestamp::parse(&format!("{day}T00:00:00Z")),
        }
    }

    /// The time saved, in milliseconds.
    fn time(&self) -> i64 {
        (self.minutes.unwrap_or(0.0) * MINUTE as f64).round() as i64
    }

    /// The value, in billionths of a US dollar.
    fn money(&self) -> i64 {
        let exact = |value: Option<f64>| {
            let text = value.unwrap_or(0.0).to_string();
            Decimal::parse(&text).unwrap_or_default().0
        };
        let hours = i128::from(self.time()) * i128::from(exact(self.hourly_rate));
        let of_time = (hours + 1_800_000) / 3_600_000;
        i64::try_from(of_time)
            .unwrap_or(i64::MAX)
            .saturating_add(exact(self.value))
    }
}

/// The periods of one worth, oldest first, as queries need them.
pub(super) fn holding(of: &str, periods: &[WorthPeriod]) -> Vec<Worth> {
    let begins: Vec<Timestamp> = periods.iter().filter_map(WorthPeriod::begins).collect();
    let ends = begins.iter().skip(1).copied().chain([EVER.to]);
    let during = begins.iter().zip(ends);
    periods
        .iter()
        .zip(during)
        .map(|(period, (&from, to))| Worth {
            of: of.to_owned(),
            during: TimeRange { from, to },
            time: period.time(),
            money: period.money(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: Option<&str>, minutes: f64, hourly_rate: f64) -> WorthPeriod {
        WorthPeriod {
            effective_from: from.map(str::to_owned),
            minutes: Some(minutes),
            hourly_rate: Some(hourly_rate),
            value: None,
        }
    }

    #[test]
    fn a_period_lasts_until_the_next_starts() {
        let held = holding(
            "w",
            &[
                period(None, 5.0, 60.0),
                period(Some("2026-03-01"), 2.5, 40.0),
            ],
        );
        let march = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
        assert_eq!((held[0].during.to, held[1].during.from), (march, march));
        assert_eq!((held[0].time, held[1].time), (300_000, 150_000));
        // Five minutes at 60 an hour are 5; two and a half at 40 are 1.666666667.
        assert_eq!(
            (held[0].money, held[1].money),
            (5_000_000_000, 1_666_666_667)
        );
    }

    #[test]
    fn a_goal_is_worth_its_value() {
        let goal = WorthPeriod {
            effective_from: None,
            minutes: None,
            hourly_rate: None,
            value: Some(12.5),
        };
        let held = holding("g", &[goal]);
        assert_eq!((held[0].time, held[0].money), (0, 12_500_000_000));
    }
}
