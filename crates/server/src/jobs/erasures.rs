//! Completing erasures that a restart interrupted or that failed.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// How often to look for unfinished erasures.
const AGAIN: Duration = Duration::from_secs(60);

/// Erases users until the server stops.
pub(super) async fn erase_users(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = AGAIN;
        match app.finish_erasures().await {
            Ok(0) => {}
            Ok(users) => tracing::info!(users, "erased users"),
            Err(error) => tracing::error!(%error, "could not erase a user; retrying"),
        }
    }
}
