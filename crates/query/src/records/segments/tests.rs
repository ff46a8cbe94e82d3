use super::*;
use crate::{Parameter, Query, testing};

fn behaviour(query: Query, subject: Subject) -> Condition {
    let prepared = testing::prepared(&query.by([subject.dimension().name()]));
    Condition::Behaviour {
        prepared: Box::new(prepared),
        comparator: Comparator::AtLeast,
        value: 3.5,
    }
}

fn property(property: Property) -> Condition {
    Condition::Property {
        property,
        wanted: true,
        values: vec!["x' OR 1=1 --".to_owned()],
        null: false,
    }
}

fn segment(subject: Subject, all: bool, conditions: Vec<Condition>) -> Segment {
    Segment {
        subject,
        all,
        conditions,
        ever: TimeRange::new(0, 1_715_768_430_000),
    }
}

fn text(segment: &Segment) -> String {
    let page = Page {
        after: Some("m".to_owned()),
        limit: 10,
    };
    let scope = testing::context().scope;
    let statement = members(scope, segment, &page, Dialect::DuckDb);
    let Statement { sql, parameters } = statement;
    assert_eq!(sql.matches('?').count(), parameters.len(), "{sql}");
    assert!(!sql.contains("1=1"), "{sql}");
    // Every table and function is limited to the one tenant and project.
    let keys = [Parameter::Integer(3), Parameter::Integer(7)];
    let scoped = parameters.windows(2).filter(|two| *two == keys).count();
    let reads = sql.matches("\"tenant\" = ?").count() + sql.matches("_facts\"(?").count();
    assert_eq!(scoped, reads, "{sql}");
    sql
}

#[test]
fn users_who_did_enough_and_have_a_property() {
    let often = Query::metrics(["activities"]).last("30d");
    let conditions = vec![
        behaviour(often, Subject::Users),
        property(Property::Metadata("plan".to_owned())),
    ];
    insta::assert_snapshot!(text(&segment(Subject::Users, true, conditions)));
}

#[test]
fn workflows_of_a_rate_or_of_an_environment() {
    let rate = Query::metrics(["success_rate"])
        .filter("trigger_type", ["webhook"])
        .last("7d");
    let conditions = vec![
        behaviour(rate, Subject::Workflows),
        property(Property::Dimension(Dimension::Environment)),
    ];
    insta::assert_snapshot!(text(&segment(Subject::Workflows, false, conditions)));
}

#[test]
fn user_columns_have_the_reserved_name_and_user_values_are_bound_as_users() {
    let scope = testing::context().scope;
    let page = Page {
        after: Some("m".to_owned()),
        limit: 10,
    };
    let named = property(Property::Dimension(Dimension::User));
    let of_users = segment(Subject::Users, true, vec![named]);
    let statement = members(scope, &of_users, &page, Dialect::DuckDb);
    assert!(statement.sql.starts_with("SELECT \"subject\" AS \"user\""));
    let texts = statement.parameters.iter();
    let texts: Vec<_> = texts
        .filter(|bound| !matches!(bound, Parameter::Integer(_)))
        .collect();
    assert!(texts.len() > 1);
    assert!(
        texts
            .iter()
            .all(|bound| matches!(bound, Parameter::User(_)))
    );
    let workflows = segment(Subject::Workflows, true, Vec::new());
    let statement = members(scope, &workflows, &page, Dialect::DuckDb);
    assert!(
        statement
            .sql
            .starts_with("SELECT \"subject\" AS \"workflow\"")
    );
    assert!(
        statement
            .parameters
            .contains(&Parameter::Text("m".to_owned()))
    );
}

#[test]
fn a_segment_without_conditions_contains_every_subject() {
    let sql = text(&segment(Subject::Users, false, Vec::new()));
    assert!(sql.contains("WHERE true"), "{sql}");
}

#[test]
fn sums_and_ratios_are_comparable_and_quantiles_are_not() {
    let comparable = |metric: &str| {
        let query = Query::metrics([metric]).by(["workflow"]).last("7d");
        is_comparable(&testing::prepared(&query))
    };
    assert!(comparable("executions") && comparable("success_rate"));
    assert!(comparable("duration_avg"));
    assert!(!comparable("duration_p95") && !comparable("duration_max"));
}
