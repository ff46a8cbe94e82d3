//! The range and buckets of a view of journeys.

use weir_model::{TimeRange, Timestamp};
use weir_query::{
    Interval, Zone,
    buckets::Buckets,
    records::journeys::Enrolled,
    resolve::Resolution,
    words::{Comparison, Word},
};

use crate::{
    AppError,
    views::{Frame, Questions},
};

/// A range in buckets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Setting {
    pub range: TimeRange,
    pub granularity: Option<Interval>,
    pub zone: Zone,
    /// The previous period, if there is one.
    pub previous: Option<TimeRange>,
    /// The start of each bucket that has begun, in the zone.
    pub times: Vec<String>,
    buckets: Buckets,
}

impl Setting {
    /// The setting that the frame and the granularity stand for now. Fails if one of them is not valid.
    pub(super) async fn of(
        questions: &mut Questions<'_>,
        frame: &Frame,
        granularity: Option<&str>,
    ) -> Result<Self, AppError> {
        let mut query = whole_days(frame)?.question();
        query.metrics = vec!["executions".to_owned()];
        query.granularity = Some(interval_word(granularity).to_owned());
        query.compare = Some(Comparison::PreviousPeriod.name().to_owned());
        let Resolution {
            query,
            buckets,
            begun,
            ..
        } = questions.resolved(&query).await?;
        let begun = buckets.starts().iter().take(begun);
        Ok(Self {
            range: query.range,
            previous: query.comparison_range,
            granularity: query.granularity,
            times: begun.map(|&start| query.zone.format(start)).collect(),
            zone: query.zone,
            buckets,
        })
    }

    /// The index of the bucket that contains a time of the range. Buckets that have not begun have no row:
    /// their times belong to the last bucket.
    pub(super) fn bucket(&self, moment: i64) -> usize {
        let last = self.times.len().saturating_sub(1);
        self.buckets.index_of(Timestamp(moment)).min(last)
    }

    /// Another range, without buckets.
    pub(super) fn whole(&self, range: TimeRange) -> Self {
        Self {
            range,
            previous: None,
            times: Vec::new(),
            ..self.clone()
        }
    }

    /// The executions enrolled in the range.
    pub(super) fn enrolled<'a>(
        &self,
        scope: weir_model::Scope,
        workflow: &'a str,
        frame: &'a Frame,
    ) -> Enrolled<'a> {
        Enrolled {
            scope,
            workflow,
            environment: frame.environment.as_deref(),
            range: self.range,
        }
    }
}

/// The granularity that a word of this view stands for.
fn interval_word(word: Option<&str>) -> &str {
    match word {
        None => "auto",
        Some("hourly") => "hour",
        Some("daily") => "day",
        Some("weekly") => "week",
        Some("monthly") => "month",
        Some(other) => other,
    }
}

/// A date without a time means the whole day in the time zone, also at the end of a range.
fn whole_days(frame: &Frame) -> Result<Frame, AppError> {
    let zone = match &frame.timezone {
        Some(name) => Zone::parse(name)?,
        None => Zone::utc(),
    };
    let day = |text: &Option<String>| text.as_deref().and_then(|text| zone.day(text));
    let mut frame = frame.clone();
    if let Some(day) = day(&frame.from) {
        frame.from = Some(day.from.to_string());
    }
    if let Some(day) = day(&frame.to) {
        frame.to = Some(day.to.to_string());
    }
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_mean_whole_days_in_the_time_zone() {
        let frame = Frame {
            from: Some("2026-01-01".to_owned()),
            to: Some("2026-01-26".to_owned()),
            timezone: Some("Asia/Kolkata".to_owned()),
            ..Frame::default()
        };
        let found = whole_days(&frame).unwrap();
        assert_eq!(found.from.as_deref(), Some("2025-12-31T18:30:00Z"));
        assert_eq!(found.to.as_deref(), Some("2026-01-26T18:30:00Z"));
        let exact = Frame {
            from: Some("2026-01-01T05:00:00Z".to_owned()),
            ..frame
        };
        let found = whole_days(&exact).unwrap();
        assert_eq!(found.from.as_deref(), Some("2026-01-01T05:00:00Z"));
    }

    #[test]
    fn words_such_as_weekly_are_granularities() {
        let words = [
            None,
            Some("hourly"),
            Some("weekly"),
            Some("day"),
            Some("dayly"),
        ];
        let found = words.map(interval_word);
        assert_eq!(found, ["auto", "hour", "week", "day", "dayly"]);
    }
}
