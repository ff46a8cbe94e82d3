//! Marking executions that have been open for too long as stale.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// How often to look for them.
const EVERY: Duration = Duration::from_secs(60);

/// Marks stale executions until the server stops.
pub(super) async fn mark_stale(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = EVERY;
        match app.store.port().mark_stale(app.settings.stale).await {
            Ok(0) => {}
            // A single call may not mark all of them.
            Ok(executions) => {
                tracing::info!(executions, "marked executions as stale");
                pause = Duration::from_secs(1);
            }
            Err(error) => {
                tracing::error!(%error, "could not mark stale executions; retrying")
            }
        }
    }
}
