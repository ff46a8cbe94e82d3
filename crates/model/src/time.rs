//! Time in Weir: UTC milliseconds since 1970.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Serialised as RFC 3339.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

/// Milliseconds in a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

impl Timestamp {
    /// Parses RFC 3339 with an offset, by the rules of [`Written::read`]. `None` if the text has
    /// another form or the time is out of range.
    pub fn parse(text: &str) -> Option<Self> {
        match Written::read(text)? {
            Written::Moment(moment) => Some(Self(moment.as_millisecond())),
            Written::Local(_) => None,
        }
    }

    /// This moment plus a number of milliseconds, which can be negative.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// The largest multiple of `width` (in milliseconds) that is not after this moment.
    pub fn floor(self, width: i64) -> Self {
        Self(self.0.saturating_sub(self.0.rem_euclid(width)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).ok_or_else(|| {
            serde::de::Error::custom("expected an RFC 3339 time with an offset or Z")
        })
    }
}

/// A parsed time. All code that reads ISO 8601 or RFC 3339 uses this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// With `Z` or an offset.
    Moment(jiff::Timestamp),
    /// Without an offset: a local time of some zone.
    Local(jiff::civil::DateTime),
}

/// The most digits of a fraction of a second that are read; further ones are cut off.
const FRACTION: usize = 9;
/// Offsets are shorter than this many hours (RFC 3339, 5.6).
const OFFSETS_BELOW: u8 = 24;

impl Written {
    /// Parses a time. A fraction can have any number of digits; an offset is at most 23:59. A time
    /// with an invalid offset does not count as a local time. `None` if the text is not a time.
    pub fn read(text: &str) -> Option<Self> {
        let text = with_short_fraction(text);
        match offset_hours(&text) {
            Some(hours) if hours >= OFFSETS_BELOW => None,
            Some(_) => text.parse().ok().map(Self::Moment),
            None => match text.parse() {
                Ok(moment) => Some(Self::Moment(moment)),
                // A time with `Z` cannot be a local time: it would have been parsed above.
                Err(_) => text.parse().ok().map(Self::Local),
            },
        }
    }
}

/// The text without the digits of a second's fraction that exceed [`FRACTION`].
fn with_short_fraction(text: &str) -> Cow<'_, str> {
    let Some(point) = text.find(['.', ',']) else {
        return Cow::Borrowed(text);
    };
    let fraction = &text[point + 1..];
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= FRACTION {
        return Cow::Borrowed(text);
    }
    let (kept, rest) = (&text[..=point + FRACTION], &fraction[digits..]);
    Cow::Owned(format!("{kept}{rest}"))
}

/// The hours of the offset after the time of day; 255 if they are not a number. `None` without an
/// offset.
fn offset_hours(text: &str) -> Option<u8> {
    let date = text.find(['T', 't', ' '])?;
    let time = text[date..].split('[').next()?;
    let sign = time.find(['+', '-'])?;
    let offset = &time[sign + 1..];
    let hours = offset.get(..2).unwrap_or(offset);
    Some(hours.parse().unwrap_or(u8::MAX))
}

/// A half-open time range: `from` is included, `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    /// The first moment in the range.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}

impl TimeRange {
    /// A range from epoch milliseconds.
    pub fn new(from: i64, to: i64) -> Self {
        Self {
            from: Timestamp(from),
            to: Timestamp(to),
        }
    }

    /// Its length in milliseconds; 0 if it is reversed.
    pub fn length(self) -> i64 {
        (self.to.0 - self.from.0).max(0)
    }

    /// Whether the moment is in the range.
    pub fn contains(self, moment: Timestamp) -> bool {
        self.from <= moment && moment < self.to
    }
}

/// The bucket widths of rollup partials. Buckets are aligned to UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Granularity {
    /// One minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// One hour.
    Hour,
    /// One UTC day.
    Day,
}

impl Granularity {
    /// From the finest to the coarsest.
    pub const ALL: [Granularity; 4] = [
        Granularity::Minute,
        Granularity::FiveMinutes,
        Granularity::Hour,
        Granularity::Day,
    ];

    /// The width in milliseconds.
    pub fn width(self) -> i64 {
        match self {
            Granularity::Minute => MINUTE,
            Granularity::FiveMinutes => 5 * MINUTE,
            Granularity::Hour => HOUR,
            Granularity::Day => DAY,
        }
    }

    /// The suffix of its tables: `1m`, `5m`, `1h`, `1d`.
    pub fn name(self) -> &'static str {
        match self {
            Granularity::Minute => "1m",
            Granularity::FiveMinutes => "5m",
            Granularity::Hour => "1h",
            Granularity::Day => "1d",
        }
    }

    /// The start of the bucket that contains the moment.
    pub fn bucket(self, moment: Timestamp) -> Timestamp {
        moment.floor(self.width())
    }
}

/// How long the partials of each granularity are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    milliseconds: [Option<i64>; 4],
}

impl Default for Retention {
    /// 1m: 48 hours, 5m: 14 days, 1h: 400 days, 1d: forever.
    fn default() -> Self {
        Self {
            milliseconds: [Some(48 * HOUR), Some(14 * DAY), Some(400 * DAY), None],
        }
    }
}

impl Retention {
    /// Keeps everything forever.
    pub const FOREVER: Retention = Retention {
        milliseconds: [None; 4],
    };

    /// Sets the retention of one granularity in milliseconds; `None` keeps its partials forever.
    pub fn with(mut self, granularity: Granularity, milliseconds: Option<i64>) -> Self {
        self.milliseconds[granularity as usize] = milliseconds;
        self
    }

    /// The start of the oldest bucket that is still complete at `now`: from there on, every bucket
    /// holds every partial ever committed for it. Buckets that start earlier are expired: they are
    /// not written, not read, and eventually deleted.
    pub fn oldest_bucket(self, granularity: Granularity, now: Timestamp) -> Timestamp {
        match self.milliseconds[granularity as usize] {
            None => Timestamp(i64::MIN),
            Some(kept) => {
                let width = granularity.width();
                now.plus(-kept).floor(width).plus(width)
            }
        }
    }
}

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }
}

/// A clock that shows the time it was set to; clones share it.
#[derive(Clone, Debug)]
pub struct FixedClock(std::sync::Arc<std::sync::atomic::AtomicI64>);

impl FixedClock {
    /// A clock set to `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(std::sync::Arc::new(now.0.into()))
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_is_parsed_with_its_offset_and_printed_in_utc() {
        let moment = Timestamp::parse("2011-10-01T00:38:44.546+02:00").expect("valid");
        assert_eq!(moment.to_string(), "2011-09-30T22:38:44.546Z");
        assert_eq!(Timestamp::parse("2011-10-01T00:38:44"), None);
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn an_offset_is_less_than_a_day_and_a_fraction_has_any_number_of_digits() {
        let read = |text: &str| Timestamp::parse(text).map(|moment| moment.to_string());
        let is =
            |text: &str, moment: &str| assert_eq!(read(text).as_deref(), Some(moment), "{text}");
        is("2024-01-02T00:00:00-23:59", "2024-01-02T23:59:00Z");
        is("2024-01-02T00:00:00+23:59", "2024-01-01T00:01:00Z");
        is("2024-01-02 03:04:05+0530", "2024-01-01T21:34:05Z");
        is("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z");
        is(
            "2024-01-02T03:04:05.12399999999999999999Z",
            "2024-01-02T03:04:05.123Z",
        );
        is(
            "2024-01-02T03:04:05,12399999999999999999+01:00",
            "2024-01-02T02:04:05.123Z",
        );
        for invalid in [
            "2024-01-02T00:00:00-24:00",
            "2024-01-02T00:00:00+24:00",
            "2024-01-02T00:00:00+25",
            "2024-01-02T00:00:00+x1:00",
            "2024-01-02T00:00:00.+01:00",
            "2024-01-02T00:00:00-",
            "2024-01-02T03:04:05",
        ] {
            assert_eq!(read(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_time_with_an_invalid_offset_is_not_a_local_time() {
        for wrong in [
            "2024-01-02T00:00:00-24:00",
            "9999-12-31T23:59:59-23:00",
            "2024-01-02T00:00:00+99:00",
            "2024-01-02T00:00:00+é",
        ] {
            assert_eq!(Written::read(wrong), None, "{wrong}");
        }
        let local = Written::read("2024-01-02T03:04:05.00000000000000000001");
        let midnight: jiff::civil::DateTime = "2024-01-02T03:04:05".parse().unwrap();
        assert_eq!(local, Some(Written::Local(midnight)));
    }

    #[test]
    fn buckets_before_1970_are_floored() {
        assert_eq!(Granularity::Hour.bucket(Timestamp(-1)), Timestamp(-HOUR));
    }

    #[test]
    fn a_bucket_that_straddles_the_retention_edge_counts_as_expired() {
        let now = Timestamp(100 * DAY + 30_000);
        let oldest = Retention::default().oldest_bucket(Granularity::Minute, now);
        assert_eq!(oldest, Timestamp(98 * DAY + MINUTE));
        let forever = Retention::default().oldest_bucket(Granularity::Day, now);
        assert_eq!(forever, Timestamp(i64::MIN));
    }
}
