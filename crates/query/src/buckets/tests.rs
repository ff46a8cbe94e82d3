use super::*;
use crate::{
    testing::{at, range, zone},
    words::Word,
};

/// The starts of the buckets of a range, in the zone.
fn starts(interval: Interval, from: &str, to: &str, name: &str) -> Vec<String> {
    let zone = zone(name);
    let buckets = Buckets::of(interval, range(from, to), &zone, 10_000).unwrap();
    buckets
        .starts()
        .iter()
        .map(|&start| zone.format(start))
        .collect()
}

#[test]
fn days_in_new_york_are_23_and_25_hours_long_when_the_clock_changes() {
    let spring = starts(
        Interval::Day,
        "2024-03-09T05:00:00Z",
        "2024-03-12T04:00:00Z",
        "America/New_York",
    );
    let expected = [
        "2024-03-09T00:00:00-05:00",
        "2024-03-10T00:00:00-05:00",
        "2024-03-11T00:00:00-04:00",
    ];
    assert_eq!(spring, expected);
    let autumn = starts(
        Interval::Day,
        "2024-11-03T04:00:00Z",
        "2024-11-05T05:00:00Z",
        "America/New_York",
    );
    assert_eq!(
        autumn,
        ["2024-11-03T00:00:00-04:00", "2024-11-04T00:00:00-05:00"]
    );
}

#[test]
fn an_hour_that_happens_twice_is_two_buckets_and_one_that_is_skipped_is_none() {
    let autumn = starts(
        Interval::Hour,
        "2024-11-03T04:00:00Z",
        "2024-11-04T05:00:00Z",
        "America/New_York",
    );
    assert_eq!(autumn.len(), 25);
    assert_eq!(
        autumn[1..3],
        ["2024-11-03T01:00:00-04:00", "2024-11-03T01:00:00-05:00"]
    );
    let spring = starts(
        Interval::Hour,
        "2024-03-10T05:00:00Z",
        "2024-03-11T04:00:00Z",
        "America/New_York",
    );
    assert_eq!(spring.len(), 23);
    assert_eq!(
        spring[1..3],
        ["2024-03-10T01:00:00-05:00", "2024-03-10T03:00:00-04:00"]
    );
}

#[test]
fn hours_and_days_in_kolkata_and_kathmandu_begin_with_their_own_clocks() {
    let kolkata = starts(
        Interval::Hour,
        "2024-05-01T10:00:00Z",
        "2024-05-01T12:00:00Z",
        "Asia/Kolkata",
    );
    let expected = [
        "2024-05-01T15:00:00+05:30",
        "2024-05-01T16:00:00+05:30",
        "2024-05-01T17:00:00+05:30",
    ];
    assert_eq!(kolkata, expected);
    let kathmandu = starts(
        Interval::Day,
        "2024-05-01T00:00:00Z",
        "2024-05-02T00:00:00Z",
        "Asia/Kathmandu",
    );
    assert_eq!(
        kathmandu,
        ["2024-05-01T00:00:00+05:45", "2024-05-02T00:00:00+05:45"]
    );
    let hour = Interval::Hour.floor(at("2024-05-01T10:00:00Z"), &zone("Asia/Kathmandu"));
    assert_eq!(hour, at("2024-05-01T09:15:00Z"));
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first_in_amsterdam() {
    let weeks = starts(
        Interval::Week,
        "2012-01-01T12:00:00Z",
        "2012-01-10T00:00:00Z",
        "Europe/Amsterdam",
    );
    let expected = [
        "2011-12-26T00:00:00+01:00",
        "2012-01-02T00:00:00+01:00",
        "2012-01-09T00:00:00+01:00",
    ];
    assert_eq!(weeks, expected);
    let months = starts(
        Interval::Month,
        "2012-02-29T00:00:00Z",
        "2012-04-01T00:00:00Z",
        "Europe/Amsterdam",
    );
    let expected = [
        "2012-02-01T00:00:00+01:00",
        "2012-03-01T00:00:00+01:00",
        "2012-04-01T00:00:00+02:00",
    ];
    assert_eq!(months, expected);
}

#[test]
fn a_half_hour_change_of_the_clock_makes_a_short_hour() {
    let hours = starts(
        Interval::Hour,
        "2024-04-06T14:00:00Z",
        "2024-04-06T17:00:00Z",
        "Australia/Lord_Howe",
    );
    let expected = [
        "2024-04-07T01:00:00+11:00",
        "2024-04-07T01:30:00+10:30",
        "2024-04-07T02:00:00+10:30",
        "2024-04-07T03:00:00+10:30",
    ];
    assert_eq!(hours, expected);
    let floor = Interval::Hour.floor(at("2024-04-06T15:10:00Z"), &zone("Australia/Lord_Howe"));
    assert_eq!(floor, at("2024-04-06T15:00:00Z"));
}

#[test]
fn a_day_that_a_zone_skipped_is_not_a_bucket() {
    let days = starts(
        Interval::Day,
        "2011-12-29T12:00:00Z",
        "2012-01-01T00:00:00Z",
        "Pacific/Apia",
    );
    let expected = [
        "2011-12-29T00:00:00-10:00",
        "2011-12-31T00:00:00+14:00",
        "2012-01-01T00:00:00+14:00",
    ];
    assert_eq!(days, expected);
}

#[test]
fn a_day_without_a_midnight_begins_after_the_gap() {
    let days = starts(
        Interval::Day,
        "2018-11-03T12:00:00Z",
        "2018-11-04T12:00:00Z",
        "America/Sao_Paulo",
    );
    assert_eq!(
        days,
        ["2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00"]
    );
}

#[test]
fn the_first_bucket_may_begin_before_the_range_and_moments_find_their_bucket() {
    let asked = range("2024-05-01T10:20:00Z", "2024-05-01T12:30:00Z");
    let buckets = Buckets::of(Interval::Hour, asked, &Zone::utc(), 10).unwrap();
    assert_eq!(buckets.starts()[0], at("2024-05-01T10:00:00Z"));
    assert_eq!(buckets.range(), asked);
    assert_eq!(
        buckets.inner_edges(),
        [at("2024-05-01T11:00:00Z"), at("2024-05-01T12:00:00Z")]
    );
    assert_eq!(buckets.index_of(at("2024-05-01T10:20:00Z")), 0);
    assert_eq!(buckets.index_of(at("2024-05-01T10:59:59.999Z")), 0);
    assert_eq!(buckets.index_of(at("2024-05-01T11:00:00Z")), 1);
    assert_eq!(buckets.index_of(at("2024-05-01T12:29:59Z")), 2);
}

#[test]
fn more_buckets_than_the_limit_are_rejected_and_exactly_the_limit_is_not() {
    let day = range("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z");
    assert!(Buckets::of(Interval::Hour, day, &Zone::utc(), 23).is_none());
    assert_eq!(
        Buckets::of(Interval::Hour, day, &Zone::utc(), 24)
            .unwrap()
            .len(),
        24
    );
}

#[test]
fn every_moment_lies_between_the_floor_and_the_next_bucket_in_every_zone() {
    let zones = [
        "UTC",
        "Europe/Amsterdam",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Pacific/Apia",
        "Africa/Casablanca",
    ];
    for zone in zones.map(zone) {
        for &interval in Interval::ALL {
            for step in 0..2_000i64 {
                let moment =
                    at("1986-01-01T00:00:00Z").plus(step * 27 * 7 * HOUR / 3 + step * 61_001);
                let floor = interval.floor(moment, &zone);
                let next = interval.next(floor, &zone);
                assert!(
                    floor <= moment && moment < next,
                    "{moment} {interval:?} {}",
                    zone.name()
                );
                assert_eq!(interval.floor(floor, &zone), floor);
                assert_eq!(
                    interval.floor(next, &zone),
                    next,
                    "{moment} {interval:?} {}",
                    zone.name()
                );
            }
        }
    }
}

#[test]
fn half_days_meet_at_noon_even_when_the_clock_changes() {
    let found = starts(
        Interval::HalfDay,
        "2024-03-09T17:00:00Z",
        "2024-03-11T16:00:00Z",
        "America/New_York",
    );
    let expected = [
        "2024-03-09T12:00:00-05:00",
        "2024-03-10T00:00:00-05:00",
        "2024-03-10T12:00:00-04:00",
        "2024-03-11T00:00:00-04:00",
    ];
    assert_eq!(found, expected);
    let new_york = zone("America/New_York");
    let noon = at("2024-03-10T16:00:00Z");
    let earlier = Interval::HalfDay.back(noon, 3, &new_york);
    assert_eq!(new_york.format(earlier), "2024-03-09T00:00:00-05:00");
    assert_eq!(Interval::HalfDay.back(noon, 0, &new_york), noon);
}

#[test]
fn half_hours_in_kolkata_and_kathmandu_begin_with_their_own_clocks() {
    let of = |name| {
        starts(
            Interval::HalfHour,
            "2024-05-01T10:00:00Z",
            "2024-05-01T10:45:00Z",
            name,
        )
    };
    let expected = ["2024-05-01T15:30:00+05:30", "2024-05-01T16:00:00+05:30"];
    assert_eq!(of("Asia/Kolkata"), expected);
    let expected = ["2024-05-01T15:30:00+05:45", "2024-05-01T16:00:00+05:45"];
    assert_eq!(of("Asia/Kathmandu"), expected);
}
