//! Tables whose rows are events of a log.

use serde_json::{Value, json};

use crate::ImportError;
use crate::report::ImportReport;
use crate::tests::support::{Server, args, file};

const LOG: &str = "Case;What;When;Phase;Who;Amount;Outcome\n\
    1;Check;2026-11-01 10:00;begin;Ann;500;\n\
    2;Check;2026-11-01 10:05;begin;Bob;70;\n\
    1;Check;2026-11-01 10:10;end;Ann;500;\n\
    1;Pay;2026-11-01 10:30;end;Cleo;500;paid\n\
    2;Check;2026-11-01 11:05;end;Bob;70;lost\n\
    3;Check;2026-11-01 12:00;begin;Bob;10;open\n";

const FLAGS: [&str; 12] = [
    "--type",
    "log",
    "--workflow",
    "claims",
    "--map",
    "case=Case,activity=What,timestamp=When,lifecycle=Phase,resource=Who,status=Outcome,case.amount=Amount",
    "--time-format",
    "%Y-%m-%d %H:%M",
    "--lifecycle",
    "begin=start,end=complete",
    "--status",
    "paid=completed,lost=failed,open=started",
];

fn import(server: &Server, text: &str, flags: &[&str]) -> (ImportReport, Option<ImportError>) {
    let (_dir, path) = file("claims.csv", text.as_bytes());
    server.import(&args(&path, flags))
}

#[test]
fn rows_become_executions_steps_and_activities_with_the_status_from_the_flags() {
    let server = Server::default();
    let (report, error) = import(&server, LOG, &FLAGS);
    assert!(
        error.is_none() && report.rejected == 0,
        "{report} {error:?}"
    );
    assert_eq!((report.records["rows"], report.records["traces"]), (6, 3));
    let runs = server.of_type("execution");
    let runs: Vec<[&Value; 5]> = runs
        .iter()
        .map(|run| ["executionId", "status", "timestamp", "duration", "metadata"].map(|f| &run[f]))
        .collect();
    assert_eq!(
        json!(runs),
        json!([
            ["1", "started", "2026-11-01T10:00:00.000Z", null, null],
            ["1", "completed", "2026-11-01T10:30:00.000Z", 1_800_000, {"amount": "500"}],
            ["2", "started", "2026-11-01T10:05:00.000Z", null, null],
            ["2", "failed", "2026-11-01T11:05:00.000Z", 3_600_000, {"amount": "70"}],
            ["3", "started", "2026-11-01T12:00:00.000Z", null, null],
        ])
    );
    let steps = server.of_type("step");
    let steps: Vec<[&Value; 4]> = steps
        .iter()
        .map(|step| ["executionId", "stepId", "duration", "userId"].map(|f| &step[f]))
        .collect();
    assert_eq!(
        json!(steps),
        json!([
            ["1", "Check", 600_000, "Ann"],
            ["1", "Pay", null, "Cleo"],
            ["2", "Check", 3_600_000, "Bob"]
        ])
    );
    assert!(runs.len() == 5 && server.of_type("activity").len() == 6);
}

#[test]
fn a_log_that_was_reordered_or_grew_in_the_middle_counts_nothing_twice() {
    let server = Server::default();
    import(&server, LOG, &FLAGS);
    let mut lines: Vec<&str> = LOG.lines().collect();
    lines[1..].reverse();
    lines.insert(2, "1;Ask;2026-11-01 10:20;end;Ann;500;");
    let (report, _) = import(&server, &lines.join("\n"), &FLAGS);
    // The new activity, the new step, and the end of the case, which has one more event.
    assert_eq!(report.accepted, 3, "{report}");
    assert_eq!(server.of_type("step").len(), 4);
}

#[test]
fn headers_of_pm4py_need_no_map_and_starts_give_steps_a_duration() {
    let text = ",case:concept:name,concept:name,time:timestamp,start_timestamp,org:resource,case:region,note\n\
        0,1,a,2026-11-01 10:10:00+00:00,2026-11-01 10:00:00+00:00,Mike,EU,x\n\
        1,1,b,2026-11-01 11:01:00+00:00,2026-11-01 11:00:00+00:00,Anne,EU,\n";
    let server = Server::default();
    let (report, error) = import(&server, text, &["--type", "log"]);
    assert!(
        error.is_none() && report.rejected == 0,
        "{report} {error:?}"
    );
    let steps = server.of_type("step");
    assert_eq!(
        json!([
            steps[0]["duration"],
            steps[1]["duration"],
            steps[1]["userId"]
        ]),
        json!([600_000, 60_000, "Anne"])
    );
    let end = &server.of_type("execution")[1];
    assert_eq!(
        json!([end["duration"], end["metadata"], end["workflowId"]]),
        json!([3_660_000, {"region": "EU"}, "claims"])
    );
    assert_eq!(
        server.of_type("activity")[0]["metadata"],
        json!({"note": "x"})
    );
}

#[test]
fn identical_rows_of_a_log_all_count() {
    let row = "1;Check;2026-11-01 10:00;end;Ann;500;\n";
    let server = Server::default();
    let text = format!("{}\n{row}{row}", LOG.lines().next().unwrap());
    let (report, _) = import(&server, &text, &FLAGS);
    assert_eq!((server.of_type("step").len(), report.duplicates), (2, 0));
    let (again, _) = import(&server, &text, &FLAGS);
    assert_eq!(again.accepted, 0);
}

#[test]
fn missing_columns_and_wrong_flags_of_a_log_are_named() {
    let message = |text: &str, flags: &[&str]| {
        import(&Server::default(), text, flags)
            .1
            .unwrap()
            .to_string()
    };
    assert!(message(LOG, &["--type", "log"]).contains("with --map timestamp=COLUMN"));
    let map = ["--type", "log", "--map", "timestamp=When,case=Case"];
    assert!(message(LOG, &map).contains("with --map activity=COLUMN"));
    let bad = [&FLAGS[..], &["--lifecycle", "x=y"]].concat();
    assert!(message(LOG, &bad).contains("--lifecycle x=y: write it as WORD=TRANSITION"));
    let (report, _) = import(&Server::default(), &LOG.replace("paid", "won"), &FLAGS);
    assert!(
        report.rejections[0].detail.contains("status is \"won\""),
        "{report}"
    );
}

#[test]
fn a_log_that_is_truncated_or_does_not_fit_into_memory_is_not_sent() {
    let packed = crate::tests::support::gz(LOG.repeat(2_000).as_bytes());
    let (_dir, path) = file("claims.csv.gz", &packed[..packed.len() / 2]);
    let server = Server::default();
    let (_, error) = server.import(&args(&path, &FLAGS));
    assert!(error.unwrap().to_string().contains("nothing was sent"));
    let rows = LOG.lines().nth(1).unwrap().to_owned() + "\n";
    let large = format!("{}\n{}", LOG.lines().next().unwrap(), rows.repeat(5_000));
    let (_, error) = import(&server, &large, &[&FLAGS[..], &["--memory", "1"]].concat());
    assert!(error.unwrap().to_string().contains("--memory"));
    assert_eq!(server.events.lock().unwrap().len(), 0);
}
