//! Time zones of the IANA database, and the moments of their calendars.

use std::hash::{Hash, Hasher};

use jiff::{ToSpan, Zoned, civil::Date, tz::TimeZone};
use serde::{Serialize, Serializer};
use weir_model::{TimeRange, Timestamp, time::HOUR};

use crate::{
    error::{ErrorCode, QueryError},
    nearest::nearest,
};

/// A time zone with its IANA name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Hash for Zone {
    /// Equal zones have the same name.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            zone: TimeZone::UTC,
        }
    }

    /// The zone with an IANA name, ignoring case. Fails if there is no such zone.
    pub fn parse(name: &str) -> Result<Self, QueryError> {
        if name.eq_ignore_ascii_case("utc") {
            return Ok(Self::utc());
        }
        match TimeZone::get(name) {
            Ok(zone) => Ok(Self {
                name: zone.iana_name().unwrap_or(name).to_owned(),
                zone,
            }),
            Err(_) => Err(unknown(name)),
        }
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far the zone's clock is ahead of UTC at a moment, in milliseconds.
    pub fn offset(&self, moment: Timestamp) -> i64 {
        i64::from(self.zone.to_offset(instant(moment)).seconds()) * 1_000
    }

    /// The moment in the zone's calendar.
    pub fn zoned(&self, moment: Timestamp) -> Zoned {
        instant(moment).to_zoned(self.zone.clone())
    }

    /// The first moment of a day; if the clock skips midnight, the first moment after the gap.
    pub fn start_of(&self, date: Date) -> Option<Timestamp> {
        let start = date.to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp(start.timestamp().as_millisecond()))
    }

    /// The day given by a date such as `2026-01-26`; `None` if it is not a valid date.
    pub fn day(&self, text: &str) -> Option<TimeRange> {
        let date: Date = (text.len() == 10).then(|| text.parse().ok()).flatten()?;
        Some(TimeRange {
            from: self.start_of(date)?,
            to: self.start_of(date.tomorrow().ok()?)?,
        })
    }

    /// The moment of a day at which the clock shows a full hour.
    pub fn at_hour(&self, date: Date, hour: i8) -> Option<Timestamp> {
        let moment = date.at(hour, 0, 0, 0).to_zoned(self.zone.clone()).ok()?;
        Some(Timestamp(moment.timestamp().as_millisecond()))
    }

    /// The moment at which the clock showed this many hours earlier: a day counts as 24, whatever its length.
    pub fn hours_back(&self, moment: Timestamp, hours: i64) -> Timestamp {
        // A calendar has fewer hours than this; earlier moments become its beginning.
        let hours = hours.clamp(0, 100_000_000);
        let earlier = self.zoned(moment).datetime().saturating_sub(hours.hours());
        match earlier.to_zoned(self.zone.clone()) {
            Ok(moment) => Timestamp(moment.timestamp().as_millisecond()),
            Err(_) => moment.plus(-hours * HOUR),
        }
    }

    /// The first change of the clock after a moment.
    pub fn change_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let change = self.zone.following(instant(moment)).next()?;
        Some(Timestamp(change.timestamp().as_millisecond()))
    }

    /// The last change of the clock at or before a moment.
    pub fn change_until(&self, moment: Timestamp) -> Option<Timestamp> {
        let change = self.zone.preceding(instant(moment.plus(1))).next()?;
        Some(Timestamp(change.timestamp().as_millisecond()))
    }

    /// RFC 3339 with the zone's offset, `Z` for UTC: `2012-01-01T00:00:00+01:00`.
    pub fn format(&self, moment: Timestamp) -> String {
        if self.name == "UTC" {
            return moment.to_string();
        }
        let moment = instant(moment);
        let offset = self.zone.to_offset(moment);
        moment.display_with_offset(offset).to_string()
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

/// Queries are limited to years that every calendar covers, so nothing is cut off here.
fn instant(moment: Timestamp) -> jiff::Timestamp {
    let limit = if moment.0 < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    };
    jiff::Timestamp::from_millisecond(moment.0).unwrap_or(limit)
}

fn unknown(name: &str) -> QueryError {
    let error = QueryError::new(
        ErrorCode::UnknownTimeZone,
        "timezone",
        format!("there is no time zone `{name}`"),
    );
    let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => error.with_fix(near),
        None => error.with_fix("an IANA name such as Europe/Amsterdam"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_with_the_offset_of_their_day() {
        let amsterdam = Zone::parse("europe/amsterdam").unwrap();
        assert_eq!(amsterdam.name(), "Europe/Amsterdam");
        let winter = Timestamp::parse("2011-12-31T23:00:00Z").unwrap();
        let summer = Timestamp::parse("2012-06-30T22:00:00Z").unwrap();
        assert_eq!(amsterdam.format(winter), "2012-01-01T00:00:00+01:00");
        assert_eq!(amsterdam.format(summer), "2012-07-01T00:00:00+02:00");
        assert_eq!(Zone::utc().format(winter), "2011-12-31T23:00:00Z");
    }

    #[test]
    fn a_date_is_a_whole_day_of_the_zone() {
        let day = Zone::parse("Europe/Amsterdam").unwrap().day("2012-03-25");
        let day = day.unwrap();
        assert_eq!(day.from.to_string(), "2012-03-24T23:00:00Z");
        assert_eq!(day.to.to_string(), "2012-03-25T22:00:00Z");
        for text in [
            "2012-02-30",
            "2012-3-25",
            "20120325",
            "2012-03-25T00:00:00Z",
            "later",
        ] {
            assert_eq!(Zone::utc().day(text), None, "{text}");
        }
    }

    #[test]
    fn the_error_for_an_unknown_zone_names_the_nearest() {
        let error = Zone::parse("Europe/Amsterdm").unwrap_err();
        assert_eq!(error.code, ErrorCode::UnknownTimeZone);
        assert_eq!(error.fix.as_deref(), Some("Europe/Amsterdam"));
    }
}
