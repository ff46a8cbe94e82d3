//! Buckets of time as an expression: which one contains a moment.

use weir_model::Timestamp;

use crate::{buckets::Buckets, dialect::Dialect};

/// Consecutive buckets of one width.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    from: i64,
    width: i64,
}

/// The start of the bucket that contains `moment`, an expression whose values lie in the buckets' range.
pub(super) fn bucket_start(buckets: &Buckets, moment: &str, dialect: Dialect) -> String {
    let runs = runs(buckets);
    let step = |run: &Run| dialect.step(moment, run.from, run.width);
    let Some((first, later)) = runs.split_first() else {
        return moment.to_owned();
    };
    if later.is_empty() {
        return step(first);
    }
    let mut case = String::from("CASE");
    for run in later.iter().rev() {
        case += &format!(" WHEN {moment} >= {} THEN {}", run.from, step(run));
    }
    case + &format!(" ELSE {} END", step(first))
}

fn runs(buckets: &Buckets) -> Vec<Run> {
    let starts = buckets.starts();
    let mut runs: Vec<Run> = Vec::new();
    for (i, &Timestamp(from)) in starts.iter().enumerate() {
        let last = i + 1 == starts.len();
        let width = starts.get(i + 1).map_or(buckets.range().to, |&next| next).0 - from;
        let joins = runs.last().is_some_and(|run| {
            let whole = width == run.width || (last && width < run.width);
            whole && (from - run.from) % run.width == 0
        });
        if !joins {
            runs.push(Run { from, width });
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use weir_model::time::{DAY, HOUR};

    use super::*;
    use crate::{testing, words::Interval};

    fn buckets(from: &str, to: &str, interval: Interval, zone: &str) -> Buckets {
        let range = testing::range(from, to);
        Buckets::of(interval, range, &testing::zone(zone), 1_000).unwrap()
    }

    #[test]
    fn days_of_equal_length_are_one_step() {
        let days = buckets(
            "2024-05-01T00:00:00Z",
            "2024-05-08T05:00:00Z",
            Interval::Day,
            "UTC",
        );
        let from = testing::at("2024-05-01T00:00:00Z").0;
        assert_eq!(runs(&days), [Run { from, width: DAY }]);
        let sql = bucket_start(&days, "t", Dialect::DuckDb);
        assert_eq!(sql, Dialect::DuckDb.step("t", from, DAY));
    }

    #[test]
    fn a_day_of_25_hours_is_a_separate_run_even_at_the_end() {
        // New York puts its clocks back on 3 November 2024.
        let widths = |to: &str| {
            let days = buckets(
                "2024-11-01T04:00:00Z",
                to,
                Interval::Day,
                "America/New_York",
            );
            let runs = runs(&days);
            runs.iter().map(|run| run.width / HOUR).collect::<Vec<_>>()
        };
        assert_eq!(widths("2024-11-08T05:00:00Z"), [24, 25, 24]);
        assert_eq!(widths("2024-11-04T05:00:00Z"), [24, 25]);
    }

    #[test]
    fn every_moment_falls_into_its_bucket() {
        for (interval, zone) in [
            (Interval::Day, "America/New_York"),
            (Interval::Week, "Asia/Kolkata"),
            (Interval::Month, "Europe/Amsterdam"),
        ] {
            let all = buckets(
                "2023-12-31T22:00:00Z",
                "2024-12-10T07:00:00Z",
                interval,
                zone,
            );
            let runs = runs(&all);
            let range = all.range();
            for moment in (range.from.0..range.to.0).step_by(45 * 60_000) {
                let run = runs.iter().rev().find(|run| run.from <= moment).unwrap();
                let start = run.from + (moment - run.from) / run.width * run.width;
                let expected = all.starts()[all.index_of(Timestamp(moment))];
                assert_eq!(start, expected.0, "{interval:?} {zone}");
            }
        }
    }
}
