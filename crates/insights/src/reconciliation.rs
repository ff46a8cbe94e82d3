//! Holding rollups against raw events, a sample every night: figures that drift are found by the server
//! and not by its users.

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

/// What the last comparison found, over every project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// When it was done.
    pub checked_at: Timestamp,
    /// The days (UTC) that were compared.
    pub ranges: Vec<TimeRange>,
    /// What was found.
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

/// The newest reconciliation; none before the first.
#[derive(Clone, Default)]
pub struct Newest(Arc<Mutex<Option<Reconciliation>>>);

impl Newest {
    /// A newer one.
    pub fn set(&self, reconciliation: Reconciliation) {
        *self.0.lock() = Some(reconciliation);
    }

    fn get(&self) -> Option<Reconciliation> {
        self.0.lock().clone()
    }

    /// What `/metrics` tells.
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
                    "Rollup keys that the last reconciliation found to differ from raw events",
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

/// How well rollups are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RollupHealth {
    /// The last comparison of a sample with raw events; null before the first.
    pub reconciliation: Option<ReconciliationView>,
    /// Whether rollup rows do not expire because the server's clock is not believed.
    pub expiry_resting: bool,
    /// How far the clock is ahead of what is believed, in seconds; 0 while it is.
    pub clock_ahead_seconds: i64,
}

/// What a reconciliation found in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReconciliationView {
    /// When it was done.
    #[schema(value_type = String, format = "date-time")]
    pub checked_at: Timestamp,
    /// The days (UTC) that were compared: the newest, and one at random.
    #[schema(value_type = Vec<Object>)]
    pub ranges: Vec<TimeRange>,
    /// How many keys of rollups were compared.
    pub keys: u64,
    /// How many of them differ from raw events: `weir rollup rebuild` repairs them.
    pub differences: u64,
}

impl Reading {
    /// How well rollups are kept, as a project may know it.
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

/// The days that are compared of a range: its last, and another if there is one.
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
    fn the_last_day_and_another_one_are_compared() {
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
