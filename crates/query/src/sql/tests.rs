use weir_model::sketch::{MAX_VALUE, bucket_of};

use crate::{
    Comparison, Declared, Dialect, Filter, Interval, Parameter, Query, Statement,
    sketch_bucket_sql, testing,
};

/// The statements of a query with their parameters, for snapshots.
fn text(query: &Query) -> String {
    let prepared = testing::prepared(query);
    let statements = prepared.statements.iter().map(|statement| {
        let parameters = statement
            .parameters
            .iter()
            .map(|parameter| match parameter {
                Parameter::Text(text) | Parameter::User(text) => format!("'{text}'"),
                Parameter::Integer(value) => value.to_string(),
            });
        let parameters: Vec<_> = parameters.collect();
        format!("{}\n-- {}", statement.sql, parameters.join(", "))
    });
    let statements: Vec<_> = statements.collect();
    statements.join("\n\n")
}

#[test]
fn a_single_figure_is_one_row_of_sums() {
    insta::assert_snapshot!(text(
        &Query::metrics(["executions", "success_rate", "duration_p95"]).last("90d")
    ));
}

#[test]
fn buckets_of_a_cube_are_read_as_they_are() {
    let query = Query::metrics(["executions"])
        .by(["workflow"])
        .last("7d")
        .every(Interval::Day);
    insta::assert_snapshot!(text(&query));
}

#[test]
fn days_of_a_zone_are_steps_from_its_midnight() {
    let query = Query::metrics(["executions"])
        .last("7d")
        .every(Interval::Day);
    insta::assert_snapshot!(text(&query.timezone("Europe/Amsterdam")));
}

#[test]
fn odd_edges_are_united_from_several_tables() {
    let odd = testing::range("2024-05-14T21:58:59.500Z", "2024-05-15T10:05:00Z");
    let query = Query::metrics(["failed", "duration_p50"])
        .by(["workflow"])
        .every(Interval::Hour);
    insta::assert_snapshot!(text(&query.range(odd)));
}

#[test]
fn users_are_distinct_rows_or_counts() {
    let query = Query::metrics(["users", "activities"])
        .by(["user"])
        .last("90d");
    let months = Query::metrics(["users"]).last("90d").every(Interval::Month);
    insta::assert_snapshot!(format!("{}\n\n{}", text(&query), text(&months)));
}

#[test]
fn the_users_of_a_whole_range_count_once_even_if_several_tables_have_them() {
    let odd = testing::range("2024-05-01T00:00:01Z", "2024-05-14T00:00:00Z");
    let query = Query::metrics(["users"])
        .range(odd)
        .every(Interval::Day)
        .with_totals();
    let prepared = testing::prepared(&query);
    let total = &prepared.statements[1].sql;
    assert!(
        total.starts_with("SELECT count(*) AS \"counted\" FROM (SELECT \"user\" AS \"counted\""),
        "{total}"
    );
    assert!(
        total.contains("\nUNION\n") && !total.contains("UNION ALL"),
        "{total}"
    );
    assert!(!total.contains("\"at\""), "{total}");
}

#[test]
fn money_is_summed_as_floating_point_and_comparisons_are_further_statements() {
    let query = Query::metrics(["cost", "credits"])
        .by(["provider"])
        .last("90d");
    insta::assert_snapshot!(text(&query.compare(Comparison::PreviousPeriod)));
}

#[test]
fn filters_are_bound_values_and_know_null() {
    let mut query = Query::metrics(["executions"]).last("90d");
    let cases: [(&str, &[Option<&str>]); 6] = [
        ("in", &[Some("a'; DROP TABLE x; --"), Some("b")]),
        ("in", &[Some("a"), None]),
        ("in", &[None]),
        ("not_in", &[Some("a")]),
        ("not_in", &[Some("a"), None]),
        ("not_in", &[None]),
    ];
    for (op, values) in cases {
        query.filters.push(Filter {
            dimension: "workflow".to_owned(),
            op: op.to_owned(),
            values: values
                .iter()
                .map(|value| value.map(str::to_owned))
                .collect(),
        });
    }
    insta::assert_snapshot!(text(&query));
}

#[test]
fn every_statement_is_limited_to_the_scope_and_has_a_placeholder_for_every_parameter() {
    let odd = testing::range("2024-03-14T21:58:59.500Z", "2024-05-15T10:05:00Z");
    for metric in crate::METRICS {
        let dimension = metric.family.dimensions()[0].name();
        let query = Query::metrics([metric.name])
            .by([dimension])
            .range(odd)
            .every(Interval::Day);
        let prepared = testing::prepared(&query.filter(dimension, ["production", "test"]));
        for (statement, read) in prepared.statements.iter().zip(&prepared.plan.reads) {
            assert_eq!(
                statement.sql.matches('?').count(),
                statement.parameters.len()
            );
            let cubes = statement
                .sql
                .matches("WHERE \"tenant\" = ? AND \"project\" = ? AND ")
                .count();
            let facts = statement.sql.matches("_facts\"(?, ?, ?, ?)").count();
            assert_eq!(cubes + facts, read.pieces.len(), "{}", statement.sql);
            let per_piece = statement.parameters.len() / read.pieces.len();
            for parameters in statement.parameters.chunks(per_piece) {
                assert_eq!(
                    parameters[..2],
                    [Parameter::Integer(3), Parameter::Integer(7)]
                );
            }
        }
    }
}

/// The expression of [`sketch_bucket_sql`] in Rust, with the logarithm off by `error`.
fn bucket_by_expression(value: i64, error: i64) -> i64 {
    let value = value.clamp(0, MAX_VALUE);
    let exponent = i64::from(value.max(1).ilog2()) + error;
    let shift = (exponent - 6).max(0);
    shift * 64 + (value >> shift)
}

#[test]
fn the_sketch_bucket_expression_forgives_a_logarithm_that_is_off_beside_a_power_of_two() {
    let largest = bucket_by_expression(MAX_VALUE, 1);
    assert_eq!(largest, i64::from(bucket_of(MAX_VALUE)));
    for exponent in 0..48 {
        let power = 1i64 << exponent;
        for value in [power - 1, power, power + 1] {
            assert_eq!(
                bucket_by_expression(value, 0),
                i64::from(bucket_of(value)),
                "{value}"
            );
        }
        assert_eq!(
            bucket_by_expression(power - 1, 1),
            i64::from(bucket_of(power - 1))
        );
        assert_eq!(bucket_by_expression(power, -1), i64::from(bucket_of(power)));
    }
    insta::assert_snapshot!(sketch_bucket_sql(Dialect::DuckDb, "\"value\""));
}

#[test]
fn declared_dimensions_are_read_from_metadata_and_every_value_is_bound() {
    let odd = "a\"b/c'; DROP TABLE steps; --";
    let name = format!("metadata.{odd}");
    let context = crate::Context {
        declared: vec![
            Declared::new(odd).overflowing(true),
            Declared::new("region"),
        ],
        ..testing::context()
    };
    let query = Query::metrics(["steps", "executions"])
        .by([name.as_str()])
        .filter("metadata.region", ["eu"])
        .last("7d");
    for statement in crate::prepare(&query, &context).unwrap().statements {
        let Statement { sql, parameters } = statement;
        assert_eq!(sql.matches('?').count(), parameters.len(), "{sql}");
        // The key occurs in the text only as a name.
        let named = format!("\"{}\"", name.replace('"', "\"\""));
        let rest = sql.replace(&named, "");
        assert!(!rest.contains("DROP"), "{sql}");
        let pointer = Parameter::Text("/a\"b~1c'; DROP TABLE steps; --".to_owned());
        assert!(parameters.contains(&pointer), "{parameters:?}");
        // Steps inherit from their executions; executions inherit nothing.
        assert_eq!(
            sql.contains("\"told\"("),
            sql.contains("steps_facts"),
            "{sql}"
        );
        assert_eq!(sql.matches("\"named\"(").count(), 1, "{sql}");
    }
}
