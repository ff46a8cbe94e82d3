//! The planned incidents can be measured.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{company, median, month, text};

#[test]
fn the_release_made_one_step_six_times_slower_and_raised_the_version() {
    let incident = company().incidents().remove(0);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (BTreeSet::new(), BTreeSet::new());
    for step in month().iter().filter(|event| {
        event["workflowId"] == "invoice-capture-emea" && event["stepName"] == "Extract fields"
    }) {
        let Some(ms) = step["duration"].as_f64() else {
            continue;
        };
        let started: Timestamp = text(step, "startTime").parse().unwrap();
        let (durations, versions) = if started >= incident.from {
            (&mut after, &mut new)
        } else {
            (&mut before, &mut old)
        };
        durations.push(ms);
        versions.insert(text(step, "workflowVersion").to_owned());
    }
    let ratio = median(after.clone()) / median(before);
    assert!(
        (4.5..8.0).contains(&ratio),
        "{ratio} over {} runs",
        after.len()
    );
    assert!(
        new.iter().any(|version| !old.contains(version)),
        "{old:?} {new:?}"
    );
}

#[test]
fn the_connector_outage_fails_its_steps_for_three_hours() {
    let incident = company().incidents().remove(1);
    let (from, to) = (incident.from, incident.to.unwrap());
    assert_eq!(to.duration_since(from), SignedDuration::from_hours(3));
    let (mut inside, mut outside) = ((0, 0), (0, 0));
    let mut workflows = BTreeSet::new();
    for step in month()
        .iter()
        .filter(|event| event["stepType"] == "hubspot" && event["status"] != "skipped")
    {
        let failed = step["status"] == "failed";
        let started: Timestamp = text(step, "startTime").parse().unwrap();
        let count = if (from..to).contains(&started) {
            &mut inside
        } else {
            &mut outside
        };
        count.0 += 1;
        if failed {
            count.1 += 1;
            workflows.insert(text(step, "workflowId").to_owned());
        }
    }
    assert!(inside.0 > 10 && inside.1 * 10 > inside.0 * 8, "{inside:?}");
    assert!(outside.1 * 20 < outside.0, "{outside:?}");
    assert!(workflows.len() > 3);
}

#[test]
fn the_cost_of_one_day_stands_out() {
    let incident = company().incidents().remove(2);
    let mut by_day: BTreeMap<String, f64> = BTreeMap::new();
    for cost in month().iter().filter(|event| event["type"] == "cost") {
        *by_day
            .entry(text(cost, "timestamp")[..10].to_owned())
            .or_default() += cost["dollarAmount"].as_f64().unwrap();
    }
    let spike = by_day[&incident.from.to_string()[..10]];
    let others = by_day
        .iter()
        .filter(|(day, _)| **day != incident.from.to_string()[..10]);
    let highest = others.map(|(_, cost)| *cost).fold(0.0, f64::max);
    assert!(spike > 1.8 * highest, "{spike} against {highest}");
}

#[test]
fn a_company_without_incidents_has_the_same_volume_and_no_costly_day() {
    let calm = company().without_incidents();
    assert_eq!(calm.incidents(), []);
    let incident = company().incidents().remove(2);
    let day = |of: &crate::DemoGenerator| {
        let events = of.live(incident.from, incident.to.unwrap());
        let costs = events.iter().filter(|event| event["type"] == "cost");
        let dollars: f64 = costs
            .map(|cost| cost["dollarAmount"].as_f64().unwrap())
            .sum();
        (events.len(), dollars)
    };
    let (usual, spike) = (day(&calm), day(&company()));
    assert!(
        usual.0.abs_diff(spike.0) * 20 < usual.0,
        "{usual:?} {spike:?}"
    );
    assert!(spike.1 > 1.8 * usual.1, "{usual:?} {spike:?}");
}
