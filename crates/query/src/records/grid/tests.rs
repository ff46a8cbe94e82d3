use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, UInt64Array};

use super::*;
use crate::{
    records::executions::{TEXTS, read_executions},
    testing::{at, batch, context, integers, nullable_texts, texts, times},
};

/// Records of one execution each, newest first, as a list has them: (execution, end, duration, status).
fn records(of: &[(u64, &str, Option<i64>, &str)]) -> Vec<ExecutionRecord> {
    let rows = of.iter().map(|&(execution, end, duration, status)| {
        let none: ArrayRef = Arc::new(UInt64Array::from(vec![None::<u64>]));
        let mut columns = vec![
            times([end]),
            texts(["event"]),
            texts(["execution"]),
            texts([status]),
            Arc::new(Int64Array::from(vec![duration])) as ArrayRef,
            integers([1]),
            Arc::new(UInt64Array::from(vec![execution])) as ArrayRef,
            Arc::clone(&none),
            none,
            Arc::new(BooleanArray::from(vec![false])) as ArrayRef,
        ];
        columns.extend(TEXTS.iter().map(|_| nullable_texts([None])));
        batch(columns)
    });
    read_executions(&rows.collect::<Vec<_>>()).unwrap()
}

#[test]
fn the_steps_of_a_run_are_searched_for_around_its_time() {
    let (first, last) = (
        (1, "2024-05-01T10:00:00Z", Some(60_000), "completed"),
        (2, "2024-05-03T10:00:00Z", Some(60_000), "failed"),
    );
    let began = at("2024-05-01T09:59:00Z");
    let ended = |end: &str| at(end).plus(SLACK);
    let alone = searched(&records(&[first])).unwrap();
    assert_eq!(alone.from, began.plus(-SLACK));
    assert_eq!(alone.to, ended("2024-05-01T10:00:00Z"));
    let both = searched(&records(&[last, first])).unwrap();
    assert_eq!(both.from, began.plus(-SLACK));
    assert_eq!(both.to, ended("2024-05-03T10:00:00Z"));
}

#[test]
fn an_open_run_can_have_steps_up_to_now_and_an_unknown_start_lies_far_back() {
    let records = records(&[(1, "2024-05-01T10:00:00Z", None, "waiting")]);
    let searched = searched(&records).unwrap();
    assert_eq!(searched.to.0, i64::MAX);
    let long_before = at("2024-05-01T10:00:00Z").plus(-REACH - SLACK);
    assert_eq!(searched.from, long_before);
}

#[test]
fn the_statement_reads_within_the_scope_and_binds_times() {
    assert_eq!(
        steps_of_runs(context().scope, Dialect::DuckDb, &[], 5),
        None
    );
    let records = records(&[
        (1, "2024-05-01T12:00:00Z", Some(60_000), "completed"),
        (2, "2024-05-01T11:00:00Z", Some(60_000), "completed"),
    ]);
    let statement = steps_of_runs(context().scope, Dialect::DuckDb, &records, 5).unwrap();
    insta::assert_snapshot!(statement.sql);
    let bound = format!("{:?}", statement.parameters);
    let from = at("2024-05-01T10:59:00Z").plus(-SLACK);
    let to = at("2024-05-01T12:00:00Z").plus(SLACK);
    assert!(
        bound.contains(&format!(
            "Integer(3), Integer(7), Integer({}), Integer({})",
            from.0, to.0
        )),
        "{bound}"
    );
}

#[test]
fn steps_are_read_by_run() {
    let rows = batch(vec![
        integers([0, 1]),
        texts(["pay", "ship"]),
        nullable_texts([Some("http"), None]),
        texts(["failed", "skipped"]),
        Arc::new(Int64Array::from(vec![Some(50), None])),
        integers([2, 1]),
        integers([2, 1]),
        integers([5, 6]),
    ]);
    let found = read_steps_of_runs(&[rows]).unwrap();
    assert_eq!(
        (found[0].run, found[0].step.as_str(), found[0].duration),
        (0, "pay", Some(50))
    );
    assert_eq!(
        (found[0].runs, found[0].attempts, found[0].began),
        (2, 2, Timestamp(5))
    );
    assert_eq!(
        (found[1].status, found[1].duration),
        (StepStatus::Skipped, None)
    );
}
