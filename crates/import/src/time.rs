//! Times: what files write, and what events carry.

use std::cell::Cell;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use weir_model::time::Written;

use crate::error::ImportError;

/// Offsets are shorter than a day.
const DAY_SECONDS: i32 = 24 * 60 * 60;

/// The zone of times without an offset; it counts those that it had to guess.
pub(crate) struct Zone {
    zone: TimeZone,
    guessed: Cell<u64>,
}

impl Zone {
    /// The time zone named on the command line.
    pub fn named(name: &str) -> Result<Self, ImportError> {
        let zone = TimeZone::get(name).map_err(|_| {
            ImportError::Usage(format!(
                "--timezone {name}: no such IANA time zone (as Europe/Amsterdam, UTC)"
            ))
        })?;
        Ok(Self {
            zone,
            guessed: Cell::new(0),
        })
    }

    /// The moment of a local time. Where the clocks are set back it may be two moments: the first is taken. Where they
    /// are set forward it may be none: it is read as so much later (02:30 as 03:30).
    fn moment(&self, local: DateTime) -> Result<Timestamp, String> {
        let moment = self.zone.to_ambiguous_timestamp(local);
        if moment.is_ambiguous() {
            self.guessed.set(self.guessed.get() + 1);
        }
        moment.compatible().map_err(|error| error.to_string())
    }

    /// How many times were guessed since this was last asked.
    pub fn take_guessed(&self) -> u64 {
        self.guessed.take()
    }
}

/// An event's time as Weir takes it: RFC 3339, UTC, milliseconds.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Whole milliseconds from `start` to `end`.
pub(crate) fn millis_between(start: Timestamp, end: Timestamp) -> i64 {
    end.as_millisecond() - start.as_millisecond()
}

/// How the times of a file are written.
#[derive(Debug, Clone)]
pub(crate) enum TimeForm {
    Rfc3339,
    UnixSeconds,
    UnixMillis,
    Pattern(String),
}

impl TimeForm {
    pub fn parse_flag(flag: Option<&str>) -> Self {
        match flag {
            None | Some("rfc3339" | "iso8601") => Self::Rfc3339,
            Some("unix") => Self::UnixSeconds,
            Some("unix-ms") => Self::UnixMillis,
            Some(pattern) => Self::Pattern(pattern.to_owned()),
        }
    }

    /// Reads one time; one without an offset is local to `zone`.
    pub fn read(&self, text: &str, zone: &Zone) -> Result<Timestamp, String> {
        match self {
            Self::Rfc3339 => iso(text, zone),
            Self::UnixSeconds => unix_seconds(text),
            Self::UnixMillis => text
                .parse()
                .ok()
                .and_then(|ms| Timestamp::from_millisecond(ms).ok())
                .ok_or_else(|| format!("{text:?} is not a time in epoch milliseconds")),
            Self::Pattern(pattern) => by_pattern(pattern, text, zone),
        }
    }
}

/// An ISO 8601 / RFC 3339 time, with an offset or local to `zone`.
pub(crate) fn iso(text: &str, zone: &Zone) -> Result<Timestamp, String> {
    match Written::read(text) {
        Some(Written::Moment(at)) => Ok(at),
        Some(Written::Local(local)) => zone.moment(local),
        None => Err(format!("{text:?} is not an ISO 8601 time")),
    }
}

fn unix_seconds(text: &str) -> Result<Timestamp, String> {
    let not_unix = || format!("{text:?} is not a time in epoch seconds");
    let seconds: f64 = text.parse().map_err(|_| not_unix())?;
    let since = SignedDuration::try_from_secs_f64(seconds).map_err(|_| not_unix())?;
    Timestamp::from_duration(since).map_err(|_| not_unix())
}

fn by_pattern(pattern: &str, text: &str, zone: &Zone) -> Result<Timestamp, String> {
    let parts = jiff::fmt::strtime::parse(pattern, text)
        .map_err(|_| format!("{text:?} does not fit --time-format {pattern:?}"))?;
    if let Some(year) = parts.year().filter(|year| (0..100).contains(year)) {
        return Err(format!(
            "{text:?} is of the year {year} by --time-format {pattern:?}: %Y reads all four digits, %y the last two"
        ));
    }
    if let Some(offset) = parts.offset() {
        let is_one = offset.seconds().abs() < DAY_SECONDS;
        let moment = parts.to_timestamp().ok().filter(|_| is_one);
        return moment.ok_or_else(|| format!("{text:?} has an offset or a time that there is not"));
    }
    if let Ok(at) = parts.to_timestamp() {
        return Ok(at);
    }
    let local = parts
        .to_datetime()
        .or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0)))
        .map_err(|_| format!("--time-format {pattern:?} gives no date"))?;
    zone.moment(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_fractions_are_those_that_the_server_takes() {
        let zone = Zone::named("Europe/Amsterdam").unwrap();
        let read = |form: &TimeForm, text: &str| form.read(text, &zone).ok().map(rfc3339);
        let iso = TimeForm::Rfc3339;
        assert_eq!(
            read(&iso, "2024-01-02T03:04:05.12399999999999999999").as_deref(),
            Some("2024-01-02T02:04:05.123Z")
        );
        assert_eq!(read(&iso, "2024-01-02T03:04:05-24:00"), None);
        let pattern = TimeForm::Pattern("%d.%m.%Y %H:%M %z".to_owned());
        assert_eq!(
            read(&pattern, "02.01.2024 03:04 -2359").as_deref(),
            Some("2024-01-03T03:03:00.000Z")
        );
        assert_eq!(read(&pattern, "02.01.2024 03:04 -2400"), None);
    }
}
