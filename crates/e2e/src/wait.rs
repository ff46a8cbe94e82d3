//! Waiting for a condition.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How often a condition is checked.
const PAUSE: Duration = Duration::from_millis(5);

/// Calls `look` until it returns something, and returns that. Panics with `what` it waited for when the time
/// is up.
pub fn until<T>(what: &str, deadline: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            started.elapsed() < deadline,
            "waited {deadline:?} in vain for {what}"
        );
        thread::sleep(PAUSE);
    }
}
