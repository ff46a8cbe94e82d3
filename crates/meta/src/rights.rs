//! The bell that rings when somebody may do less, or other things, than before.

use tokio::sync::watch;

/// Rings when a key was revoked, a session ended or a role changed.
#[derive(Debug)]
pub(crate) struct Rights(watch::Sender<u64>);

impl Default for Rights {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Rights {
    pub fn changed(&self) {
        self.0.send_modify(|changes| *changes += 1);
    }

    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
