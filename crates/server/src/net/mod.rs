//! Connections: accepting them, TLS, and HTTP/1.1 or HTTP/2 over them.

mod outflow;
mod outlet;
mod tls;

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use axum::{Router, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt;

pub(crate) use outflow::{Outflow, Produced};
use outlet::Outlet;
pub use tls::{Tls, TlsError, TlsFiles};

/// The largest head of a request, in bytes.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// How long the head of a request can take, and how long an idle connection is kept open.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// How long a TLS handshake can take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often an idle HTTP/2 connection is pinged, and how long the answer can take.
const ALIVE: Duration = Duration::from_secs(30);
/// Concurrent connections; more wait to be accepted.
const CONNECTIONS: usize = 20_000;
/// Concurrent requests on one HTTP/2 connection.
const STREAMS: u32 = 200;
/// The largest read buffer of a connection, in bytes. It holds more than a head, so that one that is too
/// large gets an answer.
const BUFFER_BYTES: usize = HEAD_BYTES + 8 * 1024;
/// The send buffer of one request on an HTTP/2 connection, in bytes.
const SEND_BYTES: usize = 64 * 1024;
/// How long to wait if the system cannot accept a connection, for example because file descriptors have run
/// out.
const BREATH: Duration = Duration::from_millis(200);

/// The address of the client end of the connection that a request arrived on; it is in the extensions of every
/// request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// How connections are answered.
#[derive(Clone)]
pub(crate) struct Endpoint {
    /// Answers requests.
    pub router: Router,
    /// TLS; without it connections are plain.
    pub tls: Option<Arc<Tls>>,
    /// Whether the server is stopping.
    pub stopped: watch::Receiver<bool>,
    /// How long a client can go without reading its answers.
    pub unread: Duration,
    /// Counts connections closed for that reason.
    pub given_up: Arc<AtomicU64>,
}

/// Accepts connections until `stop` resolves, and returns those that are still open.
pub(crate) async fn accept_until(
    listener: &TcpListener,
    endpoint: Endpoint,
    stop: impl Future<Output = ()>,
) -> JoinSet<()> {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(listener, &places) => accepted,
            () = &mut stop => return connections,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::debug!(%error, "could not accept a connection");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        connections.spawn(open(stream, peer, endpoint.clone(), place));
        while connections.try_join_next().is_some() {}
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Answers are small and written in one piece: waiting to fill a packet only delays them.
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}

/// Completes the TLS handshake, if there is one, and answers requests.
async fn open(
    stream: TcpStream,
    peer: SocketAddr,
    endpoint: Endpoint,
    _place: OwnedSemaphorePermit,
) {
    let stream = Outlet::new(stream, endpoint.unread, Arc::clone(&endpoint.given_up));
    let from = (Peer(peer), stream.outflow());
    let Some(tls) = &endpoint.tls else {
        return answer(stream, from, endpoint, false).await;
    };
    let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.acceptor().accept(stream));
    match handshake.await {
        Ok(Ok(stream)) => {
            let h2 = stream.get_ref().1.alpn_protocol() == Some(tls::H2);
            answer(stream, from, endpoint, h2).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake timed out"),
    }
}

/// Answers the requests of one connection; once the server stops, only those under way.
async fn answer<S>(stream: S, (peer, outflow): (Peer, Outflow), mut endpoint: Endpoint, h2: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let builder = builder(h2);
    let router = endpoint.router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(outflow.clone());
        request
    });
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => return log_end(ended),
        _ = endpoint.stopped.wait_for(|stopped| *stopped) => {}
    }
    connection.as_mut().graceful_shutdown();
    log_end(connection.await);
}

/// Only the negotiated protocol is spoken: detection would wait forever for a first byte.
fn builder(h2: bool) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(BUFFER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(BUFFER_BYTES as u32)
        .max_send_buf_size(SEND_BYTES)
        .keep_alive_interval(ALIVE)
        .keep_alive_timeout(ALIVE);
    match h2 {
        true => builder.http2_only(),
        false => builder.http1_only(),
    }
}

/// Logged at debug level, because a client that hangs up is not a fault of the server.
fn log_end(ended: Result<(), Box<dyn std::error::Error + Send + Sync>>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection failed");
    }
}
