//! Compares a sample of rollups with raw events every night, so that the server notices drifting figures
//! before its users do.

use std::{collections::BTreeMap, sync::Arc};

use parking_lot::Mutex;
use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{ProjectKey, Scope, TimeRange, Timestamp, time::DAY};
use weir_store::{ClockState, Compared};

use super::{
    Reading,
    telemetry::{Amount, Figure, Source},
};

/// The result of a comparison, for all projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// When the comparison ran.
    pub checked_at: Timestamp,
    /// The days (UTC) compared.
    pub ranges: Vec<TimeRange>,
    /// Counts by project.
    pub projects: BTreeMap<ProjectKey, Compared>,
}

impl Reconciliation {
    fn total(&self) -> Compared {
        let all = self.projects.values();
        all.fold(Compared::default(), |sum, one| Compared {
            keys: sum.keys + one.keys,
            differences: sum.differences + one.differences,
        })
    }
}

/// The newest reconciliation; `None` before the first.
#[derive(Clone, Default)]
pub struct Newest(Arc<Mutex<Option<Reconciliation>>>);

impl Newest {
    /// Replaces it with a newer one.
    pub fn set(&self, reconciliation: Reconciliation) {
        *self.0.lock() = Some(reconciliation);
    }

    fn get(&self) -> Option<Reconciliation> {
        self.0.lock().clone()
    }

    /// The figures for `/metrics`.
    pub fn figures(&self) -> Source {
        let newest = self.clone();
        Box::new(move || {
            let total = newest.get().map(|newest| newest.total());
            let total = total.unwrap_or_default();
            [
                (
                    "rollup_keys_compared",
                    "Rollup keys that the last reconciliation compared with raw events",
                    total.keys,
                ),
                (
                    "rollup_keys_different",
                    "Rollup keys whose figures differed from raw events in the last reconciliation",
                    total.differences,
                ),
            ]
            .map(|(name, help, count)| Figure {
                name,
                help,
                amount: Amount::Now(count),
            })
            .into()
        })
    }
}

/// The state of rollups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RollupHealth {
    /// The last comparison of a sample with raw events; null before the first.
    pub reconciliation: Option<ReconciliationView>,
    /// Whether expiry of rollup rows is paused because the server's clock is implausible.
    pub expiry_resting: bool,
    /// How far the clock is ahead of the plausible time, in seconds; 0 if it is plausible.
    pub clock_ahead_seconds: i64,
}

/// The result of a reconciliation for one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReconciliationView {
    /// When the comparison ran.
    #[schema(value_type = String, format = "date-time")]
    pub checked_at: Timestamp,
    /// The days (UTC) compared: the newest and a random one.
    #[schema(value_type = Vec<Object>)]
    pub ranges: Vec<TimeRange>,
    /// Number of rollup keys compared.
    pub keys: u64,
    /// Number of keys whose figures differ from raw events; `weir rollup rebuild` repairs them.
    pub differences: u64,
}

impl Reading {
    /// The state of rollups, with the counts of one project.
    pub(super) fn rollup_health(&self, scope: Scope) -> RollupHealth {
        let ahead = match self.store.port().clock_state() {
            ClockState::Plausible => None,
            ClockState::Ahead { milliseconds } => Some(milliseconds / 1_000),
        };
        let newest = self.reconciled.get().map(|newest| {
            let mine = newest.projects.get(&scope.project).copied();
            let Compared { keys, differences } = mine.unwrap_or_default();
            ReconciliationView {
                checked_at: newest.checked_at,
                ranges: newest.ranges,
                keys,
                differences,
            }
        });
        RollupHealth {
            reconciliation: newest,
            expiry_resting: ahead.is_some(),
            clock_ahead_seconds: ahead.unwrap_or(0),
        }
    }
}

/// The days of a range to compare: the last, and another one chosen by `random` if there is one.
pub fn sample(range: Option<TimeRange>, random: u64) -> Vec<TimeRange> {
    let Some(range) = range.filter(|range| range.length() > 0) else {
        return Vec::new();
    };
    let (first, last) = (range.from.floor(DAY), range.to.plus(-1).floor(DAY));
    let others = (last.0 - first.0) / DAY;
    let day = |from: Timestamp| TimeRange {
        from,
        to: from.plus(DAY),
    };
    let other = u64::try_from(others).ok().filter(|&others| others > 0);
    let other = other.map(|others| first.plus((random % others) as i64 * DAY));
    std::iter::once(last).chain(other).map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_and_a_random_one_are_compared() {
        let range = TimeRange::new(10 * DAY + 5, 13 * DAY + 1);
        let day = |day: i64| TimeRange::new(day * DAY, (day + 1) * DAY);
        let others: Vec<_> = (0..6).map(|random| sample(Some(range), random)).collect();
        for (random, found) in others.iter().enumerate() {
            assert_eq!(*found, [day(13), day(10 + random as i64 % 3)]);
        }
        let one = TimeRange::new(10 * DAY + 5, 11 * DAY);
        assert_eq!(sample(Some(one), 7), [day(10)]);
        assert!(sample(None, 7).is_empty());
    }
}
