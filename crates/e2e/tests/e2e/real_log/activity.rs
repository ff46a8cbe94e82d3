//! The activity of the bank's employees: sessions, active users and retention match the file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use weir_e2e::TestApp;

use super::{ZONE, log::Log};

/// Midnight in Amsterdam on both sides, with summer time before and after.
const RANGE: [&str; 2] = ["2011-09-30T22:00:00Z", "2012-03-31T22:00:00Z"];
/// 2011-10-01 and 2012-04-01, in days since 1970.
const DAYS: [i64; 2] = [15_248, 15_431];

fn get(app: &TestApp, view: &str) -> Value {
    let [from, to] = RANGE;
    let path = format!("/api/v1/analytics/activity{view}?from={from}&to={to}&timezone={ZONE}");
    let answer = app.get(&path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub fn sessions_match_the_file(app: &TestApp, log: &Log) {
    let mut acts: Vec<(&str, i64)> = log
        .acts
        .iter()
        .map(|(user, at, _)| (user.as_str(), *at))
        .collect();
    acts.sort_unstable();
    let (mut sessions, mut time) = (1_u64, 0);
    for two in acts.windows(2) {
        let pause = two[1].1 - two[0].1;
        match two[0].0 == two[1].0 && pause <= 30 * 60_000 {
            true => time += pause,
            false => sessions += 1,
        }
    }
    assert!(sessions > 10_000, "{sessions}");
    let summary = get(app, "")["summary"].clone();
    assert_eq!(summary["activities"], log.events);
    assert_eq!(summary["activeUsers"], log.users.len());
    assert_eq!(summary["sessions"], sessions);
    assert_eq!(summary["activeTimeMs"], time);
}

pub fn active_users_match_the_file(app: &TestApp, log: &Log) {
    let mut present: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for (user, _, day) in &log.acts {
        present.entry(*day).or_default().insert(user);
    }
    let found = get(app, "/engagement");
    let days = found["actives"]["days"].as_array().unwrap();
    assert_eq!(days.len() as i64, DAYS[1] - DAYS[0]);
    for (day, shown) in (DAYS[0]..DAYS[1]).zip(days) {
        for (name, width) in [("dau", 1), ("wau", 7), ("mau", 30)] {
            let window = present.range(day - width + 1..=day);
            let users: BTreeSet<_> = window.flat_map(|(_, users)| users).collect();
            assert_eq!(shown[name], users.len(), "{name} of {}", shown["day"]);
        }
    }
    assert_eq!(found["scores"]["users"], log.users.len());
}

pub fn returning_users_match_the_file(app: &TestApp, log: &Log) {
    // 1970 began on a Thursday.
    let week = |day: i64| (day + 3).div_euclid(7);
    let mut weeks: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for (user, _, day) in &log.acts {
        weeks.entry(user).or_default().insert(week(*day));
    }
    let first = week(DAYS[0]);
    let mut expected = vec![[0_u64; 6]; 27];
    for active in weeks.values() {
        let born = *active.first().unwrap();
        let counts = &mut expected[(born - first) as usize];
        for (period, count) in (0..).zip(counts) {
            *count += u64::from(active.contains(&(born + period)));
        }
    }
    let [from, to] = RANGE;
    let body = json!({"range": {"from": from, "to": to}, "timezone": ZONE, "granularity": "week",
        "periods": 5});
    let answer = app
        .client()
        .post("/api/v1/analytics/retention")
        .json(&body)
        .send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cohorts = answer.json()["cohorts"].as_array().unwrap().clone();
    assert_eq!(cohorts.len(), expected.len());
    for (cohort, expected) in cohorts.iter().zip(expected) {
        let cells = cohort["cells"].as_array().unwrap().iter();
        let found: Vec<u64> = cells.map(|cell| cell["count"].as_u64().unwrap()).collect();
        assert_eq!(found, expected, "{}", cohort["cohort"]);
        assert_eq!(cohort["size"], expected[0]);
    }
}
