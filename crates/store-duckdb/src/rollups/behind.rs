//! The bound on events that wait for their facts to be summed.

use parking_lot::{Condvar, Mutex};

/// The number of events whose facts are not summed yet.
#[derive(Default)]
pub(super) struct Behind {
    events: Mutex<u64>,
    fewer: Condvar,
}

impl Behind {
    /// Adds events. Waits while they would exceed `most`, unless no others are waiting: then any number is
    /// accepted.
    pub(super) fn enter(&self, events: u64, most: u64) {
        let mut behind = self.events.lock();
        while *behind > 0 && *behind + events > most {
            self.fewer.wait(&mut behind);
        }
        *behind += events;
    }

    /// How many events wait.
    pub(super) fn events(&self) -> u64 {
        *self.events.lock()
    }

    /// Subtracts events.
    pub(super) fn leave(&self, events: u64) {
        let mut behind = self.events.lock();
        *behind = behind.saturating_sub(events);
        drop(behind);
        self.fewer.notify_all();
    }

    /// Releases everyone who waits: nothing is summed any more.
    pub(super) fn end(&self) {
        *self.events.lock() = 0;
        self.fewer.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn callers_wait_above_the_bound_and_never_below_it() {
        let behind = Arc::<Behind>::default();
        // More than the bound is accepted if nothing waits, and small ones one by one up to the bound.
        behind.enter(15, 10);
        behind.leave(15);
        for _ in 0..10 {
            behind.enter(1, 10);
        }
        let waiting = {
            let behind = behind.clone();
            std::thread::spawn(move || behind.enter(2, 10))
        };
        behind.leave(1);
        // Nine are left; two more would make eleven.
        assert!(!waiting.is_finished());
        assert_eq!(*behind.events.lock(), 9);
        behind.leave(1);
        waiting.join().unwrap();
        assert_eq!(*behind.events.lock(), 10);
    }

    #[test]
    fn no_caller_waits_for_a_thread_that_has_ended() {
        let behind = Arc::<Behind>::default();
        behind.enter(10, 10);
        let waiting = {
            let behind = behind.clone();
            std::thread::spawn(move || behind.enter(1, 10))
        };
        behind.end();
        waiting.join().unwrap();
    }
}
