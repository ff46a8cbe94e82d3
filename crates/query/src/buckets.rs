//! Buckets of time in a zone. They are computed here rather than by a database, so that days with a
//! clock change and zones with half and quarter hours come out right.

use jiff::{Span, ToSpan, civil::Date};
use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, HOUR, MINUTE},
};

use crate::{words::Interval, zone::Zone};

/// The buckets that a range falls into, in order and without holes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Buckets {
    /// Where each bucket starts; the first may start before the range.
    starts: Vec<Timestamp>,
    /// The moments that divide the range: its beginning, the starts of all further buckets, its end.
    edges: Vec<Timestamp>,
}

impl Buckets {
    /// The whole range as one bucket.
    pub fn whole(range: TimeRange) -> Self {
        Self {
            starts: vec![range.from],
            edges: vec![range.from, range.to],
        }
    }

    /// The buckets of an interval; `None` if there are more than `limit`.
    pub fn of(interval: Interval, range: TimeRange, zone: &Zone, limit: usize) -> Option<Self> {
        let mut start = interval.floor(range.from, zone);
        let mut starts = vec![start];
        let mut edges = vec![range.from];
        loop {
            start = interval.next(start, zone);
            if start >= range.to {
                break;
            }
            if starts.len() == limit {
                return None;
            }
            starts.push(start);
            edges.push(start);
        }
        edges.push(range.to);
        Some(Self { starts, edges })
    }

    /// The number of buckets.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none; never, since a range has at least one.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Where each bucket starts.
    pub fn starts(&self) -> &[Timestamp] {
        &self.starts
    }

    /// The moments at which one bucket ends and the next begins, excluding the ends of the range.
    pub fn inner_edges(&self) -> &[Timestamp] {
        &self.edges[1..self.edges.len() - 1]
    }

    /// The range that the buckets divide.
    pub fn range(&self) -> TimeRange {
        TimeRange {
            from: self.edges[0],
            to: self.edges[self.edges.len() - 1],
        }
    }

    /// The position of the bucket that contains a moment of the range.
    pub fn index_of(&self, moment: Timestamp) -> usize {
        self.inner_edges().partition_point(|&edge| edge <= moment)
    }
}

impl Interval {
    /// The width of an interval of the clock, in milliseconds; `None` for calendar intervals.
    fn width(self) -> Option<i64> {
        match self {
            Self::Minute => Some(MINUTE),
            Self::FiveMinutes => Some(5 * MINUTE),
            Self::HalfHour => Some(HOUR / 2),
            Self::Hour => Some(HOUR),
            Self::HalfDay | Self::Day | Self::Week | Self::Month => None,
        }
    }

    /// The shortest possible bucket, in milliseconds (minus an hour if clocks go forward).
    pub fn shortest(self) -> i64 {
        match self {
            Self::Minute => MINUTE,
            Self::FiveMinutes => 5 * MINUTE,
            Self::HalfHour => HOUR / 2,
            Self::Hour => HOUR,
            Self::HalfDay => DAY / 2 - HOUR,
            Self::Day => DAY - HOUR,
            Self::Week => 7 * DAY - HOUR,
            Self::Month => 28 * DAY - HOUR,
        }
    }

    /// The start of the bucket that contains the moment.
    pub fn floor(self, moment: Timestamp, zone: &Zone) -> Timestamp {
        match self.width() {
            Some(width) => clock_floor(moment, width, zone),
            None => {
                let date = self.first_date(zone.zoned(moment).date());
                let start = zone.start_of(date).unwrap_or(moment);
                let noon = self.noon(date, zone).filter(|&noon| noon <= moment);
                noon.unwrap_or(start)
            }
        }
    }

    /// The start of the bucket after the one that starts at `start`.
    pub fn next(self, start: Timestamp, zone: &Zone) -> Timestamp {
        if let Some(width) = self.width() {
            return clock_next(start, width, zone);
        }
        let mut date = self.first_date(zone.zoned(start).date());
        if let Some(noon) = self.noon(date, zone).filter(|&noon| noon > start) {
            return noon;
        }
        // A zone that crossed the date line has empty days, which are not buckets.
        loop {
            date = date.saturating_add(self.span(1));
            match zone.start_of(date) {
                Some(next) if next > start => return next,
                Some(_) => {}
                None => return Timestamp(i64::MAX),
            }
        }
    }

    /// The moment a number of buckets earlier; for calendar intervals, at the same time of day.
    pub fn back(self, moment: Timestamp, buckets: usize, zone: &Zone) -> Timestamp {
        let buckets = i64::try_from(buckets).unwrap_or(i64::MAX);
        match (self, self.width()) {
            (_, Some(width)) => moment.plus(-(width.saturating_mul(buckets))),
            // By the calendar's clock: noon stays noon even if a day has 23 hours.
            (Self::HalfDay, None) => zone.hours_back(moment, buckets.saturating_mul(12)),
            (_, None) => back(moment, self.span(buckets), zone),
        }
    }

    /// Noon of a day, where the second half-day begins.
    fn noon(self, date: Date, zone: &Zone) -> Option<Timestamp> {
        match self {
            Self::HalfDay => zone.at_hour(date, 12),
            _ => None,
        }
    }

    fn span(self, buckets: i64) -> Span {
        match self {
            Self::Week => buckets.weeks(),
            Self::Month => buckets.months(),
            _ => buckets.days(),
        }
    }

    fn first_date(self, date: Date) -> Date {
        match self {
            Self::Week => {
                let past = i64::from(date.weekday().to_monday_zero_offset());
                date.saturating_sub(past.days())
            }
            Self::Month => date.first_of_month(),
            _ => date,
        }
    }
}

/// A moment moved back by a calendar span in a zone.
pub fn back(moment: Timestamp, span: Span, zone: &Zone) -> Timestamp {
    let moved = zone.zoned(moment).saturating_sub(span);
    Timestamp(moved.timestamp().as_millisecond())
}

fn clock_floor(moment: Timestamp, width: i64, zone: &Zone) -> Timestamp {
    let offset = zone.offset(moment);
    let start = moment.plus(offset).floor(width).plus(-offset);
    if aligned(zone.offset(start), offset, width) {
        return start;
    }
    // The clock changed by part of a bucket in between, so the bucket begins at the change.
    zone.change_until(moment)
        .map_or(start, |change| change.max(start))
}

fn clock_next(start: Timestamp, width: i64, zone: &Zone) -> Timestamp {
    let offset = zone.offset(start);
    let next = start.plus(offset).floor(width).plus(width - offset);
    if aligned(zone.offset(next), offset, width) {
        return next;
    }
    zone.change_after(start)
        .map_or(next, |change| change.min(next))
}

fn aligned(offset: i64, other: i64, width: i64) -> bool {
    (offset - other) % width == 0
}

#[cfg(test)]
mod tests;
