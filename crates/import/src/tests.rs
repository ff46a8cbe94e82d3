//! The importer as a whole, against a stand-in for the server.

#![allow(clippy::unwrap_used)]

mod http;
mod real_log;
pub(crate) mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::sender::answer;
use crate::{ImportError, SendError, import};

use support::{Server, args, args_with, file, gz, withstands_files};

fn lines(n: usize) -> Vec<u8> {
    (0..n)
        .flat_map(|i| {
            format!("{{\"type\":\"activity\",\"id\":\"e{i}\",\"action\":\"a\"}}\n").into_bytes()
        })
        .collect()
}

#[test]
fn an_import_that_is_repeated_counts_nothing_twice() {
    let (_dir, path) = file("events.ndjson.gz", &gz(&lines(1_234)));
    let server = Server::default();
    let args = args(&path, &["--batch-size", "100"]);
    let (first, error) = server.import(&args);
    assert!(error.is_none());
    assert_eq!(
        (first.accepted, first.duplicates, first.total()),
        (1_234, 0, 1_234)
    );
    assert!(first.files[0].finished);
    assert_eq!(first.files[0].acknowledged_to_line, 1_234);
    let (second, _) = server.import(&args);
    assert_eq!((second.accepted, second.duplicates), (0, 1_234));
    assert_eq!(
        server.requests.load(Ordering::SeqCst),
        26,
        "13 batches of at most 100, twice"
    );
}

#[test]
fn an_import_that_loses_its_server_reports_its_progress_and_can_continue() {
    let (_dir, path) = file("events.ndjson", &lines(1_000));
    let flags = [
        "--batch-size",
        "100",
        "--in-flight",
        "1",
        "--retry-for",
        "0",
    ];
    let mut server = Server {
        down_after: Some(4),
        ..Server::default()
    };
    let (report, error) = server.import(&args_with(&path, &flags));
    assert!(
        matches!(&error, Some(ImportError::Send(detail)) if detail.contains("connection refused")),
        "{error:?}"
    );
    assert_eq!(
        (report.accepted, report.files[0].acknowledged_to_line),
        (400, 400)
    );
    assert!(!report.files[0].finished);
    assert!(
        report.to_string().contains("was imported up to line 400"),
        "{report}"
    );
    server.down_after = None;
    let (report, error) = server.import(&args_with(&path, &flags));
    assert!(error.is_none());
    assert_eq!((report.accepted, report.duplicates), (600, 400));
}

#[test]
fn a_batch_is_retried_until_a_busy_server_accepts_it() {
    let (_dir, path) = file("events.ndjson", &lines(10));
    let server = Server {
        busy_first: 3,
        ..Server::default()
    };
    let (report, error) = server.import(&args(&path, &[]));
    assert!(error.is_none());
    assert_eq!(report.accepted, 10);
    assert_eq!(server.requests.load(Ordering::SeqCst), 4);
}

#[test]
fn a_server_that_stays_busy_ends_the_import_after_the_retry_time() {
    let (_dir, path) = file("events.ndjson", &lines(10));
    let server = Server {
        busy_first: usize::MAX,
        ..Server::default()
    };
    let (report, error) = server.import(&args_with(&path, &["--retry-for", "0"]));
    assert!(matches!(error, Some(ImportError::Send(_))));
    assert_eq!(report.accepted, 0);
}

#[test]
fn a_batch_over_the_size_limit_is_sent_in_parts_and_errors_keep_their_lines() {
    let (_dir, path) = file("events.ndjson", &lines(100));
    let server = Server {
        largest: Some(30),
        poison: "e77",
        ..Server::default()
    };
    let (report, _) = server.import(&args(&path, &[]));
    assert_eq!((report.accepted, report.rejected), (99, 1));
    assert_eq!(report.rejections[0].line, 78);
}

#[test]
fn an_event_that_the_server_rejects_is_reported_with_file_and_line() {
    let (_dir, path) = file("events.ndjson", &lines(25));
    let server = Server {
        poison: "e16",
        ..Server::default()
    };
    let (report, error) = server.import(&args(&path, &["--batch-size", "10"]));
    assert!(error.is_none());
    let message = report.rejections[0].to_string();
    assert!(
        message.ends_with("events.ndjson:17: invalid (duration): must not be negative"),
        "{message}"
    );
    assert_eq!(report.exit_code(), 1);
    let (allowed, _) = server.import(&args(&path, &["--allow-rejected"]));
    assert_eq!((allowed.rejected, allowed.exit_code()), (1, 0));
}

#[test]
fn ignored_money_fields_are_reported_with_the_number_of_events() {
    let cost = |id: &str, more: &str| format!("{{\"type\":\"cost\",\"id\":\"{id}\"{more}}}\n");
    let content = [
        cost("a", ",\"cost_usd\":1"),
        cost("b", ""),
        cost("c", ",\"cost_usd\":2"),
    ];
    let (_dir, path) = file("events.ndjson", content.concat().as_bytes());
    let server = Server {
        ignored: "cost_usd",
        ..Server::default()
    };
    let (report, _) = server.import(&args(&path, &["--batch-size", "2"]));
    assert_eq!(report.ignored_fields["cost_usd"], 2);
    let message = report.to_string();
    assert!(
        message.contains("ignored") && message.contains("2 cost_usd"),
        "{message}"
    );
    let quiet = Server::default().import(&args(&path, &[])).0.to_string();
    assert!(!quiet.contains("ignored"), "{quiet}");
}

#[test]
fn a_line_that_is_not_a_json_event_is_rejected_and_the_others_are_kept() {
    let content =
        b"{\"type\":\"goal\",\"id\":\"a\"}\n\n[1]\n{\"type\":\n{\"type\":\"goal\",\"id\":\"b\"}";
    let (_dir, path) = file("events.jsonl", content);
    let server = Server::default();
    let (report, _) = server.import(&args(&path, &[]));
    let refused: Vec<u64> = report
        .rejections
        .iter()
        .map(|rejection| rejection.line)
        .collect();
    assert_eq!((report.accepted, refused), (2, vec![3, 4]));
}

#[test]
fn a_truncated_gzip_file_ends_the_import_with_its_line_and_what_came_before_is_kept() {
    let packed = gz(&lines(20_000));
    let (_dir, path) = file("events.ndjson.gz", &packed[..packed.len() / 2]);
    let server = Server::default();
    let (report, error) = server.import(&args(&path, &[]));
    let Some(ImportError::Truncated { line, byte, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(byte, packed.len() as u64 / 2);
    assert!(line > 5_000, "{line}");
    assert_eq!(
        report.accepted,
        line - 1,
        "every complete line before it is imported"
    );
}

#[test]
fn a_truncated_zstd_file_is_reported_as_truncated() {
    let packed = zstd::bulk::compress(&lines(20_000), 1).unwrap();
    let (_dir, path) = file("events.ndjson.zst", &packed[..packed.len() / 2]);
    let (_, error) = Server::default().import(&args(&path, &[]));
    assert!(
        matches!(error, Some(ImportError::Truncated { .. })),
        "{error:?}"
    );
}

#[test]
fn a_dry_run_counts_and_sends_nothing() {
    let (_dir, path) = file("events.ndjson", &lines(50));
    let server = Server::default();
    let (report, error) = server.import(&args(&path, &["--dry-run"]));
    assert!(error.is_none());
    assert_eq!((report.total(), report.accepted), (50, 0));
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn a_stopped_import_says_so() {
    let (_dir, path) = file("events.ndjson", &lines(50));
    let (report, error) = import(
        &args(&path, &[]),
        &Server::default(),
        support::now(),
        &AtomicBool::new(true),
    );
    assert!(matches!(error, Some(ImportError::Interrupted)));
    assert!(!report.files[0].finished);
}

#[test]
fn an_unknown_format_or_a_missing_file_is_reported_before_anything_is_sent() {
    let (_dir, path) = file("events.txt", b"");
    let (_, error) = Server::default().import(&args(&path, &[]));
    assert!(error.unwrap().to_string().contains("set --format"));
    let (_, error) = Server::default().import(&args(&path.with_file_name("none.csv"), &[]));
    assert!(matches!(error, Some(ImportError::File { .. })));
}

#[test]
fn responses_are_distinguished_by_what_would_help() {
    let taken = answer(
        200,
        None,
        r#"{"accepted":2,"duplicates":1,"rejected":0,"errors":[]}"#,
    )
    .unwrap();
    assert_eq!((taken.accepted, taken.duplicates), (2, 1));
    let none = answer(
        422,
        None,
        r#"{"accepted":0,"duplicates":0,"rejected":1,"errors":[{"index":0,"code":"x"}]}"#,
    );
    assert_eq!(none.unwrap().rejected, 1);
    let busy = answer(429, Some("7"), "{}").unwrap_err();
    assert!(
        matches!(busy, SendError::Busy { retry_after: Some(wait), .. } if wait == Duration::from_secs(7))
    );
    assert!(matches!(
        answer(413, None, "").unwrap_err(),
        SendError::TooLarge(_)
    ));
    let refused = answer(
        401,
        None,
        r#"{"title":"Not logged in","detail":"Unknown key","fix":"Log in.","code":"unauthenticated"}"#,
    )
    .unwrap_err();
    assert!(
        matches!(&refused, SendError::Refused(detail) if detail == "the server responded with 401: Unknown key Pass an API key of this server with --api-key or WEIR_API_KEY.")
    );
}

#[test]
fn a_server_url_without_scheme_is_refused() {
    assert!(crate::HttpSender::new("127.0.0.1:8080", None).is_err());
    assert!(crate::HttpSender::new("ftp://example.org", None).is_err());
    assert!(crate::HttpSender::new("http://127.0.0.1:8080/", Some("key")).is_ok());
}

#[test]
fn no_ndjson_file_makes_the_import_panic() {
    withstands_files("events.ndjson", vec![lines(3)], &[]);
}
