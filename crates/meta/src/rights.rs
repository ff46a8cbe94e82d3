//! The signal that rights changed.

use tokio::sync::watch;

/// Signals that a key was revoked, a session ended or a role changed, so that open streams check again.
#[derive(Debug)]
pub(crate) struct Rights(watch::Sender<u64>);

impl Default for Rights {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Rights {
    /// Sends the signal.
    pub fn changed(&self) {
        self.0.send_modify(|changes| *changes += 1);
    }

    /// Receives the signals sent from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
