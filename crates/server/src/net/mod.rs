//! Connections: accepting them, TLS, and HTTP/1.1 or HTTP/2 on them.

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

pub use tls::{Tls, TlsError, TlsFiles};

use crate::http::{HEAD_BYTES, Outflow, Peer};
use outlet::Outlet;

/// How long the head of a request may take, and how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// How long a TLS handshake may take.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often an HTTP/2 connection on which nothing happens is asked whether it is alive, and how long
/// the answer may take.
const ALIVE: Duration = Duration::from_secs(30);
/// Connections at once; more wait to be accepted.
const CONNECTIONS: usize = 20_000;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 200;
/// The largest buffer of a connection, in bytes: a head that is too large is known as such in it.
const BUFFER_BYTES: usize = HEAD_BYTES + 8 * 1024;
/// What waits to be sent on one request of an HTTP/2 connection, in bytes.
const SEND_BYTES: usize = 64 * 1024;
/// How long to wait when the system has no connection to give, as when files run out.
const BREATH: Duration = Duration::from_millis(200);

/// What connections are answered with.
#[derive(Clone)]
pub(crate) struct Door {
    /// What answers requests.
    pub router: Router,
    /// TLS; without it connections are plain.
    pub tls: Option<Arc<Tls>>,
    /// Whether the server stops.
    pub stopped: watch::Receiver<bool>,
    /// How long a client may take nothing of its answers.
    pub unread: Duration,
    /// Counts connections that were given up for it.
    pub given_up: Arc<AtomicU64>,
}

/// Accepts connections until `stop` is ready, and returns those that are open.
pub(crate) async fn accept_until(
    listener: &TcpListener,
    door: Door,
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
                tracing::debug!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        connections.spawn(open(stream, peer, door.clone(), place));
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
    // Answers are small and written whole: waiting to fill a packet only delays them.
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}

/// Shakes hands, if there is TLS, and answers what comes.
async fn open(stream: TcpStream, peer: SocketAddr, door: Door, _place: OwnedSemaphorePermit) {
    let stream = Outlet::new(stream, door.unread, Arc::clone(&door.given_up));
    let from = (Peer(peer), stream.outflow());
    let Some(tls) = &door.tls else {
        return answer(stream, from, door, false).await;
    };
    let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.acceptor().accept(stream));
    match handshake.await {
        Ok(Ok(stream)) => {
            let h2 = stream.get_ref().1.alpn_protocol() == Some(tls::H2);
            answer(stream, from, door, h2).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

/// Answers the requests of one connection; after a stop, only those under way.
async fn answer<S>(stream: S, (peer, outflow): (Peer, Outflow), mut door: Door, h2: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let builder = builder(h2);
    let router = door.router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(outflow.clone());
        request
    });
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => return log_end(ended),
        _ = door.stopped.wait_for(|stopped| *stopped) => {}
    }
    connection.as_mut().graceful_shutdown();
    log_end(connection.await);
}

/// What was agreed on is all that is spoken: a guess would wait for a first byte for ever.
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

/// A client that hangs up is no fault of the server.
fn log_end(ended: Result<(), Box<dyn std::error::Error + Send + Sync>>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
