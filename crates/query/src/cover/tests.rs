use weir_model::{cube::Dimension, time::DAY};

use super::*;
use crate::{
    testing::{at, range, zone},
    words::Interval,
    zone::Zone,
};

const NOW: &str = "2024-05-15T10:20:30Z";

fn holdings() -> Holdings {
    Holdings {
        retention: Retention::default(),
        now: at(NOW),
    }
}

/// What a range of executions is read from: source, from, to.
fn covered(buckets: &Buckets, holdings: Holdings) -> Vec<(String, TimeRange)> {
    let needed = [Dimension::Workflow.into()];
    let cube = cube_of(Family::Executions, &needed);
    let pieces = cover(Family::Executions, cube, buckets, holdings);
    pieces
        .iter()
        .map(|s| (s.source.describe(), s.range))
        .collect()
}

fn buckets(interval: Interval, from: &str, to: &str, zone: &Zone) -> Buckets {
    Buckets::of(interval, range(from, to), zone, 10_000).unwrap()
}

#[test]
fn the_first_cube_with_all_dimensions_is_taken() {
    use Dimension as D;
    let name = |needed: &[D]| {
        let needed: Vec<Axis> = needed.iter().map(|&d| d.into()).collect();
        cube_of(Family::Executions, &needed).map(|(cube, _)| cube.name)
    };
    assert_eq!(name(&[]), Some("executions_total"));
    assert_eq!(
        name(&[D::Status, D::Environment]),
        Some("executions_environments")
    );
    assert_eq!(
        name(&[D::Status, D::Workflow]),
        Some("executions_workflows")
    );
    assert_eq!(name(&[D::Workflow, D::Environment]), Some("executions"));
    assert_eq!(name(&[D::User]), None);
}

#[test]
fn the_coarsest_granularity_whose_edges_fit_answers_alone() {
    let days = buckets(
        Interval::Day,
        "2024-05-01T00:00:00Z",
        "2024-05-11T00:00:00Z",
        &Zone::utc(),
    );
    assert_eq!(
        covered(&days, holdings()),
        [("cube executions_workflows 1d".to_owned(), days.range())]
    );
    let amsterdam = zone("Europe/Amsterdam");
    let days = buckets(
        Interval::Day,
        "2024-04-30T22:00:00Z",
        "2024-05-10T22:00:00Z",
        &amsterdam,
    );
    assert_eq!(
        covered(&days, holdings()),
        [("cube executions_workflows 1h".to_owned(), days.range())]
    );
    let kolkata = zone("Asia/Kolkata");
    let days = buckets(
        Interval::Day,
        "2024-05-04T18:30:00Z",
        "2024-05-10T18:30:00Z",
        &kolkata,
    );
    assert_eq!(
        covered(&days, holdings()),
        [("cube executions_workflows 5m".to_owned(), days.range())]
    );
}

#[test]
fn odd_edges_of_a_range_are_read_from_finer_cubes_and_finally_from_raw_facts() {
    let whole = Buckets::whole(range("2024-05-14T21:58:59.500Z", "2024-05-15T10:05:00Z"));
    let expected = [
        (
            "raw executions",
            "2024-05-14T21:58:59.500Z",
            "2024-05-14T21:59:00Z",
        ),
        (
            "cube executions_workflows 1m",
            "2024-05-14T21:59:00Z",
            "2024-05-14T22:00:00Z",
        ),
        (
            "cube executions_workflows 1h",
            "2024-05-14T22:00:00Z",
            "2024-05-15T10:00:00Z",
        ),
        (
            "cube executions_workflows 5m",
            "2024-05-15T10:00:00Z",
            "2024-05-15T10:05:00Z",
        ),
    ];
    let expected = expected.map(|(source, from, to)| (source.to_owned(), range(from, to)));
    assert_eq!(covered(&whole, holdings()), expected);
}

#[test]
fn partials_that_may_have_expired_are_not_read() {
    let minutes = buckets(
        Interval::Minute,
        "2024-05-13T10:00:00Z",
        "2024-05-13T12:00:00Z",
        &Zone::utc(),
    );
    let edge = at("2024-05-13T10:21:00Z");
    let expected = [
        (
            "raw executions".to_owned(),
            TimeRange {
                to: edge,
                ..minutes.range()
            },
        ),
        (
            "cube executions_workflows 1m".to_owned(),
            TimeRange {
                from: edge,
                ..minutes.range()
            },
        ),
    ];
    assert_eq!(covered(&minutes, holdings()), expected);
    let forever = Holdings {
        retention: Retention::FOREVER,
        ..holdings()
    };
    assert_eq!(
        covered(&minutes, forever),
        [("cube executions_workflows 1m".to_owned(), minutes.range())]
    );
}

#[test]
fn a_range_that_contains_no_whole_cube_bucket_is_read_raw() {
    let short = Buckets::whole(range("2024-05-15T10:00:01Z", "2024-05-15T10:00:59Z"));
    assert_eq!(
        covered(&short, holdings()),
        [("raw executions".to_owned(), short.range())]
    );
    let without_cube = cover(
        Family::Executions,
        None,
        &Buckets::whole(range("2024-05-01T00:00:00Z", NOW)),
        holdings(),
    );
    assert_eq!(without_cube.len(), 1);
    assert_eq!(without_cube[0].source, Source::Facts(Family::Executions));
}

#[test]
fn pieces_of_any_range_follow_each_other_without_gaps() {
    let first = at("2024-05-01T00:00:00Z");
    for step in 0..500i64 {
        let from = first.plus(step * 1_234_567);
        let to = from.plus(1 + step * step * 7_654);
        let cut = covered(&Buckets::whole(TimeRange { from, to }), holdings());
        assert_eq!(cut[0].1.from, from);
        assert_eq!(cut[cut.len() - 1].1.to, to);
        assert!(cut.windows(2).all(|pair| pair[0].1.to == pair[1].1.from));
        assert!(cut.iter().all(|(_, range)| range.from < range.to));
    }
}

fn steps(buckets: &Buckets) -> Vec<Step> {
    let pieces = cover(Family::Executions, None, buckets, holdings());
    pieces.iter().map(|piece| piece.step).collect()
}

#[test]
fn a_step_is_as_wide_as_the_buckets_allow() {
    let kolkata = zone("Asia/Kolkata");
    let days = buckets(
        Interval::Day,
        "2024-01-01T00:00:00Z",
        "2024-02-01T00:00:00Z",
        &kolkata,
    );
    let origin = at("2023-12-31T18:30:00Z");
    assert_eq!(steps(&days), [Step::Every { origin, width: DAY }]);
    let amsterdam = zone("Europe/Amsterdam");
    let over_change = buckets(
        Interval::Day,
        "2024-03-28T23:00:00Z",
        "2024-04-02T22:00:00Z",
        &amsterdam,
    );
    let origin = at("2024-03-28T23:00:00Z");
    assert_eq!(
        steps(&over_change),
        [Step::Every {
            origin,
            width: DAY / 24
        }]
    );
    let months = buckets(
        Interval::Month,
        "2024-01-01T00:00:00Z",
        "2024-06-01T00:00:00Z",
        &Zone::utc(),
    );
    assert_eq!(
        steps(&months),
        [Step::Every {
            origin: at("2024-01-01T00:00:00Z"),
            width: DAY
        }]
    );
    assert_eq!(
        steps(&Buckets::whole(range("2024-01-01T00:00:00Z", NOW))),
        [Step::Whole]
    );
}

#[test]
fn every_moment_of_a_step_lies_in_the_bucket_in_which_the_step_begins() {
    let zone = zone("Europe/Amsterdam");
    for interval in [
        Interval::Hour,
        Interval::Day,
        Interval::Week,
        Interval::Month,
    ] {
        let buckets = buckets(
            interval,
            "2024-03-11T10:07:13Z",
            "2024-05-09T03:00:01Z",
            &zone,
        );
        let cube = cube_of(Family::Executions, &[]);
        for piece in cover(Family::Executions, cube, &buckets, holdings()) {
            for i in 0..1_000 {
                let moment = piece.range.from.plus(piece.range.length() * i / 1_000);
                let start = match piece.step {
                    Step::Whole => piece.range.from,
                    Step::Every { origin, width } => {
                        assert!(origin <= piece.range.from);
                        let past = (moment.0 - origin.0) / width * width;
                        origin.plus(past).max(piece.range.from)
                    }
                };
                assert_eq!(
                    buckets.index_of(start),
                    buckets.index_of(moment),
                    "{moment}"
                );
            }
        }
    }
}

#[test]
fn time_missing_from_a_cube_of_declared_dimensions_is_read_from_raw_facts() {
    let range = range("2024-05-01T00:00:00Z", "2024-05-03T00:00:00Z");
    let lacked =
        |from: &str, to: &str| self::range(&format!("2024-05-{from}"), &format!("2024-05-{to}"));
    let lacking = vec![
        lacked("01T03:00:00Z", "01T04:00:00Z"),
        lacked("02T23:00:00Z", "03T01:00:00Z"),
    ];
    let declared = crate::axis::Declared::new("client").held(Some(lacking));
    let needed = [Axis::Declared(declared.clone()), Dimension::Status.into()];
    let cube = cube_of(Family::Executions, &needed);
    let pieces = cover(Family::Executions, cube, &Buckets::whole(range), holdings());
    let found: Vec<_> = pieces
        .iter()
        .map(|s| (s.source.describe(), s.range))
        .collect();
    let cube = || "cube declared_executions 1h".to_owned();
    let raw = || "raw executions".to_owned();
    assert_eq!(
        found,
        [
            (cube(), lacked("01T00:00:00Z", "01T03:00:00Z")),
            (raw(), lacked("01T03:00:00Z", "01T04:00:00Z")),
            (cube(), lacked("01T04:00:00Z", "02T23:00:00Z")),
            (raw(), lacked("02T23:00:00Z", "03T00:00:00Z")),
        ]
    );
    let by_version = [Axis::Declared(declared), Dimension::Version.into()];
    assert_eq!(cube_of(Family::Executions, &by_version), None);
    let unheld = [Axis::Declared(crate::axis::Declared::new("region"))];
    assert_eq!(cube_of(Family::Executions, &unheld), None);
}
