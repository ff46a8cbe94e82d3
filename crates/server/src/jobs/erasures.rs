//! Erasing users who were to be erased before a restart, or whose erasure failed.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// How often unfinished erasures are looked for.
const AGAIN: Duration = Duration::from_secs(60);

/// Erases users until it is told to stop.
pub(super) async fn erase_users(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = AGAIN;
        match app.finish_erasures().await {
            Ok(0) => {}
            Ok(users) => tracing::info!(users, "users were erased"),
            Err(error) => tracing::error!(%error, "a user was not erased; it is tried again"),
        }
    }
}
