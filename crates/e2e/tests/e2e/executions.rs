//! The list of executions.

mod access;
mod compared;
mod family;
mod neighbours;
mod norms;
mod times;

use std::time::Duration;

use serde_json::{Value, json};
use weir_e2e::{TestApp, events::execution};

use crate::{
    generated::{self, Run},
    orders,
    views::steady,
};

/// Longer than a background job takes.
const SOON: Duration = Duration::from_secs(60);

/// Every row of a list, page by page.
fn pages(app: &TestApp, query: &str, limit: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/executions?{query}&limit={limit}&cursor={cursor}");
        let answer = app.get(&path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        let found = page["executions"].as_array().unwrap().clone();
        assert!(found.len() <= limit);
        rows.extend(found);
        match page["nextCursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return rows,
        }
        assert!(rows.len() < 100_000, "the list has no end");
    }
}

fn ids(rows: &[Value]) -> Vec<&str> {
    let ids = rows.iter().map(|row| row["executionId"].as_str().unwrap());
    ids.collect()
}

#[test]
fn the_list_has_every_execution_once_with_the_newest_first() {
    let app = TestApp::start();
    app.take(&orders::events());
    // o1 had started before: that state is superseded and not a row.
    app.take(&json!([execution(
        "orders",
        "o1",
        "started",
        "2024-03-04T09:59:59Z"
    )]));
    for limit in [1, 3, 500] {
        let rows = pages(&app, orders::RANGE, limit);
        assert_eq!(
            ids(&rows),
            ["o8", "o7", "o6", "o5", "o4", "i2", "i1", "o3", "o2", "o1"],
            "{limit} rows per page"
        );
    }
    let found = app.get(&format!("/api/v1/executions?{}&limit=2", orders::RANGE));
    let mut found = found.json();
    for cursor in ["nextCursor", "newestCursor"] {
        assert!(found[cursor].is_string());
        found[cursor] = "[varies]".into();
    }
    insta::assert_json_snapshot!("execution_list", steady(found));
}

type Wanted = (&'static str, fn(&Run) -> bool);

const FILTERS: [Wanted; 19] = [
    ("", |_| true),
    ("status=failed", |run| run.status == "failed"),
    ("status=error", |run| run.is(&["failed", "crashed"])),
    ("status=success,canceled", |run| {
        run.is(&["completed", "canceled"])
    }),
    ("status=running", |run| run.status == "started"),
    ("status=started&userId=user-3", |run| {
        run.status == "started" && run.user == "user-3"
    }),
    ("workflowId=workflow-2", |run| run.workflow == "workflow-2"),
    (
        "workflowId=workflow-1&version=2&environment=staging",
        |run| run.workflow == "workflow-1" && run.version == "2" && run.environment == "staging",
    ),
    ("triggerType=webhook", |run| run.trigger == "webhook"),
    ("minDuration=5000&maxDuration=9000", |run| {
        run.duration.is_some_and(|ms| (5_000..=9_000).contains(&ms))
    }),
    ("error=CALL%2012", |run| {
        run.error_message
            .as_ref()
            .is_some_and(|text| text.contains("call 12"))
    }),
    ("errorType=Timeout", |run| run.error_type == Some("Timeout")),
    ("minCost=1.5", |run| {
        run.cost.is_some_and(|cost| cost.1 >= 1_500_000_000)
    }),
    ("minCost=0.2&status=failed&version=1", |run| {
        run.cost.is_some_and(|cost| cost.1 >= 200_000_000)
            && run.status == "failed"
            && run.version == "1"
    }),
    ("kind=root", |_| true),
    ("kind=child", |_| false),
    ("retried=false&isRetry=false&triggerType=manual", |run| {
        run.trigger == "manual"
    }),
    ("workflowId=no-such-workflow", |_| false),
    ("userId=%27%20OR%201%3D1%20--", |_| false),
];

#[test]
fn every_filter_lists_the_same_runs_as_plain_filtering() {
    let app = TestApp::start();
    let runs = generated::runs(7, 1_500);
    generated::send(&app, &runs);
    for (query, wanted) in FILTERS {
        let rows = pages(&app, &format!("{}&{query}", generated::RANGE), 97);
        let mut expected: Vec<&Run> = runs.iter().filter(|run| wanted(run)).collect();
        expected.sort_by_key(|run| std::cmp::Reverse(run.at));
        let expected: Vec<&str> = expected.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids(&rows), expected, "{query}");
    }
    let answer = app.query(&json!({"metrics": ["executions"], "range": {"all": true}}));
    assert_eq!(answer["rows"][0]["executions"], runs.len());
}

#[test]
fn pages_have_every_execution_with_the_same_time_and_event_id() {
    let app = TestApp::start();
    let at = "2024-03-04T10:00:00Z";
    let mut events = Vec::new();
    for (workflow, environment) in [("w", "a"), ("w", "b"), ("w", "c"), ("v", "a"), ("u", "a")] {
        let mut event = execution(workflow, "x", "completed", at);
        event["environment"] = json!(environment);
        events.push(event);
    }
    events.push(execution("w", "y", "completed", at));
    app.take(&json!(events));
    let of = |limit| {
        let rows = pages(&app, orders::RANGE, limit);
        let keys = rows
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned());
        keys.collect::<Vec<_>>()
    };
    let all = of(100);
    assert_eq!(all.len(), 6);
    for limit in [1, 2, 4, 5] {
        assert_eq!(of(limit), all, "{limit}");
    }
}

#[test]
fn list_and_detail_agree_on_two_events_with_one_id_in_either_order() {
    let events_in = |environment: Option<&str>, trigger: &str| {
        let mut event = execution("w", "x", "started", "2024-03-04T10:00:00Z");
        event["environment"] = json!(environment);
        event["triggerType"] = json!(trigger);
        event
    };
    let (without, with) = (events_in(None, "plain"), events_in(Some("prod"), "named"));
    for order in [[&without, &with], [&with, &without]] {
        let app = TestApp::start();
        for event in order {
            app.take(&json!([event]));
        }
        let row = pages(&app, orders::RANGE, 9).remove(0);
        let detail = app.get(&format!(
            "/api/v1/executions/{}",
            row["id"].as_str().unwrap()
        ));
        assert_eq!(row["triggerType"], "named");
        assert_eq!(detail.json()["triggerType"], "named", "{order:?}");
    }
}

#[test]
fn an_invalid_parameter_of_the_list_is_named_with_a_fix() {
    let app = TestApp::start();
    app.take(&orders::events());
    let next = app
        .get(&format!("/api/v1/executions?{}&limit=2", orders::RANGE))
        .json();
    let cursor = next["nextCursor"].as_str().unwrap();
    let flipped = if cursor.starts_with('A') { "B" } else { "A" };
    let damaged = format!("{flipped}{}", &cursor[1..]);
    for (query, field, fix) in [
        ("status=complete", "status", "completed"),
        ("limit=0", "limit", ""),
        ("limit=501", "limit", ""),
        ("minDuration=10&maxDuration=9", "maxDuration", ""),
        (
            "from=2024-03-05T00:00:00Z&to=2024-03-04T00:00:00Z",
            "to",
            "",
        ),
        ("last=7x", "last", "30m"),
        (&format!("cursor={damaged}"), "cursor", ""),
        ("cursor=AAAA", "cursor", ""),
    ] {
        let answer = app.get(&format!("/api/v1/executions?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["field"], field, "{query}");
        assert!(
            problem["fix"].as_str().unwrap_or_default().contains(fix),
            "{problem}"
        );
    }
}
