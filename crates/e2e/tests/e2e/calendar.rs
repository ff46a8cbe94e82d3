//! Days and weeks with clock changes and half-hour zones: the counts of the server's buckets match plain
//! arithmetic.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_e2e::{TestApp, events};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// An event every 20 minutes: an hourly cube cannot distinguish half hours.
const EVERY: i64 = HOUR / 3;

/// 2024-03-10T07:00:00Z and 2024-11-03T06:00:00Z: the clocks of New York go forward and back.
const FORWARD: i64 = 1_710_054_000_000;
const BACK: i64 = 1_730_613_600_000;

/// The offset of a zone from UTC at a moment, in milliseconds.
type Offset = fn(i64) -> i64;

fn new_york(moment: i64) -> i64 {
    let summer = (FORWARD..BACK).contains(&moment);
    if summer { -4 * HOUR } else { -5 * HOUR }
}

fn kolkata(_: i64) -> i64 {
    5 * HOUR + HOUR / 2
}

/// The number of the day in the zone's calendar; 0 is 1970-01-01.
fn day(moment: i64, offset: Offset) -> i64 {
    (moment + offset(moment)).div_euclid(DAY)
}

/// The day of the week's Monday; 1970-01-05 was one.
fn week(moment: i64, offset: Offset) -> i64 {
    let day = day(moment, offset);
    day - (day - 4).rem_euclid(7)
}

/// The number of moments in each bucket, by the day on which it begins.
fn counted(moments: &[i64], bucket: fn(i64, Offset) -> i64, offset: Offset) -> BTreeMap<i64, u64> {
    let mut counts = BTreeMap::new();
    for &moment in moments {
        *counts.entry(bucket(moment, offset)).or_default() += 1;
    }
    counts
}

/// Every third of an hour from one moment to another.
fn moments(from: i64, to: i64) -> Vec<i64> {
    (from..to).step_by(EVERY as usize).collect()
}

fn sent(moments: &[i64]) -> Value {
    let event = |&at: &i64| {
        json!({"type": "execution", "workflowId": "clock", "executionId": at, "status": "completed",
            "duration": at.rem_euclid(100_000), "timestamp": at})
    };
    moments.iter().map(event).collect()
}

/// The day of a bucket's start according to its text, which has the date in the zone.
fn date(time: &str) -> i64 {
    let number = |from: usize, to: usize| time[from..to].parse::<i64>().unwrap();
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    // Days since 1970 by the civil calendar (Hinnant's days_from_civil).
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The server's counts by bucket, without empty ones.
fn asked(app: &TestApp, granularity: &str, zone: &str, range: &Value) -> BTreeMap<i64, u64> {
    let answer = app.query(&json!({
        "metrics": ["executions", "completed", "duration_sum", "duration_p95"], "range": range,
        "granularity": granularity, "timezone": zone,
    }));
    let rows = answer["rows"].as_array().unwrap().iter();
    let counts = rows.map(|row| {
        assert_eq!(row["executions"], row["completed"]);
        (
            date(row["time"].as_str().unwrap()),
            row["executions"].as_u64().unwrap(),
        )
    });
    counts.filter(|&(_, count)| count > 0).collect()
}

fn check(app: &TestApp, moments: &[i64], zone: &str, offset: Offset) {
    let all = json!({"all": true});
    for (granularity, bucket) in [("day", day as fn(i64, Offset) -> i64), ("week", week)] {
        let found = asked(app, granularity, zone, &all);
        assert_eq!(
            found,
            counted(moments, bucket, offset),
            "{zone} by {granularity}"
        );
    }
}

#[test]
fn days_in_new_york_have_23_and_25_hours_when_the_clocks_change() {
    let app = TestApp::start();
    for (change, hours) in [(FORWARD, 23), (BACK, 25)] {
        // From a week before to a week after, with neither end at a full hour.
        let moments = moments(change - 8 * DAY + 5 * EVERY, change + 9 * DAY);
        app.take(&sent(&moments));
        let offset: Offset = new_york;
        let expected = counted(&moments, day, offset);
        assert_eq!(expected[&day(change, offset)], hours * 3);
    }
    let all: Vec<i64> = [FORWARD, BACK]
        .into_iter()
        .flat_map(|change| moments(change - 8 * DAY + 5 * EVERY, change + 9 * DAY))
        .collect();
    check(&app, &all, "America/New_York", new_york);
    // The hours of the day on which one occurs twice: 25, and nothing is lost.
    let answer = app.query(&json!({
        "metrics": ["executions"], "granularity": "hour", "timezone": "America/New_York",
        "range": {"from": "2024-11-03T00:00:00-04:00", "to": "2024-11-04T00:00:00-05:00"},
    }));
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 25);
    assert!(rows.iter().all(|row| row["executions"] == 3), "{rows:?}");
    let ones = rows
        .iter()
        .filter(|row| row["time"].as_str().unwrap().contains("T01:00"));
    let ones: Vec<_> = ones.map(|row| row["time"].clone()).collect();
    assert_eq!(
        ones,
        ["2024-11-03T01:00:00-04:00", "2024-11-03T01:00:00-05:00"]
    );
}

#[test]
fn days_in_kolkata_begin_at_half_past_the_hour_in_utc_in_old_and_new_data() {
    let app = TestApp::start();
    // Old days are answered from daily rollups and raw rows, the last fortnight from finer rollups.
    let now = events::now().div_euclid(EVERY) * EVERY;
    let mut all = moments(FORWARD - 3 * DAY, FORWARD + 3 * DAY);
    all.extend(moments(now - 12 * DAY, now));
    app.take(&sent(&all));
    check(&app, &all, "Asia/Kolkata", kolkata);

    // A day in Kolkata has 72 thirds of an hour; days cut at midnight UTC would have others.
    let day = app.query(&json!({
        "metrics": ["executions"], "timezone": "Asia/Kolkata",
        "range": {"from": "2024-03-10T00:00:00+05:30", "to": "2024-03-11T00:00:00+05:30"},
    }));
    assert_eq!(day["rows"][0]["executions"], 72);
    let hours = app.query(&json!({
        "metrics": ["executions"], "granularity": "hour", "timezone": "Asia/Kolkata",
        "range": {"from": "2024-03-10T00:00:00+05:30", "to": "2024-03-10T03:00:00+05:30"},
    }));
    let hours = hours["rows"].as_array().unwrap().clone();
    // Half past is not a multiple of a third, but an hour from half past still contains 3 of them.
    let times: Vec<_> = hours.iter().map(|row| &row["time"]).collect();
    assert_eq!(times[0], "2024-03-10T00:00:00+05:30");
    assert!(hours.iter().all(|row| row["executions"] == 3), "{hours:?}");
}

#[test]
fn weeks_begin_on_monday_in_every_zone() {
    let app = TestApp::start();
    // Sunday 2024-03-03 22:00 to Monday 2024-03-11 08:00, UTC: in Kolkata, it is already Monday, so there
    // these are parts of two weeks, elsewhere of three.
    let moments = moments(1_709_503_200_000, 1_710_144_000_000);
    app.take(&sent(&moments));
    let utc: Offset = |_| 0;
    for (zone, offset) in [
        ("UTC", utc),
        ("America/New_York", new_york as Offset),
        ("Asia/Kolkata", kolkata as Offset),
    ] {
        check(&app, &moments, zone, offset);
        let weeks = asked(&app, "week", zone, &json!({"all": true}));
        assert!(
            weeks.keys().all(|day| (day - 4).rem_euclid(7) == 0),
            "{weeks:?}"
        );
    }
    let monday = |zone| {
        let answer = app.query(&json!({
            "metrics": ["executions"], "granularity": "week", "timezone": zone,
            "range": {"from": "2024-03-06T12:00:00Z", "to": "2024-03-06T13:00:00Z"},
        }));
        answer["rows"][0]["time"].clone()
    };
    assert_eq!(monday("UTC"), "2024-03-04T00:00:00Z");
    assert_eq!(monday("America/New_York"), "2024-03-04T00:00:00-05:00");
    assert_eq!(monday("Asia/Kolkata"), "2024-03-04T00:00:00+05:30");
}

#[test]
fn a_view_with_a_zone_has_the_same_days_as_the_query() {
    let app = TestApp::start();
    let moments = moments(FORWARD - 2 * DAY, FORWARD + 2 * DAY);
    app.take(&sent(&moments));
    let answer = app.get(
        "/api/v1/analytics/executions?granularity=day&timezone=America/New_York\
         &from=2024-03-08T05:00:00Z&to=2024-03-13T04:00:00Z",
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    let points = answer.json()["data"].as_array().unwrap().clone();
    let found = points.iter().map(|point| {
        let total = point["totalExecutions"].as_u64().unwrap();
        (date(point["time"].as_str().unwrap()), total)
    });
    let found: BTreeMap<_, _> = found.filter(|&(_, total)| total > 0).collect();
    assert_eq!(found, counted(&moments, day, new_york));
}
