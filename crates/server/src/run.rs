//! A server from its first connection to its last.

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tower::ServiceExt;

use crate::{
    app::{App, AppError},
    http::{self, Peer},
    jobs,
};

/// How long the head of a request may take, and how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// Connections at once; more wait to be accepted.
const CONNECTIONS: usize = 20_000;
/// How long to wait when the system has no connection to give, as when files run out.
const BREATH: Duration = Duration::from_millis(200);

/// Answers requests until `stop` is ready; then takes no new ones, finishes those that are open (for
/// at most the grace period of the settings), and closes the stores.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let timers = jobs::start(Arc::clone(&app), stopped.clone());
    let router = http::router(Arc::clone(&app));
    let mut connections = accept_until(listener, router, stop, &stopped).await;
    tracing::info!(open = connections.len(), "stopping: no new connections");
    stopping.send_replace(true);
    app.live.stop();
    let finishing = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(app.settings.shutdown_grace, finishing)
        .await
        .is_err()
    {
        tracing::warn!("connections were still open after the grace period");
    }
    timers.await.map_err(io::Error::other)?;
    close(&app).await.map_err(io::Error::other)
}

/// Accepts connections until `stop` is ready, and returns those that are open.
async fn accept_until(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
    stopped: &watch::Receiver<bool>,
) -> JoinSet<()> {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
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
        let router = router.clone();
        connections.spawn(answer(stream, peer, router, stopped.clone(), place));
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

/// Answers the requests of one connection; after a stop, only the one under way.
async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    let router = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(Peer(peer));
        request
    });
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => return log_end(ended),
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
    connection.as_mut().graceful_shutdown();
    log_end(connection.await);
}

/// A client that hangs up is no fault of the server.
fn log_end(ended: Result<(), Box<dyn std::error::Error + Send + Sync>>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

async fn close(app: &App) -> Result<(), AppError> {
    app.store.close().await?;
    app.meta.close().await;
    tracing::info!("stopped");
    Ok(())
}
