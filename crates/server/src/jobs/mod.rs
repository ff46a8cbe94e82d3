//! What happens by the clock. Each job is a step that does its work once and says what came of it;
//! the timer around it does nothing else.

mod compaction;
mod windows;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

pub use compaction::{Compaction, compact};
pub use windows::measure_windows;

use crate::app::App;

/// Runs every job at its interval until `stopped` says so.
pub(crate) fn start(app: Arc<App>, stopped: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(
            merge_rollups(&app, stopped.clone()),
            measure_service_levels(&app, stopped.clone()),
        );
    })
}

async fn merge_rollups(app: &App, mut stopped: watch::Receiver<bool>) {
    let interval = app.settings.compaction_interval;
    while !sleep_or_stop(interval, &mut stopped).await {
        match compact(&*app.store).await {
            Ok(Compaction::Merged { rows }) => tracing::debug!(rows, "rollup rows merged"),
            Ok(Compaction::NothingToDo) => {}
            Err(error) => tracing::error!(%error, "compaction failed; it is tried again"),
        }
    }
}

async fn measure_service_levels(app: &App, mut stopped: watch::Receiver<bool>) {
    let told = stopped.clone();
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = app.settings.sli_interval;
        match measure_windows(app, || *told.borrow()).await {
            Ok(0) => {}
            Ok(windows) => tracing::debug!(windows, "service level windows measured"),
            Err(error) => tracing::error!(%error, "measuring failed; it is tried again"),
        }
    }
}

/// Whether it was told to stop before the interval had passed.
async fn sleep_or_stop(interval: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        _ = stopped.wait_for(|stopped| *stopped) => true,
        () = tokio::time::sleep(interval) => false,
    }
}
