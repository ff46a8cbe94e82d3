//! How much of an answer has left its connection.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use tokio::sync::Notify;

/// How fast the answers of one connection leave. The code that accepts connections puts it into the
/// extensions of their requests and reports when bytes have left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outflow(Arc<State>);

#[derive(Debug, Default)]
struct State {
    writes: AtomicU64,
    moved: Notify,
    narrow: AtomicBool,
}

impl Outflow {
    /// Notes that bytes have left.
    pub fn moved(&self) {
        self.0.writes.fetch_add(1, Ordering::Release);
        self.0.moved.notify_waiters();
    }

    /// Asks for a small send buffer in the operating system, because what waits there cannot be bounded otherwise.
    pub fn narrow(&self) {
        self.0.narrow.store(true, Ordering::Release);
    }

    /// Whether a small buffer has been asked for since the last call.
    pub fn is_to_narrow(&self) -> bool {
        self.0.narrow.load(Ordering::Acquire) && self.0.narrow.swap(false, Ordering::AcqRel)
    }

    /// Waits until fewer than `most` bytes have been produced since bytes last left.
    pub async fn room(&self, produced: &mut Produced, most: usize) {
        loop {
            let mut moved = std::pin::pin!(self.0.moved.notified());
            moved.as_mut().enable();
            let writes = self.0.writes.load(Ordering::Acquire);
            if writes != produced.writes {
                *produced = Produced { writes, bytes: 0 };
            }
            if produced.bytes < most {
                return;
            }
            moved.await;
        }
    }
}

/// What has been produced of an answer since bytes last left.
#[derive(Debug, Default)]
pub(crate) struct Produced {
    writes: u64,
    /// In bytes.
    pub bytes: usize,
}
