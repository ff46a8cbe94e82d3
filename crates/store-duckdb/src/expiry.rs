//! Which rollup rows have expired, and whether the clock can be trusted.
//!
//! The retention of each granularity is measured from a horizon: the moment by which rows have expired.
//! Everything in the store follows it rather than the clock, so a bucket is either complete or never
//! read. The horizon follows the clock only while that is plausible: a clock that is suddenly far ahead
//! would delete rows that are still needed. It is stored before anything is deleted by it. Rebuilding
//! rollups (`weir rollup rebuild`) resets it, because the rows exist again.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Instant,
};

use duckdb::{Connection, params};
use parking_lot::Mutex;
use weir_model::{Clock, EventType, Timestamp, time::MINUTE};
use weir_store::{ClockState, StoreError};

use crate::{error::Context, raw};

/// The horizon is stored again after it has moved this far, in milliseconds: no retention is shorter.
const STEP: i64 = 10 * MINUTE;

/// The horizon, and the clock readings that it is checked against.
pub(crate) struct Expiry {
    horizon: AtomicI64,
    belief: Mutex<Belief>,
}

/// The last trusted reading of the clock, and how far it may move from there.
#[derive(Clone, Copy, Debug)]
struct Belief {
    shown: Timestamp,
    at: Instant,
    /// How far it may move beyond the elapsed time, in milliseconds; `None` means no limit.
    most: Option<i64>,
    state: ClockState,
}

impl Belief {
    /// Checks a reading of the clock. Returns it if it is plausible.
    fn look(&mut self, shown: Timestamp, at: Instant) -> Option<Timestamp> {
        let passed = at.saturating_duration_since(self.at).as_millis();
        let due = self.shown.plus(i64::try_from(passed).unwrap_or(i64::MAX));
        let ahead = shown.0.saturating_sub(due.0);
        if self.most.is_some_and(|most| ahead > most) {
            self.state = ClockState::Ahead {
                milliseconds: ahead,
            };
            return None;
        }
        (self.shown, self.at, self.state) = (shown, at, ClockState::Plausible);
        Some(shown)
    }
}

impl Expiry {
    /// Reads the stored horizon and checks the clock. In a store without one,
    /// the clock is checked against the newest commit; an empty store has nothing to expire.
    pub(crate) fn open(
        connection: &Connection,
        sequence: u64,
        clock: &dyn Clock,
        most: Option<i64>,
    ) -> Result<Self, StoreError> {
        let now = clock.now();
        let stored = stored(connection)?.filter(|_| sequence > 0);
        let known = match stored {
            None if sequence > 0 => newest_commit(connection)?,
            stored => stored,
        };
        let horizon = known.unwrap_or(now);
        let mut belief = Belief {
            shown: horizon,
            at: Instant::now(),
            most,
            state: ClockState::Plausible,
        };
        belief.look(now, Instant::now());
        if let ClockState::Ahead { .. } = belief.state {
            tracing::error!(
                clock = %now, last_seen = %horizon,
                "the clock is far ahead of when this store was last used: rollup rows do not expire until \
                 it agrees again or `weir store confirm-clock` says that it is right"
            );
        }
        let expiry = Self {
            horizon: horizon.0.into(),
            belief: Mutex::new(belief),
        };
        // Stored before anything is committed with this clock, which may itself be wrong.
        if stored.is_none() {
            expiry.put(connection, horizon)?;
        }
        Ok(expiry)
    }

    /// The moment by which rows have expired.
    pub(crate) fn horizon(&self) -> Timestamp {
        Timestamp(self.horizon.load(Ordering::Acquire))
    }

    /// Whether the clock is trusted.
    pub(crate) fn clock(&self) -> ClockState {
        self.belief.lock().state
    }

    /// Moves the horizon with the clock if that is plausible.
    pub(crate) fn advance(
        &self,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let mut belief = self.belief.lock();
        let before = belief.state;
        let believed = belief.look(now, Instant::now());
        tell(before, belief.state, now);
        let horizon = self.horizon();
        match believed {
            Some(now) if now.0 >= horizon.0.saturating_add(STEP) => self.put(connection, now),
            _ => Ok(horizon),
        }
    }

    /// Accepts the current clock after an operator confirmed it.
    pub(crate) fn confirm(
        &self,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut belief = self.belief.lock();
        (belief.shown, belief.at) = (now, Instant::now());
        belief.state = ClockState::Plausible;
        self.put(connection, self.horizon().max(now)).map(|_| ())
    }

    /// Moves the horizon to `now`, even back, after every row retained at `now` was rewritten.
    pub(crate) fn rewritten(
        &self,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put(connection, self.horizon().min(now)).map(|_| ())
    }

    fn put(&self, connection: &Connection, horizon: Timestamp) -> Result<Timestamp, StoreError> {
        connection
            .execute("UPDATE expiry_state SET horizon = ?", params![horizon.0])
            .context("record what has expired")?;
        self.horizon.store(horizon.0, Ordering::Release);
        Ok(horizon)
    }
}

/// Logs when the clock becomes implausible or plausible again.
fn tell(before: ClockState, after: ClockState, now: Timestamp) {
    match (before, after) {
        (ClockState::Plausible, ClockState::Ahead { .. }) => tracing::error!(
            clock = %now,
            "the clock has jumped ahead: rollup rows do not expire until it agrees again or \
             `weir store confirm-clock` says that it is right"
        ),
        (ClockState::Ahead { .. }, ClockState::Plausible) => {
            tracing::warn!(clock = %now, "the clock agrees again: rollup rows expire as they should");
        }
        _ => {}
    }
}

fn stored(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let horizon: Option<i64> = connection
        .query_row("SELECT max(horizon) FROM expiry_state", [], |row| {
            row.get(0)
        })
        .context("read what has expired")?;
    Ok(horizon.map(Timestamp))
}

fn newest_commit(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let tables = EventType::ALL.iter().map(|&event_type| {
        let table = raw::table(event_type);
        format!("SELECT max(received) AS r FROM {table}")
    });
    let tables = tables.collect::<Vec<_>>().join(" UNION ALL ");
    let newest: Option<i64> = connection
        .query_row(&format!("SELECT max(r) FROM ({tables})"), [], |row| {
            row.get(0)
        })
        .context("find the newest commit")?;
    Ok(newest.map(Timestamp))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use weir_model::time::{DAY, HOUR};

    use super::*;

    #[test]
    fn a_clock_is_trusted_unless_it_moves_much_further_than_the_elapsed_time() {
        let (start, noon) = (Instant::now(), Timestamp(20_000 * DAY));
        let mut belief = Belief {
            shown: noon,
            at: start,
            most: Some(7 * DAY),
            state: ClockState::Plausible,
        };
        let after = |hours: u64| start + Duration::from_secs(hours * 3_600);
        let in_an_hour = noon.plus(HOUR);
        assert_eq!(belief.look(in_an_hour, after(1)), Some(in_an_hour));
        let jumped = noon.plus(400 * DAY);
        assert_eq!(belief.look(jumped, after(2)), None);
        let milliseconds = 400 * DAY - 2 * HOUR;
        assert_eq!(belief.state, ClockState::Ahead { milliseconds });
        // It stays implausible however often it is checked, until it is corrected.
        assert_eq!(belief.look(jumped.plus(HOUR), after(3)), None);
        let right = noon.plus(4 * HOUR);
        assert_eq!(belief.look(right, after(4)), Some(right));
        assert_eq!(belief.state, ClockState::Plausible);
        // A machine that was suspended, and a clock that was set back.
        let later = right.plus(6 * DAY);
        assert_eq!(belief.look(later, after(5)), Some(later));
        assert_eq!(belief.look(noon, after(6)), Some(noon));
    }
}
