//! What happens by the clock. Each job is a step that does its work once and says what came of it;
//! the timer around it does nothing else.

mod compaction;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

pub use compaction::{Compaction, compact};

use crate::app::App;

/// Runs every job at its interval until `stopped` says so.
pub(crate) fn start(app: Arc<App>, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let interval = app.settings.compaction_interval;
        while !sleep_or_stop(interval, &mut stopped).await {
            match compact(&*app.store).await {
                Ok(Compaction::Merged { rows }) => tracing::debug!(rows, "rollup rows merged"),
                Ok(Compaction::NothingToDo) => {}
                Err(error) => tracing::error!(%error, "compaction failed; it is tried again"),
            }
        }
    })
}

/// Whether it was told to stop before the interval had passed.
async fn sleep_or_stop(interval: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(interval) => false,
        _ = stopped.wait_for(|stopped| *stopped) => true,
    }
}
