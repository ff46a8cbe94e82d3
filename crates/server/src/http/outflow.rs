//! Back pressure for streams: a stream produces no more than its client receives.

use futures_util::{Stream, StreamExt, stream};

use crate::{
    app::live::Message,
    net::{Outflow, Produced},
};

/// About how many bytes a message takes in addition to its data.
const AROUND: usize = 128;

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
