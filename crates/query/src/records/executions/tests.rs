use weir_model::{Decimal, ProjectKey, Timestamp};

use super::{super::Told, *};
use crate::statement::Parameter;

fn sql(filter: &ExecutionFilter, after: Option<&Reached>) -> Statement {
    let page = ExecutionPage {
        filter,
        range: TimeRange::new(10, 20),
        after,
        limit: 51,
        order: Order::NewestFirst,
    };
    page.statement(Scope::new(3, 4), Dialect::DuckDb)
}

fn histogram(filter: &ExecutionFilter) -> Statement {
    let range = TimeRange::new(10, 20);
    let histogram = ExecutionHistogram {
        filter,
        buckets: &crate::buckets::Buckets::whole(range),
        range,
    };
    histogram.statement(Scope::new(3, 4), Dialect::DuckDb)
}

#[test]
fn the_histogram_has_the_source_and_the_conditions_of_the_list() {
    let filter = ExecutionFilter {
        retried: Some(true),
        parents: Some(Vec::new()),
        error_class: Some("timeout".to_owned()),
        ..ExecutionFilter::default()
    };
    let conditions = |statement: &Statement| {
        let (_, rest) = statement.sql.split_once(" FROM ").unwrap();
        let end = rest.rfind(" ORDER BY").unwrap();
        rest[..end].replace(" GROUP BY 1, 2", "")
    };
    let (list, histogram) = (sql(&filter, None), histogram(&filter));
    assert_eq!(conditions(&list), conditions(&histogram));
    assert_eq!(
        list.parameters[..list.parameters.len() - 1],
        histogram.parameters[..]
    );
    // No execution has none of no parents.
    assert!(
        list.sql
            .contains(r#" AND "parent" IN (CAST(NULL AS UBIGINT))"#),
        "{}",
        list.sql
    );
}

fn filter_on(declared: crate::Declared, value: &str) -> crate::validate::ValidFilter {
    crate::validate::ValidFilter {
        axis: crate::Axis::Declared(declared),
        op: crate::Operator::In,
        values: vec![value.to_owned()],
        null: false,
    }
}

#[test]
fn a_declared_dimension_filters_records_as_it_filters_figures() {
    let asked = |overflows| {
        let declared = crate::Declared::new("a/b").overflowing(overflows);
        let filter = ExecutionFilter {
            told: Told::of(&[filter_on(declared, "acme")]),
            ..ExecutionFilter::default()
        };
        sql(&filter, None)
    };
    let text = |text: &str| Parameter::Text(text.to_owned());
    let all = asked(false);
    assert!(
        all.sql.contains(r#" AND "said"("metadata", ?) IN (?)"#),
        "{}",
        all.sql
    );
    assert_eq!(all.parameters[4..6], [text("/a~1b"), text("acme")]);
    // Unnamed values count as other here, too.
    let named = asked(true);
    let condition = r#" AND "named"(?, ?, ?, "said"("metadata", ?)) IN (?)"#;
    assert!(named.sql.contains(condition), "{}", named.sql);
    assert_eq!(
        named.parameters[4..6],
        [Parameter::Integer(3), Parameter::Integer(4)]
    );
    assert_eq!(
        named.parameters[6..9],
        [text("a/b"), text("/a~1b"), text("acme")]
    );
}

#[test]
fn input_from_callers_is_bound_and_every_table_is_read_in_its_scope() {
    let evil = "x' OR 1=1 --".to_owned();
    let filter = ExecutionFilter {
        workflow: Some(evil.clone()),
        error_text: Some(evil.clone()),
        user: Some(evil.clone()),
        error_group: Some(evil.clone()),
        called: Some(true),
        retried: Some(false),
        min_cost: Some(Decimal(1_500)),
        since: Some(Place {
            timestamp: Timestamp(12),
            id: evil.clone(),
        }),
        before: Some(Place {
            timestamp: Timestamp(18),
            id: evil.clone(),
        }),
        told: Told::of(&[filter_on(crate::Declared::new("client"), &evil)]),
        ..ExecutionFilter::default()
    };
    let name = ExecutionName {
        execution_id: &evil,
        workflow: Some(&evil),
        environment: Some(&evil),
    };
    let reached = Reached {
        timestamp: Timestamp(15),
        id: evil.clone(),
        seen: 2,
    };
    let hash = ExecutionHash::of_name(ProjectKey(4), &evil);
    let place = Neighbours {
        of: hash,
        workflow: &evil,
        environment: Some(&evil),
    };
    for statement in [
        sql(&filter, Some(&reached)),
        named(Scope::new(3, 4), Dialect::DuckDb, &name, 5),
        like(Scope::new(3, 4), Dialect::DuckDb, hash, 5),
        events_among(Scope::new(3, 4), Dialect::DuckDb, &[hash], 5),
        histogram(&filter),
        links(
            Scope::new(3, 4),
            Dialect::DuckDb,
            LinksWanted::To(&[hash]),
            5,
        ),
        links(Scope::new(3, 4), Dialect::DuckDb, LinksWanted::Of(hash), 5),
        shared_names(Scope::new(3, 4), Dialect::DuckDb, &[hash]),
        place.statement(Scope::new(3, 4), Dialect::DuckDb),
        place.first_of_version(Scope::new(3, 4), Dialect::DuckDb, &evil),
        events_of(
            Scope::new(3, 4),
            Dialect::DuckDb,
            hash,
            TimeRange::new(1, 2),
        ),
    ] {
        assert!(!statement.sql.contains("1=1"));
        let bound = statement.sql.matches('?').count();
        assert_eq!(bound, statement.parameters.len());
        let tables = statement.sql.matches("FROM \"executions\"").count()
            + statement.sql.matches("FROM \"counted_executions\"").count()
            + statement.sql.matches("FROM \"costs\"").count()
            + statement.sql.matches("FROM \"loose_retries\"").count();
        let integer = |number| {
            let bound = statement.parameters.iter();
            bound
                .filter(|&bound| *bound == Parameter::Integer(number))
                .count()
        };
        assert_eq!((integer(3), integer(4)), (tables, tables));
    }
}

#[test]
fn a_page_within_one_key_continues_where_the_previous_one_ended() {
    let by = |keys: &[(i64, &str)], before: Option<&Reached>| {
        let keys = keys.iter().map(|&(moment, id)| (Timestamp(moment), id));
        Reached::by(keys, before)
    };
    let reached = |moment, id: &str, seen| Reached {
        timestamp: Timestamp(moment),
        id: id.to_owned(),
        seen,
    };
    assert_eq!(by(&[], None), None);
    let first = by(&[(9, "b"), (9, "a"), (9, "a")], None).unwrap();
    assert_eq!(first, reached(9, "a", 2));
    let second = by(&[(9, "a"), (9, "a"), (9, "a")], Some(&first)).unwrap();
    assert_eq!(second, reached(9, "a", 5));
    assert_eq!(
        by(&[(9, "a"), (8, "a")], Some(&second)),
        Some(reached(8, "a", 1))
    );
    assert_eq!(by(&[(8, "a")], Some(&second)), Some(reached(8, "a", 1)));
}
