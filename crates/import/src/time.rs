//! Times: as files write them, and as events contain them.

use std::cell::Cell;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use weir_model::time::Written;

use crate::error::ImportError;

/// Offsets must be shorter than this.
const DAY_SECONDS: i32 = 24 * 60 * 60;

/// The zone of times without an offset; counts the times that are ambiguous or skipped.
pub(crate) struct Zone {
    zone: TimeZone,
    guessed: Cell<u64>,
}

impl Zone {
    /// The time zone with an IANA name. Fails if there is none.
    pub fn named(name: &str) -> Result<Self, ImportError> {
        let zone = TimeZone::get(name).map_err(|_| {
            ImportError::Usage(format!(
                "--timezone {name}: no such IANA time zone (examples: Europe/Amsterdam, UTC)"
            ))
        })?;
        Ok(Self {
            zone,
            guessed: Cell::new(0),
        })
    }

    /// The moment of a local time. When clocks are set back, a time can exist twice: the first is used. When they are set
    /// forward, a time can be skipped: it is moved later by the gap (02:30 becomes 03:30).
    fn moment(&self, local: DateTime) -> Result<Timestamp, String> {
        let moment = self.zone.to_ambiguous_timestamp(local);
        if moment.is_ambiguous() {
            self.guessed.set(self.guessed.get() + 1);
        }
        moment.compatible().map_err(|error| error.to_string())
    }

    /// The number of ambiguous or skipped times since the last call.
    pub fn take_guessed(&self) -> u64 {
        self.guessed.take()
    }
}

/// A time as events contain it: RFC 3339, UTC, milliseconds.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Whole milliseconds from `start` to `end`.
pub(crate) fn millis_between(start: Timestamp, end: Timestamp) -> i64 {
    end.as_millisecond() - start.as_millisecond()
}

/// The format of times in a file.
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

    /// Parses a time; without an offset, it is local to `zone`. Fails, with a message, if it has another format.
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

/// Parses an ISO 8601 / RFC 3339 time, with an offset or local to `zone`. Fails, with a message, if it is not one.
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
        .map_err(|_| format!("{text:?} does not match --time-format {pattern:?}"))?;
    if let Some(year) = parts.year().filter(|year| (0..100).contains(year)) {
        return Err(format!(
            "{text:?} is in the year {year} according to --time-format {pattern:?}: %Y needs four digits, %y two"
        ));
    }
    if let Some(offset) = parts.offset() {
        let is_one = offset.seconds().abs() < DAY_SECONDS;
        let moment = parts.to_timestamp().ok().filter(|_| is_one);
        return moment
            .ok_or_else(|| format!("{text:?} has an offset or a time that does not exist"));
    }
    if let Ok(at) = parts.to_timestamp() {
        return Ok(at);
    }
    let local = parts
        .to_datetime()
        .or_else(|_| parts.to_date().map(|date| date.at(0, 0, 0, 0)))
        .map_err(|_| format!("--time-format {pattern:?} does not contain a full date"))?;
    zone.moment(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_fractions_are_parsed_as_by_the_server() {
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
