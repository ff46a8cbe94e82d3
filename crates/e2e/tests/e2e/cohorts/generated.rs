//! Cohorts of generated users, compared with tables that are counted here.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;
use weir_e2e::TestApp;

use super::{act, posted};

const DAY: i64 = 86_400_000;
/// 2024-01-01T00:00:00Z, a Monday.
const START: i64 = 1_704_067_200_000;

/// 80 users with logins and edits over 40 days; by user, the moments of both.
fn generated() -> (TestApp, BTreeMap<String, [Vec<i64>; 2]>) {
    let mut random = StdRng::seed_from_u64(11);
    let mut moments: BTreeMap<String, [Vec<i64>; 2]> = BTreeMap::new();
    let mut events = Vec::new();
    for user in 0..80 {
        let name = format!("u{user}");
        let born = random.random_range(0..30 * DAY);
        for _ in 0..random.random_range(1..12) {
            let at = START + born + random.random_range(0..10 * DAY);
            let kind = random.random_range(0..2);
            events.push(act(&name, at, ["login", "edit"][kind]));
            moments.entry(name.clone()).or_default()[kind].push(at);
        }
    }
    let app = TestApp::start();
    app.take(&events.into());
    (app, moments)
}

#[test]
fn generated_cohorts_match_the_counts() {
    let (app, moments) = generated();
    let (cohorts, periods) = (25, 9);
    for (window, mode, entry) in [
        ("calendar", "n_day", "first"),
        ("calendar", "unbounded", "first"),
        ("calendar", "n_day", "every"),
        ("rolling", "n_day", "first"),
        ("rolling", "unbounded", "every"),
    ] {
        let body = json!({"range": {"from": "2024-01-01T00:00:00Z", "to": "2024-01-26T00:00:00Z"},
            "start": {"event": "activity", "filters": [{"dimension": "action", "values": ["login"]}]},
            "return": {"event": "activity", "filters": [{"dimension": "action", "values": ["edit"]}]},
            "window": window, "mode": mode, "entry": entry, "periods": periods});
        let found = posted(&app, "retention", &body);
        let mut sizes = vec![0; cohorts];
        let mut counts = vec![vec![0; periods + 1]; cohorts];
        for [logins, edits] in moments.values() {
            for born in births(logins, entry == "first") {
                let cohort = ((born - START) / DAY) as usize;
                if cohort >= cohorts {
                    continue;
                }
                sizes[cohort] += 1;
                let returns: BTreeSet<i64> = edits
                    .iter()
                    .filter(|&&edit| edit >= born)
                    .map(|edit| match window {
                        "rolling" => (edit - born) / DAY,
                        _ => (edit - START) / DAY - (born - START) / DAY,
                    })
                    .collect();
                for (period, count) in counts[cohort].iter_mut().enumerate() {
                    let period = period as i64;
                    let back = match mode {
                        "n_day" => returns.contains(&period),
                        _ => returns.range(period..).next().is_some(),
                    };
                    *count += u64::from(back);
                }
            }
        }
        let what = format!("{window} {mode} {entry}");
        for (i, cohort) in found["cohorts"].as_array().unwrap().iter().enumerate() {
            assert_eq!(cohort["size"], sizes[i], "{what}, cohort {i}");
            let cells = cohort["cells"].as_array().unwrap().iter();
            let shown: Vec<u64> = cells.map(|cell| cell["count"].as_u64().unwrap()).collect();
            assert_eq!(shown, counts[i], "{what}, cohort {i}");
        }
        let size: u64 = sizes.iter().sum();
        assert!(size > 30, "{what} has hardly any users");
        let back: u64 = counts.iter().map(|counts| counts[3]).sum();
        assert_eq!(found["totals"][3]["count"], back, "{what}");
        assert_eq!(found["totals"][3]["size"], size, "{what}");
    }
}

/// The moments that make a member: the first of all, or the first of each day.
fn births(logins: &[i64], first: bool) -> Vec<i64> {
    let mut days: BTreeMap<i64, i64> = BTreeMap::new();
    for &login in logins {
        let born = days.entry(login / DAY).or_insert(login);
        *born = login.min(*born);
    }
    let births = days.into_values();
    births.take(if first { 1 } else { usize::MAX }).collect()
}
