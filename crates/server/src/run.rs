//! The life of a server, from the first connection to the last.

use std::{future::Future, io, sync::Arc};

use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::App,
    http, jobs,
    net::{self, Endpoint, Tls},
};

/// Answers requests until `stop` resolves. Then accepts no new ones, finishes those under way (for at most
/// `Settings::shutdown_grace`) and closes the stores. With `tls`, connections are encrypted, and the
/// certificate is reloaded when it changes. Fails if a job panicked or a store cannot be closed.
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
    let endpoint = Endpoint {
        router: http::router(Arc::clone(&app)),
        tls,
        stopped,
        unread: app.settings.unread,
        given_up: Arc::clone(&app.given_up),
    };
    let mut connections = net::accept_until(&listener, endpoint, stop).await;
    drop(listener);
    tracing::info!(
        open = connections.len(),
        "stopping: no new connections are accepted"
    );
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
