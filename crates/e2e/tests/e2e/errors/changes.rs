//! Changes of groups and rules, which also apply to history.

use serde_json::{Value, json};
use weir_e2e::{
    TestApp,
    events::{execution, with},
};

use super::{RANGE, done, group_of, groups, id_of, send, started};

#[test]
fn merged_groups_stay_merged_are_split_again_and_keep_their_name() {
    let app = started();
    let alpha = id_of(&app, "Batch alpha was refused by the warehouse");
    let beta = id_of(&app, "Batch beta was refused by the warehouse");
    let merge = format!("/api/v1/errors/groups/{alpha}/merge");
    let merged = send(&app, "POST", &merge, &json!({"groups": [beta]}));
    assert_eq!(done(&merged), (1, 0));
    assert_eq!(
        group_of(&groups(&app), "Batch beta was refused by the warehouse")["count"],
        3
    );
    let named = send(
        &app,
        "PATCH",
        &format!("/api/v1/errors/groups/{alpha}"),
        &json!({"title": "Refused batches"}),
    );
    assert_eq!(done(&named), (0, 0));
    // Later errors are added to it too.
    let late = execution("crm", "late", "failed", "2024-03-05T20:00:00Z");
    app.take(&with(
        late,
        json!({"errorMessage": "Batch beta was refused by the warehouse"}),
    ));
    let found = groups(&app);
    let group = group_of(&found, "Batch beta was refused by the warehouse");
    assert_eq!(
        (&group["count"], &group["title"], &group["named"]),
        (&json!(4), &json!("Refused batches"), &json!(true))
    );
    let detail = app
        .get(&format!("/api/v1/errors/groups/{alpha}?{RANGE}"))
        .json();
    let members: Vec<_> = detail["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(members, [alpha.as_str(), beta.as_str()]);
    assert_eq!(detail["group"]["count"], 4);
    let split = format!("/api/v1/errors/groups/{alpha}/split");
    let refused = send(&app, "POST", &split, &json!({"fingerprints": [alpha]}));
    assert_eq!(
        (refused.status, refused.json()["field"].clone()),
        (400, json!("fingerprints"))
    );
    assert_eq!(
        done(&send(
            &app,
            "POST",
            &split,
            &json!({"fingerprints": [beta]})
        )),
        (2, 0)
    );
    assert_eq!(id_of(&app, "Batch beta was refused by the warehouse"), beta);
    let verified = app.query(
        &json!({"metrics": ["errors"], "dimensions": ["error_group"], "range": {"all": true}}),
    );
    assert_eq!(
        weir_e2e::counts(&verified, "error_group", "errors")[&beta],
        2
    );
}

#[test]
fn a_rule_with_a_pattern_splits_any_group_even_a_merged_one() {
    let app = started();
    let timeouts = id_of(&app, "Connection timeout");
    let alpha = id_of(&app, "Batch alpha was refused by the warehouse");
    done(&send(
        &app,
        "POST",
        &format!("/api/v1/errors/groups/{timeouts}/merge"),
        &json!({"groups": [alpha]}),
    ));
    let split = format!("/api/v1/errors/groups/{timeouts}/split");
    let done_by_rule = done(&send(
        &app,
        "POST",
        &split,
        &json!({"pattern": "ETIMEDOUT", "title": "Node's time-outs"}),
    ));
    assert_eq!(done_by_rule, (3, 0));
    let found = groups(&app);
    assert_eq!(
        group_of(&found, "connect ETIMEDOUT 10.0.0.1:443")["title"],
        "Node's time-outs"
    );
    assert_eq!(
        group_of(&found, "connect ETIMEDOUT 10.0.0.1:443")["count"],
        3
    );
    let rest = group_of(&found, "Batch alpha was refused by the warehouse");
    assert_eq!(
        (&rest["count"], &rest["errorGroup"]),
        (&json!(5), &json!(timeouts))
    );
    let everything = send(
        &app,
        "POST",
        &split,
        &json!({"pattern": ".", "title": "All"}),
    );
    assert_eq!(
        (everything.status, everything.json()["field"].clone()),
        (400, json!("pattern"))
    );
}

#[test]
fn rules_can_be_tried_and_applied_by_version_and_history_follows() {
    let app = started();
    let rules = json!({"rules": [
        {"pattern": "Batch \\w+", "replace": "<batch>"},
        {"pattern": "has no address", "group": "Invoices without address", "class": "validation"},
    ], "note": "batches have names"});
    let before = groups(&app);
    let tried = send(&app, "POST", "/api/v1/errors/rules/dry-run", &rules);
    assert_eq!(tried.status, 200, "{}", tried.text());
    let tried = tried.json();
    assert_eq!(groups(&app), before, "a trial changes nothing");
    // 3 batches lose their names, 4 invoices are named.
    assert_eq!(
        (&tried["executions"], &tried["steps"], &tried["complete"]),
        (&json!(7), &json!(0), &json!(true))
    );
    let first = &tried["moves"][0];
    assert_eq!(
        (&first["toTitle"], &first["executions"]),
        (&json!("Invoices without address"), &json!(4))
    );

    let put = send(&app, "PUT", "/api/v1/errors/rules", &rules);
    assert_eq!(done(&put), (7, 0), "the result matches the trial");
    let found = groups(&app);
    assert_eq!(
        group_of(&found, "Batch beta was refused by the warehouse")["count"],
        3
    );
    let invoices = group_of(&found, "Invoice 4711 of 2024-03-01 has no address");
    assert_eq!(
        (&invoices["title"], &invoices["errorClass"]),
        (&json!("Invoices without address"), &json!("validation"))
    );
    let again = send(&app, "POST", "/api/v1/errors/rules/dry-run", &rules).json();
    assert_eq!(
        (&again["executions"], &again["moves"]),
        (&json!(0), &json!([]))
    );

    let stale = send(
        &app,
        "PUT",
        "/api/v1/errors/rules",
        &json!({"rules": [], "version": 0}),
    );
    assert_eq!(
        (stale.status, stale.code()),
        (409, "changed_meanwhile".to_owned())
    );
    assert_eq!(
        done(&send(
            &app,
            "PUT",
            "/api/v1/errors/rules",
            &json!({"rules": [], "version": 1})
        )),
        (7, 0)
    );
    assert_eq!(
        groups(&app),
        before,
        "without rules, the groups are as before"
    );
    let stored = app.get("/api/v1/errors/rules?version=1").json();
    assert_eq!(
        (
            &stored["version"],
            stored["rules"].as_array().unwrap().len()
        ),
        (&json!(1), 2)
    );
    let versions: Vec<_> = stored["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["version"].as_i64().unwrap())
        .collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(app.get("/api/v1/errors/rules?version=7").status, 404);
}

#[test]
fn an_invalid_rule_is_refused_with_its_field() {
    let app = started();
    for (rule, field) in [
        (json!({"pattern": "(", "group": "x"}), "rules[0].pattern"),
        (json!({"pattern": "x"}), "rules[0].group"),
        (json!({"pattern": "", "class": "auth"}), "rules[0].pattern"),
    ] {
        let refused = send(
            &app,
            "PUT",
            "/api/v1/errors/rules",
            &json!({"rules": [rule]}),
        );
        assert_eq!(
            (refused.status, refused.json()["field"].clone()),
            (400, json!(field)),
            "{rule}"
        );
    }
    let unknown = send(
        &app,
        "POST",
        "/api/v1/errors/groups/0000000000000000/merge",
        &json!({"groups": ["1"]}),
    );
    assert_eq!(
        (unknown.status, unknown.code()),
        (404, "unknown_error_group".to_owned())
    );
    assert_eq!(
        app.get("/api/v1/errors/groups/0000000000000000").status,
        404
    );
    let read_only = TestApp::with_own_keys();
    let reader = read_only.client_with("read key");
    let refused = reader
        .call("PUT".parse().unwrap(), "/api/v1/errors/rules")
        .json(&json!({"rules": []}))
        .send();
    assert_eq!(
        (refused.status, refused.code()),
        (403, "missing_scope".to_owned())
    );
}

#[test]
fn grouping_survives_a_restart_and_cubes_equal_a_rebuild() {
    let mut app = started();
    let rules = json!({"rules": [{"pattern": "Batch \\w+", "replace": "<batch>"}]});
    done(&send(&app, "PUT", "/api/v1/errors/rules", &rules));
    let before = groups(&app);
    app.stop();
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    app.start_again();
    assert_eq!(groups(&app), before);
    let late = execution("crm", "late", "failed", "2024-03-05T20:00:00Z");
    app.take(&with(
        late,
        json!({"errorMessage": "Batch gamma was refused by the warehouse"}),
    ));
    let found = groups(&app);
    assert_eq!(
        group_of(&found, "Batch gamma was refused by the warehouse")["count"],
        4
    );
}

#[test]
fn events_that_arrive_during_a_change_are_grouped_by_it() {
    let app = started();
    let rules = json!({"rules": [{"pattern": "Batch \\w+", "replace": "<batch>"}]});
    let batch = |number: usize| {
        let event = |index: usize| {
            let id = format!("during-{number}-{index}");
            let failed = execution("crm", &id, "failed", "2024-03-05T20:00:00Z");
            let message = format!("Batch no{index} was refused by the warehouse");
            with(failed, json!({"errorMessage": message}))
        };
        Value::from((0..20).map(event).collect::<Vec<_>>())
    };
    std::thread::scope(|scope| {
        for producer in 0..4 {
            let (app, batch) = (&app, &batch);
            scope.spawn(move || (0..25).for_each(|n| app.take(&batch(producer * 25 + n))));
        }
        done(&send(&app, "PUT", "/api/v1/errors/rules", &rules));
    });
    let after = send(&app, "POST", "/api/v1/errors/rules/dry-run", &rules).json();
    assert_eq!(
        (&after["executions"], &after["complete"]),
        (&json!(0), &json!(true)),
        "{after}"
    );
    let counts = groups(&app);
    let counts = counts.iter().map(|group| group["count"].as_u64().unwrap());
    assert_eq!(counts.max(), Some(4 * 25 * 20 + 3));
}
