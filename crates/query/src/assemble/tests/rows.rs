use serde_json::json;
use weir_model::cube::Dimension;

use super::by_workflow;
use crate::{
    Comparison, Direction, Interval, Query,
    testing::{answer, batch, integers, json as rows_json, nullable_texts, texts, times},
};

#[test]
fn rows_are_ordered_by_the_first_metric_with_null_keys_last_among_equals() {
    let batch = batch(vec![
        nullable_texts([None, Some("b"), Some("a"), Some("c")]),
        integers([2, 2, 2, 9]),
    ]);
    let answer = answer(&by_workflow(), vec![batch]);
    let expected = json!([
        {"workflow": "c", "executions": 9},
        {"workflow": "a", "executions": 2},
        {"workflow": "b", "executions": 2},
        {"workflow": null, "executions": 2},
    ]);
    assert_eq!(rows_json(&answer.rows), expected);
    assert_eq!(
        answer.ids(&[Dimension::Workflow, Dimension::Step])[&Dimension::Workflow],
        ["a", "b", "c"]
    );
}

#[test]
fn an_order_is_kept_with_nulls_last_in_both_directions() {
    let order = |direction| {
        let query = Query::metrics(["executions", "success_rate"])
            .by(["workflow"])
            .last("90d");
        let batch = batch(vec![
            texts(["a", "b", "c"]),
            integers([3, 3, 3]),
            integers([1, 0, 2]),
            integers([2, 0, 2]),
        ]);
        let answer = answer(&query.order("success_rate", direction), vec![batch]);
        let rows = answer.rows.iter();
        rows.map(|row| {
            answer
                .rows
                .dimension(row, Dimension::Workflow)
                .unwrap()
                .to_owned()
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(order(Direction::Asc), ["a", "c", "b"]);
    assert_eq!(order(Direction::Desc), ["c", "a", "b"]);
}

#[test]
fn the_limit_cuts_sorted_rows_and_reports_how_many_there_were() {
    let batch = batch(vec![texts(["a", "b", "c"]), integers([1, 3, 2])]);
    let answer = answer(&by_workflow().limit(2), vec![batch]);
    let expected = json!([{"workflow": "b", "executions": 3}, {"workflow": "c", "executions": 2}]);
    assert_eq!(rows_json(&answer.rows), expected);
    assert_eq!(answer.groups, 3);
}

#[test]
fn without_dimensions_every_bucket_has_a_row_and_steps_add_up_to_it() {
    let query = Query::metrics(["executions", "duration_avg"])
        .last("3d")
        .every(Interval::Day);
    let batch = batch(vec![
        times([
            "2024-05-12T22:00:00Z",
            "2024-05-13T03:00:00Z",
            "2024-05-15T21:00:00Z",
        ]),
        integers([2, 3, 1]),
        integers([100, 200, 0]),
        integers([2, 1, 0]),
    ]);
    let answer = answer(&query.timezone("Europe/Amsterdam"), vec![batch]);
    let expected = json!([
        {"time": "2024-05-13T00:00:00+02:00", "executions": 5, "duration_avg": 100},
        {"time": "2024-05-14T00:00:00+02:00", "executions": 0, "duration_avg": null},
        {"time": "2024-05-15T00:00:00+02:00", "executions": 1, "duration_avg": null},
    ]);
    assert_eq!(rows_json(&answer.rows), expected);
}

#[test]
fn buckets_that_have_not_begun_have_a_row_only_if_they_are_not_empty() {
    let query = Query::metrics(["executions"])
        .last("1d")
        .every(Interval::HalfDay);
    let morning = json!({"time": "2024-05-15T00:00:00Z", "executions": 2});
    let afternoon = json!({"time": "2024-05-15T12:00:00Z", "executions": 1});
    let found = batch(vec![times(["2024-05-15T00:00:00Z"]), integers([2])]);
    assert_eq!(
        rows_json(&answer(&query, vec![found]).rows),
        json!([morning])
    );
    // A producer's clock is ahead.
    let halves = times(["2024-05-15T00:00:00Z", "2024-05-15T12:00:00Z"]);
    let ahead = batch(vec![halves, integers([2, 1])]);
    assert_eq!(
        rows_json(&answer(&query, vec![ahead]).rows),
        json!([morning, afternoon])
    );
}

#[test]
fn with_a_granularity_the_limit_keeps_the_best_groups_over_the_range() {
    let query = by_workflow().every(Interval::Day).limit(2);
    let batch = batch(vec![
        times([
            "2024-05-14T00:00:00Z",
            "2024-05-14T00:00:00Z",
            "2024-05-15T00:00:00Z",
            "2024-05-15T00:00:00Z",
            "2024-05-14T00:00:00Z",
        ]),
        texts(["steady", "peak", "steady", "rare", "gone"]),
        integers([5, 8, 4, 7, 0]),
    ]);
    let answer = answer(&query, vec![batch]);
    let expected = json!([
        {"time": "2024-05-14T00:00:00Z", "workflow": "peak", "executions": 8},
        {"time": "2024-05-14T00:00:00Z", "workflow": "steady", "executions": 5},
        {"time": "2024-05-15T00:00:00Z", "workflow": "steady", "executions": 4},
    ]);
    assert_eq!(rows_json(&answer.rows), expected);
    assert_eq!(answer.groups, 3);
}

#[test]
fn buckets_can_be_ranked() {
    let query = Query::metrics(["executions"])
        .last("3d")
        .every(Interval::Day);
    let days = times([
        "2024-05-13T00:00:00Z",
        "2024-05-14T00:00:00Z",
        "2024-05-15T00:00:00Z",
    ]);
    let batch = batch(vec![days, integers([5, 8, 9])]);
    let answer = answer(
        &query.order("executions", Direction::Desc).limit(1),
        vec![batch],
    );
    assert_eq!(
        rows_json(&answer.rows),
        json!([{"time": "2024-05-15T00:00:00Z", "executions": 9}])
    );
}

#[test]
fn the_comparison_pairs_with_the_rows_by_position() {
    let query = by_workflow().compare(Comparison::PreviousPeriod).limit(2);
    let now = batch(vec![texts(["a", "b", "c"]), integers([1, 5, 3])]);
    let before = batch(vec![texts(["a", "c", "gone"]), integers([7, 2, 9])]);
    let answer = answer(&query, vec![now, before]);
    assert_eq!(
        rows_json(&answer.rows),
        json!([{"workflow": "b", "executions": 5}, {"workflow": "c", "executions": 3}])
    );
    let comparison = answer.comparison.unwrap();
    assert_eq!(
        rows_json(&comparison),
        json!([{"workflow": "b", "executions": 0}, {"workflow": "c", "executions": 2}])
    );
}

#[test]
fn the_comparison_of_a_series_has_its_own_times() {
    let query = Query::metrics(["executions"])
        .last("2d")
        .every(Interval::Day);
    let now = batch(vec![times(["2024-05-15T00:00:00Z"]), integers([5])]);
    let before = batch(vec![times(["2024-05-13T00:00:00Z"]), integers([4])]);
    let answer = answer(
        &query.compare(Comparison::PreviousPeriod),
        vec![now, before],
    );
    let expected = json!({"query": answer.query, "rows": [
        {"time": "2024-05-14T00:00:00Z", "executions": 0},
        {"time": "2024-05-15T00:00:00Z", "executions": 5},
    ], "comparison": [
        {"time": "2024-05-12T00:00:00Z", "executions": 0},
        {"time": "2024-05-13T00:00:00Z", "executions": 4},
    ]});
    assert_eq!(serde_json::to_value(&answer).unwrap(), expected);
}

#[test]
fn what_a_limit_leaves_out_is_summed_over_everything() {
    let names = ["a", "b", "c", "d"];
    let batch = batch(vec![
        texts(names),
        integers([10, 3, 2, 1]),
        integers([9, 1, 1, 1]),
        integers([10, 3, 1, 1]),
    ]);
    let query = Query::metrics(["executions", "success_rate"])
        .by(["workflow"])
        .last("90d")
        .limit(2);
    let without = answer(&query, vec![batch.clone()]);
    assert!(without.other.is_none(), "only if requested");
    let with = answer(&query.clone().with_other(), vec![batch.clone()]);
    let rest = json!([{"groups": 2, "executions": 3, "success_rate": 100}]);
    assert_eq!(
        serde_json::to_value(&with.other.unwrap().rows).unwrap(),
        rest
    );
    let all = answer(&query.limit(4).with_other(), vec![batch]);
    assert!(
        all.other.unwrap().rows.rest().is_none(),
        "nothing is left out"
    );
}

#[test]
fn the_groups_of_each_value_of_the_first_dimension_have_their_own_limit() {
    let batch = batch(vec![
        nullable_texts([
            Some("x"),
            Some("x"),
            Some("x"),
            None,
            None,
            Some("z"),
            Some("y"),
        ]),
        nullable_texts([
            Some("a"),
            Some("b"),
            None,
            Some("a"),
            Some("b"),
            Some("a"),
            Some("c"),
        ]),
        integers([5, 4, 2, 8, 1, 7, 3]),
    ]);
    let query = Query::metrics(["executions"])
        .by(["environment", "workflow"])
        .last("90d")
        .limit(2)
        .limit_each(1)
        .with_other();
    let answer = answer(&query, vec![batch]);
    // x has 11 and null 9; z with 7 and y with 3 are left out entirely.
    let expected = json!([
        {"environment": "x", "workflow": "a", "executions": 5},
        {"environment": null, "workflow": "a", "executions": 8},
    ]);
    assert_eq!(rows_json(&answer.rows), expected);
    let other = answer.other.unwrap().rows;
    let expected = json!([
        {"environment": null, "groups": 1, "executions": 1},
        {"environment": "x", "groups": 2, "executions": 6},
        {"groups": 2, "executions": 10},
    ]);
    assert_eq!(serde_json::to_value(&other).unwrap(), expected);
    let (_, groups) = other.of(Some("x")).unwrap();
    assert_eq!((groups, other.rest().unwrap().1), (2, 2));
}

#[test]
fn what_a_limit_leaves_out_has_a_row_for_every_bucket() {
    let batch = batch(vec![
        times([
            "2024-05-13T00:00:00Z",
            "2024-05-13T00:00:00Z",
            "2024-05-14T00:00:00Z",
            "2024-05-14T00:00:00Z",
        ]),
        texts(["a", "b", "b", "c"]),
        integers([9, 1, 2, 4]),
    ]);
    let query = Query::metrics(["executions"])
        .by(["workflow"])
        .last("3d")
        .every(Interval::Day)
        .limit(1)
        .with_other();
    let answer = answer(&query, vec![batch]);
    let rows = serde_json::to_value(&answer.other.unwrap().rows).unwrap();
    let counts: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["groups"], &row["executions"]))
        .collect();
    assert_eq!(counts, [(&json!(2), &json!(1)), (&json!(2), &json!(6))]);
}
