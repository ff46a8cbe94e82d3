//! A server from its first connection to its last.

use std::{future::Future, io, sync::Arc};

use axum::serve::ListenerExt;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    app::{App, AppError},
    http, jobs,
};

/// Answers requests until `stop` is ready; then takes no new ones, finishes those that are open (for
/// at most the grace period of the settings), and closes the stores.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let timers = jobs::start(Arc::clone(&app), stopped.clone());
    let grace = app.settings.shutdown_grace;
    // Answers are small and written whole: waiting to fill a packet only delays them.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let serving = axum::serve(listener, http::router(Arc::clone(&app)))
        .with_graceful_shutdown(async move {
            stop.await;
            tracing::info!("stopping: no new connections");
            stopping.send_replace(true);
        })
        .into_future();
    tokio::select! {
        served = serving => served?,
        () = grace_passed(stopped, grace) => {
            tracing::warn!("connections were still open after the grace period");
        }
    }
    timers.await.map_err(io::Error::other)?;
    close(&app).await.map_err(io::Error::other)
}

async fn grace_passed(mut stopped: watch::Receiver<bool>, grace: std::time::Duration) {
    // An error means that the sender is gone, and with it the server: that ends by itself.
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(grace).await;
}

async fn close(app: &App) -> Result<(), AppError> {
    app.store.close().await?;
    app.meta.close().await;
    tracing::info!("stopped");
    Ok(())
}
