//! Rows as events, and messages about rows and flags that are wrong.

#![allow(clippy::unwrap_used)]

mod log;
mod parquet;
mod recognised;

use crate::tests::support::{Server, args, file, withstands_files};

const RUNS: &str = "case_id,Start,Outcome,Took,Region\n\
    7,2024-03-01 08:30:00,Completed,2.5,EU\n\
    8,2024-03-01 09:00:00,failed,,US\n";

const FLAGS: [&str; 10] = [
    "--type",
    "execution",
    "--map",
    "executionId=case_id,timestamp=Start,status=Outcome,duration=Took,metadata.region=Region",
    "--time-format",
    "%Y-%m-%d %H:%M:%S",
    "--timezone",
    "Europe/Amsterdam",
    "--duration-unit",
    "s",
];

#[test]
fn columns_become_fields_according_to_the_flags() {
    let (_dir, path) = file("runs.csv", RUNS.as_bytes());
    let server = Server::default();
    let flags: Vec<&str> = FLAGS
        .iter()
        .copied()
        .chain(["--constant", "workflowId=billing"])
        .collect();
    let (report, error) = server.import(&args(&path, &flags));
    assert!(error.is_none(), "{error:?}");
    assert_eq!((report.accepted, report.records["rows"]), (2, 2));
    let runs = server.of_type("execution");
    assert_eq!(runs[0]["executionId"], "7");
    assert_eq!(runs[0]["timestamp"], "2024-03-01T07:30:00.000Z");
    assert_eq!(runs[0]["status"], "completed");
    assert_eq!(runs[0]["duration"], 2_500);
    assert_eq!(runs[0]["workflowId"], "billing");
    assert_eq!(runs[0]["metadata"]["region"], "EU");
    assert!(
        runs[1].get("duration").is_none(),
        "an empty cell is an absent field"
    );
}

#[test]
fn headers_that_are_field_names_need_no_map_even_in_snake_case() {
    let content = "type,timestamp,execution_id,STATUS,durationMs\nexecution,2024-03-01T08:30:00+01:00,7,completed,5\n";
    let (_dir, path) = file("runs.csv", content.as_bytes());
    let server = Server::default();
    assert!(server.import(&args(&path, &[])).1.is_none());
    let runs = server.of_type("execution");
    assert_eq!(
        (&runs[0]["executionId"], &runs[0]["timestamp"]),
        (&"7".into(), &"2024-03-01T07:30:00.000Z".into())
    );
    assert!(runs[0].get("duration").is_none());
}

#[test]
fn the_same_rows_in_another_file_count_once() {
    let server = Server::default();
    let (_dir, path) = file("january.csv", RUNS.as_bytes());
    server.import(&args(&path, &FLAGS));
    let more = format!("{RUNS}9,2024-03-01 10:00:00,completed,1,EU\n");
    let (_dir, path) = file("february.csv", more.as_bytes());
    let (report, _) = server.import(&args(&path, &FLAGS));
    assert_eq!((report.accepted, report.duplicates), (1, 2));
}

#[test]
fn a_row_with_an_invalid_cell_is_rejected_with_its_line_and_column() {
    let content = RUNS
        .replace("2.5", "soon")
        .replace("2024-03-01 09:00:00", "yesterday");
    let (_dir, path) = file("runs.csv", content.as_bytes());
    let (report, error) = Server::default().import(&args(&path, &FLAGS));
    assert!(error.is_none());
    assert_eq!(report.rejected, 2);
    let messages: Vec<String> = report.rejections.iter().map(ToString::to_string).collect();
    assert!(
        messages[0].ends_with("runs.csv:2: column \"Took\" (duration): \"soon\" is not a number"),
        "{}",
        messages[0]
    );
    assert!(
        messages[1]
            .contains("runs.csv:3: column \"Start\" (timestamp): \"yesterday\" does not match"),
        "{}",
        messages[1]
    );
}

#[test]
fn a_row_of_the_wrong_length_or_without_a_required_cell_is_rejected_with_its_line() {
    let content = RUNS.replace(",EU", "").replace("8,", ",");
    let (_dir, path) = file("runs.csv", content.as_bytes());
    let (report, _) = Server::default().import(&args(&path, &FLAGS));
    let messages: Vec<String> = report.rejections.iter().map(ToString::to_string).collect();
    assert!(
        messages[0].ends_with("runs.csv:2: the row has 4 cells, but the header has 5"),
        "{}",
        messages[0]
    );
    assert!(
        messages[1].ends_with("runs.csv:3: executionId is empty"),
        "{}",
        messages[1]
    );
}

#[test]
fn flags_that_do_not_match_the_header_are_refused_with_the_fix() {
    let (_dir, path) = file("runs.csv", RUNS.as_bytes());
    let message = |flags: &[&str]| {
        Server::default()
            .import(&args(&path, flags))
            .1
            .unwrap()
            .to_string()
    };
    assert!(
        message(&[]).contains(
            "runs.csv:1: no column contains the event type: set --type (execution, step,"
        )
    );
    let unknown = message(&["--type", "run"]);
    assert!(
        unknown.contains("\"run\" is not an event type"),
        "{unknown}"
    );
    assert!(unknown.contains("use --type log for a table"), "{unknown}");
    let unmapped = message(&["--type", "execution", "--map", "timestamp=Start"]);
    assert!(
        unmapped.contains("with --map executionId=COLUMN"),
        "{unmapped}"
    );
    let unknown = message(&["--type", "execution", "--map", "timestamp=Begin"]);
    assert!(
        unknown.contains("there is no column \"Begin\"; the header has case_id, Start, Outcome"),
        "{unknown}"
    );
    assert!(
        message(&["--type", "execution", "--map", "colour=Start"])
            .contains("there is no field \"colour\"")
    );
    assert!(
        message(&["--type", "execution", "--timezone", "Mars/Base"])
            .contains("no such IANA time zone")
    );
    assert!(message(&["--type", "execution", "--delimiter", "::"]).contains("--delimiter"));
}

#[test]
fn semicolons_and_quotes_are_read_and_lines_count_inside_quotes() {
    let content = "type;timestamp;action;resource\nactivity;1700000000;open;\"a\nb;c\"\nactivity;later;open;x\n";
    let (_dir, path) = file("acts.csv", content.as_bytes());
    let server = Server::default();
    let (report, _) = server.import(&args(&path, &["--delimiter", ";", "--time-format", "unix"]));
    let acts = server.of_type("activity");
    assert_eq!(
        (&acts[0]["resource"], &acts[0]["timestamp"]),
        (&"a\nb;c".into(), &"2023-11-14T22:13:20.000Z".into())
    );
    assert_eq!(report.rejections[0].line, 4);
}

#[test]
fn no_csv_file_makes_the_import_panic() {
    let header_only = RUNS.lines().next().unwrap().as_bytes().to_vec();
    withstands_files("runs.csv", vec![RUNS.as_bytes().to_vec(), header_only], &{
        let constant = ["--constant", "workflowId=billing"];
        FLAGS.iter().copied().chain(constant).collect::<Vec<_>>()
    });
}

#[test]
fn steps_get_their_parent_and_their_wait_from_columns() {
    let content = "type,timestamp,executionId,stepId,parentStepId,status,duration,waitDuration\n\
        step,2024-03-01T08:30:00+01:00,7,decide,loop,completed,5,4\n\
        step,2024-03-01T08:31:00+01:00,7,loop,,completed,6,\n";
    let (_dir, path) = file("steps.csv", content.as_bytes());
    let server = Server::default();
    let (report, error) = server.import(&args(&path, &[]));
    assert!(
        error.is_none() && report.rejected == 0,
        "{report} {error:?}"
    );
    let steps = server.of_type("step");
    assert_eq!(steps[0]["parentStepId"], "loop");
    assert_eq!(steps[0]["waitDuration"], 4);
    let absent = ["parentStepId", "waitDuration"].map(|field| steps[1].get(field).is_none());
    assert_eq!(absent, [true, true], "{}", steps[1]);
}
