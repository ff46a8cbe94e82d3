//! Telling control data of commits, so that a store that has lost some is noticed when it is opened.

use std::time::Duration;

use tokio::sync::watch;

use super::sleep_or_stop;
use crate::app::App;

/// How long commits wait to be told of, at most.
const PAUSE: Duration = Duration::from_secs(1);

/// Tells of commits until it is told to stop.
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
