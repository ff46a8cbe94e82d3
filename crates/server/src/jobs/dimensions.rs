//! Values of declared dimensions, found before anybody asks.

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// Makes declared dimensions ready to be asked, at the interval of compaction.
pub(crate) async fn describe(app: &App, mut stopped: watch::Receiver<bool>) {
    while !sleep_or_stop(app.settings.compaction_interval, &mut stopped).await {
        if let Err(error) = app.describe_projects().await {
            tracing::error!(%error, "declared dimensions are not ready; it is tried again");
        }
    }
}
