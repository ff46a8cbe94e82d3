use super::*;
use crate::{Query, testing, words::Interval};

fn planned(query: &Query) -> Plan {
    testing::prepared(query).plan
}

fn kinds(query: &Query) -> Vec<(Family, Kind)> {
    let plan = planned(query);
    let reads = plan.reads.iter();
    reads
        .map(|read| (plan.families[read.family].family, read.kind))
        .collect()
}

#[test]
fn metrics_of_one_family_share_a_statement_and_its_sums() {
    let query = Query::metrics([
        "executions",
        "success_rate",
        "failure_rate",
        "duration_avg",
        "duration_p95",
        "duration_max",
    ]);
    let plan = planned(&query.last("90d"));
    assert_eq!(plan.reads.len(), 1);
    let measures: Vec<_> = plan.families[0]
        .terms
        .iter()
        .map(|term| term.measure)
        .collect();
    assert_eq!(
        measures,
        [
            "count",
            "count",
            "count",
            "count",
            "duration_sum",
            "duration_count"
        ]
    );
    assert_eq!(plan.metrics[0], Compute::Sum(0, 1.0));
    assert_eq!(plan.metrics[1], Compute::Ratio(1, 2, 100.0));
    assert_eq!(plan.metrics[2], Compute::Ratio(3, 2, 100.0));
    assert_eq!(plan.metrics[3], Compute::Ratio(4, 5, 1.0));
    assert_eq!(
        plan.metrics[4..],
        [Compute::Quantile(0, 0.95), Compute::Max(0)]
    );
}

#[test]
fn families_are_read_apart_and_their_columns_follow_each_other() {
    let query = Query::metrics([
        "executions",
        "cost",
        "step_duration_p50",
        "queue_depth_change",
    ]);
    let plan = planned(&query.by(["workflow"]).last("90d"));
    let families: Vec<_> = plan
        .families
        .iter()
        .map(|needs| (needs.family, needs.first_column))
        .collect();
    let expected = [
        (Family::Executions, 0),
        (Family::Costs, 1),
        (Family::Steps, 3),
        (Family::Queues, 4),
    ];
    assert_eq!(families, expected);
    assert_eq!(plan.metrics[1], Compute::Sum(2, 1e9));
    assert_eq!(plan.metrics[3], Compute::Difference(5, 6, 1.0));
    assert_eq!(plan.columns, 7);
}

#[test]
fn the_comparison_is_read_by_separate_statements() {
    let query = Query::metrics(["executions"])
        .last("90d")
        .compare(crate::Comparison::PreviousPeriod);
    let sides: Vec<_> = planned(&query).reads.iter().map(|read| read.side).collect();
    assert_eq!(sides, [Side::Main, Side::Comparison]);
}

#[test]
fn durations_of_raw_facts_are_read_by_a_second_statement() {
    let query = Query::metrics(["duration_p50"]).last("90d");
    assert_eq!(kinds(&query), [(Family::Executions, Kind::Measures)]);
    let by_user = query.by(["user"]);
    let expected = [
        (Family::Executions, Kind::Measures),
        (Family::Executions, Kind::RawSketch),
    ];
    assert_eq!(kinds(&by_user), expected);
}

#[test]
fn values_are_counted_in_sql_only_if_nothing_remains_to_be_combined() {
    let user = weir_model::cube::Dimension::User;
    let counted = [(Family::Activity, Kind::DistinctCount(user, 0))];
    let listed = [(Family::Activity, Kind::DistinctValues(user, 0))];
    let query = Query::metrics(["users"]).last("90d");
    assert_eq!(kinds(&query), counted);
    assert_eq!(kinds(&query.clone().by(["workflow"])), counted);
    assert_eq!(kinds(&query.clone().every(Interval::Day)), counted);
    // A month is many steps of a day.
    assert_eq!(kinds(&query.clone().every(Interval::Month)), listed);
    // The best groups are chosen by their users over the whole range.
    assert_eq!(kinds(&query.by(["workflow"]).every(Interval::Day)), listed);
    let odd = testing::range("2024-05-01T00:00:01Z", "2024-05-14T00:00:00Z");
    assert_eq!(kinds(&Query::metrics(["users"]).range(odd)), listed);
}

#[test]
fn totals_of_distinct_values_are_counted_by_themselves_and_the_rest_needs_no_statement() {
    let user = weir_model::cube::Dimension::User;
    let query = Query::metrics(["executions", "users"])
        .last("90d")
        .every(Interval::Day);
    let expected = [
        (Family::Executions, Kind::Measures),
        (Family::Activity, Kind::DistinctCount(user, 0)),
        (Family::Activity, Kind::DistinctTotal(user, 0)),
    ];
    assert_eq!(kinds(&query.clone().with_totals()), expected);
    assert_eq!(kinds(&query), expected[..2]);
}

#[test]
fn a_status_in_a_metric_needs_a_cube_with_statuses() {
    let query = Query::metrics(["documents_failed"])
        .by(["document_kind"])
        .last("90d");
    assert_eq!(testing::prepared(&query).source(), "cube documents 1d");
    let both = Query::metrics(["executions", "errors"])
        .by(["user"])
        .last("90d");
    assert_eq!(
        testing::prepared(&both).source(),
        "raw executions; raw errors"
    );
}

#[test]
fn the_time_that_is_read_raw_distinguishes_cheap_queries_from_expensive_ones() {
    const DAY: i64 = weir_model::time::DAY;
    let raw = |query: Query| testing::prepared(&query.last("90d")).raw_time();
    assert!(raw(Query::metrics(["executions"])) < DAY, "ragged edges");
    assert!(raw(Query::metrics(["executions"]).by(["workflow"])) < DAY);
    assert!(raw(Query::metrics(["executions"]).by(["user"])) >= 89 * DAY);
}
