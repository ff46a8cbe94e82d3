//! Writing reads to the audit log, and deleting old entries.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// The longest that a read waits to be written.
const READS: Duration = Duration::from_millis(500);
/// How often old entries are deleted.
const OLD: Duration = Duration::from_secs(3_600);

/// Writes reads until the server stops. The last ones are written when it closes.
pub(super) async fn write_reads(app: &App, mut stopped: watch::Receiver<bool>) {
    while !sleep_or_stop(READS, &mut stopped).await {
        if let Err(error) = app.write_access().await {
            tracing::error!(%error, "could not write reads to the audit log; retrying");
        }
    }
}

/// Deletes old entries until the server stops.
pub(super) async fn prune(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = OLD;
        match app.prune_audit().await {
            Ok(0) => {}
            Ok(entries) => tracing::info!(entries, "deleted old entries of the audit log"),
            Err(error) => {
                tracing::error!(%error, "could not delete old entries of the audit log; retrying")
            }
        }
    }
}
