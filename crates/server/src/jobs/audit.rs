//! Writing down what was read, and letting go of what has been kept long enough.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// How long a read waits to be written, at most.
const READS: Duration = Duration::from_millis(500);
/// How often old entries are looked for.
const OLD: Duration = Duration::from_secs(3_600);

/// Writes reads until it is told to stop. The last are written when the server closes.
pub(super) async fn write_reads(app: &App, mut stopped: watch::Receiver<bool>) {
    while !sleep_or_stop(READS, &mut stopped).await {
        if let Err(error) = app.write_access().await {
            tracing::error!(%error, "reads were not written to the audit log; it is tried again");
        }
    }
}

/// Deletes old entries until it is told to stop.
pub(super) async fn let_go(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = OLD;
        match app.prune_audit().await {
            Ok(0) => {}
            Ok(entries) => tracing::info!(entries, "old entries of the audit log were deleted"),
            Err(error) => {
                tracing::error!(%error, "the audit log was not pruned; it is tried again")
            }
        }
    }
}
