use weir_model::{Scope, Status, TimeRange, Timestamp};

use super::{
    MapSize, Route, Taken,
    conformance::{Conformance, Rule, Two},
    map, reach,
    route::Way,
    variants::{Comparison, Group, Variants, comparison},
};
use crate::{
    Dialect, Statement,
    records::executions::{ExecutionFilter, ExecutionPage, Order},
};

const EVIL: &str = "x' OR 1=1 --";
const RANGE: TimeRange = TimeRange {
    from: Timestamp(100),
    to: Timestamp(200),
};
const SIZE: MapSize = MapSize {
    nodes: 10,
    edges: 20,
};

fn scope() -> Scope {
    Scope::new(3, 7)
}

fn filter() -> ExecutionFilter {
    ExecutionFilter {
        workflow: Some(EVIL.to_owned()),
        version: Some(EVIL.to_owned()),
        statuses: vec![Status::Failed],
        ..ExecutionFilter::default()
    }
}

fn taken(filter: &ExecutionFilter) -> Taken<'_> {
    Taken {
        scope: scope(),
        filter,
        range: RANGE,
        since: Timestamp(50),
        skew: 5,
    }
}

fn assert_bound(statement: &Statement) {
    assert!(!statement.sql.contains("1=1"), "{}", statement.sql);
    let placeholders = statement.sql.matches('?').count();
    assert_eq!(placeholders, statement.parameters.len());
    let scoped = statement.sql.matches("\"tenant\" = ? AND \"project\" = ?");
    let tables = ["executions", "steps", "costs"]
        .map(|table| statement.sql.matches(&format!("FROM \"{table}\"")).count());
    assert_eq!(scoped.count(), tables.iter().sum::<usize>());
    let counted = statement.sql.matches("\"counted_executions\"(?, ?, ?, ?)");
    assert!(counted.count() > 0);
}

fn rules() -> Vec<Rule> {
    let step = || EVIL.to_owned();
    let two = || Two {
        step: step(),
        other: "b".to_owned(),
    };
    vec![
        Rule::NeverBefore(two()),
        Rule::FollowedBy(two()),
        Rule::FollowedWithin(two(), 1_000),
        Rule::PrecededBy(two()),
        Rule::NeverTogether(two()),
        Rule::AtMost(step(), 2),
        Rule::ExactlyOnce(step()),
        Rule::StartsWith(step()),
        Rule::EndsWith(step()),
        Rule::Never(step()),
    ]
}

fn every_statement() -> Vec<(&'static str, Statement)> {
    let filter = filter();
    let taken = taken(&filter);
    let dialect = Dialect::DuckDb;
    let groups = [
        Group::Version(EVIL.to_owned()),
        Group::Statuses(vec![Status::Completed]),
        Group::All,
        Group::Variant(7),
    ];
    let compared = |a: usize, b: usize| Comparison {
        taken,
        salt: EVIL,
        groups: [(&groups[a], RANGE), (&groups[b], RANGE)],
        variants: 5,
        size: SIZE,
    };
    let rules = rules();
    let variants = Variants {
        taken,
        salt: EVIL,
        after: Some((4, u64::MAX)),
        limit: 5,
    };
    let judged = Conformance {
        taken,
        rules: &rules,
        examples: 3,
    };
    vec![
        ("reach", reach(scope(), &filter, RANGE, dialect)),
        ("map", map(&taken, SIZE, dialect)),
        ("variants", variants.statement(dialect)),
        ("comparison", comparison(&compared(0, 1), dialect)),
        ("comparison of others", comparison(&compared(2, 3), dialect)),
        ("conformance", judged.statement(dialect)),
    ]
}

#[test]
fn every_table_is_read_within_the_scope_and_every_value_is_bound() {
    for (name, statement) in every_statement() {
        assert_bound(&statement);
        insta::assert_snapshot!(name.replace(' ', "_"), statement.sql);
    }
}

#[test]
fn the_list_of_executions_can_be_limited_to_a_way() {
    let ways = [
        Way::Step(EVIL.to_owned()),
        Way::Type(EVIL.to_owned()),
        Way::FailedType(EVIL.to_owned()),
        Way::Followed {
            from: EVIL.to_owned(),
            to: "b".to_owned(),
        },
        Way::First(EVIL.to_owned()),
        Way::Last(EVIL.to_owned()),
        Way::Variant {
            id: 7,
            salt: EVIL.to_owned(),
        },
    ];
    for way in ways {
        let mut filter = filter();
        filter.routes.push(Route {
            way,
            workflow: Some(EVIL.to_owned()),
            range: RANGE,
            since: Timestamp(50),
            skew: 5,
        });
        let page = ExecutionPage {
            filter: &filter,
            range: RANGE,
            after: None,
            limit: 10,
            order: Order::NewestFirst,
        };
        assert_bound(&page.statement(scope(), Dialect::DuckDb));
    }
}
