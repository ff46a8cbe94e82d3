use super::*;
use crate::words::Interval;

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

#[test]
fn every_mistake_is_named_with_its_place_and_its_fix() {
    use ErrorCode as E;
    let many: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
    let values: Vec<String> = (0..501).map(|i| i.to_string()).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let cases = [
        (
            Query::metrics([]),
            E::MissingMetric,
            "metrics",
            "executions",
        ),
        (
            Query::metrics(["executions", "succes_rate"]),
            E::UnknownMetric,
            "metrics[1]",
            "success_rate",
        ),
        (
            Query::metrics(["errors", "errors"]),
            E::Repeated,
            "metrics[1]",
            "name it once",
        ),
        (
            Query::metrics(many),
            E::TooManyMetrics,
            "metrics",
            "at most 20",
        ),
        (
            base().by(["workflows"]),
            E::UnknownDimension,
            "dimensions[0]",
            "workflow",
        ),
        (
            base().by(["workflow", "workflow"]),
            E::Repeated,
            "dimensions[1]",
            "name it once",
        ),
        (
            base().by([
                "environment",
                "workflow",
                "version",
                "trigger_type",
                "status",
                "user",
            ]),
            E::TooManyDimensions,
            "dimensions",
            "at most 5",
        ),
        (
            filtered("worklow", "in", &["a"]),
            E::UnknownDimension,
            "filters[0].dimension",
            "workflow",
        ),
        (
            filtered("workflow", "notin", &["a"]),
            E::UnknownOperator,
            "filters[0].op",
            "not_in",
        ),
        (
            filtered("workflow", "in", &values),
            E::TooManyFilters,
            "filters[0].values",
            "at most 500",
        ),
        (
            with(|q| q.granularity = Some("hours".into())),
            E::UnknownGranularity,
            "granularity",
            "hour",
        ),
        (
            base().timezone("Asia/Kolkatta"),
            E::UnknownTimeZone,
            "timezone",
            "Asia/Kolkata",
        ),
        (
            with(|q| q.compare = Some("previous-period".into())),
            E::UnknownComparison,
            "compare",
            "previous_period",
        ),
        (
            ordered(Some("executions"), None, Some("descending")),
            E::UnknownDirection,
            "orderBy[0].direction",
            "one of asc, desc",
        ),
        (
            ordered(Some("failed"), None, None),
            E::InvalidOrder,
            "orderBy[0]",
            "one of executions",
        ),
        (
            ordered(None, Some("time"), None),
            E::InvalidOrder,
            "orderBy[0]",
            "one of executions",
        ),
        (
            ordered(Some("executions"), Some("executions"), None),
            E::InvalidOrder,
            "orderBy[0]",
            "one of executions",
        ),
        (base().limit(0), E::InvalidLimit, "limit", "1 to 10000"),
        (base().limit(10_001), E::InvalidLimit, "limit", "1 to 10000"),
        (
            between("2012-01-02T00:00:00Z", "2012-01-01T00:00:00Z"),
            E::ReversedRange,
            "range.to",
            "a `to` that is later than `from`",
        ),
        (
            between("2012-01-01T00:00:00Z", "2012-01-01T00:00:00Z"),
            E::ReversedRange,
            "range.to",
            "a `to` that is later than `from`",
        ),
        (
            between("2012-01-01", "2012-01-02T00:00:00Z"),
            E::InvalidTime,
            "range.from",
            "2012-01-01T00:00:00Z",
        ),
        (
            between("1899-12-31T23:59:59Z", "2012-01-02T00:00:00Z"),
            E::RangeOutOfBounds,
            "range",
            "between 1900-01-01T00:00:00Z and 2200-01-01T00:00:00Z",
        ),
        (base().last("0d"), E::ReversedRange, "range.last", "1d"),
        (
            base().last("30y"),
            E::InvalidRange,
            "range.last",
            "30m, 24h, 30d or 2w",
        ),
        (
            base().last("d"),
            E::InvalidRange,
            "range.last",
            "30m, 24h, 30d or 2w",
        ),
        (
            base().last("1.5h"),
            E::InvalidRange,
            "range.last",
            "30m, 24h, 30d or 2w",
        ),
        (
            base().last("99999999999999999999w"),
            E::RangeOutOfBounds,
            "range.last",
            "between 1900-01-01T00:00:00Z and 2200-01-01T00:00:00Z",
        ),
        (
            with(|q| q.range = Range::default()),
            E::InvalidRange,
            "range",
            "{\"last\":\"30d\"}",
        ),
        (
            with(|q| q.range.all = Some(true)),
            E::InvalidRange,
            "range",
            "{\"last\":\"30d\"}",
        ),
        (
            with(|q| {
                q.range = Range {
                    all: Some(false),
                    ..Range::default()
                }
            }),
            E::InvalidRange,
            "range",
            "{\"last\":\"30d\"}",
        ),
    ];
    for (query, code, field, fix) in cases {
        let error = validate(&query).expect_err(field);
        assert_eq!(
            (error.code, error.field.as_str(), error.fix.as_deref()),
            (code, field, Some(fix))
        );
    }
}

#[test]
fn a_filter_without_values_is_refused() {
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
    assert_eq!(valid.granularity, Some(GranularityWord::Day));
    let order = OrderKey {
        by: OrderBy::Metric(1),
        direction: Direction::Asc,
    };
    assert_eq!(valid.order, [order]);
    assert_eq!(valid.limit, Some(5));
}

#[test]
fn hours_are_a_length_of_the_clock_and_days_of_the_calendar() {
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
