//! A server from its first connection to its last.

use std::{future::Future, io, sync::Arc};

use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::App,
    http, jobs,
    net::{self, Door, Tls},
};

/// Answers requests until `stop` is ready; then takes no new ones, finishes those that are open (for
/// at most the grace period of the settings), and closes the stores. With `tls`, connections are
/// encrypted, and its certificate is read again when it changes.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let timers = jobs::start(Arc::clone(&app), stopped.clone());
    if let Some(tls) = tls.clone() {
        let stopped = stopped.clone();
        tokio::spawn(async move { tls.watch(stopped).await });
    }
    let door = Door {
        router: http::router(Arc::clone(&app)),
        tls,
        stopped,
        unread: app.settings.unread,
        given_up: Arc::clone(&app.given_up),
    };
    let mut connections = net::accept_until(&listener, door, stop).await;
    drop(listener);
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
    app.close().await.map_err(io::Error::other)?;
    tracing::info!("stopped");
    Ok(())
}
