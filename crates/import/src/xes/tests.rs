//! XES logs as events.

#![allow(clippy::unwrap_used)]

mod broken;
mod cases;

use serde_json::{Value, json};

use crate::tests::support::{Server, args, file, withstands_files};

/// An event of a log; `extra` is further XML inside it.
fn event(activity: &str, transition: &str, at: &str, extra: &str) -> String {
    format!(
        "<event><string key=\"concept:name\" value=\"{activity}\"/>\
         <string key=\"lifecycle:transition\" value=\"{transition}\"/>\
         <date key=\"time:timestamp\" value=\"2024-03-01T{at}:00.000+01:00\"/>{extra}</event>\n"
    )
}

fn trace(name: &str, events: &[String]) -> String {
    format!(
        "<trace>\n<string key=\"concept:name\" value=\"{name}\"/>\n{}</trace>\n",
        events.concat()
    )
}

fn log(traces: &[String]) -> String {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a log -->\n\
        <log xes.version=\"1.0\" xmlns=\"http://www.xes-standard.org/\">\n\
        <extension name=\"Time\" prefix=\"time\" uri=\"http://www.xes-standard.org/time.xesext\"/>\n\
        <global scope=\"event\"><string key=\"concept:name\" value=\"UNKNOWN\"/></global>\n\
        <classifier name=\"Activity\" keys=\"concept:name\"/>\n\
        <int key=\"total\" value=\"2\"><int key=\"concept:name\" value=\"1\"/></int>\n\
        <string key=\"concept:name\" value=\"Loan &amp; Credit, 2012\"/>\n";
    format!("{head}{}</log>\n", traces.concat())
}

fn user(name: &str) -> String {
    format!("<string key=\"org:resource\" value=\"{name}\"/>")
}

fn imported(content: &str, flags: &[&str]) -> Server {
    let (_dir, path) = file("log.xes", content.as_bytes());
    let server = Server::default();
    let (report, error) = server.import(&args(&path, flags));
    assert!(error.is_none(), "{error:?}");
    assert_eq!(report.rejected, 0, "{report}");
    server
}

fn steps(events: &[String]) -> Vec<Value> {
    imported(&log(&[trace("7", events)]), &[]).of_type("step")
}

#[test]
fn a_trace_becomes_an_execution_with_start_end_and_duration() {
    let attributes = "<string key=\"amount\" value=\"15000\"/>";
    let events = [
        event("A", "COMPLETE", "08:00", ""),
        event("B", "COMPLETE", "09:30", ""),
    ];
    let content =
        log(&[trace("7", &events).replace("<trace>\n", &format!("<trace>\n{attributes}"))]);
    let server = imported(&content, &["--environment", "production"]);
    let runs = server.of_type("execution");
    let started = json!({
        "type": "execution", "id": "loan-credit-2012/7/started", "timestamp": "2024-03-01T07:00:00.000Z",
        "workflowId": "loan-credit-2012", "workflowName": "Loan & Credit, 2012", "environment": "production",
        "executionId": "7", "subjectId": "7", "status": "started",
    });
    let ended = json!({
        "type": "execution", "id": "loan-credit-2012/7/end/2", "timestamp": "2024-03-01T08:30:00.000Z",
        "workflowId": "loan-credit-2012", "workflowName": "Loan & Credit, 2012", "environment": "production",
        "executionId": "7", "subjectId": "7", "status": "completed", "duration": 5_400_000, "stepCount": 2,
        "metadata": {"amount": "15000"},
    });
    assert_eq!(runs, [started, ended]);
}

#[test]
fn every_log_event_becomes_one_activity_with_its_nested_attributes() {
    let nested = "<list key=\"tags\"><values><string key=\"tag\" value=\"x\"/><string key=\"tag\" value=\"y\"/></values></list>\
        <int key=\"risk\" value=\"3\"><string key=\"by\" value=\"model\"/></int>";
    let events = [
        event("A", "SCHEDULE", "08:00", &(user("112") + nested)),
        event("A", "Odd", "08:01", ""),
    ];
    let acts = imported(&log(&[trace("7", &events)]), &[]).of_type("activity");
    assert_eq!(acts.len(), 2);
    assert_eq!(
        (&acts[0]["action"], &acts[0]["resource"]),
        (&"schedule".into(), &"A".into())
    );
    assert_eq!(
        (&acts[0]["resourceId"], &acts[0]["userId"]),
        (&"7".into(), &"112".into())
    );
    assert_eq!(
        acts[0]["metadata"],
        json!({"risk": 3, "risk/by": "model", "tags/tag": ["x", "y"]})
    );
    assert_eq!(
        (&acts[1]["action"], acts[1].get("userId")),
        (&"odd".into(), None)
    );
    assert_eq!(acts[1]["id"], "loan-credit-2012/7/1");
}

#[test]
fn start_and_complete_make_one_step_and_a_single_complete_is_an_instant() {
    let steps = steps(&[
        event("A", "SCHEDULE", "08:00", ""),
        event("A", "START", "08:10", &user("ann")),
        event("B", "COMPLETE", "08:20", &user("bob")),
        event("A", "COMPLETE", "08:40", ""),
    ]);
    assert_eq!(steps.len(), 2);
    assert_eq!(
        (
            &steps[0]["stepId"],
            steps[0].get("duration"),
            steps[0].get("startTime")
        ),
        (&"B".into(), None, None)
    );
    assert_eq!(steps[1]["duration"], 1_800_000);
    assert_eq!(steps[1]["startTime"], "2024-03-01T07:10:00.000Z");
    assert_eq!(steps[1]["endTime"], "2024-03-01T07:40:00.000Z");
    assert_eq!(
        (&steps[1]["userId"], &steps[1]["status"]),
        (&"ann".into(), &"completed".into())
    );
    assert_eq!(steps[1]["metadata"]["waitMs"], 600_000);
}

#[test]
fn an_end_pairs_with_the_latest_open_start_of_its_instance() {
    let latest = steps(&[
        event("A", "START", "08:00", ""),
        event("A", "START", "09:00", ""),
        event("A", "COMPLETE", "09:10", ""),
        event("A", "COMPLETE", "10:00", ""),
    ]);
    assert_eq!(
        (&latest[0]["duration"], &latest[1]["duration"]),
        (&600_000.into(), &7_200_000.into())
    );
    let instance = |n: u8| format!("<string key=\"concept:instance\" value=\"{n}\"/>");
    let own = steps(&[
        event("A", "START", "08:00", &instance(1)),
        event("A", "START", "09:00", &instance(2)),
        event("A", "COMPLETE", "09:10", &instance(1)),
        event("A", "COMPLETE", "10:00", &instance(2)),
    ]);
    assert_eq!(
        (&own[0]["duration"], &own[1]["duration"]),
        (&4_200_000.into(), &3_600_000.into())
    );
}

#[test]
fn a_start_without_an_end_makes_no_step_but_the_execution_lists_it() {
    let events = [
        event("A", "START", "08:00", ""),
        event("B", "COMPLETE", "09:00", ""),
    ];
    let server = imported(&log(&[trace("7", &events)]), &[]);
    assert_eq!(server.of_type("step").len(), 1);
    assert_eq!(server.of_type("activity").len(), 2);
    let ended = &server.of_type("execution")[1];
    assert_eq!(
        (&ended["stepCount"], &ended["metadata"]["unfinished"]),
        (&1.into(), &json!(["A"]))
    );
}

#[test]
fn suspended_time_does_not_count_and_aborts_and_skips_are_not_completions() {
    let steps = steps(&[
        event("A", "START", "08:00", ""),
        event("A", "SUSPEND", "08:10", ""),
        event("A", "RESUME", "08:40", ""),
        event("A", "COMPLETE", "09:00", ""),
        event("B", "START", "09:00", ""),
        event("B", "ATE_ABORT", "09:05", ""),
        event("C", "AUTOSKIP", "09:06", ""),
    ]);
    assert_eq!(
        (&steps[0]["duration"], &steps[0]["metadata"]["suspendedMs"]),
        (&1_800_000.into(), &1_800_000.into())
    );
    assert_eq!(
        (&steps[1]["status"], &steps[1]["errorType"]),
        (&"failed".into(), &"ate_abort".into())
    );
    assert_eq!(steps[2]["status"], "skipped");
}

#[test]
fn outcome_flags_map_activities_to_goals_and_statuses() {
    let with = |name: &str, activity: &str| {
        let events = [
            event("A", "COMPLETE", "08:00", ""),
            event(activity, "COMPLETE", "09:00", ""),
        ];
        trace(name, &events).replace(
            "<trace>\n",
            "<trace>\n<string key=\"AMOUNT\" value=\"500\"/>",
        )
    };
    let content = log(&[
        with("1", "APPROVED"),
        with("2", "CANCELLED"),
        with("3", "DECLINED"),
        with("4", "OTHER"),
    ]);
    let flags = [
        "--goal",
        "APPROVED",
        "--canceled",
        "CANCELLED",
        "--failed",
        "DECLINED",
        "--goal-value",
        "AMOUNT",
    ];
    let server = imported(&content, &flags);
    let ends: Vec<Value> = server
        .of_type("execution")
        .iter()
        .skip(1)
        .step_by(2)
        .map(|run| run["status"].clone())
        .collect();
    assert_eq!(ends, ["completed", "canceled", "failed", "completed"]);
    assert_eq!(server.of_type("execution")[5]["errorType"], "DECLINED");
    let goals = server.of_type("goal");
    assert_eq!(goals.len(), 1);
    assert_eq!(
        (
            &goals[0]["goalId"],
            &goals[0]["subjectId"],
            &goals[0]["value"]
        ),
        (&"APPROVED".into(), &"1".into(), &500.0.into())
    );
    assert_eq!(goals[0]["timestamp"], "2024-03-01T08:00:00.000Z");
}

#[test]
fn an_outcome_flag_that_matches_nothing_is_noted() {
    let (_dir, path) = file(
        "log.xes",
        log(&[trace("7", &[event("A", "COMPLETE", "08:00", "")])]).as_bytes(),
    );
    let (report, _) = Server::default().import(&args(&path, &["--goal", "A_APROVED"]));
    assert!(report.notes[0].contains("A_APROVED"), "{report}");
}

#[test]
fn no_xes_file_makes_the_import_panic() {
    let events = [
        event("A", "START", "08:00", &user("112")),
        event("A", "COMPLETE", "09:30", "<int key=\"n\" value=\"5\"/>"),
        event(
            "B",
            "COMPLETE",
            "10:00",
            "<list key=\"l\"><values><float key=\"f\" value=\"0.5\"/></values></list>",
        ),
    ];
    let log = log(&[trace("7", &events), trace("8", &events)]);
    withstands_files("log.xes", vec![log.into_bytes()], &["--goal", "B"]);
}

#[test]
fn no_compressed_xes_file_makes_the_import_panic() {
    let log = log(&[trace("7", &[event("A", "COMPLETE", "08:00", "")])]);
    withstands_files(
        "log.xes.gz",
        vec![crate::tests::support::gz(log.as_bytes())],
        &[],
    );
}
