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
fn what_callers_write_is_bound_and_every_table_is_read_in_its_scope() {
    let evil = "x' OR 1=1 --".to_owned();
    let filter = ExecutionFilter {
        workflow: Some(evil.clone()),
        error_text: Some(evil.clone()),
        user: Some(evil.clone()),
        ..ExecutionFilter::default()
    };
    let name = ExecutionName {
        execution_id: &evil,
        workflow: Some(&evil),
        environment: Some(&evil),
    };
    let hash = ExecutionHash::of_name(ProjectKey(4), &evil);
    let relations = Relations {
        of: hash,
        retried: Some(hash),
        parent: None,
    };
    for statement in [
        sql(&filter, Some((Timestamp(15), &evil))),
        named(Scope::new(3, 4), Dialect::DuckDb, &name, 5),
        like(Scope::new(3, 4), Dialect::DuckDb, hash, 5),
        related_to(Scope::new(3, 4), Dialect::DuckDb, &relations, 5),
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
