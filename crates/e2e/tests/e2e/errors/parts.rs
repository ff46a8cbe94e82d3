//! One cause is one group, whatever ids and names its messages contain, with the workflows and steps that
//! it consists of; and the most frequent groups are found among all errors.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, step, with},
};

use super::RANGE;

/// Text that looks random but is always the same.
fn digits(number: u64, base: u64, length: usize) -> String {
    const SIGNS: &[u8] = b"0123456789abcdef";
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
    let mut text = String::new();
    for _ in 0..length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        text.push(SIGNS[((state >> 33) % base) as usize] as char);
    }
    text
}

fn failed(workflow: &str, id: &str, fields: Value) -> Value {
    let failed = execution(workflow, id, "failed", "2024-03-04T10:00:00Z");
    with(failed, fields)
}

fn errors(app: &TestApp, parameters: &str) -> Value {
    let answer = app.get(&format!("/api/v1/errors/groups?{RANGE}{parameters}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[test]
fn ids_that_mix_letters_and_digits_do_not_make_a_group_each() {
    let app = TestApp::start();
    let mut events = Vec::new();
    for number in 0..200 {
        let messages = [
            (
                "letter-digits",
                format!("Customer C{} is not valid", 1_000_000 + number * 37),
            ),
            (
                "digits-letter",
                format!("Batch {}A could not start", 2_026_000 + number),
            ),
            (
                "short-hex",
                format!("commit {} not found", digits(number, 16, 7)),
            ),
        ];
        for (workflow, message) in messages {
            let id = format!("{workflow}{number}");
            events.push(failed(workflow, &id, json!({"errorMessage": message})));
        }
    }
    app.take(&events.into());
    for workflow in ["letter-digits", "digits-letter", "short-hex"] {
        let found = errors(&app, &format!("&workflowId={workflow}"));
        assert_eq!(
            (&found["groupCount"], &found["total"]),
            (&json!(1), &json!(200)),
            "{workflow}"
        );
    }
}

#[test]
fn one_cause_across_connectors_and_workflows_is_one_group_with_its_parts() {
    let app = TestApp::start();
    let places = [
        ("leads", "assign", "Assign owner", "hubspot"),
        ("tickets", "load", "Load ticket", "zendesk"),
        ("orders", "push", "Push order", "shopify"),
    ];
    let names = places.iter().map(|(workflow, id, name, connector)| {
        let step = step(workflow, "before", id, "2024-03-04T09:00:00Z", 5);
        with(step, json!({"stepName": name, "stepType": connector}))
    });
    app.take(&names.collect::<Vec<_>>().into());
    let messages = places.iter().enumerate().flat_map(
        |(number, (workflow, id, name, connector))| {
            let texts = [
                format!(
                    "{name}: the quota of {connector} is used up for {} hours",
                    number + 1
                ),
                format!(
                    "Error in step '{name}': the quota of {connector} is used up for {number} hours"
                ),
            ];
            texts.into_iter().enumerate().map(move |(way, message)| {
                let fields = json!({"errorMessage": message, "errorStep": id});
                failed(workflow, &format!("{workflow}-{way}"), fields)
            })
        },
    );
    app.take(&messages.collect::<Vec<_>>().into());
    let found = errors(&app, "");
    assert_eq!(found["groupCount"], 1, "{found:#}");
    let group = &found["errors"][0];
    assert_eq!(group["workflowCount"], 3);
    assert_eq!(group["stepCount"], 3);
    let mut steps: Vec<_> = group["affectedSteps"].as_array().unwrap().clone();
    steps.sort_by_key(|step| step["stepId"].as_str().map(str::to_owned));
    let expected = json!([
        {"stepId": "assign", "stepName": "Assign owner", "count": 2},
        {"stepId": "load", "stepName": "Load ticket", "count": 2},
        {"stepId": "push", "stepName": "Push order", "count": 2},
    ]);
    assert_eq!(Value::from(steps), expected);
}

#[test]
fn the_most_frequent_groups_are_found_among_all_errors() {
    let app = TestApp::start();
    let mut events = Vec::new();
    // Each type t of 60 fails 1 + t % 7 times in each of 12 workflows: 720 pairs.
    for kind in 0..60 {
        for workflow in 0..12 {
            for time in 0..1 + kind % 7 {
                let name = format!("w{workflow}");
                let id = format!("{kind}-{workflow}-{time}");
                let word = ["ash", "elm", "oak", "fir", "yew", "bay"][kind / 10];
                let tree = [
                    "red", "big", "old", "wet", "dry", "odd", "raw", "hot", "mad", "shy",
                ][kind % 10];
                let fields = json!({
                    "errorType": format!("type{kind:02}"), "errorMessage": format!("the {tree} {word} fell"),
                });
                events.push(failed(&name, &id, fields));
            }
        }
    }
    let all = events.len() as u64;
    app.take(&events.into());
    let body = json!({"metrics": ["errors"], "dimensions": ["error_type", "workflow"],
        "range": {"from": "2024-03-04T00:00:00Z", "to": "2024-03-06T00:00:00Z"},
        "orderBy": [{"metric": "errors"}], "limit": 10, "limitEach": 1, "other": true});
    let answer = app.query(&body);
    let (rows, other) = (
        answer["rows"].as_array().unwrap(),
        answer["other"]["rows"].as_array().unwrap(),
    );
    assert_eq!(rows.len(), 10);
    for row in rows {
        let more = other
            .iter()
            .find(|other| other.get("error_type") == row.get("error_type"));
        let more = more.unwrap();
        let in_others = row["errors"].as_u64().map(|errors| errors * 11);
        assert_eq!(
            (&more["groups"], more["errors"].as_u64()),
            (&json!(11), in_others)
        );
    }
    let sum: u64 = rows
        .iter()
        .chain(other)
        .map(|row| row["errors"].as_u64().unwrap())
        .sum();
    assert_eq!(sum, all);

    let found = errors(&app, "&limit=60");
    let groups = found["errors"].as_array().unwrap();
    assert_eq!(groups.len(), 60);
    for group in groups {
        assert_eq!(group["workflowCount"], 12, "{group:#}");
        let trend = group["trend"].as_array().unwrap().iter();
        let counted: u64 = trend.map(|point| point["count"].as_u64().unwrap()).sum();
        assert_eq!(Some(counted), group["count"].as_u64(), "{group:#}");
    }
}
