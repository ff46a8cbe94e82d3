//! The server's own service levels.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::ServerHour;
use weir_model::time::HOUR;

/// The target of every level, in percent.
const TARGET: f64 = 99.9;
/// The fewest requests, or minutes, of which a level says whether it is met: of fewer, one bad one is too many.
const FEWEST: u64 = 1_000;

/// What a level measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelKind {
    /// Minutes in which the server ran.
    Availability,
    /// Posts of events that were taken, or refused for a reason that the sender can mend.
    Ingest,
    /// Taken posts whose events could be read within five seconds.
    Freshness,
    /// Other requests that were answered, or refused for a reason that the caller can mend.
    Answers,
    /// Answered requests that took at most two seconds.
    Speed,
}

/// A service level of the server itself.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerLevel {
    /// What it measures.
    pub kind: LevelKind,
    /// The percentage that should be good.
    pub target_pct: f64,
    /// Good minutes or requests.
    pub good: u64,
    /// All minutes or requests.
    pub total: u64,
    /// Good ones as a percentage; null if there are none.
    pub actual_pct: Option<f64>,
    /// How many of them it takes to say whether the target is met.
    pub needed: u64,
    /// Whether the target is met; null if there are too few to say.
    pub met: Option<bool>,
    /// How much of the error budget is left, in percent; below 0 if it is overspent, null if there are too few to say.
    pub budget_left_pct: Option<f64>,
}

impl ServerLevel {
    fn of(kind: LevelKind, good: u64, total: u64) -> Self {
        let actual = (total > 0).then(|| good as f64 / total as f64 * 100.0);
        let known = actual.filter(|_| total >= FEWEST);
        Self {
            kind,
            target_pct: TARGET,
            good,
            total,
            actual_pct: actual,
            needed: FEWEST,
            met: known.map(|actual| actual >= TARGET),
            budget_left_pct: known
                .map(|actual| 100.0 - (100.0 - actual) / (100.0 - TARGET) * 100.0),
        }
    }
}

/// The levels over these hours, which are in order. Availability leaves out the first and the last hour, which
/// are not whole.
pub(super) fn levels(hours: &[ServerHour]) -> Vec<ServerLevel> {
    let sum = |of: fn(&ServerHour) -> u64| hours.iter().map(of).sum::<u64>();
    let (posts, posts_failed) = (sum(|h| h.tally.posts), sum(|h| h.tally.posts_failed));
    let (reads, reads_failed) = (sum(|h| h.tally.reads), sum(|h| h.tally.reads_failed));
    let (taken, answered) = (posts - posts_failed, reads - reads_failed);
    let in_time = taken - sum(|h| h.tally.posts_slow);
    let quick = answered - sum(|h| h.tally.reads_slow);
    let (ran, minutes) = minutes(hours);
    vec![
        ServerLevel::of(LevelKind::Availability, ran, minutes),
        ServerLevel::of(LevelKind::Ingest, taken, posts),
        ServerLevel::of(LevelKind::Freshness, in_time, taken),
        ServerLevel::of(LevelKind::Answers, answered, reads),
        ServerLevel::of(LevelKind::Speed, quick, answered),
    ]
}

/// The minutes in which the server ran, and those in which it should have.
fn minutes(hours: &[ServerHour]) -> (u64, u64) {
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
        return (0, 0);
    };
    let whole = (last.hour.0 - first.hour.0) / HOUR - 1;
    let expected = u64::try_from(whole.max(0)).unwrap_or(0) * 60;
    let inner = hours.iter().skip(1).take(hours.len().saturating_sub(2));
    let ran: u64 = inner.map(|hour| hour.tally.up_ms).sum();
    // Rounded: a clock that is set by a few milliseconds costs no minute.
    (((ran + 30_000) / 60_000).min(expected), expected)
}

#[cfg(test)]
mod tests {
    use weir_meta::{ServerSizes, ServerTally};
    use weir_model::Timestamp;

    use super::*;

    fn hour(number: i64, up_ms: u64, tally: ServerTally) -> ServerHour {
        ServerHour {
            hour: Timestamp(number * HOUR),
            tally: ServerTally { up_ms, ..tally },
            sizes: ServerSizes::default(),
        }
    }

    #[test]
    fn an_hour_without_a_row_was_not_available() {
        let whole = 3_600_000;
        let none = ServerTally::default();
        // 20 hours, of which one is missing and one lacks six minutes.
        let mut hours: Vec<_> = (0..=21).map(|number| hour(number, whole, none)).collect();
        hours.remove(7);
        hours[3].tally.up_ms -= 360_000;
        let level = &levels(&hours)[0];
        assert_eq!((level.good, level.total), (20 * 60 - 66, 20 * 60));
        assert_eq!(level.met, Some(false));
        assert_eq!(levels(&hours[..1])[0].actual_pct, None);
        assert_eq!(levels(&[])[0].total, 0);
    }

    #[test]
    fn a_level_needs_a_thousand_requests_to_be_met_or_missed() {
        let tally = ServerTally {
            posts: 10_000,
            posts_failed: 5,
            posts_slow: 20,
            reads: 999,
            ..ServerTally::default()
        };
        let levels = levels(&[hour(0, 0, tally)]);
        let ingest = &levels[1];
        assert_eq!((ingest.good, ingest.met), (9_995, Some(true)));
        assert!((ingest.budget_left_pct.unwrap() - 50.0).abs() < 1e-6);
        let fresh = &levels[2];
        assert_eq!(
            (fresh.good, fresh.total, fresh.met),
            (9_975, 9_995, Some(false))
        );
        assert!(fresh.budget_left_pct.unwrap() < 0.0);
        assert_eq!((levels[3].actual_pct, levels[3].met), (Some(100.0), None));
    }
}
