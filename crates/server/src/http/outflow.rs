//! Back pressure for streams: a stream produces no more than its client receives.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::Notify;

use crate::app::live::Message;

/// About how many bytes a message takes in addition to its data.
const AROUND: usize = 128;

/// The outgoing bytes of one connection. The code that accepts connections adds it to the extensions of their
/// requests, and reports when bytes were sent.
#[derive(Clone, Debug, Default)]
pub struct Outflow(Arc<State>);

#[derive(Debug, Default)]
struct State {
    writes: AtomicU64,
    moved: Notify,
    narrow: AtomicBool,
}

impl Outflow {
    /// Reports that bytes were sent.
    pub fn moved(&self) {
        self.0.writes.fetch_add(1, Ordering::Release);
        self.0.moved.notify_waiters();
    }

    /// Asks for a small socket buffer: what waits in it cannot be limited here.
    pub fn narrow(&self) {
        self.0.narrow.store(true, Ordering::Release);
    }

    /// Whether [`Self::narrow`] was called since the last call of this.
    pub fn is_to_narrow(&self) -> bool {
        self.0.narrow.load(Ordering::Acquire) && self.0.narrow.swap(false, Ordering::AcqRel)
    }

    /// Waits until fewer than `most` bytes have been produced since bytes were last sent.
    async fn room(&self, produced: &mut Produced, most: usize) {
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

/// The bytes produced since bytes were last sent.
#[derive(Debug, Default)]
struct Produced {
    writes: u64,
    bytes: usize,
}

/// The messages, no faster than they are sent: about `most` bytes of them wait at once.
pub(super) fn paced(
    messages: impl Stream<Item = Message> + Send + 'static,
    outflow: Outflow,
    most: usize,
) -> impl Stream<Item = Message> + Send {
    let state = (Box::pin(messages), outflow, Produced::default());
    stream::unfold(
        state,
        move |(mut messages, outflow, mut produced)| async move {
            outflow.room(&mut produced, most).await;
            let message = messages.next().await?;
            produced.bytes += AROUND + message.data.len();
            Some((message, (messages, outflow, produced)))
        },
    )
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn no_more_is_produced_than_is_sent() {
        let message = Message {
            id: "1".to_owned(),
            event: "heartbeat",
            data: "x".repeat(1_000 - AROUND),
        };
        let outflow = Outflow::default();
        let mut paced = Box::pin(paced(stream::repeat(message), outflow.clone(), 3_000));
        for _ in 0..2 {
            for _ in 0..3 {
                assert!(paced.next().now_or_never().is_some());
            }
            assert!(paced.next().now_or_never().is_none(), "3,000 bytes wait");
            outflow.moved();
        }
    }
}
