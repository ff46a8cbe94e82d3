use weir_model::time::{HOUR, MINUTE};

use super::*;
use crate::{
    query::{Order, Range},
    words::{Direction, Interval},
};

fn validate(query: &Query) -> Result<ValidQuery, QueryError> {
    super::validate(query, &[])
}

fn base() -> Query {
    Query::metrics(["executions"]).last("7d")
}

fn between(from: &str, to: &str) -> Query {
    let mut query = base();
    query.range = Range {
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
        ..Range::default()
    };
    query
}

fn with(change: impl FnOnce(&mut Query)) -> Query {
    let mut query = base();
    change(&mut query);
    query
}

fn filtered(dimension: &str, op: &str, values: &[&str]) -> Query {
    with(|query| {
        query.filters.push(Filter {
            dimension: dimension.to_owned(),
            op: op.to_owned(),
            values: values.iter().map(|v| Some((*v).to_owned())).collect(),
        });
    })
}

fn ordered(metric: Option<&str>, dimension: Option<&str>, direction: Option<&str>) -> Query {
    with(|query| {
        query.order_by.push(Order {
            metric: metric.map(str::to_owned),
            dimension: dimension.map(str::to_owned),
            direction: direction.map(str::to_owned),
        });
    })
}

/// Asserts that a query is rejected with this code, at this field, with this fix.
fn refused(query: &Query, code: ErrorCode, field: &str, fix: &str) {
    let error = validate(query).expect_err(field);
    let found = (error.code, error.field.as_str(), error.fix.as_deref());
    assert_eq!(found, (code, field, Some(fix)));
}

#[test]
fn unknown_metrics_and_dimensions_are_named_with_the_nearest_word() {
    use ErrorCode as E;
    let metrics = Query::metrics;
    refused(&metrics(vec![]), E::MissingMetric, "metrics", "executions");
    let misspelt = metrics(vec!["executions", "succes_rate"]);
    refused(&misspelt, E::UnknownMetric, "metrics[1]", "success_rate");
    let twice = metrics(vec!["errors", "errors"]);
    refused(&twice, E::Repeated, "metrics[1]", "name it once");
    let all = metrics(METRICS.iter().map(|metric| metric.name).collect());
    refused(&all, E::TooManyMetrics, "metrics", "at most 20");
    let far = metrics(vec!["turnover"]);
    refused(
        &far,
        E::UnknownMetric,
        "metrics[0]",
        "GET /api/v1/catalog lists all metrics",
    );
    let misspelt = base().by(["workflows"]);
    refused(&misspelt, E::UnknownDimension, "dimensions[0]", "workflow");
    let twice = base().by(["workflow", "workflow"]);
    refused(&twice, E::Repeated, "dimensions[1]", "name it once");
    let six = base().by([
        "environment",
        "workflow",
        "version",
        "trigger_type",
        "status",
        "user",
    ]);
    refused(&six, E::TooManyDimensions, "dimensions", "at most 5");
}

#[test]
fn mistakes_in_filters_are_named_with_their_place() {
    use ErrorCode as E;
    let misspelt = filtered("worklow", "in", &["a"]);
    refused(
        &misspelt,
        E::UnknownDimension,
        "filters[0].dimension",
        "workflow",
    );
    let operator = filtered("workflow", "notin", &["a"]);
    refused(&operator, E::UnknownOperator, "filters[0].op", "not_in");
    let many = filtered("workflow", "in", &["a"; 5_001]);
    refused(
        &many,
        E::TooManyFilters,
        "filters[0].values",
        "at most 5000",
    );
}

#[test]
fn unknown_granularities_zones_and_comparisons_are_named_with_the_nearest_word() {
    use ErrorCode as E;
    let granularity = with(|query| query.granularity = Some("hours".into()));
    refused(&granularity, E::UnknownGranularity, "granularity", "hour");
    let zone = base().timezone("Asia/Kolkatta");
    refused(&zone, E::UnknownTimeZone, "timezone", "Asia/Kolkata");
    let compare = with(|query| query.compare = Some("previous-period".into()));
    refused(&compare, E::UnknownComparison, "compare", "previous_period");
}

#[test]
fn an_order_names_one_metric_or_dimension_of_the_query() {
    use ErrorCode as E;
    let metric = Some("executions");
    let direction = ordered(metric, None, Some("descending"));
    refused(
        &direction,
        E::UnknownDirection,
        "orderBy[0].direction",
        "one of asc, desc",
    );
    let fix = "one of executions";
    for order in [
        ordered(Some("failed"), None, None),
        ordered(None, Some("time"), None),
        ordered(metric, metric, None),
        ordered(None, None, None),
    ] {
        refused(&order, E::InvalidOrder, "orderBy[0]", fix);
    }
    refused(&base().limit(0), E::InvalidLimit, "limit", "1 to 10000");
    refused(
        &base().limit(10_001),
        E::InvalidLimit,
        "limit",
        "1 to 10000",
    );
}

#[test]
fn a_range_is_a_length_or_two_ordered_moments_or_everything() {
    use ErrorCode as E;
    let (day, next) = ("2012-01-01T00:00:00Z", "2012-01-02T00:00:00Z");
    let later = "a `to` later than `from`";
    refused(&between(next, day), E::ReversedRange, "range.to", later);
    refused(&between(day, day), E::ReversedRange, "range.to", later);
    refused(
        &between("2012-01-01", next),
        E::InvalidTime,
        "range.from",
        day,
    );
    let bounds = "between 1900-01-01T00:00:00Z and 2200-01-01T00:00:00Z";
    let ancient = between("1899-12-31T23:59:59Z", next);
    refused(&ancient, E::RangeOutOfBounds, "range", bounds);
    let long = base().last("99999999999999999999w");
    refused(&long, E::RangeOutOfBounds, "range.last", bounds);
    refused(&base().last("0d"), E::ReversedRange, "range.last", "1d");
    for length in ["30y", "d", "1.5h", "", "-5d", "7 d", "5dé"] {
        let query = base().last(length);
        refused(&query, E::InvalidRange, "range.last", "30m, 24h, 30d or 2w");
    }
    let all = |all| Range {
        all: Some(all),
        ..Range::default()
    };
    let both = Range {
        last: Some("7d".into()),
        ..all(true)
    };
    for range in [Range::default(), both, all(false)] {
        let query = with(|query| query.range = range);
        refused(&query, E::InvalidRange, "range", "{\"last\":\"30d\"}");
    }
}

#[test]
fn a_filter_without_values_is_rejected() {
    let error = validate(&filtered("workflow", "in", &[])).unwrap_err();
    assert_eq!(
        (error.code, error.field.as_str()),
        (ErrorCode::EmptyFilter, "filters[0].values")
    );
}

#[test]
fn a_dimension_must_exist_for_every_metric_of_the_query() {
    let query = Query::metrics(["executions", "cost"])
        .by(["workflow", "status"])
        .last("7d");
    let error = validate(&query).unwrap_err();
    assert_eq!(error.code, ErrorCode::DimensionNotAvailable);
    assert_eq!(error.field, "dimensions[1]");
    assert_eq!(error.detail, "the metric `cost` has no dimension `status`");
    let filter = Query::metrics(["steps"])
        .filter("queue", ["mail"])
        .last("7d");
    let error = validate(&filter).unwrap_err();
    assert_eq!(
        (error.code, error.field.as_str()),
        (ErrorCode::DimensionNotAvailable, "filters")
    );
}

#[test]
fn words_become_what_they_stand_for() {
    let query = Query::metrics(["executions", "users"])
        .by(["workflow"])
        .filter("user", ["b", "a", "b"])
        .last("2w")
        .every(Interval::Day)
        .order("users", Direction::Asc)
        .limit(5);
    let valid = validate(&query).unwrap();
    assert_eq!(valid.metrics[1].name, "users");
    assert_eq!(valid.dimensions, [Dimension::Workflow]);
    assert_eq!(valid.filters[0].values, ["a", "b"]);
    assert_eq!(valid.range, RangeSpec::Last(Length::Days(14)));
    assert_eq!(valid.granularity, Some(GranularityWord::Of(Interval::Day)));
    let order = OrderKey {
        by: OrderBy::Metric(1),
        direction: Direction::Asc,
    };
    assert_eq!(valid.order, [order]);
    assert_eq!(valid.limit, Some(5));
}

#[test]
fn hours_are_measured_by_the_clock_and_days_by_the_calendar() {
    assert_eq!(
        validate(&base().last("36h")).unwrap().range,
        RangeSpec::Last(Length::Clock(36 * HOUR))
    );
    assert_eq!(
        validate(&base().last("90m")).unwrap().range,
        RangeSpec::Last(Length::Clock(90 * MINUTE))
    );
    assert_eq!(
        validate(&base().last("1d")).unwrap().range,
        RangeSpec::Last(Length::Days(1))
    );
}

#[test]
fn null_is_a_value_of_a_filter() {
    let text = r#"{"metrics":["executions"],"range":{"all":true},"filters":[{"dimension":"version","values":["2",null]}]}"#;
    let valid = validate(&serde_json::from_str(text).unwrap()).unwrap();
    assert!(valid.filters[0].null);
    assert_eq!(valid.filters[0].op, Operator::In);
    assert_eq!(valid.filters[0].values, ["2"]);
}

#[test]
fn a_threshold_belongs_to_metrics_that_use_one() {
    let given = |metric: &str, threshold| {
        let mut query = Query::metrics([metric]).last("7d");
        query.threshold = threshold;
        validate(&query).map(|valid| valid.threshold)
    };
    assert_eq!(
        given("durations_within", None).unwrap(),
        Some(DEFAULT_THRESHOLD)
    );
    assert_eq!(given("durations_within", Some(0)).unwrap(), Some(0));
    assert_eq!(given("executions", None).unwrap(), None);
    for (metric, threshold) in [
        ("executions", 5_000),
        ("durations_within", -1),
        ("durations_within", i64::MAX),
    ] {
        let error = given(metric, Some(threshold)).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidThreshold);
        assert_eq!(error.field, "threshold");
    }
}

#[test]
fn no_query_makes_validating_and_planning_panic() {
    let questions = [
        r#"{"metrics":["executions","success_rate","duration_p95","cost"],"dimensions":["workflow"],
            "filters":[{"dimension":"status","op":"in","values":["failed",null]}],"range":{"last":"30d"},
            "granularity":"hour","timezone":"Asia/Kathmandu","compare":"previous_period",
            "orderBy":[{"metric":"executions","direction":"desc"}],"limit":20}"#,
        r#"{"metrics":["duration_p50","users"],"range":{"from":"2024-03-01T00:00:00+05:45",
            "to":"2024-05-01T00:00:00Z"},"granularity":"week","timezone":"America/New_York","weekStart":"sunday"}"#,
        r#"{"metrics":["events"],"dimensions":["source","event_type"],"range":{"all":true},"granularity":"auto"}"#,
    ];
    let valid = questions.map(|question| question.as_bytes().to_vec());
    weir_hostile::withstands(valid.into(), |bytes| {
        if let Ok(query) = serde_json::from_slice::<Query>(bytes) {
            let _ = crate::prepare(&query, &crate::testing::context());
        }
    });
}

#[test]
fn limits_per_value_and_the_rest_need_dimensions() {
    let one = Query::metrics(["executions"]).by(["workflow"]).last("7d");
    let two = Query::metrics(["executions"])
        .by(["workflow", "environment"])
        .last("7d");
    let field = |query: &Query| validate(query).unwrap_err().field;
    assert_eq!(field(&one.clone().limit_each(3)), "limitEach");
    assert_eq!(field(&two.clone().limit_each(0)), "limitEach");
    assert_eq!(
        field(&two.clone().limit_each(3).every(Interval::Day)),
        "limitEach"
    );
    let bare = Query::metrics(["executions"]).last("7d").with_other();
    assert_eq!(field(&bare), "other");
    assert!(validate(&two.limit_each(3).with_other()).is_ok());
    assert!(validate(&one.with_other()).is_ok());
}

#[test]
fn totals_need_buckets_and_no_groups() {
    let bare = Query::metrics(["executions"]).last("7d").with_totals();
    assert_eq!(validate(&bare).unwrap_err().field, "totals");
    let timed = bare.every(Interval::Day);
    assert!(validate(&timed).unwrap().totals);
    let grouped = validate(&timed.by(["workflow"])).unwrap_err();
    assert_eq!(
        (grouped.code, grouped.field.as_str()),
        (ErrorCode::InvalidTotals, "totals")
    );
}
