//! The cost and duration of an execution with everything that it called.

use serde_json::{Value, json};
use weir_e2e::TestApp;

fn execution(id: &str, parent: Option<Value>, more: Value) -> Value {
    let mut event = json!({"type": "execution", "timestamp": "2026-11-01T00:00:01Z", "workflowId": "w",
        "executionId": id, "status": "completed", "duration": 300});
    for fields in [parent.unwrap_or(json!({})), more] {
        for (name, value) in fields.as_object().unwrap() {
            event[name] = value.clone();
        }
    }
    event
}

fn cost(id: &str, amount: f64) -> Value {
    json!({"type": "cost", "id": format!("cost-{id}"), "timestamp": "2026-11-01T00:00:01Z", "executionId": id,
        "workflowId": "w", "dollarAmount": amount, "credits": 2})
}

fn of_workflow(workflow: &str, mut event: Value) -> Value {
    event["workflowId"] = json!(workflow);
    event
}

fn called_by(name: &str) -> Option<Value> {
    Some(json!({"parentExecutionId": name}))
}

fn tree(app: &TestApp, id: &str) -> Value {
    let shown = app.get(&format!("/api/v1/executions/{id}"));
    assert_eq!(shown.status, 200, "{}", shown.text());
    shown.json()["tree"].clone()
}

#[test]
fn the_cost_of_a_tree_includes_all_levels() {
    let app = TestApp::start();
    let children = ["c0", "c1", "c2"];
    let mut sent = vec![execution("P", None, json!({"duration": 1_000}))];
    sent.extend(children.map(|id| execution(id, called_by("P"), json!({}))));
    sent.extend(children.map(|id| cost(id, 0.1)));
    app.take(&json!(sent));
    let shown = app.get("/api/v1/executions/P").json();
    assert_eq!(shown["costs"]["totalCost"], 0.0);
    assert_eq!(
        shown["tree"],
        json!({"executions": 4, "open": 0, "startedAt": "2026-11-01T00:00:00Z",
            "endedAt": "2026-11-01T00:00:01Z", "duration": 1_000, "totalCost": 0.3, "totalCredits": 6.0,
            "truncated": false, "cutAtLevel": null})
    );
    let figures = app.figures(&["executions", "cost_per_root_execution"], None);
    assert_eq!(
        figures,
        json!({"executions": 4, "cost_per_root_execution": 0.3})
    );
    // A grandchild in another workflow, which names its parent by id; it ends later and counts once.
    let id = app.get("/api/v1/executions/c0").json()["id"].clone();
    let later = json!({"workflowId": "v", "timestamp": "2026-11-01T00:00:09Z"});
    app.take(&json!([
        execution("deep", Some(json!({"parentId": id})), later),
        of_workflow("v", cost("deep", 1.0)),
        execution(
            "open",
            called_by("deep"),
            json!({"status": "started", "duration": null})
        ),
    ]));
    let grown = tree(&app, "P");
    assert_eq!(
        (&grown["executions"], &grown["open"]),
        (&json!(6), &json!(1))
    );
    assert_eq!(
        (&grown["totalCost"], &grown["duration"]),
        (&json!(1.3), &json!(9_000))
    );
    assert_eq!(tree(&app, "c0")["executions"], 3);
}

#[test]
fn circular_trees_end() {
    let app = TestApp::start();
    app.take(&json!([
        execution("a", called_by("c"), json!({})),
        execution("b", called_by("a"), json!({})),
        execution("c", called_by("b"), json!({})),
        execution("self", called_by("self"), json!({})),
        cost("a", 1.0),
        cost("b", 2.0),
    ]));
    for id in ["a", "b", "c"] {
        let tree = tree(&app, id);
        assert_eq!(
            (&tree["executions"], &tree["totalCost"]),
            (&json!(3), &json!(3.0))
        );
        assert_eq!(tree["truncated"], false);
    }
    assert_eq!(tree(&app, "self")["executions"], 1);
}

#[test]
fn an_ambiguous_parent_name_links_to_no_execution() {
    let app = TestApp::start();
    app.take(&json!([
        execution("P", None, json!({})),
        execution("P", None, json!({"workflowId": "v"})),
        execution("c", called_by("P"), json!({})),
        execution(
            "d",
            Some(json!({"parentExecutionId": "P", "parentWorkflowId": "v"})),
            json!({})
        ),
    ]));
    let of = |workflow: &str| {
        let shown = app
            .get(&format!("/api/v1/executions/P?workflowId={workflow}"))
            .json();
        (
            shown["tree"]["executions"].clone(),
            shown["children"].as_array().unwrap().len(),
        )
    };
    assert_eq!(of("w"), (json!(1), 0));
    assert_eq!(of("v"), (json!(2), 1));
}

#[test]
fn a_large_tree_is_cut_and_states_where() {
    let app = TestApp::configured(&[("WEIR_QUERY_TREE_EXECUTIONS", "1000")]);
    let mut sent = vec![execution("root", None, json!({}))];
    sent.extend((0..500).map(|n| execution(&format!("a{n}"), called_by("root"), json!({}))));
    sent.extend((0..600).map(|n| {
        execution(
            &format!("b{n}"),
            called_by(&format!("a{}", n % 500)),
            json!({}),
        )
    }));
    app.take(&json!(sent));
    let cut = tree(&app, "root");
    assert_eq!(cut["executions"], 1_000);
    assert_eq!(
        (&cut["truncated"], &cut["cutAtLevel"]),
        (&json!(true), &json!(2))
    );
}
