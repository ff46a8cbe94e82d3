//! Generated activity of 60 users over 50 days, compared with figures that are counted here.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use weir_e2e::TestApp;

use super::{assert_near, get};

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;
/// 2024-01-01T00:00:00Z.
const START: i64 = 1_704_067_200_000;
/// Kolkata is five and a half hours ahead of UTC, all year.
const KOLKATA: i64 = 330 * MINUTE;
const ACTIONS: [&str; 5] = ["login", "edit", "view", "export", "session.login"];

struct Act {
    user: String,
    at: i64,
    duration: i64,
    action: &'static str,
    resource: Option<&'static str>,
}

fn generate() -> Vec<Act> {
    let mut random = StdRng::seed_from_u64(7);
    let mut acts = Vec::new();
    for user in 0..60_u32 {
        for day in 0..50 {
            if random.random_range(0..4 + user % 20) > 2 {
                continue;
            }
            let mut at = START + day * DAY + random.random_range(0..DAY);
            for _ in 0..random.random_range(1..8) {
                acts.push(Act {
                    user: format!("u{user:02}"),
                    at,
                    duration: random.random_range(0..3) * random.random_range(0..20 * MINUTE),
                    action: ACTIONS[random.random_range(0..ACTIONS.len())],
                    resource: [None, Some("workflow")][random.random_range(0..2)],
                });
                // Pauses around 30 minutes, some of them exactly that.
                at += random.random_range(1..10) * 10 * MINUTE;
            }
        }
    }
    acts
}

fn filled(acts: &[Act]) -> TestApp {
    let app = TestApp::start();
    let events = acts.iter().enumerate().map(|(i, act)| {
        json!({"type": "activity", "id": format!("a{i}"), "timestamp": act.at, "userId": act.user,
            "action": act.action, "resource": act.resource, "duration": act.duration})
    });
    app.take(&events.collect());
    app
}

/// Begin, end and number of activities of every session, by user.
fn sessions(acts: &[&Act]) -> Vec<(String, i64, i64, u64)> {
    let mut ordered: Vec<&&Act> = acts.iter().collect();
    ordered.sort_by(|a, b| (&a.user, a.at, a.duration).cmp(&(&b.user, b.at, b.duration)));
    let mut sessions: Vec<(String, i64, i64, u64)> = Vec::new();
    for act in ordered {
        let end = act.at + act.duration;
        match sessions.last_mut() {
            Some(last) if last.0 == act.user && act.at - last.2 <= 30 * MINUTE => {
                last.2 = last.2.max(end);
                last.3 += 1;
            }
            _ => sessions.push((act.user.clone(), act.at, end, 1)),
        }
    }
    sessions
}

fn rfc3339(moment: i64) -> String {
    // Only whole days from January to March 2024.
    let day = (moment - START).div_euclid(DAY);
    let (month, date) = match day {
        0..31 => (1, day + 1),
        31..60 => (2, day - 30),
        _ => (3, day - 59),
    };
    format!("2024-{month:02}-{date:02}T00:00:00Z")
}

#[test]
fn sessions_of_generated_activity_match_the_counts() {
    let acts = generate();
    let app = filled(&acts);
    for (from, to) in [(0, 51), (10, 20), (33, 34)] {
        let (from, to) = (START + from * DAY, START + to * DAY);
        let within: Vec<&Act> = acts.iter().filter(|a| from <= a.at && a.at < to).collect();
        let sessions = sessions(&within);
        let range = format!("from={}&to={}", rfc3339(from), rfc3339(to));
        let found = get(
            &app,
            &format!("/api/v1/analytics/activity?{range}&granularity=day"),
        );
        let summary = &found["summary"];
        let time: i64 = sessions
            .iter()
            .map(|(_, began, ended, _)| ended - began)
            .sum();
        assert_eq!(summary["activities"], within.len());
        assert_eq!(summary["sessions"], sessions.len());
        assert_eq!(summary["activeTimeMs"], time);
        let logins = within
            .iter()
            .filter(|a| a.action.ends_with("login"))
            .count();
        assert_eq!(summary["logins"], logins);
        let mut by_day = BTreeMap::<i64, u64>::new();
        for (_, began, ..) in &sessions {
            *by_day.entry((began - from) / DAY).or_default() += 1;
        }
        for (day, point) in found["data"].as_array().unwrap().iter().enumerate() {
            let expected = by_day.get(&(day as i64)).copied().unwrap_or(0);
            assert_eq!(point["sessions"], expected, "{}", point["time"]);
        }
    }
}

#[test]
fn active_users_of_every_window_match_the_counts() {
    let acts = generate();
    let app = filled(&acts);
    let day_of = |at: i64| (at + KOLKATA - START).div_euclid(DAY);
    let range = "from=2024-01-09T18:30:00Z&to=2024-02-15T18:30:00Z&timezone=Asia/Kolkata";
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity/engagement?{range}"),
    );
    let days = found["actives"]["days"].as_array().unwrap();
    // From 10 January to 15 February in Kolkata.
    assert_eq!(days.len(), 37);
    for (day, shown) in (9..).zip(days) {
        let active = |width: i64| {
            let window = (day - width + 1)..=day;
            let users = acts.iter().filter(|act| window.contains(&day_of(act.at)));
            users.map(|act| &act.user).collect::<BTreeSet<_>>().len()
        };
        let (dau, wau, mau) = (active(1), active(7), active(30));
        let place = &shown["day"];
        assert_eq!(
            (&shown["dau"], &shown["wau"]),
            (&json!(dau), &json!(wau)),
            "{place}"
        );
        assert_eq!(shown["mau"], mau, "{place}");
        assert_near(&shown["stickiness"], 100.0 * dau as f64 / mau as f64);
    }
    // The query pipeline counts the same users per day.
    let query = app.query(&json!({"metrics": ["users"], "granularity": "day",
        "filters": [{"dimension": "event_type", "values": ["activity"]}],
        "range": {"from": "2024-01-09T18:30:00Z", "to": "2024-02-15T18:30:00Z"},
        "timezone": "Asia/Kolkata"}));
    let of_query: Vec<&Value> = query["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["users"])
        .collect();
    let of_view: Vec<&Value> = days.iter().map(|day| &day["dau"]).collect();
    assert_eq!(of_query, of_view);
}

#[test]
fn scores_of_generated_activity_follow_the_formula_and_pages_hold_every_user_once() {
    let acts = generate();
    let app = filled(&acts);
    let (from, to) = (START + 7 * DAY, START + 35 * DAY);
    let within: Vec<&Act> = acts.iter().filter(|a| from <= a.at && a.at < to).collect();
    let sessions = sessions(&within);
    let mut expected: Vec<(f64, String)> = Vec::new();
    let users: BTreeSet<&String> = within.iter().map(|act| &act.user).collect();
    for user in users {
        let of_user = || within.iter().filter(|act| act.user == *user);
        let last = of_user().map(|act| act.at).max().unwrap();
        let days = of_user()
            .map(|act| act.at / DAY)
            .collect::<BTreeSet<_>>()
            .len() as f64;
        let features = of_user()
            .map(|act| (act.action, act.resource))
            .collect::<BTreeSet<_>>()
            .len();
        let time: i64 = sessions
            .iter()
            .filter(|s| s.0 == *user)
            .map(|s| s.2 - s.1)
            .sum();
        let recency = 1.0 - (to - last) as f64 / (to - from) as f64;
        let frequency = (days / 20.0).min(1.0);
        let depth = (time as f64 / MINUTE as f64 / days / 30.0).min(1.0);
        let breadth = (features as f64 / 5.0).min(1.0);
        let score = 25.0 * recency + 35.0 * frequency + 20.0 * depth + 20.0 * breadth;
        expected.push((score, user.clone()));
    }
    expected.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let range = format!("from={}&to={}", rfc3339(from), rfc3339(to));
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/analytics/activity/engagement?{range}&limit=7&cursor={cursor}");
        let page = get(&app, &path);
        assert_eq!(page["scores"]["users"], expected.len());
        found.extend(page["users"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found.len(), expected.len());
    for (user, (score, _)) in found.iter().zip(&expected) {
        assert_near(&user["score"], *score);
    }
    let names: BTreeSet<&str> = found
        .iter()
        .map(|u| u["userId"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), expected.len());
}

#[test]
fn fifty_thousand_users_have_scores_active_days_and_a_cohort() {
    let app = TestApp::start();
    let users = 50_000_i64;
    for part in 0..5 {
        let events = (part * users / 5..(part + 1) * users / 5).map(|user| {
            json!({"type": "activity", "id": user, "timestamp": START + user, "action": "login",
                "userId": format!("user-{user}")})
        });
        app.take(&events.collect());
    }
    let range = "from=2024-01-01T00:00:00Z&to=2024-01-02T00:00:00Z";
    let found = get(
        &app,
        &format!("/api/v1/analytics/activity/engagement?{range}&limit=1000"),
    );
    assert_eq!(found["scores"]["users"], users);
    assert_eq!(found["actives"]["days"][0]["mau"], users);
    assert_eq!(found["users"].as_array().unwrap().len(), 1_000);
    let found = get(&app, &format!("/api/v1/analytics/activity?{range}"));
    assert_eq!(found["summary"]["activeUsers"], users);
    assert_eq!(found["summary"]["sessions"], users);
    let body = json!({"range": {"from": "2024-01-01T00:00:00Z", "to": "2024-01-02T00:00:00Z"}});
    let table = app
        .client()
        .post("/api/v1/analytics/retention")
        .json(&body)
        .send()
        .json();
    assert_eq!(table["cohorts"][0]["size"], users);
    assert_eq!(table["cohorts"][0]["cells"][0]["percent"], 100.0);
}
