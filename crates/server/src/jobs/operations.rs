//! Noting how the server itself fares.

use std::time::Duration;

use tokio::{sync::watch, time::Instant};

use super::sleep_or_stop;
use crate::app::App;

/// How often to note it.
const EVERY: Duration = Duration::from_secs(60);

/// Notes how the server fares until it stops.
pub(super) async fn tally(app: &App, mut stopped: watch::Receiver<bool>) {
    let (mut noted, mut since) = (app.server_tally(), Instant::now());
    loop {
        let stops = sleep_or_stop(EVERY, &mut stopped).await;
        let (tally, now) = (app.server_tally(), Instant::now());
        match app.note_server(&noted, &tally, now - since).await {
            Ok(()) => (noted, since) = (tally, now),
            Err(error) => tracing::error!(%error, "could not note how the server fares; retrying"),
        }
        if stops {
            return;
        }
    }
}
