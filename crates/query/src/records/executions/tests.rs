use super::*;
use crate::statement::Parameter;

fn sql(filter: &ExecutionFilter, after: Option<(Timestamp, &str)>) -> Statement {
    let page = ExecutionPage {
        filter,
        range: TimeRange::new(10, 20),
        after,
        limit: 51,
    };
    page.statement(Scope::new(3, 4), Dialect::DuckDb)
}

#[test]
fn a_list_of_finished_executions_does_not_look_for_open_ones() {
    let failed = ExecutionFilter {
        statuses: vec![Status::Failed],
        ..ExecutionFilter::default()
    };
    assert!(!sql(&failed, None).sql.contains("NOT EXISTS"));
    let running = ExecutionFilter {
        statuses: vec![Status::Started],
        ..ExecutionFilter::default()
    };
    assert_eq!(sql(&running, None).sql.matches("NOT EXISTS").count(), 1);
    let any = sql(&ExecutionFilter::default(), None).sql;
    assert_eq!(any.matches("UNION ALL").count(), 1);
}

#[test]
fn what_callers_write_is_bound_and_every_table_is_read_in_its_scope() {
    let evil = "x' OR 1=1 --".to_owned();
    let filter = ExecutionFilter {
        workflow: Some(evil.clone()),
        error_text: Some(evil.clone()),
        user: Some(evil.clone()),
        ..ExecutionFilter::default()
    };
    for statement in [
        sql(&filter, Some((Timestamp(15), &evil))),
        related_to(Scope::new(3, 4), Dialect::DuckDb, &evil, &[&evil], 5),
        events_of(
            Scope::new(3, 4),
            Dialect::DuckDb,
            &evil,
            TimeRange::new(1, 2),
        ),
    ] {
        assert!(!statement.sql.contains("1=1"));
        let bound = statement.sql.matches('?').count();
        assert_eq!(bound, statement.parameters.len());
        let tables = statement.sql.matches("FROM \"executions\"").count();
        let integer = |number| {
            let bound = statement.parameters.iter();
            bound
                .filter(|&bound| *bound == Parameter::Integer(number))
                .count()
        };
        assert_eq!((integer(3), integer(4)), (tables, tables));
    }
}
