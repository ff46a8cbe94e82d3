//! The work for compaction: tables with fresh partials, and their time ranges. Scanning
//! every table every few seconds would read millions of untouched rows.

use std::collections::HashMap;

use parking_lot::Mutex;
use weir_model::{
    Granularity, TimeRange, Timestamp,
    cube::{CUBES, Cube},
};

/// The number of fresh partials from which merging is worthwhile.
pub(super) const WORTH_MERGING: u64 = 64;

/// All times that an event can have, far from the limits of the integer.
const EVERYTHING: TimeRange = TimeRange {
    from: Timestamp(-(1 << 62)),
    to: Timestamp(1 << 62),
};

/// Fresh partials of one table, and what has been deleted of it.
#[derive(Clone, Copy, Debug)]
struct TableBacklog {
    /// The number of fresh partials that compaction has not taken yet.
    fresh: u64,
    /// The range of their buckets.
    range: TimeRange,
    /// Whether compaction is working on it.
    looking: bool,
    /// Everything before this bucket has been deleted.
    expired: Timestamp,
}

/// Until compaction first takes a table, the table can contain anything.
impl Default for TableBacklog {
    fn default() -> Self {
        Self {
            fresh: u64::MAX,
            range: EVERYTHING,
            looking: false,
            expired: Timestamp(i64::MIN),
        }
    }
}

/// What is known about every table.
#[derive(Debug, Default)]
pub(crate) struct Backlog(Mutex<HashMap<(&'static str, Granularity), TableBacklog>>);

impl Backlog {
    /// Records that fresh partials with these buckets were appended.
    pub(crate) fn note(
        &self,
        cube: &'static Cube,
        granularity: Granularity,
        buckets: impl Iterator<Item = i64>,
    ) {
        let mut tables = self.0.lock();
        let known = tables.entry((cube.name, granularity)).or_default();
        for bucket in buckets {
            let first = known.fresh == 0;
            let TimeRange { from, to } = known.range;
            let (bucket, after) = (Timestamp(bucket), Timestamp(bucket + 1));
            known.fresh = known.fresh.saturating_add(1);
            known.range = TimeRange {
                from: if first { bucket } else { from.min(bucket) },
                to: if first { after } else { to.max(after) },
            };
        }
    }

    /// Takes the time range to compact, if there are enough fresh partials.
    pub(crate) fn take(&self, cube: &'static Cube, granularity: Granularity) -> Option<TimeRange> {
        let mut tables = self.0.lock();
        let known = tables.entry((cube.name, granularity)).or_default();
        if known.fresh < WORTH_MERGING {
            return None;
        }
        known.fresh = 0;
        known.looking = true;
        Some(known.range)
    }

    /// Records that compaction is done with what it took of a table.
    pub(crate) fn looked(&self, cube: &'static Cube, granularity: Granularity) {
        let mut tables = self.0.lock();
        tables.entry((cube.name, granularity)).or_default().looking = false;
    }

    /// The number of tables that compaction is working on or still has to take.
    pub(crate) fn tables(&self) -> u64 {
        let known = self.0.lock();
        let waiting = known
            .values()
            .filter(|known| known.looking || known.fresh >= WORTH_MERGING)
            .count();
        let all = CUBES.len() * Granularity::ALL.len();
        (waiting + all - known.len()) as u64
    }

    /// Whether there may be rows before a bucket. From then on, they count as deleted.
    pub(crate) fn expire(
        &self,
        cube: &'static Cube,
        granularity: Granularity,
        oldest: Timestamp,
    ) -> bool {
        let mut tables = self.0.lock();
        let known = tables.entry((cube.name, granularity)).or_default();
        std::mem::replace(&mut known.expired, oldest) < oldest
    }

    /// Forgets everything, so that compaction takes every table again.
    pub(crate) fn forget(&self) {
        self.0.lock().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Granularity = Granularity::Hour;

    #[test]
    fn every_table_is_looked_at_once_and_then_when_enough_has_arrived() {
        let (backlog, cube) = (Backlog::default(), &CUBES[0]);
        let all = backlog.tables();
        assert_eq!(all, 4 * CUBES.len() as u64);
        assert_eq!(backlog.take(cube, HOUR), Some(EVERYTHING));
        assert_eq!(backlog.take(cube, HOUR), None);
        assert_eq!(backlog.tables(), all);
        backlog.looked(cube, HOUR);
        assert_eq!(backlog.tables(), all - 1);

        backlog.note(cube, HOUR, 20..20 + WORTH_MERGING as i64 - 1);
        assert_eq!(backlog.take(cube, HOUR), None);
        assert_eq!(backlog.tables(), all - 1);
        backlog.note(cube, HOUR, [7].into_iter());
        assert_eq!(backlog.tables(), all);
        let end = 20 + WORTH_MERGING as i64 - 1;
        assert_eq!(backlog.take(cube, HOUR), Some(TimeRange::new(7, end)));
        backlog.note(cube, HOUR, 100..200);
        assert_eq!(backlog.take(cube, HOUR), Some(TimeRange::new(100, 200)));
    }

    #[test]
    fn partials_before_the_first_look_are_not_forgotten() {
        let (backlog, cube) = (Backlog::default(), &CUBES[0]);
        backlog.note(cube, HOUR, [50].into_iter());
        assert_eq!(backlog.take(cube, HOUR), Some(EVERYTHING));
        backlog.forget();
        assert_eq!(backlog.take(cube, HOUR), Some(EVERYTHING));
    }

    #[test]
    fn rows_are_deleted_when_a_bucket_has_expired_since() {
        let (backlog, cube) = (Backlog::default(), &CUBES[0]);
        assert!(backlog.expire(cube, HOUR, Timestamp(10)));
        assert!(!backlog.expire(cube, HOUR, Timestamp(10)));
        assert!(backlog.expire(cube, HOUR, Timestamp(20)));
        assert!(!backlog.expire(cube, HOUR, Timestamp(15)));
    }
}
