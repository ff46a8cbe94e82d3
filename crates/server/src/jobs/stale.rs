//! Executions that are open for too long.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// How often they are looked for.
const EVERY: Duration = Duration::from_secs(60);

/// Counts executions that are open for too long as stale.
pub(super) async fn mark_stale(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = EVERY;
        match app.store.port().mark_stale(app.settings.stale).await {
            Ok(0) => {}
            // There may be more than are marked at once.
            Ok(executions) => {
                tracing::info!(executions, "executions are open for too long");
                pause = Duration::from_secs(1);
            }
            Err(error) => {
                tracing::error!(%error, "stale executions were not found; it is tried again")
            }
        }
    }
}
