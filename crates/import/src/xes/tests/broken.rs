//! Logs with errors.

use crate::ImportError;
use crate::tests::support::{Server, args, file, gz};

use super::{event, log, trace};

#[test]
fn an_event_without_time_or_name_is_rejected_with_its_line_and_the_rest_is_kept() {
    let good = event("A", "COMPLETE", "08:00", "");
    let timeless = "<event>\n<string key=\"concept:name\" value=\"B\"/>\n</event>\n".to_owned();
    let nameless =
        "<event><date key=\"time:timestamp\" value=\"2024-03-01T08:00:00Z\"/></event>\n".to_owned();
    let (_dir, path) = file(
        "log.xes",
        log(&[trace("7", &[good, timeless, nameless])]).as_bytes(),
    );
    let server = Server::default();
    let (report, error) = server.import(&args(&path, &[]));
    assert!(error.is_none());
    let messages: Vec<String> = report.rejections.iter().map(ToString::to_string).collect();
    assert!(
        messages[0].ends_with("log.xes:12: the event has no time:timestamp"),
        "{messages:?}"
    );
    assert!(
        messages[1].ends_with("log.xes:15: the event has no concept:name"),
        "{messages:?}"
    );
    assert_eq!(
        (
            server.of_type("activity").len(),
            report.records["log events"]
        ),
        (1, 3)
    );
}

#[test]
fn traces_with_the_same_name_are_separate_executions_and_a_repeated_import_adds_none() {
    let one = trace("7", &[event("A", "COMPLETE", "08:00", "")]);
    let content = log(&[one.clone(), one]);
    let (_dir, path) = file("log.xes.gz", &gz(content.as_bytes()));
    let server = Server::default();
    let flags = ["--workflow", "loans"];
    let (first, _) = server.import(&args(&path, &flags));
    assert_eq!(first.accepted, 8);
    assert_eq!(server.of_type("execution")[2]["executionId"], "7#2");
    let (again, _) = server.import(&args(&path, &flags));
    assert_eq!((again.accepted, again.duplicates), (0, 8));
}

#[test]
fn the_complete_traces_of_a_truncated_log_are_kept_and_the_error_names_the_line() {
    let whole = trace("1", &[event("A", "COMPLETE", "08:00", "")]);
    let content = log(&[
        whole,
        trace(
            "2",
            &[
                event("A", "COMPLETE", "08:00", ""),
                event("B", "COMPLETE", "08:00", ""),
            ],
        ),
    ]);
    let second_event = content.rfind("<event>").unwrap();
    for cut in [second_event, second_event + 20] {
        let (_dir, path) = file("log.xes", &content.as_bytes()[..cut]);
        let server = Server::default();
        let (report, error) = server.import(&args(&path, &[]));
        let message = error.as_ref().unwrap().to_string();
        assert!(
            matches!(error, Some(ImportError::Truncated { line: 16, .. })),
            "{message}"
        );
        assert_eq!(
            (report.records["traces"], server.of_type("activity").len()),
            (1, 1)
        );
    }
}

#[test]
fn a_malformed_log_or_another_document_is_refused_with_its_line() {
    for (content, line) in [("<log>\n<trace>\n</log>\n", 3), ("\n<svg></svg>", 2)] {
        let (_dir, path) = file("log.xes", content.as_bytes());
        let (_, error) = Server::default().import(&args(&path, &[]));
        let Some(ImportError::Malformed { line: at, .. }) = error else {
            panic!("{error:?}")
        };
        assert_eq!(at, line);
    }
}
