//! A connection that reports when bytes leave and is closed if none do for too long.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

use super::Outflow;

/// The operating system's send buffer for a connection whose answer is produced piece by piece, in bytes.
const NARROW: usize = 16 * 1024;

/// A client's connection.
pub(super) struct Outlet {
    stream: TcpStream,
    outflow: Outflow,
    patience: Duration,
    /// Runs while the client reads nothing.
    waiting: Option<Pin<Box<Sleep>>>,
    given_up: Arc<AtomicU64>,
}

impl Outlet {
    /// A connection that is closed, and counted, if its client reads nothing for `patience`.
    pub fn new(stream: TcpStream, patience: Duration, given_up: Arc<AtomicU64>) -> Self {
        Self {
            stream,
            outflow: Outflow::default(),
            patience,
            waiting: None,
            given_up,
        }
    }

    /// Reports when bytes leave.
    pub fn outflow(&self) -> Outflow {
        self.outflow.clone()
    }

    fn narrow(&self) {
        if self.outflow.is_to_narrow()
            && let Err(error) =
                rustix::net::sockopt::set_socket_send_buffer_size(&self.stream, NARROW)
        {
            tracing::debug!(%error, "could not shrink a send buffer");
        }
    }

    /// The result of an attempt to write: pending until `patience` has passed, then a timeout.
    fn tried(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(done) = written {
            self.waiting = None;
            self.outflow.moved();
            return Poll::Ready(done);
        }
        let patience = self.patience;
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(waiting.as_mut().poll(context));
        self.given_up.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Outlet {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Outlet {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.narrow();
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.tried(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.narrow();
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.tried(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    async fn pair(patience: Duration) -> (Outlet, TcpStream, Arc<AtomicU64>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(client, listener.accept());
        let given_up = Arc::default();
        let outlet = Outlet::new(accepted.unwrap().0, patience, Arc::clone(&given_up));
        (outlet, client.unwrap(), given_up)
    }

    #[tokio::test]
    async fn a_client_that_reads_nothing_is_disconnected() {
        let (mut outlet, _client, given_up) = pair(Duration::from_millis(50)).await;
        let error = loop {
            if let Err(error) = outlet.write(&[0; 64 * 1024]).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(given_up.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_narrow_connection_buffers_little_and_loses_nothing() {
        let (mut outlet, mut client, _) = pair(Duration::from_millis(200)).await;
        outlet.outflow().narrow();
        let mut written = 0;
        while let Ok(more) = outlet.write(&[7; 1024]).await {
            written += more;
        }
        // The client's own receive buffer adds to it.
        assert!(written < 1 << 20, "{written}");
        drop(outlet);
        let mut read = Vec::new();
        client.read_to_end(&mut read).await.unwrap();
        assert_eq!(read.len(), written);
    }
}
