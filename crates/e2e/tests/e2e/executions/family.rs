//! The family of an execution, and the outcome of the whole.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{cost, execution, with},
};

fn run(id: &str, status: &str, minute: u32, more: Value) -> Value {
    let at = format!("2024-03-04T10:{minute:02}:00Z");
    with(
        with(execution("w", id, status, &at), json!({"duration": 30_000})),
        more,
    )
}

fn tree(app: &TestApp, id: &str) -> Value {
    let (id, query) = id.split_once('?').unwrap_or((id, ""));
    let answer = app.get(&format!("/api/v1/executions/{id}/tree?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// For each node: its name, its depth, and the names of its caller and of what it retries.
fn drawn(tree: &Value) -> Vec<(String, u64, String, String)> {
    let nodes = tree["nodes"].as_array().unwrap();
    let name = |id: &Value| {
        let of = nodes.iter().find(|node| node["execution"]["id"] == *id);
        of.map_or("", |node| {
            node["execution"]["executionId"].as_str().unwrap()
        })
        .to_owned()
    };
    let node = |node: &Value| {
        (
            name(&node["execution"]["id"]),
            node["depth"].as_u64().unwrap(),
            name(&node["parentId"]),
            name(&node["retryOf"]),
        )
    };
    nodes.iter().map(node).collect()
}

#[test]
fn a_family_is_drawn_from_its_root_with_the_outcome_of_the_whole() {
    let app = TestApp::start();
    app.take(&json!([
        run("root", "failed", 1, json!({})),
        run("a", "completed", 2, json!({"parentExecutionId": "root"})),
        run("b", "failed", 3, json!({"parentExecutionId": "root"})),
        run(
            "b2",
            "completed",
            4,
            json!({"parentExecutionId": "root", "retryOf": "b"})
        ),
        run("second", "crashed", 6, json!({"retryOf": "root"})),
        run("third", "completed", 8, json!({"retryOf": "second"})),
        run("c", "completed", 7, json!({"parentExecutionId": "third"})),
        run("stranger", "completed", 8, json!({})),
        cost("w", "a", "2024-03-04T10:02:00Z", "0.1"),
        cost("w", "third", "2024-03-04T10:02:00Z", "0.2"),
    ]));
    let found = tree(&app, "root");
    let node = |name: &str, depth, parent: &str, retried: &str| {
        (
            name.to_owned(),
            depth,
            parent.to_owned(),
            retried.to_owned(),
        )
    };
    let expected = [
        node("root", 0, "", ""),
        node("a", 1, "root", ""),
        node("b", 1, "root", ""),
        node("b2", 1, "root", "b"),
        node("second", 0, "", "root"),
        node("third", 0, "", "second"),
        node("c", 1, "third", ""),
    ];
    assert_eq!(drawn(&found), expected);
    let outcome = &found["outcome"];
    let decided = app.get("/api/v1/executions/third").json()["id"].clone();
    assert_eq!(
        outcome,
        &json!({"status": "completed", "decidedBy": decided, "attempts": 3, "executions": 7, "failed": 3,
            "retried": 3, "open": 0, "startedAt": "2024-03-04T10:00:30Z", "endedAt": "2024-03-04T10:08:00Z",
            "durationMs": 450_000, "cost": 0.3})
    );
    assert_eq!(
        (&found["omitted"], &found["truncated"]),
        (&json!(0), &json!(false))
    );
    // Every member leads to the same family.
    for member in ["a", "b2", "third", "c"] {
        assert_eq!(tree(&app, member), found, "{member}");
    }
    assert_eq!(drawn(&tree(&app, "stranger")).len(), 1);
    insta::assert_json_snapshot!("execution_tree", crate::views::steady(found));
}

#[test]
fn the_outcome_is_open_while_a_retry_runs_and_that_of_the_last_if_none_completed() {
    let app = TestApp::start();
    app.take(&json!([
        run("first", "failed", 1, json!({})),
        run("second", "canceled", 3, json!({"retryOf": "first"})),
    ]));
    let outcome = |app: &TestApp| tree(app, "first")["outcome"].clone();
    assert_eq!(
        (&outcome(&app)["status"], &outcome(&app)["open"]),
        (&json!("canceled"), &json!(0))
    );
    app.take(&json!(
        [execution("w", "third", "started", "2024-03-04T11:00:00Z")]
            .map(|event| with(event, json!({"retryOf": "second"})))
    ));
    assert_eq!(
        (&outcome(&app)["status"], &outcome(&app)["open"]),
        (&json!("started"), &json!(1))
    );
    assert_eq!(
        (&outcome(&app)["durationMs"], &outcome(&app)["attempts"]),
        (&Value::Null, &json!(3))
    );
}

#[test]
fn retries_without_an_environment_circles_and_shared_names_are_no_obstacle() {
    let app = TestApp::start();
    app.take(&json!([
        run("1", "failed", 1, json!({"environment": "prod"})),
        run("2", "completed", 2, json!({"retryOf": "1"})),
        run("x", "completed", 1, json!({"parentExecutionId": "z"})),
        run("y", "completed", 2, json!({"parentExecutionId": "x"})),
        run(
            "z",
            "completed",
            3,
            json!({"parentExecutionId": "y", "retryOf": "y"})
        ),
        run(
            "self",
            "completed",
            3,
            json!({"parentExecutionId": "self", "retryOf": "self"})
        ),
        run("twin", "completed", 4, json!({})),
        with(
            run("twin", "completed", 4, json!({})),
            json!({"workflowId": "v"})
        ),
        run(
            "of a twin",
            "completed",
            5,
            json!({"parentExecutionId": "twin"})
        ),
    ]));
    let names = |id: &str| {
        let mut names: Vec<String> = drawn(&tree(&app, id))
            .into_iter()
            .map(|node| node.0)
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names("2"), ["1", "2"]);
    for circular in ["x", "y", "z"] {
        assert_eq!(names(circular), ["x", "y", "z"]);
    }
    assert_eq!(names("self"), ["self"]);
    assert_eq!(names("of%20a%20twin"), ["of a twin"]);
    assert_eq!(names("twin?workflowId=v"), ["twin"]);
}

#[test]
fn a_large_family_is_cut_and_counts_what_it_leaves_out() {
    let app = TestApp::start();
    let mut sent = vec![run("root", "completed", 1, json!({}))];
    sent.extend((0..620).map(|n| {
        run(
            &format!("c{n}"),
            "failed",
            2,
            json!({"parentExecutionId": "root"}),
        )
    }));
    app.take(&json!(sent));
    let found = tree(&app, "c17");
    assert_eq!(found["nodes"].as_array().unwrap().len(), 500);
    assert_eq!(
        (&found["omitted"], &found["truncated"]),
        (&json!(121), &json!(false))
    );
    assert_eq!(
        (&found["outcome"]["executions"], &found["outcome"]["failed"]),
        (&json!(621), &json!(620))
    );
    let more = (0..1_500).map(|n| {
        run(
            &format!("d{n}"),
            "failed",
            2,
            json!({"parentExecutionId": "root"}),
        )
    });
    app.take(&json!(more.collect::<Vec<_>>()));
    let found = tree(&app, "root");
    assert_eq!(
        (&found["outcome"]["executions"], &found["truncated"]),
        (&json!(2_000), &json!(true))
    );
    assert_eq!(found["omitted"], 1_500);
}
