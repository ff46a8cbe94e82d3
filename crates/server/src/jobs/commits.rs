//! Recording commits in control data, so that a start can detect an event store that has lost some.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// The longest that a commit waits to be recorded.
const PAUSE: Duration = Duration::from_secs(1);

/// Records commits until the server stops.
pub(super) async fn note_commits(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut commits = app.store.commits();
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => return,
            news = commits.changed() => if news.is_err() { return },
        }
        let sequence = *commits.borrow_and_update();
        if let Err(error) = app.note_commit(sequence).await {
            tracing::warn!(%error, "could not record commits in the control data; retrying");
        }
        if sleep_or_stop(PAUSE, &mut stopped).await {
            return;
        }
    }
}
