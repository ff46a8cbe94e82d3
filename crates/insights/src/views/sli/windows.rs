//! The time range of a window: whole calendar days in a time zone, so that a day of 23 or 25 hours is one
//! day.

use std::collections::HashMap;

use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, HOUR},
};
use weir_query::{Interval, Zone};

/// How many days back windows are measured: three months.
pub(super) const HISTORY_DAYS: usize = 90;
/// How long measured windows are kept, in milliseconds: two years.
pub const KEPT_MS: i64 = 731 * DAY;
/// Windows that ended this long ago get few late events.
const SETTLED_MS: i64 = 2 * DAY;
/// The minimum time before a window is measured again if events have arrived.
const AGAIN_MS: i64 = HOUR;
/// The same for settled windows: history can be imported at any time.
const SETTLED_AGAIN_MS: i64 = DAY;

/// The number of days of a window such as `7d`.
pub(super) fn days(window: &str) -> u16 {
    let number = window.strip_suffix('d');
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// The window that ends with the current day, and so has not ended.
pub(super) fn current(window: &str, now: Timestamp, zone: &Zone) -> TimeRange {
    let today = Interval::Day.floor(now, zone);
    ending(window, Interval::Day.next(today, zone), zone)
}

/// The window that ends with the start of a day.
fn ending(window: &str, end: Timestamp, zone: &Zone) -> TimeRange {
    let from = Interval::Day.back(end, usize::from(days(window)), zone);
    TimeRange {
        from: Interval::Day.floor(from, zone),
        to: end,
    }
}

/// When and at which commit a window was measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeasuredWindow {
    /// The last commit that it includes.
    pub watermark: i64,
    /// When it was measured.
    pub at: Timestamp,
}

/// What determines which windows are due.
#[derive(Clone, Copy, Debug)]
pub(super) struct Present<'a> {
    pub now: Timestamp,
    pub zone: &'a Zone,
    /// The first to the newest event of the project.
    pub data: TimeRange,
    /// The last commit of the project.
    pub watermark: i64,
}

/// Chooses the windows of a length to measure.
pub(super) type Choose =
    fn(&str, Present<'_>, &HashMap<Timestamp, MeasuredWindow>) -> Vec<TimeRange>;

/// The windows of a length that are due, newest first: those that have ended, overlap the time of the
/// project's events, and were not measured yet or have had late events since.
pub(super) fn due(
    window: &str,
    present: Present<'_>,
    known: &HashMap<Timestamp, MeasuredWindow>,
) -> Vec<TimeRange> {
    let Present { now, watermark, .. } = present;
    ended(window, present)
        .filter(|range| match known.get(&range.to) {
            None => true,
            Some(known) => {
                let again = match now.0 - range.to.0 < SETTLED_MS {
                    true => AGAIN_MS,
                    false => SETTLED_AGAIN_MS,
                };
                known.watermark < watermark && now.0 - known.at.0 >= again
            }
        })
        .collect()
}

/// The windows among them that were never measured.
pub(super) fn missing(
    window: &str,
    present: Present<'_>,
    known: &HashMap<Timestamp, MeasuredWindow>,
) -> Vec<TimeRange> {
    ended(window, present)
        .filter(|range| !known.contains_key(&range.to))
        .collect()
}

fn ended<'a>(window: &'a str, present: Present<'a>) -> impl Iterator<Item = TimeRange> + 'a {
    let Present {
        now, zone, data, ..
    } = present;
    let today = Interval::Day.floor(now, zone);
    let ends = (0..HISTORY_DAYS).map(move |ago| Interval::Day.back(today, ago, zone));
    ends.map(move |end| ending(window, Interval::Day.floor(end, zone), zone))
        .filter(move |range| range.from <= data.to && data.from < range.to)
}

/// Whether a time is the start of a day, and so can be the end of a window.
pub(super) fn ends_a_day(moment: Timestamp, zone: &Zone) -> bool {
    Interval::Day.floor(moment, zone) == moment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::sli::WINDOWS;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    fn hours(range: TimeRange) -> i64 {
        range.length() / HOUR
    }

    #[test]
    fn a_window_ends_with_the_current_day() {
        let range = current("7d", at("2025-01-07T12:00:00Z"), &Zone::utc());
        assert_eq!(range.from, at("2025-01-01T00:00:00Z"));
        assert_eq!(range.to, at("2025-01-08T00:00:00Z"));
        assert_eq!(WINDOWS.map(days), [1, 7, 28, 30]);
    }

    #[test]
    fn days_in_new_york_have_23_and_25_hours_when_the_clock_changes() {
        let new_york = zone("America/New_York");
        let spring = current("1d", at("2024-03-10T17:00:00Z"), &new_york);
        assert_eq!(spring.from, at("2024-03-10T05:00:00Z"));
        assert_eq!((spring.to, hours(spring)), (at("2024-03-11T04:00:00Z"), 23));
        let autumn = current("1d", at("2024-11-03T17:00:00Z"), &new_york);
        assert_eq!(
            (autumn.from, hours(autumn)),
            (at("2024-11-03T04:00:00Z"), 25)
        );
        let week = current("7d", at("2024-03-10T17:00:00Z"), &new_york);
        assert_eq!(
            (week.from, hours(week)),
            (at("2024-03-04T05:00:00Z"), 7 * 24 - 1)
        );
        let month = current("30d", at("2024-11-20T17:00:00Z"), &new_york);
        assert_eq!(hours(month), 30 * 24 + 1);
    }

    #[test]
    fn days_in_kolkata_start_at_18_30_utc() {
        let kolkata = zone("Asia/Kolkata");
        let before = current("1d", at("2024-05-01T18:29:59Z"), &kolkata);
        assert_eq!(before.from, at("2024-04-30T18:30:00Z"));
        let after = current("1d", at("2024-05-01T18:30:00Z"), &kolkata);
        assert_eq!((after.from, hours(after)), (at("2024-05-01T18:30:00Z"), 24));
    }

    fn present<'a>(now: &str, first: &str, newest: &str, zone: &'a Zone) -> Present<'a> {
        Present {
            now: at(now),
            zone,
            data: TimeRange {
                from: at(first),
                to: at(newest),
            },
            watermark: 5,
        }
    }

    #[test]
    fn windows_are_due_from_the_first_event_to_the_last_midnight() {
        let utc = Zone::utc();
        let (first, newest) = ("2025-01-04T10:00:00Z", "2025-01-07T09:00:00Z");
        let present = present("2025-01-07T10:00:00Z", first, newest, &utc);
        let ends: Vec<_> = due("1d", present, &HashMap::new())
            .iter()
            .map(|range| range.to.to_string())
            .collect();
        let expected = [
            "2025-01-07T00:00:00Z",
            "2025-01-06T00:00:00Z",
            "2025-01-05T00:00:00Z",
        ];
        assert_eq!(ends, expected);
        let weeks = due("7d", present, &HashMap::new());
        assert_eq!(weeks.len(), 3);
        assert_eq!(weeks[0].from, at("2024-12-31T00:00:00Z"));
    }

    #[test]
    fn windows_outside_the_time_of_the_projects_events_are_not_measured() {
        let utc = Zone::utc();
        let (first, newest) = ("2011-10-01T00:00:00Z", "2012-03-14T00:00:00Z");
        let old = present("2025-01-07T10:00:00Z", first, newest, &utc);
        assert_eq!(due("30d", old, &HashMap::new()), []);
        let stopped = present("2012-03-20T10:00:00Z", first, newest, &utc);
        let ends = due("1d", stopped, &HashMap::new());
        assert_eq!(ends[0].to, at("2012-03-15T00:00:00Z"));
        assert_eq!(ends.len(), HISTORY_DAYS - 5);
    }

    #[test]
    fn a_window_is_measured_again_after_new_events_and_old_ones_once_a_day() {
        let utc = Zone::utc();
        let (first, newest) = ("2025-01-01T00:00:00Z", "2025-01-07T09:00:00Z");
        let present = present("2025-01-07T10:00:00Z", first, newest, &utc);
        let known = |watermark, at_time: &str| {
            let all = due("1d", present, &HashMap::new());
            let known = MeasuredWindow {
                watermark,
                at: at(at_time),
            };
            let known: HashMap<_, _> = all.iter().map(|range| (range.to, known)).collect();
            let ends = due("1d", present, &known);
            ends.iter()
                .map(|range| range.to.to_string())
                .collect::<Vec<_>>()
        };
        assert!(known(5, "2025-01-07T01:00:00Z").is_empty());
        assert!(known(4, "2025-01-07T09:30:00Z").is_empty());
        let again = known(4, "2025-01-07T09:00:00Z");
        assert_eq!(again, ["2025-01-07T00:00:00Z", "2025-01-06T00:00:00Z"]);
        assert_eq!(known(4, "2025-01-06T10:00:00Z").len(), 6);
        assert!(known(5, "2025-01-06T10:00:00Z").is_empty());
    }

    #[test]
    fn a_window_is_missing_until_it_is_measured() {
        let utc = Zone::utc();
        let (first, newest) = ("2025-01-01T00:00:00Z", "2025-01-07T09:00:00Z");
        let present = present("2025-01-07T10:00:00Z", first, newest, &utc);
        let all = missing("1d", present, &HashMap::new());
        assert_eq!(all, due("1d", present, &HashMap::new()));
        let long_ago = MeasuredWindow {
            watermark: 0,
            at: at("2025-01-02T00:00:00Z"),
        };
        let known = all.iter().skip(1).map(|range| (range.to, long_ago));
        assert_eq!(missing("1d", present, &known.collect()), all[..1]);
    }

    #[test]
    fn a_midnight_is_the_start_of_a_day_only_in_its_own_zone() {
        let midnight = at("2024-04-30T18:30:00Z");
        assert!(ends_a_day(midnight, &zone("Asia/Kolkata")));
        assert!(!ends_a_day(midnight, &Zone::utc()));
    }
}
