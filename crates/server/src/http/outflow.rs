//! How much of an answer has left: who makes an answer bit by bit makes no more of it than its client takes.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use futures_util::{Stream, StreamExt, stream};
use tokio::sync::Notify;

use crate::app::live::Message;

/// What a message of a stream takes beside its data, about.
const AROUND: usize = 128;

/// The way out of one connection. Whoever accepts connections puts it into the extensions of their
/// requests, and says when bytes have left.
#[derive(Clone, Debug, Default)]
pub struct Outflow(Arc<State>);

#[derive(Debug, Default)]
struct State {
    writes: AtomicU64,
    moved: Notify,
    narrow: AtomicBool,
}

impl Outflow {
    /// Bytes have left.
    pub fn moved(&self) {
        self.0.writes.fetch_add(1, Ordering::Release);
        self.0.moved.notify_waiters();
    }

    /// Asks for a small buffer in the system: what waits there cannot be bounded from here.
    pub fn narrow(&self) {
        self.0.narrow.store(true, Ordering::Release);
    }

    /// Whether a small buffer was asked for since this was last asked.
    pub fn is_to_narrow(&self) -> bool {
        self.0.narrow.load(Ordering::Acquire) && self.0.narrow.swap(false, Ordering::AcqRel)
    }

    /// Waits until fewer than `most` bytes were made since bytes left last.
    async fn room(&self, made: &mut Made, most: usize) {
        loop {
            let mut moved = std::pin::pin!(self.0.moved.notified());
            moved.as_mut().enable();
            let writes = self.0.writes.load(Ordering::Acquire);
            if writes != made.writes {
                *made = Made { writes, bytes: 0 };
            }
            if made.bytes < most {
                return;
            }
            moved.await;
        }
    }
}

/// What was made of an answer since bytes left.
#[derive(Debug, Default)]
struct Made {
    writes: u64,
    bytes: usize,
}

/// The messages, no faster than they leave: at most so many bytes of them wait.
pub(super) fn paced(
    messages: impl Stream<Item = Message> + Send + 'static,
    outflow: Outflow,
    most: usize,
) -> impl Stream<Item = Message> + Send {
    let state = (Box::pin(messages), outflow, Made::default());
    stream::unfold(state, move |(mut messages, outflow, mut made)| async move {
        outflow.room(&mut made, most).await;
        let message = messages.next().await?;
        made.bytes += AROUND + message.data.len();
        Some((message, (messages, outflow, made)))
    })
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn no_more_is_made_than_leaves() {
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
