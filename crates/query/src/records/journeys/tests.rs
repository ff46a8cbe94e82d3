use weir_model::{Scope, TimeRange, cube::Dimension};

use super::{Enrolled, JourneysRequest, Occurrence, most_common_path, stops};
use crate::{Dialect, Parameter, Statement};

fn enrolled() -> Enrolled<'static> {
    Enrolled {
        scope: Scope::new(3, 7),
        workflow: "w' OR 1=1 --",
        environment: Some("production"),
        range: TimeRange::new(100, 200),
    }
}

fn request<'a>(steps: &'a [Vec<Occurrence>], exclusions: &'a [Occurrence]) -> JourneysRequest<'a> {
    JourneysRequest {
        enrolled: enrolled(),
        by_subject: true,
        group: Some(Dimension::Version),
        steps,
        exclusions,
        everything: false,
        limit: 1_000,
    }
}

fn occurrence(text: &str) -> Occurrence {
    Occurrence::parse(text, "steps").unwrap()
}

fn text(statement: &Statement) -> String {
    let parameters = statement
        .parameters
        .iter()
        .map(|parameter| match parameter {
            Parameter::Text(text) | Parameter::User(text) => format!("'{text}'"),
            Parameter::Integer(value) => value.to_string(),
        });
    let parameters: Vec<_> = parameters.collect();
    format!("{}\n-- {}", statement.sql, parameters.join(", "))
}

fn assert_bound(statement: &Statement) {
    assert!(!statement.sql.contains("1=1"), "{}", statement.sql);
    let placeholders = statement.sql.matches('?').count();
    assert_eq!(placeholders, statement.parameters.len());
    let scoped = statement.sql.matches("\"tenant\" = ? AND \"project\" = ?");
    let tables = ["executions", "steps", "goals", "activities"]
        .map(|table| statement.sql.matches(&format!("FROM \"{table}\"")).count());
    assert_eq!(scoped.count(), tables.iter().sum::<usize>());
}

#[test]
fn every_table_is_read_within_the_scope_and_every_value_is_bound() {
    let steps = [
        vec![occurrence("enrolled")],
        vec![occurrence("step:x' OR 1=1 --"), occurrence("goal:paid")],
        vec![occurrence("resource:form"), occurrence("completed")],
    ];
    let exclusions = [occurrence("failed_step:pay")];
    let statement = request(&steps, &exclusions).statement(Dialect::DuckDb);
    assert_bound(&statement);
    insta::assert_snapshot!(text(&statement));
    assert_bound(&most_common_path(enrolled(), Dialect::DuckDb));
    assert_bound(&stops(enrolled(), Dialect::DuckDb));
}

#[test]
fn only_the_tables_asked_for_are_read() {
    let goals = [vec![occurrence("goal")]];
    let mut request = request(&goals, &[]);
    let sql = request.statement(Dialect::DuckDb).sql;
    assert!(!sql.contains("FROM \"steps\"") && !sql.contains("FROM \"activities\""));
    // In a strict funnel, everything of the same kind that happened in between matters.
    assert!(sql.contains("\"what\" <> 0"));
    request.everything = true;
    let sql = request.statement(Dialect::DuckDb).sql;
    assert!(!sql.contains("\"what\" <> 0") && !sql.contains("FROM \"steps\""));
}
