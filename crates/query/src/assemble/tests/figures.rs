use serde_json::json;
use weir_model::Sketch;

use super::by_workflow;
use crate::{
    AssembleError, Interval, Query, assemble,
    testing::{
        answer, batch, floats, integers, json as rows_json, nulls, prepared, sketch, sketches,
        texts, times,
    },
};

#[test]
fn a_single_figure_is_computed_from_its_sums() {
    let query = Query::metrics(["executions", "success_rate", "duration_avg"]).last("90d");
    // count, completed, judged, duration_sum, duration_count
    let batch = batch(vec![
        integers([50]),
        integers([40]),
        integers([41]),
        integers([90_000]),
        integers([45]),
    ]);
    let answer = answer(&query, vec![batch]);
    let success_rate = 100.0 * 40.0 / 41.0;
    let expected = json!([{"executions": 50, "success_rate": success_rate, "duration_avg": 2_000}]);
    assert_eq!(rows_json(&answer.rows), expected);
    assert_eq!(
        (answer.source.as_str(), answer.rows_read),
        ("cube executions_total 1d", 1)
    );
}

#[test]
fn without_facts_counts_are_zero_and_rates_and_durations_are_null() {
    let query = Query::metrics([
        "executions",
        "success_rate",
        "duration_avg",
        "duration_p95",
        "duration_max",
        "users",
    ]);
    let empty = batch(vec![
        nulls(1),
        nulls(1),
        nulls(1),
        nulls(1),
        nulls(1),
        sketches(&[None]),
    ]);
    let answer = answer(&query.last("90d"), vec![empty, batch(vec![integers([0])])]);
    let expected = json!([{"executions": 0, "success_rate": null, "duration_avg": null,
        "duration_p95": null, "duration_max": null, "users": 0}]);
    assert_eq!(rows_json(&answer.rows), expected);
}

#[test]
fn executions_in_time_are_counted_from_the_sketch_up_to_the_threshold() {
    let metrics = ["durations", "durations_within", "duration_within_rate"];
    let within = |threshold, durations: &[i64]| {
        let mut query = Query::metrics(metrics).last("90d");
        query.threshold = threshold;
        let count = integers([durations.len() as i64]);
        let sketch = sketches(&[Some(sketch(durations.iter().copied()))]);
        let answer = answer(&query, vec![batch(vec![count.clone(), count, sketch])]);
        rows_json(&answer.rows)
    };
    let durations = [10, 20, 30, 4_000, 60_000];
    let expected = json!([{"durations": 5, "durations_within": 4, "duration_within_rate": 80}]);
    assert_eq!(within(None, &durations), expected);
    let expected = json!([{"durations": 5, "durations_within": 2, "duration_within_rate": 40}]);
    assert_eq!(within(Some(20), &durations), expected);
    let expected = json!([{"durations": 0, "durations_within": 0, "duration_within_rate": null}]);
    assert_eq!(within(Some(20), &[]), expected);
}

#[test]
fn groups_whose_partials_cancel_out_are_dropped() {
    let query = Query::metrics(["executions", "duration_sum"])
        .by(["status"])
        .last("90d");
    let batch = batch(vec![
        texts(["started", "completed", "started"]),
        integers([1, 1, -1]),
        integers([0, 700, 0]),
    ]);
    let answer = answer(&query, vec![batch]);
    assert_eq!(
        rows_json(&answer.rows),
        json!([{"status": "completed", "executions": 1, "duration_sum": 700}])
    );
    assert_eq!(answer.groups, 1);
}

#[test]
fn sketches_of_many_partials_give_the_quantiles_of_their_sum() {
    let query = Query::metrics(["duration_p99", "duration_p50", "duration_max"])
        .by(["workflow"])
        .last("90d");
    let (fast, slow) = (sketch(1..=100), sketch((1..=50).map(|i| i * 1_000)));
    let mut taken_back = Sketch::default();
    taken_back.add(50_000, -1);
    let mut both = fast.clone();
    both.merge(&slow);
    both.merge(&taken_back);
    let partials = [
        Some(fast.clone()),
        Some(slow),
        None,
        Some(taken_back),
        Some(fast.clone()),
    ];
    let batch = batch(vec![
        texts(["both", "both", "none", "both", "fast"]),
        integers([100, 50, 3, -1, 100]),
        sketches(&partials),
    ]);
    let answer = answer(&query, vec![batch]);
    let row = |workflow: &str| {
        let row = answer
            .rows
            .iter()
            .find(|row| row.key[0].as_deref() == Some(workflow));
        row.unwrap().values.clone()
    };
    assert_eq!(row("both"), both.quantiles(&[0.99, 0.5, 1.0]));
    assert_eq!(row("fast"), fast.quantiles(&[0.99, 0.5, 1.0]));
    assert_eq!(row("none"), [None, None, None]);
}

#[test]
fn weights_from_raw_facts_count_like_sketches() {
    let query = Query::metrics(["duration_p50"]).by(["user"]).last("90d");
    let measures = batch(vec![texts(["ann"]), integers([4]), sketches(&[None])]);
    // Buckets 10, 20 and 30 with weights 1, 2 and 1.
    let weights = batch(vec![
        texts(["ann", "ann", "ann"]),
        integers([30, 10, 20]),
        integers([1, 1, 2]),
    ]);
    let answer = answer(&query, vec![measures, weights]);
    assert_eq!(
        rows_json(&answer.rows),
        json!([{"user": "ann", "duration_p50": 20}])
    );
}

#[test]
fn users_of_several_steps_are_combined() {
    let query = Query::metrics(["users"]).last("90d").every(Interval::Month);
    let steps = times([
        "2024-04-01T00:00:00Z",
        "2024-04-02T00:00:00Z",
        "2024-04-02T00:00:00Z",
        "2024-05-01T00:00:00Z",
    ]);
    let batch = batch(vec![steps, texts(["ann", "ann", "bob", "ann"])]);
    let answer = answer(&query, vec![batch]);
    let users: Vec<_> = answer
        .rows
        .iter()
        .map(|row| row.values[0].unwrap())
        .collect();
    assert_eq!(users[users.len() - 2..], [2.0, 1.0]);
}

#[test]
fn groups_that_only_have_users_are_included() {
    let query = Query::metrics(["users"]).by(["workflow"]).last("90d");
    let answer = answer(
        &query,
        vec![batch(vec![texts(["loan", "mail"]), integers([2, 3])])],
    );
    assert_eq!(
        rows_json(&answer.rows),
        json!([{"workflow": "mail", "users": 3}, {"workflow": "loan", "users": 2}])
    );
}

#[test]
fn families_are_joined_on_their_dimensions() {
    let query = Query::metrics(["executions", "cost"])
        .by(["workflow"])
        .last("90d");
    let executions = batch(vec![texts(["loan", "mail"]), integers([5, 4])]);
    let costs = batch(vec![
        texts(["mail", "chat"]),
        integers([1, 1]),
        floats([2_500_000_000.0, 1e19]),
    ]);
    let answer = answer(&query, vec![executions, costs]);
    let expected = json!([
        {"workflow": "loan", "executions": 5, "cost": 0},
        {"workflow": "mail", "executions": 4, "cost": 2.5},
        {"workflow": "chat", "executions": 0, "cost": 10_000_000_000_i64},
    ]);
    assert_eq!(rows_json(&answer.rows), expected);
}

#[test]
fn results_of_the_wrong_shape_are_an_error_and_not_a_figure() {
    let prepared = prepared(&by_workflow());
    let missing = assemble(&prepared, &[]).unwrap_err();
    assert_eq!(
        missing,
        AssembleError::Results {
            expected: 1,
            found: 0
        }
    );
    let wrong = batch(vec![texts(["a"]), texts(["1"])]);
    let error = assemble(&prepared, &[vec![wrong]]).unwrap_err();
    let expected = AssembleError::Column {
        statement: 0,
        position: 1,
        expected: "BIGINT",
        found: "Utf8".to_owned(),
    };
    assert_eq!(error, expected);
}

#[test]
fn totals_are_those_of_all_buckets_and_count_a_user_of_several_once() {
    let query = Query::metrics(["executions", "success_rate", "duration_p50", "users"])
        .last("3d")
        .every(Interval::Day)
        .compare(crate::Comparison::PreviousPeriod)
        .with_totals();
    // count, completed, judged, sketch of durations
    let days = |day: &str, next: &str, count: i64, long: i64| {
        batch(vec![
            times([day, next]),
            integers([count, 1]),
            integers([count - 1, 0]),
            integers([count, 1]),
            sketches(&[Some(sketch([10, 10])), Some(sketch([long, long, long]))]),
        ])
    };
    let users = |day: &str, next: &str| batch(vec![times([day, next]), integers([3, 2])]);
    let (monday, tuesday) = ("2024-05-13T00:00:00Z", "2024-05-14T00:00:00Z");
    let (friday, saturday) = ("2024-05-10T00:00:00Z", "2024-05-11T00:00:00Z");
    let answer = answer(
        &query,
        vec![
            days(monday, tuesday, 5, 500),
            users(monday, tuesday),
            batch(vec![integers([4])]),
            days(friday, saturday, 2, 20),
            users(friday, saturday),
            batch(vec![integers([3])]),
        ],
    );
    let totals = answer.totals.as_ref().unwrap();
    let found = rows_json(&totals.rows);
    assert_eq!(found[0]["executions"], 6);
    assert_eq!(found[0]["success_rate"], 100.0 * 4.0 / 6.0);
    // Not the mean of the days' medians: three of the five durations are long.
    let median = found[0]["duration_p50"].as_f64().unwrap();
    assert!((median / 500.0 - 1.0).abs() < 0.02, "{median}");
    // 3 and 2 users on two days were 4 different ones.
    assert_eq!(found[0]["users"], 4);
    assert!(found[0].get("time").is_none());
    let before = rows_json(totals.comparison.as_ref().unwrap());
    assert_eq!(
        (before[0]["executions"].clone(), before[0]["users"].clone()),
        (json!(3), json!(3))
    );
    assert_eq!(rows_json(&answer.rows).as_array().unwrap().len(), 3);
}
