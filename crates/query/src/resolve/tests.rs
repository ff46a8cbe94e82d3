use super::*;
use crate::{
    query::{Query, Range},
    testing::{at, range},
    validate,
};

const NOW: &str = "2024-05-15T10:20:30Z";

fn validate(query: &Query) -> Result<ValidQuery, QueryError> {
    validate::validate(query, &[])
}

fn resolved(query: &Query) -> Resolution {
    let data = range("2011-10-01T00:38:44Z", "2012-03-14T16:04:54Z");
    resolve(validate(query).unwrap(), at(NOW), Some(data)).unwrap()
}

fn base() -> Query {
    Query::metrics(["executions"])
}

fn auto(query: Query) -> Query {
    Query {
        granularity: Some("auto".to_owned()),
        ..query
    }
}

#[test]
fn days_are_today_and_the_days_before_it_at_any_granularity() {
    let query = base().last("30d").timezone("Europe/Amsterdam");
    let expected = range("2024-04-15T22:00:00Z", "2024-05-15T22:00:00Z");
    assert_eq!(resolved(&query).query.range, expected);
    assert_eq!(resolved(&auto(query.clone())).query.range, expected);
    for &interval in Interval::ALL {
        let query = query.clone().every(interval);
        let Ok(resolution) = resolve(validate(&query).unwrap(), at(NOW), None) else {
            assert_eq!(
                interval,
                Interval::Minute,
                "30 days of minutes are rejected"
            );
            continue;
        };
        assert_eq!(resolution.query.range, expected, "{interval:?}");
    }
    let days = resolved(&query.every(Interval::Day));
    assert_eq!(days.buckets.len(), 30);
}

#[test]
fn a_relative_range_ends_with_the_current_unit() {
    let cases = [
        ("30m", "2024-05-15T09:51:00Z", "2024-05-15T10:21:00Z"),
        ("1h", "2024-05-15T09:25:00Z", "2024-05-15T10:25:00Z"),
        ("6h", "2024-05-15T04:30:00Z", "2024-05-15T10:30:00Z"),
        ("24h", "2024-05-14T11:00:00Z", "2024-05-15T11:00:00Z"),
        ("720h", "2024-04-15T11:00:00Z", "2024-05-15T11:00:00Z"),
        ("1d", "2024-05-15T00:00:00Z", "2024-05-16T00:00:00Z"),
        ("2w", "2024-05-02T00:00:00Z", "2024-05-16T00:00:00Z"),
        ("90d", "2024-02-16T00:00:00Z", "2024-05-16T00:00:00Z"),
    ];
    for (last, from, to) in cases {
        let resolution = resolved(&base().last(last));
        assert_eq!(resolution.query.range, range(from, to), "{last}");
        assert_eq!(resolution.query.granularity, None);
        assert_eq!(resolution.buckets.len(), 1);
    }
}

#[test]
fn a_day_of_23_hours_is_a_day() {
    let query = base().last("2d").timezone("Europe/Amsterdam");
    let resolution = resolve(validate(&query).unwrap(), at("2024-03-31T12:00:00Z"), None).unwrap();
    let expected = range("2024-03-29T23:00:00Z", "2024-03-31T22:00:00Z");
    assert_eq!(resolution.query.range, expected);
}

#[test]
fn a_first_bucket_may_begin_before_the_range() {
    let weeks = resolved(&base().last("10d").every(Interval::Week));
    assert_eq!(weeks.query.range.from, at("2024-05-06T00:00:00Z"));
    let weeks = resolved(&base().last("12d").every(Interval::Week));
    assert_eq!(weeks.query.range.from, at("2024-05-04T00:00:00Z"));
    assert_eq!(weeks.buckets.starts()[0], at("2024-04-29T00:00:00Z"));
}

#[test]
fn buckets_of_a_relative_range_that_have_not_begun_need_no_row() {
    let hours = resolved(&base().last("7d").every(Interval::Hour));
    assert_eq!((hours.buckets.len(), hours.begun), (168, 6 * 24 + 11));
    let days = resolved(&base().last("7d").every(Interval::Day));
    assert_eq!((days.buckets.len(), days.begun), (7, 7));
    // A query with a fixed end includes every bucket up to it.
    let fixed = base().range(hours.query.range).every(Interval::Hour);
    assert_eq!(resolved(&fixed).begun, 168);
    // Which buckets are filled depends on the present, and so does the key.
    let later = base().last("7d").every(Interval::Hour);
    let later = resolve(validate(&later).unwrap(), at("2024-05-15T11:00:00Z"), None).unwrap();
    assert_ne!(later.cache_key(), hours.cache_key());
}

#[test]
fn now_on_an_edge_begins_the_current_bucket() {
    let valid = validate(&base().last("24h").every(Interval::Hour)).unwrap();
    let resolution = resolve(valid, at("2024-05-15T10:00:00Z"), None).unwrap();
    assert_eq!(
        resolution.query.range,
        range("2024-05-14T11:00:00Z", "2024-05-15T11:00:00Z")
    );
}

#[test]
fn auto_granularity_follows_the_length_of_the_range() {
    let cases = [
        ("2h", Interval::Minute),
        ("3h", Interval::FiveMinutes),
        ("12h", Interval::FiveMinutes),
        ("13h", Interval::Hour),
        ("7d", Interval::Hour),
        ("8d", Interval::Day),
        ("120d", Interval::Day),
        ("121d", Interval::Week),
        ("731d", Interval::Week),
        ("732d", Interval::Month),
    ];
    for (last, interval) in cases {
        let resolution = resolved(&auto(base().last(last)));
        assert_eq!(resolution.query.granularity, Some(interval), "{last}");
        assert!(resolution.buckets.len() <= 200, "{last}");
    }
}

#[test]
fn all_spans_the_events_in_whole_buckets() {
    let all = resolved(&auto(base()).timezone("Europe/Amsterdam"));
    assert_eq!(all.query.granularity, Some(Interval::Week));
    assert_eq!(
        all.query.range,
        range("2011-09-25T22:00:00Z", "2012-03-18T23:00:00Z")
    );
    let without = resolved(&base());
    assert_eq!(
        without.query.range,
        range("2011-10-01T00:00:00Z", "2012-03-15T00:00:00Z")
    );
}

#[test]
fn all_of_a_project_without_events_is_the_current_bucket() {
    let valid = validate(&base().every(Interval::Day)).unwrap();
    let resolution = resolve(valid, at(NOW), None).unwrap();
    assert_eq!(
        resolution.query.range,
        range("2024-05-15T00:00:00Z", "2024-05-16T00:00:00Z")
    );
}

#[test]
fn an_explicit_range_is_used_unchanged() {
    let asked = range("2024-05-01T10:20:30.123Z", "2024-05-03T00:00:00Z");
    let resolution = resolved(&base().range(asked).every(Interval::Day));
    assert_eq!(resolution.query.range, asked);
    assert_eq!(resolution.buckets.starts()[0], at("2024-05-01T00:00:00Z"));
}

#[test]
fn the_previous_period_has_the_same_number_of_buckets_and_ends_where_this_begins() {
    let query = base()
        .compare(Comparison::PreviousPeriod)
        .timezone("Europe/Amsterdam");
    let months = query.clone().every(Interval::Month);
    let months = months.range(range("2012-02-29T23:00:00Z", "2012-04-30T22:00:00Z"));
    let resolution = resolved(&months);
    let expected = range("2011-12-31T23:00:00Z", "2012-02-29T23:00:00Z");
    assert_eq!(resolution.query.comparison_range, Some(expected));
    assert_eq!(resolution.comparison.unwrap().len(), 2);
    // Across the day with 23 hours.
    let days = query
        .every(Interval::Day)
        .range(range("2012-03-24T23:00:00Z", "2012-03-26T22:00:00Z"));
    let expected = range("2012-03-22T23:00:00Z", "2012-03-24T23:00:00Z");
    assert_eq!(resolved(&days).query.comparison_range, Some(expected));
}

#[test]
fn without_granularity_the_previous_period_has_the_same_days_or_length() {
    let query = base()
        .compare(Comparison::PreviousPeriod)
        .timezone("Europe/Amsterdam");
    // A week of whole days in which the clocks went forward.
    let week = query
        .clone()
        .range(range("2012-03-19T23:00:00Z", "2012-03-26T22:00:00Z"));
    let expected = range("2012-03-12T23:00:00Z", "2012-03-19T23:00:00Z");
    assert_eq!(resolved(&week).query.comparison_range, Some(expected));
    let odd = query.range(range("2012-03-24T10:00:00Z", "2012-03-25T11:30:00Z"));
    let expected = range("2012-03-23T08:30:00Z", "2012-03-24T10:00:00Z");
    assert_eq!(resolved(&odd).query.comparison_range, Some(expected));
}

#[test]
fn the_previous_period_of_whole_months_has_the_same_number_of_months() {
    let cases = [
        // A month, a leap February, a quarter, a half, a year.
        ("2026-03-01", "2026-04-01", "2026-02-01"),
        ("2026-02-01", "2026-03-01", "2026-01-01"),
        ("2024-03-01", "2024-04-01", "2024-02-01"),
        ("2026-04-01", "2026-07-01", "2026-01-01"),
        ("2026-01-01", "2026-07-01", "2025-07-01"),
        ("2025-01-01", "2026-01-01", "2024-01-01"),
        // Neither begins nor ends with a month: the same number of days.
        ("2026-03-02", "2026-04-01", "2026-01-31"),
        ("2026-01-15", "2026-02-15", "2025-12-15"),
        ("2026-02-15", "2026-03-15", "2026-01-18"),
    ];
    let midnight = |date: &str| format!("{date}T00:00:00Z");
    for (from, to, before) in cases {
        let asked = range(&midnight(from), &midnight(to));
        let expected = range(&midnight(before), &midnight(from));
        let query = base().range(asked).compare(Comparison::PreviousPeriod);
        assert_eq!(
            resolved(&query).query.comparison_range,
            Some(expected),
            "{from} to {to}"
        );
        // The same meaning for any buckets.
        for interval in [Interval::Day, Interval::Week, Interval::Month] {
            let found = resolved(&query.clone().every(interval)).query;
            assert_eq!(
                found.comparison_range,
                Some(expected),
                "{from} {interval:?}"
            );
        }
    }
}

#[test]
fn a_month_is_one_of_the_querys_zone() {
    let query = base().compare(Comparison::PreviousPeriod);
    // March in Amsterdam, which is an hour shorter than 31 days.
    let march = query.range(range("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"));
    let expected = range("2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z");
    let found = resolved(&march.clone().timezone("Europe/Amsterdam")).query;
    assert_eq!(found.comparison_range, Some(expected));
    // In UTC, it is an ordinary range.
    let same_length = range("2026-01-29T00:00:00Z", "2026-02-28T23:00:00Z");
    assert_eq!(resolved(&march).query.comparison_range, Some(same_length));
}

#[test]
fn the_previous_year_is_that_of_the_range_at_any_granularity() {
    let cases = [
        // Whole months: the same months.
        (
            range("2012-03-01T00:00:00Z", "2012-04-01T00:00:00Z"),
            range("2011-03-01T00:00:00Z", "2011-04-01T00:00:00Z"),
        ),
        // Other ranges: the same weekdays. Both begin on a Monday.
        (
            range("2012-01-02T00:00:00Z", "2012-01-09T00:00:00Z"),
            range("2011-01-03T00:00:00Z", "2011-01-10T00:00:00Z"),
        ),
        (
            range("2012-02-28T10:00:00Z", "2012-03-05T11:30:00Z"),
            range("2011-03-01T10:00:00Z", "2011-03-07T11:30:00Z"),
        ),
        // 52 weeks are compared with the 52 weeks before; a longer range would meet itself.
        (
            range("2011-01-03T00:00:00Z", "2012-01-02T00:00:00Z"),
            range("2010-01-04T00:00:00Z", "2011-01-03T00:00:00Z"),
        ),
        (
            range("2011-01-03T00:00:00Z", "2012-01-03T00:00:00Z"),
            range("2010-01-03T00:00:00Z", "2011-01-03T00:00:00Z"),
        ),
    ];
    for (asked, expected) in cases {
        let query = base().compare(Comparison::PreviousYear).range(asked);
        let at = |interval: Option<Interval>| match interval {
            Some(interval) => resolved(&query.clone().every(interval)),
            None => resolved(&query),
        };
        for interval in [
            None,
            Some(Interval::Day),
            Some(Interval::Week),
            Some(Interval::Month),
        ] {
            let found = at(interval).query.comparison_range;
            assert_eq!(found, Some(expected), "{asked:?} {interval:?}");
        }
    }
}

#[test]
fn fifty_two_weeks_keep_the_clock_when_it_was_put_forward_on_another_date() {
    // In Amsterdam the clock was put forward on 29 March 2026 and on 30 March 2025.
    let query = base()
        .compare(Comparison::PreviousYear)
        .timezone("Europe/Amsterdam");
    let week = query.range(range("2026-03-28T23:00:00Z", "2026-04-04T22:00:00Z"));
    let expected = range("2025-03-29T23:00:00Z", "2025-04-05T22:00:00Z");
    assert_eq!(resolved(&week).query.comparison_range, Some(expected));
}

#[test]
fn too_many_buckets_are_rejected_with_a_granularity_that_fits() {
    let valid = validate(&base().last("365d").every(Interval::Minute)).unwrap();
    let error = resolve(valid, at(NOW), None).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooManyBuckets);
    assert_eq!(
        (error.field.as_str(), error.fix.as_deref()),
        ("granularity", Some("week"))
    );
}

#[test]
fn the_limit_applies_to_groups_or_to_ranked_rows() {
    let limit = |query: &Query| resolved(query).query.limit;
    assert_eq!(limit(&base()), Some(1_000));
    assert_eq!(
        limit(&base().by(["workflow"]).every(Interval::Month)),
        Some(50)
    );
    assert_eq!(limit(&base().every(Interval::Month).limit(3)), None);
    let ranked = base()
        .every(Interval::Month)
        .order("executions", crate::Direction::Desc);
    assert_eq!(limit(&ranked.limit(3)), Some(3));
}

#[test]
fn the_echo_is_the_query_in_words_and_equal_queries_have_equal_keys() {
    let query = Query::metrics(["executions", "success_rate"])
        .by(["workflow"])
        .filter("status", ["failed", "crashed"])
        .last("7d")
        .every(Interval::Day)
        .compare(Comparison::PreviousPeriod)
        .order("success_rate", crate::Direction::Asc);
    let resolution = resolved(&query);
    let expected = serde_json::json!({
        "metrics": ["executions", "success_rate"],
        "dimensions": ["workflow"],
        "filters": [{"dimension": "status", "op": "in", "values": ["crashed", "failed"]}],
        "range": {"from": "2024-05-09T00:00:00Z", "to": "2024-05-16T00:00:00Z"},
        "granularity": "day",
        "timezone": "UTC",
        "compare": "previous_period",
        "comparisonRange": {"from": "2024-05-02T00:00:00Z", "to": "2024-05-09T00:00:00Z"},
        "orderBy": [{"metric": "success_rate", "direction": "asc"}],
        "limit": 50,
    });
    assert_eq!(serde_json::to_value(&resolution.query).unwrap(), expected);
    let mut same = query.clone();
    same.filters[0].values.reverse();
    same.range = Range {
        from: Some("2024-05-09T02:00:00+02:00".to_owned()),
        to: Some("2024-05-16T00:00:00Z".to_owned()),
        ..Range::default()
    };
    assert_eq!(resolved(&same).cache_key(), resolution.cache_key());
    let other = resolved(&query.limit(7));
    assert_ne!(other.cache_key(), resolution.cache_key());
}
