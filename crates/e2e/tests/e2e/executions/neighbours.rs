//! The executions directly above and below one in the list.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

use super::{FILTERS, pages};
use crate::generated;

const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";

fn beside(app: &TestApp, id: &Value, query: &str) -> [Value; 2] {
    let id = id.as_str().unwrap();
    let answer = app.get(&format!("/api/v1/executions/{id}/neighbours?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    [found["newer"].clone(), found["older"].clone()]
}

#[test]
fn they_are_the_rows_of_the_list_with_the_same_filters() {
    let app = TestApp::start();
    generated::send(&app, &generated::runs(11, 600));
    let all = pages(&app, generated::RANGE, 500);
    for (filter, _) in FILTERS {
        let query = format!("{}&{filter}", generated::RANGE);
        let listed = pages(&app, &query, 500);
        for (at, row) in all.iter().enumerate().step_by(37) {
            let is_in = |row: &&Value| listed.iter().any(|other| other["id"] == row["id"]);
            let expected = [
                all[..at].iter().rfind(is_in).unwrap_or(&Value::Null),
                all[at + 1..].iter().find(is_in).unwrap_or(&Value::Null),
            ];
            let found = beside(&app, &row["id"], &query);
            assert_eq!(found.each_ref(), expected, "{filter} row {at}");
        }
    }
}

#[test]
fn one_outside_of_the_range_has_the_nearest_of_the_range_beside_it() {
    let app = TestApp::start();
    let run = |id: &str, time: &str| {
        let environment = json!({"environment": if id == "test" { "test" } else { "prod" }});
        with(execution("w", id, "completed", time), environment)
    };
    app.take(&json!([
        run("before", "2024-03-03T10:00:00Z"),
        run("one", "2024-03-04T10:00:00Z"),
        run("test", "2024-03-04T10:30:00Z"),
        run("two", "2024-03-04T11:00:00Z"),
        run("after", "2024-03-06T10:00:00Z"),
    ]));
    let names = |app: &TestApp, id: &str, query: &str| {
        beside(app, &json!(id), &format!("{RANGE}{query}"))
            .map(|row| row["executionId"].as_str().map(str::to_owned))
    };
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(names(&app, "before", ""), [some("one"), None]);
    assert_eq!(names(&app, "after", ""), [None, some("two")]);
    assert_eq!(names(&app, "one", ""), [some("test"), None]);
    assert_eq!(names(&app, "one", "&environment=prod"), [some("two"), None]);
    let since = app
        .get(&format!("/api/v1/executions?{RANGE}&limit=1"))
        .json();
    let since = format!("&since={}", since["newestCursor"].as_str().unwrap());
    // Nothing is above the newest one, and what is below it is not asked for.
    assert_eq!(names(&app, "one", &since), [None, None]);
}
