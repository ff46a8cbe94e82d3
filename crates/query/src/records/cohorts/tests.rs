use weir_model::time::DAY;

use super::*;
use crate::{Interval, Operator, Parameter, testing};

fn request(entry: Entry, calendar: bool) -> Request {
    let zone = testing::zone("UTC");
    let range = testing::range("2024-05-01T00:00:00Z", "2024-05-04T00:00:00Z");
    let longer = testing::range("2024-05-01T00:00:00Z", "2024-05-10T00:00:00Z");
    let days = |range| Buckets::of(Interval::Day, range, &zone, 100).unwrap();
    let login = ValidFilter {
        axis: Dimension::Action.into(),
        op: Operator::In,
        values: vec!["x' OR 1=1 --".to_owned()],
        null: false,
    };
    let occasion = |filters| Occasion {
        family: Family::Activity,
        filters,
    };
    Request {
        subject: Subject::Users,
        start: occasion(vec![login]),
        back: occasion(Vec::new()),
        entry,
        cohorts: days(range),
        periods: match calendar {
            true => PeriodSpec::Calendar(days(longer)),
            false => PeriodSpec::Rolling(DAY),
        },
        ever: Timestamp(0),
        until: testing::at("2024-05-08T12:00:00Z"),
        segment: Some(Segment {
            subject: Subject::Users,
            all: true,
            conditions: Vec::new(),
            ever: longer,
        }),
    }
}

#[test]
fn beginnings_and_returns_are_joined_by_subject() {
    let requests = [
        request(Entry::First, true),
        request(Entry::Every, true),
        request(Entry::First, false),
    ];
    let mut texts = Vec::new();
    for request in requests {
        let statement = statement(Scope::new(3, 7), &request, Dialect::DuckDb);
        let Statement { sql, parameters } = statement;
        assert_eq!(sql.matches('?').count(), parameters.len(), "{sql}");
        assert!(!sql.contains("1=1"), "{sql}");
        let keys = [Parameter::Integer(3), Parameter::Integer(7)];
        let scoped = parameters.windows(2).filter(|two| *two == keys).count();
        // Starts, the segment, returns.
        assert_eq!(scoped, 3, "{sql}");
        texts.push(sql);
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}
