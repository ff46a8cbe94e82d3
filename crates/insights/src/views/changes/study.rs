//! The time that is searched, the time before it that is compared with, and their buckets.

use weir_analysis::changes::{Search, Window, levels::FEWEST_BEFORE, silence::HOURS_OF_WEEK};
use weir_model::{TimeRange, Timestamp, time::DAY};
use weir_query::{Interval, Query, Zone, buckets::Buckets};

use super::answer::{Trace, TraceBucket};
use crate::{
    AppError,
    views::{Figures, Frame, Questions, Results},
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
/// More buckets than there are hours in a year.
const MOST_BUCKETS: usize = 10_000;

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

/// Consecutive buckets.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    starts: Vec<Timestamp>,
    end: Timestamp,
}

/// The figures of a group by bucket.
#[derive(Clone, Debug)]
pub(super) struct Series<F> {
    /// The values of the query's dimensions.
    pub key: Vec<Option<String>>,
    /// Its figures; `None` without facts.
    pub buckets: Vec<Option<F>>,
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
        let last = self.hours.starts.last();
        let is_complete =
            last.is_some_and(|&start| Interval::Hour.next(start, &self.zone) <= self.searched.to);
        self.hours.len() - usize::from(!is_complete && last.is_some())
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

impl Axis {
    fn of(interval: Interval, range: TimeRange, zone: &Zone) -> Self {
        let buckets = Buckets::of(interval, range, zone, MOST_BUCKETS);
        Self {
            starts: buckets.map_or_else(Vec::new, |buckets| buckets.starts().to_vec()),
            end: range.to,
        }
    }

    /// The number of buckets.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// The position of the bucket of a moment; the first or last one if it lies outside.
    pub fn index(&self, moment: Timestamp) -> usize {
        self.starts
            .partition_point(|&start| start <= moment)
            .saturating_sub(1)
    }

    /// The start of a bucket; the end of the axis after the last one.
    pub fn start(&self, bucket: usize) -> Timestamp {
        self.starts.get(bucket).copied().unwrap_or(self.end)
    }

    /// The time of a window.
    pub fn range(&self, window: Window) -> TimeRange {
        TimeRange {
            from: self.start(window.from),
            to: self.start(window.to),
        }
    }

    /// The end of a window; `None` if it lasts to the end of the axis.
    pub fn until(&self, window: Window) -> Option<Timestamp> {
        (window.to < self.len()).then(|| self.start(window.to))
    }

    /// The results of a query by this many dimensions and these buckets.
    pub fn series<F: Figures>(&self, results: &Results<F>, dimensions: usize) -> Vec<Series<F>> {
        let mut positions = std::collections::HashMap::new();
        let mut found: Vec<Series<F>> = Vec::new();
        for line in results.lines() {
            let key: Vec<Option<String>> = (0..dimensions).map(|at| line.key(at)).collect();
            let Some(start) = line.start() else { continue };
            let position = *positions.entry(key).or_insert_with_key(|key| {
                found.push(Series {
                    key: key.clone(),
                    buckets: (0..self.len()).map(|_| None).collect(),
                });
                found.len() - 1
            });
            let bucket = self.index(start);
            if let Some(place) = found[position].buckets.get_mut(bucket) {
                *place = Some(line.figures);
            }
        }
        found
    }
}
