//! The time that is searched, the time before it that is compared with, and their buckets.

use weir_analysis::changes::{Search, levels::FEWEST_BEFORE, silence::HOURS_OF_WEEK};
use weir_model::{TimeRange, Timestamp, time::DAY};
use weir_query::{Interval, Query, Zone};

use super::{
    answer::{Trace, TraceBucket},
    axis::{Axis, Series},
};
use crate::{
    AppError,
    views::{Frame, Questions},
};

/// How many days before the range are compared with: four weeks, so that a weekly rhythm is known.
const HISTORY_DAYS: usize = 28;
/// The newest days of the range that are searched.
pub(super) const MOST_DAYS: i64 = 184;
/// The fewest days with executions that allow a search: a week to compare with, and one day.
pub(super) const FEWEST_DAYS: usize = 8;
/// The longest time that is searched by the hour at once: a week, unless it lasts to the end.
const LONGEST_OUTAGE: usize = HOURS_OF_WEEK;
/// No outage is looked for in the first hours of the data.
const HOURS_BEFORE_OUTAGE: usize = 24;

/// The time that is looked at.
#[derive(Clone, Debug)]
pub(super) struct Study {
    /// The range as asked for.
    pub range: TimeRange,
    /// The part of it that is searched, up to the present.
    pub searched: TimeRange,
    /// What is read: the searched part and the days before it.
    pub period: TimeRange,
    pub days: Axis,
    pub hours: Axis,
    frame: Frame,
    zone: Zone,
}

impl Study {
    /// The study of a frame. Fails if the frame is not valid.
    pub async fn of(
        questions: &mut Questions<'_>,
        frame: &Frame,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        let mut query = frame.question();
        query.metrics = vec!["executions".to_owned()];
        let asked = questions.resolved(&query).await?.query;
        let (range, zone) = (asked.range, asked.zone);
        let first = questions.data_range().map_or(range.from, |data| data.from);
        let day = |moment| Interval::Day.floor(moment, &zone);
        let end = range.to.min(now.max(range.from.plus(1)));
        let from = range.from.max(day(range.to.plus(-MOST_DAYS * DAY)));
        let history = Interval::Day.back(day(from), HISTORY_DAYS, &zone);
        let period = TimeRange {
            from: history.max(day(first)).min(day(from)),
            to: range.to,
        };
        let axis = |interval| Axis::of(interval, TimeRange { to: end, ..period }, &zone);
        Ok(Self {
            range,
            searched: TimeRange { from, to: end },
            days: axis(Interval::Day),
            hours: axis(Interval::Hour),
            period,
            frame: frame.clone(),
            zone,
        })
    }

    /// A query over the whole period within the frame, without metrics.
    pub fn question(&self) -> Query {
        self.within(self.period)
    }

    /// The same over another range.
    pub fn within(&self, range: TimeRange) -> Query {
        self.frame.within(range).question()
    }

    /// The same, of all workflows.
    pub fn of_all_workflows(&self, range: TimeRange) -> Query {
        let frame = Frame {
            workflow: None,
            ..self.frame.within(range)
        };
        frame.question()
    }

    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The windows of days in which a change can be.
    pub fn days_to_search(&self) -> Search {
        Search::all(self.days.len(), FEWEST_BEFORE)
    }

    /// The windows of hours in which an outage can be.
    pub fn hours_to_search(&self) -> Search {
        Search {
            longest: LONGEST_OUTAGE,
            ..Search::all(self.hours.len(), HOURS_BEFORE_OUTAGE)
        }
    }

    /// The hours of a part of the period.
    pub fn hours_of(&self, range: TimeRange) -> Axis {
        Axis::of(Interval::Hour, range, &self.zone)
    }

    /// The number of hours that have ended.
    pub fn complete_hours(&self) -> usize {
        let Some(last) = self.hours.len().checked_sub(1) else {
            return 0;
        };
        let ends = Interval::Hour.next(self.hours.start(last), &self.zone);
        last + usize::from(ends <= self.searched.to)
    }

    /// The hour of the week of an hour, 0 to 167.
    pub fn hour_of_week(&self, hour: usize) -> usize {
        let zoned = self.zone.zoned(self.hours.start(hour));
        let day = zoned.weekday().to_monday_zero_offset();
        usize::try_from(i64::from(day) * 24 + i64::from(zoned.hour())).unwrap_or(0)
    }

    /// The part of a change that lies in the searched time; `None` if there is none.
    pub fn part(&self, since: Timestamp, until: Option<Timestamp>) -> Option<TimeRange> {
        let part = TimeRange {
            from: since.max(self.searched.from),
            to: until.unwrap_or(self.searched.to).min(self.searched.to),
        };
        (part.from < part.to).then_some(part)
    }

    /// The values of the searched days.
    pub fn trace<F>(&self, series: &Series<F>, value: impl Fn(&F) -> Option<f64>) -> Trace {
        let first = self.days.index(self.searched.from);
        let values = series.buckets[first..].iter();
        Trace {
            bucket: TraceBucket::Day,
            from: self.days.start(first),
            values: values.map(|of| of.as_ref().and_then(&value)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_analysis::changes::Window;
    use weir_model::time::HOUR;

    use super::*;

    /// Four days from Thursday 2026-01-01, of which the last two are searched, until 15:30.
    fn study() -> Study {
        let day = |number: i64| {
            Timestamp::parse("2026-01-01T00:00:00Z")
                .unwrap()
                .plus(number * DAY)
        };
        let zone = Zone::utc();
        let end = day(3).plus(15 * HOUR + HOUR / 2);
        let period = TimeRange {
            from: day(0),
            to: day(4),
        };
        let read = TimeRange { to: end, ..period };
        Study {
            range: TimeRange {
                from: day(2),
                to: day(4),
            },
            searched: TimeRange {
                from: day(2),
                to: end,
            },
            period,
            days: Axis::of(Interval::Day, read, &zone),
            hours: Axis::of(Interval::Hour, read, &zone),
            frame: Frame::default(),
            zone,
        }
    }

    #[test]
    fn a_change_counts_as_far_as_it_lies_in_the_searched_time() {
        let study = study();
        let at = |hours: i64| study.period.from.plus(hours * HOUR);
        let part = |since, until: Option<i64>| {
            let part = study.part(at(since), until.map(at))?;
            Some(((part.from.0 - at(0).0) / HOUR, (part.to.0 - at(0).0) / HOUR))
        };
        assert_eq!(part(30, Some(50)), Some((48, 50)));
        assert_eq!(part(60, None), Some((60, 87)));
        assert_eq!(part(30, Some(48)), None);
    }

    #[test]
    fn buckets_are_found_by_their_moments_and_windows_end_or_last() {
        let study = study();
        assert_eq!(
            (study.days.len(), study.hours.len(), study.complete_hours()),
            (4, 88, 87)
        );
        let noon = study.period.from.plus(DAY + 12 * HOUR);
        assert_eq!((study.days.index(noon), study.hours.index(noon)), (1, 36));
        assert_eq!(study.days.index(study.period.from.plus(-DAY)), 0);
        let window = |to| Window { from: 1, to };
        assert_eq!(study.days.until(window(3)), Some(study.days.start(3)));
        assert_eq!(study.days.until(window(4)), None);
        assert_eq!(study.days.range(window(4)).to, study.searched.to);
        // Thursday, 3:00.
        assert_eq!(study.hour_of_week(3), 3 * 24 + 3);
    }

    #[test]
    fn a_trace_has_the_searched_days() {
        let study = study();
        let series = Series {
            key: Vec::new(),
            buckets: vec![Some(1.0), Some(2.0), None, Some(4.0)],
        };
        let trace = study.trace(&series, |value| Some(*value));
        assert_eq!(trace.values, [None, Some(4.0)]);
        assert_eq!(trace.from, study.searched.from);
    }
}
