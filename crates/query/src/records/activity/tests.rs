use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, Int64Builder, ListBuilder, StringArray};

use super::*;
use crate::{Interval, Parameter, testing};

fn selection() -> Selection {
    Selection {
        range: testing::range("2024-05-01T00:00:00Z", "2024-05-03T00:00:00Z"),
        filters: vec![
            (Column::Action, "x' OR 1=1 --".to_owned()),
            (Column::Session, "s1".to_owned()),
        ],
    }
}

fn days() -> Buckets {
    let range = selection().range;
    Buckets::of(Interval::Day, range, &testing::zone("UTC"), 10).unwrap()
}

fn statements() -> Vec<Statement> {
    let (scope, selection, dialect) = (Scope::new(3, 4), selection(), Dialect::DuckDb);
    let trail = trail::Request {
        selection: selection.clone(),
        after: Some(crate::records::executions::Reached {
            timestamp: Timestamp(9),
            id: "a".to_owned(),
            seen: 2,
        }),
        limit: 7,
    };
    vec![
        sessions(scope, &selection, 1_800_000, dialect),
        users(scope, &selection, &days(), 1_800_000, dialect),
        presence(scope, &selection, &days(), dialect),
        lifetime(scope, "x' OR 1=1 --", dialect),
        trail::statement(scope, &trail, dialect),
    ]
}

#[test]
fn every_statement_is_limited_to_its_scope_and_binds_external_values() {
    for statement in statements() {
        let Statement { sql, parameters } = &statement;
        assert!(!sql.contains("1=1"), "{sql}");
        assert_eq!(sql.matches('?').count(), parameters.len(), "{sql}");
        assert!(sql.contains("\"tenant\" = ? AND \"project\" = ?"), "{sql}");
        let scope = [Parameter::Integer(3), Parameter::Integer(4)];
        assert!(parameters.windows(2).any(|two| two == scope), "{sql}");
    }
}

#[test]
fn statements_are_these() {
    let texts: Vec<String> = statements().into_iter().map(|s| s.sql).collect();
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn rows_become_sessions_users_and_days() {
    let integers = |values: &[i64]| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef;
    let batch = testing::batch(vec![integers(&[5]), integers(&[9]), integers(&[2])]);
    let session = SessionRow {
        began: Timestamp(5),
        ended: Timestamp(9),
        activities: 2,
    };
    assert_eq!(read_sessions(&[batch]), Ok(vec![session]));

    let ada: ArrayRef = Arc::new(StringArray::from(vec!["ada"]));
    let numbers = (1..8).map(|n| integers(&[n]));
    let batch = testing::batch([ada].into_iter().chain(numbers).collect());
    let user = UserRow {
        user: "ada".to_owned(),
        activities: 1,
        sessions: 2,
        active_time_ms: 3,
        first: Timestamp(4),
        last: Timestamp(5),
        active_days: 6,
        features: 7,
    };
    assert_eq!(read_users(&[batch]), Ok(vec![user]));

    let mut lists = ListBuilder::new(Int64Builder::new());
    let days = days();
    let starts = days.starts().iter().map(|start| Some(start.0));
    lists.append_value(starts);
    let batch = testing::batch(vec![Arc::new(lists.finish())]);
    assert_eq!(read_presence(&[batch], &days), Ok(vec![vec![0, 1]]));
}
