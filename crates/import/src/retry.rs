//! Sending a batch until it is accepted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::batch::Batch;
use crate::sender::{Answer, EventError, SendError, Sender};

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long to retry the first contact: if a server was never reached, the address is probably wrong.
const FIRST_CONTACT: Duration = Duration::from_secs(5);

/// How long to retry, and how to wait.
pub(crate) struct Patience<'a> {
    pub retry_for: Duration,
    /// Whether the server has answered before.
    pub reached: &'a AtomicBool,
    /// Waits; returns false if sending must stop.
    pub pause: &'a (dyn Fn(Duration) -> bool + Sync),
}

impl Patience<'_> {
    fn limit(&self) -> Duration {
        if self.reached.load(Ordering::Relaxed) {
            self.retry_for
        } else {
            self.retry_for.min(FIRST_CONTACT)
        }
    }
}

/// Sends `batch`, with retries where they can help, and in halves if it is too large. Retries are safe: the server counts
/// each id once. Fails with a message if the server rejects it, or when the time is up.
pub(crate) fn deliver(
    sender: &dyn Sender,
    batch: &Batch,
    patience: &Patience<'_>,
) -> Result<Answer, String> {
    let began = Instant::now();
    let mut waited = Duration::ZERO;
    let mut pause = FIRST_PAUSE;
    loop {
        let sent = sender.send_read(&batch.body, batch.read);
        if !matches!(sent, Err(SendError::Unreachable(_))) {
            patience.reached.store(true, Ordering::Relaxed);
        }
        let (wait, detail) = match sent {
            Ok(answer) => return Ok(answer),
            Err(SendError::TooLarge(detail)) => return in_halves(sender, batch, patience, detail),
            Err(SendError::Refused(detail)) => return Err(detail),
            Err(SendError::Unreachable(detail)) => (pause, detail),
            Err(SendError::Busy {
                retry_after,
                detail,
            }) => (retry_after.unwrap_or(pause), detail),
        };
        let spent = began.elapsed().max(waited);
        if spent + wait > patience.limit() {
            return Err(format!("{detail}; gave up after {} s", spent.as_secs()));
        }
        if !(patience.pause)(wait) {
            return Err(detail);
        }
        waited += wait;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn in_halves(
    sender: &dyn Sender,
    batch: &Batch,
    patience: &Patience<'_>,
    detail: String,
) -> Result<Answer, String> {
    if batch.origins.len() < 2 {
        let error = EventError {
            index: 0,
            code: "too_large".to_owned(),
            detail: Some(detail),
            ..EventError::default()
        };
        return Ok(Answer {
            rejected: 1,
            errors: vec![error],
            ..Answer::default()
        });
    }
    let (first, second) = batch.halves();
    let mut answer = deliver(sender, &first, patience)?;
    let rest = deliver(sender, &second, patience)?;
    answer.accepted += rest.accepted;
    answer.duplicates += rest.duplicates;
    answer.rejected += rest.rejected;
    let moved = rest.errors.into_iter().map(|mut error| {
        error.index += first.origins.len();
        error
    });
    answer.errors.extend(moved);
    Ok(answer)
}
