//! The histogram above the list, and what is new in it.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

use super::{FILTERS, pages};
use crate::generated::{self, Run};

fn histogram(app: &TestApp, query: &str) -> Value {
    let answer = app.get(&format!("/api/v1/executions/histogram?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn sum(found: &Value, name: &str) -> u64 {
    let buckets = found["buckets"].as_array().unwrap().iter();
    buckets.map(|bucket| bucket[name].as_u64().unwrap()).sum()
}

#[test]
fn the_histogram_counts_exactly_the_executions_of_the_list() {
    let app = TestApp::start();
    let runs = generated::runs(23, 1_200);
    generated::send(&app, &runs);
    for (filter, wanted) in FILTERS {
        let query = format!("{}&{filter}", generated::RANGE);
        let listed = pages(&app, &query, 500).len() as u64;
        for more in [
            "",
            "&granularity=hour",
            "&granularity=day&timezone=Asia/Kolkata",
        ] {
            let found = histogram(&app, &format!("{query}{more}"));
            assert_eq!(found["total"], listed, "{filter}{more}");
            assert_eq!(sum(&found, "executions"), listed, "{filter}{more}");
        }
        let days = histogram(&app, &format!("{query}&granularity=day"));
        for (day, bucket) in days["buckets"].as_array().unwrap().iter().enumerate() {
            let count = |status: &str| {
                let of_day = |run: &&Run| (run.at - generated::START) / 86_400_000 == day as i64;
                let found = runs.iter().filter(of_day).filter(|run| wanted(run));
                found.filter(|run| run.status == status).count()
            };
            for status in [
                "completed",
                "failed",
                "crashed",
                "canceled",
                "started",
                "waiting",
            ] {
                assert_eq!(bucket[status], count(status), "{filter} day {day} {status}");
            }
        }
    }
    insta::assert_json_snapshot!(
        "execution_histogram",
        histogram(
            &app,
            "from=2024-03-01T00:00:00Z&to=2024-03-01T03:00:00Z&granularity=hour"
        )
    );
}

#[test]
fn executions_that_are_open_for_too_long_are_counted_separately() {
    let mut app = TestApp::configured(&[("WEIR_EXECUTIONS_STALE_AFTER", "1d")]);
    let old = execution("w", "old", "started", "2024-03-04T10:00:00Z");
    app.take(&json!([
        old,
        execution("w", "done", "completed", "2024-03-04T10:00:00Z")
    ]));
    // A start looks for such executions at once.
    app.stop();
    app.start_again();
    let range = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z&refresh=true";
    let found = weir_e2e::until("the execution to be stale", crate::executions::SOON, || {
        let found = histogram(&app, range);
        (sum(&found, "stale") == 1).then_some(found)
    });
    assert_eq!((sum(&found, "started"), sum(&found, "executions")), (0, 2));
    assert_eq!(
        histogram(&app, &format!("{range}&status=stale"))["total"],
        1
    );
    assert_eq!(
        histogram(&app, &format!("{range}&status=started"))["total"],
        0
    );
}

#[test]
fn what_is_new_is_counted_exactly() {
    let app = TestApp::start();
    let range = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";
    let run = |id: &str, status: &str, minute: u32| {
        execution("w", id, status, &format!("2024-03-04T10:{minute:02}:00Z"))
    };
    app.take(&json!([
        run("one", "completed", 1),
        run("two", "started", 2),
        run("three", "completed", 3),
    ]));
    let list = app
        .get(&format!("/api/v1/executions?{range}&limit=2"))
        .json();
    let since = list["newestCursor"].as_str().unwrap().to_owned();
    let new = |query: &str| {
        let query = format!("{range}&since={since}{query}");
        let rows = pages(&app, &query, 5);
        assert_eq!(histogram(&app, &query)["total"], rows.len(), "{query}");
        let ids = rows
            .iter()
            .map(|row| row["executionId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert!(new("").is_empty());
    let mut later: Vec<Value> = (0..12)
        .map(|n| run(&format!("n{n}"), "failed", 10 + n))
        .collect();
    // One that was listed gets another state; one arrives late, below what is read.
    later.push(run("two", "completed", 30));
    later.push(run("late", "completed", 2));
    app.take(&json!(later));
    let found = new("");
    assert_eq!(found.len(), 13);
    assert_eq!((found[0].as_str(), found[1].as_str()), ("two", "n11"));
    assert_eq!(new("&status=failed").len(), 12);
    assert_eq!(new("&workflowId=other").len(), 0);
    let nothing = app.get("/api/v1/executions?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z");
    assert_eq!(nothing.json()["newestCursor"], Value::Null);
}

#[test]
fn callers_called_and_retries_are_filters() {
    let app = TestApp::start();
    let run = |id: &str, status: &str, minute: u32, more: Value| {
        let event = execution("w", id, status, &format!("2024-03-04T10:{minute:02}:00Z"));
        with(event, more)
    };
    app.take(&json!([
        run("caller", "failed", 1, json!({"subjectId": "s-1", "errorStep": "pay", "errorType": "Timeout", "errorMessage": "too slow"})),
        run("again", "completed", 2, json!({"retryOf": "caller"})),
        run("called", "completed", 3, json!({"parentExecutionId": "caller"})),
        run("deeper", "completed", 4, json!({"parentExecutionId": "called"})),
        with(run("shared", "completed", 5, json!({})), json!({"workflowId": "v"})),
        run("shared", "completed", 6, json!({})),
        run("of_either", "completed", 7, json!({"parentExecutionId": "shared"})),
        json!({"type": "cost", "workflowId": "w", "executionId": "called", "timestamp": "2024-05-04T10:00:00Z", "dollarAmount": "0.30"}),
        json!({"type": "cost", "workflowId": "w", "executionId": "again", "timestamp": "2024-03-04T10:02:00Z", "dollarAmount": "0.29"}),
    ]));
    let all = "from=2024-03-04T00:00:00Z&to=2024-03-05T00:00:00Z";
    let found = |query: &str| {
        let rows = pages(&app, &format!("{all}&{query}"), 50);
        assert_eq!(
            histogram(&app, &format!("{all}&{query}"))["total"],
            rows.len(),
            "{query}"
        );
        let ids = rows
            .iter()
            .map(|row| row["executionId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let row = pages(&app, &format!("{all}&errorStep=pay"), 9).remove(0);
    let group = row["errorGroup"].as_str().unwrap().to_owned();
    let caller = row["id"].as_str().unwrap().to_owned();
    let shared = app.get("/api/v1/executions/shared?workflowId=v").json()["id"].clone();
    let source = app.get(&format!("/api/v1/executions/{caller}")).json()["source"].clone();
    let source = source.as_str().unwrap();
    for (query, expected) in [
        ("kind=root", vec!["shared", "shared", "again", "caller"]),
        ("kind=child", vec!["of_either", "deeper", "called"]),
        ("retried=true", vec!["caller"]),
        ("retried=false&kind=root", vec!["shared", "shared", "again"]),
        ("isRetry=true", vec!["again"]),
        (
            "isRetry=false&kind=root",
            vec!["shared", "shared", "caller"],
        ),
        ("parentId=caller", vec!["called"]),
        (&format!("parentId={caller}"), vec!["called"]),
        // Two executions have this name, so it means neither of them.
        (&format!("parentId={}", shared.as_str().unwrap()), vec![]),
        ("parentId=no-such-execution", vec![]),
        ("minCost=0.3", vec!["called"]),
        ("minCost=0.290000001", vec!["called"]),
        ("minCost=0.29", vec!["called", "again"]),
        (&format!("source={source}&errorStep=pay"), vec!["caller"]),
        ("source=elsewhere", vec![]),
        ("subjectId=s-1", vec!["caller"]),
        (&format!("errorGroup={group}"), vec!["caller"]),
        ("errorClass=timeout", vec!["caller"]),
        ("errorClass=network", vec![]),
    ] {
        assert_eq!(found(query), expected, "{query}");
    }
    let called = pages(&app, &format!("{all}&parentId=caller"), 9).remove(0);
    assert_eq!(
        (&called["cost"], &called["credits"]),
        (&json!(0.3), &json!(0.0))
    );
    assert_eq!(row["cost"], Value::Null);
    let answer = app.get(&format!("/api/v1/executions?{all}&parentId=shared"));
    assert_eq!((answer.status, answer.code().as_str()), (409, "ambiguous"));
}

#[test]
fn an_impossible_condition_of_the_histogram_is_refused() {
    let app = TestApp::start();
    for (query, field) in [
        ("minCost=0", "minCost"),
        ("minCost=-1", "minCost"),
        ("minCost=NaN", "minCost"),
        ("minCost=1e300", "minCost"),
        ("kind=leaf", "kind"),
        ("retried=maybe", "retried"),
        ("since=AAAA", "since"),
        ("limit=5", "limit"),
        ("cursor=x", "cursor"),
        ("granularity=fortnight", "granularity"),
        (
            "granularity=minute&from=2000-01-01T00:00:00Z&to=2024-01-01T00:00:00Z",
            "granularity",
        ),
    ] {
        let answer = app.get(&format!("/api/v1/executions/histogram?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{query}");
    }
}
