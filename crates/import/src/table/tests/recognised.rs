//! What is detected from a file: separators, encodings, lines, times; and ids for rows that have none.

use serde_json::{Value, json};

use crate::ImportError;
use crate::report::ImportReport;
use crate::tests::support::{Server, args, file};

const ROWS: &str = "executionId,workflowId,timestamp,status\n1,w,2026-11-01T00:00:00Z,completed\n";

fn import(bytes: &[u8], flags: &[&str]) -> (Server, ImportReport, Option<ImportError>) {
    let (_dir, path) = file("a.csv", bytes);
    let server = Server::default();
    let flags = [&["--type", "execution"], flags].concat();
    let (report, error) = server.import(&args(&path, &flags));
    (server, report, error)
}

/// Asserts that the file contains one execution and that it is accepted.
fn accepted(bytes: &[u8], flags: &[&str]) {
    let (server, report, error) = import(bytes, flags);
    assert!(
        error.is_none() && report.rejected == 0,
        "{report} {error:?}"
    );
    let run = &server.of_type("execution")[0];
    assert_eq!(
        json!([run["executionId"], run["timestamp"], run["status"]]),
        json!(["1", "2026-11-01T00:00:00.000Z", "completed"])
    );
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn separators_come_from_the_flag_a_sep_line_or_the_header() {
    for separator in [",", ";", "\t", "|"] {
        let rows = ROWS.replace(',', separator);
        accepted(rows.as_bytes(), &[]);
        accepted(rows.as_bytes(), &["--delimiter", separator]);
        let text = format!("sep={separator}\r\n{rows}");
        accepted(text.as_bytes(), &[]);
        accepted(text.as_bytes(), &["--delimiter", separator]);
    }
    accepted(ROWS.replace(',', "~").as_bytes(), &["--delimiter", "~"]);
    let quoted = ROWS
        .replace("status\n", "status,\"a;b;c;d;e;f\"\n")
        .replace("completed", "completed,x");
    accepted(quoted.as_bytes(), &[]);
}

#[test]
fn an_error_with_a_single_column_header_names_the_separator_flag() {
    let (_, _, error) = import(ROWS.replace(',', "~").as_bytes(), &[]);
    let message = error.unwrap().to_string();
    assert!(
        message.contains("no column fills \"timestamp\"") && message.contains("--delimiter"),
        "{message}"
    );
}

#[test]
fn utf_16_is_read_with_and_without_a_mark_and_an_error_with_other_bytes_names_the_encoding_flag() {
    accepted(format!("\u{feff}{ROWS}").as_bytes(), &[]);
    for mark in ["\u{feff}", ""] {
        accepted(&utf16(&format!("{mark}{ROWS}"), u16::to_le_bytes), &[]);
        accepted(&utf16(&format!("{mark}{ROWS}"), u16::to_be_bytes), &[]);
    }
    let named = ROWS
        .replace("workflowId", "workflowId,workflowName")
        .replace(",w,", ",w,K\u{e4}se,");
    let windows: Vec<u8> = named.chars().map(|c| c as u8).collect();
    let (_, report, _) = import(&windows, &[]);
    let message = report.rejections[0].to_string();
    assert!(
        message.contains("a.csv:2: ")
            && message.contains("--encoding")
            && message.contains("windows-1252"),
        "{message}"
    );
    let (server, ..) = import(&windows, &["--encoding", "windows-1252"]);
    assert_eq!(server.of_type("execution")[0]["workflowName"], "K\u{e4}se");
    let (_, _, error) = import(&windows, &["--encoding", "klingon"]);
    assert!(error.unwrap().to_string().contains("no such encoding"));
}

#[test]
fn line_numbers_include_empty_lines_and_lines_in_quotes() {
    let rows = "executionId,workflowId,timestamp,status,errorMessage\n\
        1,w,2026-11-01T00:00:00Z,completed,\n\n\n\n\
        2,w,bad,completed,\n\
        3,w,2026-11-01T00:00:00Z,nonsense,\n   \n\
        4,w,2026-11-01T00:00:00Z,failed,\"a\n\nb\"\n\n\
        5,w,worse,completed,";
    for text in [
        rows.to_owned(),
        rows.replace('\n', "\r\n"),
        format!("sep=,\n{rows}"),
    ] {
        let shift = u64::from(text.starts_with("sep"));
        let (_, report, _) = import(text.as_bytes(), &[]);
        let refused: Vec<(u64, bool)> = report
            .rejections
            .iter()
            .map(|row| (row.line - shift, row.detail.contains("--")))
            .collect();
        assert_eq!(refused, [(6, true), (7, true), (13, true)], "{report}");
        assert_eq!(report.accepted, 2);
    }
}

#[test]
fn an_unclosed_quote_is_reported_and_not_read_endlessly() {
    let rows = format!("{ROWS}2,\"{}", "w,\n".repeat(6_000_000));
    let (_, report, error) = import(rows.as_bytes(), &[]);
    assert!(
        error
            .unwrap()
            .to_string()
            .contains("a.csv:3: the row is longer than")
    );
    assert_eq!(report.accepted, 1);
}

#[test]
fn a_two_digit_year_read_as_four_digits_is_rejected_with_the_right_pattern() {
    let rows = ROWS.replace("2026-11-01T00:00:00Z", "01/11/26 00:00");
    let (_, report, _) = import(rows.as_bytes(), &["--time-format", "%d/%m/%Y %H:%M"]);
    assert!(report.rejections[0].detail.contains("%y two"), "{report}");
    accepted(rows.as_bytes(), &["--time-format", "%d/%m/%y %H:%M"]);
    let (_, report, _) = import(rows.as_bytes(), &[]);
    assert!(
        report.rejections[0].detail.contains("set --time-format"),
        "{report}"
    );
}

#[test]
fn times_at_clock_changes_are_the_first_or_an_hour_later_and_are_counted() {
    let rows = "executionId,workflowId,timestamp,status\n\
        1,w,2026-10-25 02:30:00,completed\n2,w,2026-03-29 02:30:00,completed\n3,w,2026-03-29 03:30:00,completed\n";
    for format in [&[][..], &["--time-format", "%Y-%m-%d %H:%M:%S"]] {
        let flags = [&["--timezone", "Europe/Berlin"], format].concat();
        let (server, report, _) = import(rows.as_bytes(), &flags);
        let times: Vec<Value> = server
            .of_type("execution")
            .iter()
            .map(|run| run["timestamp"].clone())
            .collect();
        assert_eq!(
            json!(times),
            json!([
                "2026-10-25T00:30:00.000Z",
                "2026-03-29T01:30:00.000Z",
                "2026-03-29T01:30:00.000Z"
            ])
        );
        assert_eq!(report.guessed, 2);
        assert!(report.to_string().contains("guessed   2 "), "{report}");
    }
    assert_eq!(
        import(rows.as_bytes(), &[]).1.guessed,
        0,
        "UTC has no such times"
    );
}

#[test]
fn words_in_a_status_column_are_mapped_or_reported_with_the_flag() {
    let rows = ROWS.replace("completed", "OK");
    let (_, report, _) = import(rows.as_bytes(), &[]);
    let message = &report.rejections[0].detail;
    assert!(
        message.contains("status is \"ok\"") && message.contains("--status \"ok=...\""),
        "{message}"
    );
    accepted(rows.as_bytes(), &["--status", "ok=completed,bad=failed"]);
    let (_, _, error) = import(rows.as_bytes(), &["--status", "ok=fine"]);
    assert!(
        error
            .unwrap()
            .to_string()
            .contains("must be one of started, waiting")
    );
}

#[test]
fn a_step_needs_no_time_except_its_end() {
    let (_dir, path) = file(
        "a.csv",
        b"case,act,done,begun\n1,a,2026-11-01T10:10:00Z,2026-11-01T10:00:00Z\n1,b,,\n",
    );
    let server = Server::default();
    let flags = [
        "--type",
        "step",
        "--map",
        "executionId=case,stepId=act,endTime=done,startTime=begun",
        "--constant",
        "status=completed",
        "--constant",
        "workflowId=w",
    ];
    let (report, error) = server.import(&args(&path, &flags));
    assert!(error.is_none(), "{error:?}");
    assert_eq!((report.accepted, report.rejected), (1, 1));
    assert!(
        report.rejections[0].detail.contains("timestamp is empty"),
        "{report}"
    );
    let step = &server.of_type("step")[0];
    assert_eq!(step["endTime"], "2026-11-01T10:10:00.000Z");
    assert!(step.get("timestamp").is_none());
}

const REPEATED: &str = "case,act,time,lifecycle,who\n\
    1,a,2026-11-01T10:00:00Z,start,Mike\n\
    1,a,2026-11-01T10:00:00Z,complete,Mike\n\
    1,a,2026-11-01T10:00:00Z,complete,Anne\n";

#[test]
fn rows_equal_in_the_mapped_columns_all_count_and_a_repeated_import_counts_nothing_twice() {
    let flags = [
        "--type",
        "step",
        "--map",
        "executionId=case,stepId=act,timestamp=time,userId=who",
        "--constant",
        "status=completed",
        "--constant",
        "workflowId=w",
    ];
    let server = Server::default();
    let (_dir, path) = file("a.csv", REPEATED.as_bytes());
    let (report, _) = server.import(&args(&path, &flags));
    assert_eq!((report.accepted, report.duplicates), (3, 0));
    assert!(
        report.notes[0]
            .starts_with("rows that are identical to an earlier row: 1 (first in line 3)"),
        "{report}"
    );
    let (again, _) = server.import(&args(&path, &flags));
    assert_eq!((again.accepted, again.duplicates), (0, 3));
    let sorted: Vec<&str> = REPEATED.lines().collect();
    let sorted = [sorted[0], sorted[3], sorted[2], sorted[1], sorted[1]].join("\n");
    let (_dir, path) = file("b.csv", sorted.as_bytes());
    let (other, _) = server.import(&args(&path, &flags));
    assert_eq!(
        (other.accepted, other.duplicates),
        (1, 3),
        "one more is new"
    );
}

#[test]
fn rows_whose_digests_do_not_fit_into_memory_end_the_import_and_are_not_lost() {
    let mut rows = ROWS.to_owned();
    for n in 0..45_000 {
        rows += &format!("{n},w,2026-11-02T00:00:00Z,completed\n");
    }
    let (_, report, error) = import(rows.as_bytes(), &["--memory", "1"]);
    assert!(error.unwrap().to_string().contains("--map id=COLUMN"));
    assert_eq!(report.accepted, 1024 * 1024 / 24);
}
