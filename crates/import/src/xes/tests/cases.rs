//! Variants that tools write, and cases that were imported before or are partly unreadable.

use serde_json::{Value, json};

use crate::report::ImportReport;
use crate::tests::support::{Server, args, file};

/// A log of one trace.
fn log_of(events: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<log>\n<string key=\"concept:name\" value=\"L\"/>\n\
         <trace><string key=\"concept:name\" value=\"7\"/>\n{events}</trace>\n</log>\n"
    )
}

/// An event, with further XML inside it.
fn at(activity: &str, time: &str, more: &str) -> String {
    format!(
        "<event><string key=\"concept:name\" value=\"{activity}\"/>\
         <date key=\"time:timestamp\" value=\"{time}\"/>{more}</event>\n"
    )
}

fn import(server: &Server, log: &str, flags: &[&str]) -> ImportReport {
    let (_dir, path) = file("log.xes", log.as_bytes());
    let flags = [&["--workflow", "w"], flags].concat();
    let (report, error) = server.import(&args(&path, &flags));
    assert!(error.is_none(), "{error:?}");
    report
}

#[test]
fn a_case_that_grew_adds_its_new_events_and_end_and_nothing_twice() {
    let first = at("a", "2026-11-01T10:00:00Z", "") + &at("b", "2026-11-01T10:10:00Z", "");
    let grown =
        first.clone() + &at("c", "2026-11-02T10:00:00Z", "") + &at("d", "2026-11-02T11:00:00Z", "");
    let server = Server::default();
    import(&server, &log_of(&first), &[]);
    let report = import(&server, &log_of(&grown), &[]);
    assert_eq!((report.accepted, report.duplicates), (5, 5));
    assert_eq!(server.of_type("step").len(), 4);
    let runs = server.of_type("execution");
    let messages: Vec<[&Value; 3]> = runs
        .iter()
        .map(|run| [&run["status"], &run["timestamp"], &run["duration"]])
        .collect();
    assert_eq!(
        json!(messages),
        json!([
            ["started", "2026-11-01T10:00:00.000Z", null],
            ["completed", "2026-11-01T10:10:00.000Z", 600_000],
            ["completed", "2026-11-02T11:00:00.000Z", 90_000_000],
        ])
    );
}

#[test]
fn only_an_event_that_the_server_would_reject_is_rejected_and_its_case_ends_without_it() {
    let long = "x".repeat(257);
    for (wrong, why) in [
        (
            at("c", "2184-11-01T10:10:00Z", ""),
            "timestamp_too_far_ahead (timestamp)",
        ),
        (
            at("c", "1984-11-01T10:10:00Z", ""),
            "timestamp_too_old (timestamp)",
        ),
        (
            at(&long, "2026-11-01T11:00:00Z", ""),
            "invalid_text (resource)",
        ),
        (
            at("c", "soon", ""),
            "time:timestamp \"soon\" is not an ISO 8601 time",
        ),
    ] {
        let events =
            at("a", "2026-11-01T10:00:00Z", "") + &at("b", "2026-11-01T10:10:00Z", "") + &wrong;
        let server = Server::default();
        let report = import(&server, &log_of(&events), &["--failed", &long]);
        assert_eq!((report.rejected, report.accepted), (1, 6), "{report}");
        let message = report.rejections[0].to_string();
        assert!(
            message.contains("log.xes:7: ") && message.contains(why),
            "{message}"
        );
        let end = &server.of_type("execution")[1];
        assert_eq!(
            json!([end["status"], end["timestamp"], end["duration"]]),
            json!(["completed", "2026-11-01T10:10:00.000Z", 600_000])
        );
    }
}

#[test]
fn attributes_full_of_escaped_characters_do_not_make_an_end_too_large() {
    let signs = "&quot;".repeat(7_000);
    let events = at("a", "2026-11-01T10:00:00Z", "");
    let log = log_of(&events).replace(
        "<event>",
        &format!("<string key=\"x\" value=\"{signs}\"/><string key=\"y\" value=\"z\"/><event>"),
    );
    let server = Server::default();
    import(&server, &log, &[]);
    let end = &server.of_type("execution")[1];
    assert_eq!(end["metadata"], json!({"y": "z"}));
}

#[test]
fn an_event_with_its_own_start_is_a_step_with_a_duration_and_the_case_begins_with_it() {
    let start = |key: &str, time: &str| format!("<date key=\"{key}\" value=\"{time}\"/>");
    for (key, flags) in [
        ("start_timestamp", &[][..]),
        ("begin", &["--start-attribute", "begin"][..]),
    ] {
        let events = at(
            "a",
            "2026-11-01T10:10:00Z",
            &start(key, "2026-11-01T10:00:00Z"),
        ) + &at(
            "b",
            "2026-11-01T11:01:00Z",
            &start(key, "2026-11-01T11:00:00Z"),
        );
        let server = Server::default();
        import(&server, &log_of(&events), flags);
        let durations: Vec<Value> = server
            .of_type("step")
            .iter()
            .map(|step| step["duration"].clone())
            .collect();
        assert_eq!(durations, [600_000, 60_000]);
        let runs = server.of_type("execution");
        assert_eq!(runs[0]["timestamp"], "2026-11-01T10:00:00.000Z");
        assert_eq!(runs[1]["duration"], 3_660_000);
    }
}

#[test]
fn an_impossible_start_is_noted_and_its_event_is_an_instant() {
    let after = "<date key=\"start_timestamp\" value=\"2026-11-01T12:00:00Z\"/>";
    let unreadable = "<string key=\"start_timestamp\" value=\"early\"/>";
    let events =
        at("a", "2026-11-01T10:00:00Z", after) + &at("b", "2026-11-01T10:10:00Z", unreadable);
    let server = Server::default();
    let report = import(&server, &log_of(&events), &[]);
    assert!(
        report.notes[0].starts_with(
            "events whose start is ignored because it is unreadable or after their end: 2 ("
        ),
        "{report}"
    );
    assert!(
        server
            .of_type("step")
            .iter()
            .all(|step| step.get("duration").is_none())
    );
    assert_eq!(server.of_type("execution")[1]["duration"], 600_000);
}

#[test]
fn the_user_is_also_read_from_resource_or_from_the_attribute_in_the_flag() {
    let by = |key: &str, name: &str| format!("<string key=\"{key}\" value=\"{name}\"/>");
    let users = |key: &str, flags: &[&str]| {
        let events = at("a", "2026-11-01T10:00:00Z", &by(key, "Ann"))
            + &at("b", "2026-11-01T10:10:00Z", &by(key, "Bob"));
        let server = Server::default();
        let report = import(&server, &log_of(&events), flags);
        let users: Vec<Value> = server
            .of_type("step")
            .iter()
            .map(|step| step["userId"].clone())
            .collect();
        (json!(users), report)
    };
    assert_eq!(users("org:resource", &[]).0, json!(["Ann", "Bob"]));
    assert_eq!(users("resource", &[]).0, json!(["Ann", "Bob"]));
    assert_eq!(
        users("agent", &["--resource", "agent"]).0,
        json!(["Ann", "Bob"])
    );
    let (without, report) = users("agent", &[]);
    assert_eq!(without, json!([null, null]));
    let note = &report.notes[0];
    assert!(
        note.contains("no event has org:resource or resource")
            && note.contains("--resource ATTRIBUTE")
            && note.ends_with("agent"),
        "{note}"
    );
}

#[test]
fn a_trace_with_unreadable_times_is_distinguished_from_one_without_events() {
    let server = Server::default();
    let report = import(
        &server,
        &log_of(&(at("a", "?", "") + &at("b", "?", ""))),
        &[],
    );
    assert_eq!(report.rejected, 2);
    assert_eq!(
        report.notes,
        ["traces skipped because no event has a readable time: 1 (first in line 4)"]
    );
    let report = import(&server, &log_of(""), &[]);
    assert_eq!(
        report.notes,
        ["traces skipped because they have no events: 1 (first in line 4)"]
    );
}

#[test]
fn events_with_the_same_time_keep_the_order_of_the_file_in_one_body() {
    let events: String = (0..40)
        .map(|n| at(&format!("a{n}"), "2026-11-01T10:00:00Z", ""))
        .collect();
    let one = log_of(&events);
    let log = one.replace("</log>", "") + &one[one.find("<trace>").unwrap()..].replace('7', "8");
    let server = Server::default();
    import(&server, &log, &["--batch-size", "30", "--in-flight", "1"]);
    let steps = server.of_type("step");
    let order: Vec<&str> = steps[..40]
        .iter()
        .filter_map(|step| step["stepId"].as_str())
        .collect();
    assert_eq!(order, (0..40).map(|n| format!("a{n}")).collect::<Vec<_>>());
    let requests = server.requests.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(requests, 2, "each case has its own body");
}

#[test]
fn unknown_transitions_are_noted_and_can_be_mapped() {
    let of = |word: &str| format!("<string key=\"lifecycle:transition\" value=\"{word}\"/>");
    let events = at("a", "2026-11-01T10:00:00Z", &of("Begin"))
        + &at("a", "2026-11-01T10:10:00Z", &of("Done"));
    let server = Server::default();
    let report = import(&server, &log_of(&events), &[]);
    assert!(
        report.notes[0].contains("\"begin\" (1), \"done\" (1)"),
        "{report}"
    );
    let server = Server::default();
    import(
        &server,
        &log_of(&events),
        &["--lifecycle", "begin=start,done=complete"],
    );
    assert_eq!(server.of_type("step")[0]["duration"], 600_000);
}

#[test]
fn a_log_is_read_in_the_encoding_that_it_declares() {
    let log = log_of(&at("Pr\u{fc}fung", "2026-11-01T10:00:00Z", ""));
    let latin: Vec<u8> = log
        .replace(
            "?xml version=\"1.0\"?",
            "?xml version=\"1.0\" encoding=\"ISO-8859-1\"?",
        )
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let (_dir, path) = file("log.xes", &latin);
    let server = Server::default();
    let (report, error) = server.import(&args(&path, &[]));
    assert!(error.is_none() && report.rejected == 0, "{report}");
    assert_eq!(server.of_type("step")[0]["stepId"], "Pr\u{fc}fung");
}
