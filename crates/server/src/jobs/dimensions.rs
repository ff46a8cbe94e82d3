//! Preparing the values of declared dimensions before they are queried.

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// Prepares declared dimensions, at the interval of compaction.
pub(crate) async fn describe(app: &App, mut stopped: watch::Receiver<bool>) {
    while !sleep_or_stop(app.settings.compaction_interval, &mut stopped).await {
        if let Err(error) = app.describe_projects().await {
            tracing::error!(%error, "could not prepare declared dimensions; retrying");
        }
    }
}
