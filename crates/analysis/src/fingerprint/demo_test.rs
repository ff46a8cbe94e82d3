//! The errors of the demonstration data fall into as many groups as they have causes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use weir_demo::DemoGenerator;

use super::*;

const NOW: &str = "2026-03-12T15:20:30Z";

fn errors() -> Vec<Value> {
    let demo = DemoGenerator::new(7, NOW.parse().expect("the time is valid"));
    let failed = |event: &Value| {
        event["type"] == "execution"
            && (event["status"] == "failed" || event["status"] == "crashed")
    };
    demo.history(30).flatten().filter(failed).collect()
}

/// The error of the generator's connector, without the step name that errors of executions begin
/// with.
fn cause(error: &Value) -> String {
    let message = error["errorMessage"].as_str().unwrap_or_default();
    let cause = message.split_once(": ").map_or(message, |(_, cause)| cause);
    format!("{} {cause}", error["errorType"])
}

fn group(error: &Value) -> String {
    let text = |field: &str| error[field].as_str();
    let seen = SeenError {
        step: text("errorStep"),
        workflow: text("workflowId"),
        workflow_name: text("workflowName"),
        ..SeenError::told(text("errorType"), text("errorMessage"))
    };
    Fingerprinter::default().key(&seen).0
}

#[test]
fn the_demonstration_has_at_most_as_many_groups_as_causes() {
    let errors = errors();
    let mut types = BTreeSet::new();
    let mut causes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for error in &errors {
        types.insert(error["errorType"].to_string());
        let (cause, group) = (cause(error), group(error));
        causes
            .entry(cause.clone())
            .or_default()
            .insert(group.clone());
        groups.entry(group).or_default().insert(cause);
    }
    println!(
        "{} errors, {} types, {} causes, {} groups: {groups:#?}",
        errors.len(),
        types.len(),
        causes.len(),
        groups.len()
    );
    assert!(errors.len() > 3_000, "{}", errors.len());
    assert!(
        causes.values().all(|groups| groups.len() == 1),
        "{causes:#?}"
    );
    assert!(groups.len() <= causes.len());
}
