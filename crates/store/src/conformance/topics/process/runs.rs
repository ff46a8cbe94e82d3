//! Executions with several runs.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    asks::{WHOLE, map_of, variants_of},
    edges_of, execution, expect, holding, step,
};
use crate::conformance::{Adapter, events};

pub(in crate::conformance) async fn each_run_of_an_execution_has_its_own_steps(
    adapter: &dyn Adapter,
) {
    let mut again = execution("a", "started", -50_000);
    again["id"] = json!("second start");
    let mut end = execution("a", "failed", -40_000);
    end["id"] = json!("second end");
    let sent = [
        execution("a", "started", -90_000),
        step("a", "first", -89_000, -88_000),
        execution("a", "completed", -80_000),
        step("a", "late", -79_000, -78_000),
        again,
        step("a", "second", -49_000, -48_000),
        end,
    ];
    let store = holding(adapter, events(&sent)).await;
    let paths: BTreeSet<_> = variants_of(&*store, 10)
        .await
        .into_iter()
        .map(|variant| (variant.steps, variant.executions, variant.completed))
        .collect();
    let steps = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let expected = [
        (steps(&["first", "late"]), 1, 1),
        (steps(&["second"]), 1, 0),
    ];
    assert_eq!(paths, BTreeSet::from(expected));
}

pub(in crate::conformance) async fn a_start_just_after_an_end_belongs_to_the_run_that_ended(
    adapter: &dyn Adapter,
) {
    let started = |at: i64| {
        let mut event = execution("a", "started", at);
        event["id"] = json!(format!("start {at}"));
        event
    };
    let sent = [
        started(-60_000),
        step("a", "a", -59_000, -55_000),
        execution("a", "completed", -50_000),
        started(-48_000),
        step("a", "d", -45_000, -44_000),
        started(-30_000),
        step("a", "b", -29_000, -28_000),
    ];
    let store = holding(adapter, events(&sent)).await;
    let paths: Vec<_> = variants_of(&*store, 10)
        .await
        .into_iter()
        .map(|variant| variant.steps)
        .collect();
    assert_eq!(paths, [["a", "d"]], "the second run is open");
    let expected = [
        ("", "a", 1, Some(1_000)),
        ("a", "d", 1, Some(10_000)),
        ("d", "", 1, Some(0)),
        // When an open run began is not known.
        ("", "b", 1, None),
    ];
    assert_eq!(edges_of(&map_of(&*store, WHOLE).await), expect(&expected));
}
