//! When users are active: by hour of the day and day of the week, in the requested time zone.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{TimeRange, time::DAY};
use weir_query::Interval;

use super::{ActivityFilter, Frame, Questions};
use crate::{AppError, figures};

/// Hours are queried in pieces of this length, because an answer has at most 10,000 buckets.
const PIECE: i64 = 400 * DAY;

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Activities and logins by hour of the day and day of the week, summed over the range.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Patterns {
    /// One entry per hour of the day, 0 to 23.
    pub by_hour: Vec<HourPattern>,
    /// One entry per day of the week, Monday to Sunday.
    pub by_weekday: Vec<WeekdayPattern>,
}

/// An hour of the day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HourPattern {
    /// The hour, 0 to 23.
    pub hour: usize,
    /// The counts of this hour.
    #[serde(flatten)]
    pub counts: PatternCounts,
}

/// A day of the week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WeekdayPattern {
    /// The day of the week, `monday` to `sunday`.
    pub weekday: &'static str,
    /// The counts of this day of the week.
    #[serde(flatten)]
    pub counts: PatternCounts,
}

figures! {
    /// Counts of activities.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
    pub struct PatternCounts {
        /// Activity events.
        pub activities: u64 = count("activities"),
        /// Logins among them.
        pub logins: u64 = count("logins"),
    }
}

impl PatternCounts {
    fn add(&mut self, more: Self) {
        self.activities += more.activities;
        self.logins += more.logins;
    }
}

/// The patterns of a range. Fails if a query does.
pub(super) async fn ask(
    questions: &mut Questions<'_>,
    frame: &Frame,
    filter: &ActivityFilter,
    range: TimeRange,
) -> Result<Patterns, AppError> {
    let (mut hours, mut weekdays) = (
        [PatternCounts::default(); 24],
        [PatternCounts::default(); 7],
    );
    for piece in pieces(range, questions.data_range()) {
        let query = filter.question(frame).range(piece).every(Interval::Hour);
        let results = questions.figures::<PatternCounts>(query).await?;
        for line in results.lines() {
            let Some(start) = line.start() else {
                continue;
            };
            let moment = results.query().zone.zoned(start);
            let hour = usize::try_from(moment.hour()).unwrap_or_default();
            let weekday = moment.weekday().to_monday_zero_offset();
            let weekday = usize::try_from(weekday).unwrap_or_default();
            hours[hour].add(line.figures);
            weekdays[weekday].add(line.figures);
        }
    }
    let hours = hours.into_iter().enumerate();
    let weekdays = WEEKDAYS.into_iter().zip(weekdays);
    Ok(Patterns {
        by_hour: hours
            .map(|(hour, counts)| HourPattern { hour, counts })
            .collect(),
        by_weekday: weekdays
            .map(|(weekday, counts)| WeekdayPattern { weekday, counts })
            .collect(),
    })
}

/// The part of a range that has data, in pieces of at most [`PIECE`].
fn pieces(range: TimeRange, data: Option<TimeRange>) -> Vec<TimeRange> {
    let Some(data) = data else {
        return Vec::new();
    };
    let to = range.to.min(data.to.plus(1));
    let mut from = range.from.max(data.from);
    let mut pieces = Vec::new();
    while from < to {
        let end = from.plus(PIECE).min(to);
        pieces.push(TimeRange { from, to: end });
        from = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_of_a_range_with_data_is_queried_in_pieces() {
        let data = Some(TimeRange::new(0, 500 * DAY));
        let wide = TimeRange::new(-1_000 * DAY, 1_000 * DAY);
        let expected = [
            TimeRange::new(0, 400 * DAY),
            TimeRange::new(400 * DAY, 500 * DAY + 1),
        ];
        assert_eq!(pieces(wide, data), expected);
        let later = TimeRange::new(600 * DAY, 700 * DAY);
        assert!(pieces(later, data).is_empty() && pieces(wide, None).is_empty());
    }
}
