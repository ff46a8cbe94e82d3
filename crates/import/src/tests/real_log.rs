//! The published log of a loan process at a Dutch bank.

use std::collections::BTreeSet;
use std::path::Path;

use super::support::{Server, args};

#[test]
fn the_real_log_of_a_dutch_bank_is_imported_completely() {
    let path = Path::new("../../../shared/data/bpic2012.xes.gz");
    if !path.exists() {
        println!(
            "SKIPPED: {} does not exist, so the import of the real log is NOT tested",
            path.display()
        );
        return;
    }
    let server = Server::default();
    let (report, error) = server.import(&args(path, &["--goal", "A_APPROVED"]));
    assert!(error.is_none(), "{error:?}");
    println!("{report}");
    assert_eq!(
        (report.records["traces"], report.records["log events"]),
        (13_087, 262_200)
    );
    let count = |kind: &str| report.events[kind];
    assert_eq!(
        (
            count("activity"),
            count("step"),
            count("execution"),
            count("goal")
        ),
        (262_200, 164_506, 26_174, 2_246)
    );
    assert_eq!(
        (report.accepted, report.rejected, report.duplicates),
        (report.total(), 0, 0)
    );
    let activities = server.of_type("activity");
    let users: BTreeSet<&str> = activities
        .iter()
        .filter_map(|event| event["userId"].as_str())
        .collect();
    assert_eq!(users.len(), 68);
    let first = activities
        .iter()
        .filter_map(|event| event["timestamp"].as_str())
        .min();
    let last = activities
        .iter()
        .filter_map(|event| event["timestamp"].as_str())
        .max();
    assert_eq!(
        (first, last),
        (
            Some("2011-09-30T22:38:44.546Z"),
            Some("2012-03-14T15:04:54.681Z")
        )
    );
    let steps = server.of_type("step");
    assert_eq!(
        steps
            .iter()
            .filter(|step| step["duration"].is_i64())
            .count(),
        71_373
    );
    assert!(
        steps
            .iter()
            .all(|step| step["workflowId"] == "bpi-challenge-2012")
    );
}
