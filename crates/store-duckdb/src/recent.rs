//! The hashes that may be stored from some moment on. A "no" saves a lookup in the tables, which costs a
//! small commit more than storing its rows.

use rustc_hash::FxHashMap;

/// The maximum number of hashes, about 36 MB; beyond it, the older half is dropped. An event adds its id's
/// and its execution's.
const MOST: usize = 1 << 20;

/// The hashes of everything stored at or after a moment.
#[derive(Debug)]
pub(crate) struct Recent {
    /// Everything stored with a time since then is contained.
    since: i64,
    /// Hash -> the newest time it is stored with, in epoch milliseconds.
    newest: FxHashMap<u64, i64>,
    most: usize,
}

impl Recent {
    /// For a store without events at `since` or later.
    pub(crate) fn new(since: i64) -> Self {
        Self {
            since,
            newest: FxHashMap::default(),
            most: MOST,
        }
    }

    /// Adds something stored.
    pub(crate) fn add(&mut self, hash: u64, at: i64) {
        if at < self.since {
            return;
        }
        let newest = self.newest.entry(hash).or_insert(at);
        *newest = (*newest).max(at);
        if self.newest.len() > self.most {
            self.forget_older_half();
        }
    }

    /// Whether something with the hash may be stored at `from` or later. "No" is certain.
    pub(crate) fn may_hold(&self, hash: u64, from: i64) -> bool {
        from < self.since || self.newest.get(&hash).is_some_and(|&newest| newest >= from)
    }

    fn forget_older_half(&mut self) {
        let mut times: Vec<i64> = self.newest.values().copied().collect();
        let middle = times.len() / 2;
        let (_, &mut median, _) = times.select_nth_unstable(middle);
        // Everything with the median time is dropped, too, so that the rest is complete.
        self.since = median.saturating_add(1);
        self.newest.retain(|_, &mut newest| newest > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_denied() {
        let mut recent = Recent::new(100);
        recent.add(7, 150);
        recent.add(7, 120);
        recent.add(8, 90);
        assert!(recent.may_hold(7, 150));
        assert!(!recent.may_hold(7, 151));
        assert!(!recent.may_hold(9, 100));
        // It cannot know anything before its start.
        assert!(recent.may_hold(9, 99));
        assert!(!recent.may_hold(8, 100));
    }

    #[test]
    fn what_is_forgotten_is_never_denied() {
        let mut recent = Recent {
            most: 10,
            ..Recent::new(0)
        };
        for i in 0..1_000i64 {
            recent.add(i as u64, i / 3);
            assert!(recent.newest.len() <= 10);
            for known in 0..=i {
                assert!(recent.may_hold(known as u64, known / 3), "{known} of {i}");
            }
        }
        assert!(!recent.may_hold(5_000, 333));
    }

    #[test]
    fn many_events_of_one_moment_do_not_fill_it() {
        let mut recent = Recent {
            most: 10,
            ..Recent::new(0)
        };
        (0..100).for_each(|hash| recent.add(hash, 5));
        assert!(recent.newest.len() <= 10);
        assert!(recent.may_hold(3, 5));
    }
}
