//! What happens by the clock. Each job is a step that does its work once and says what came of it;
//! the timer around it does nothing else.

mod audit;
mod budgets;
mod commits;
mod compaction;
mod control_data;
mod dimensions;
mod erasures;
mod error_keys;
mod reconciliation;
mod stale;
mod windows;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

pub use budgets::{finish_restatements, watch_budgets};
pub use compaction::{Compaction, compact};
pub use windows::measure_windows;

use crate::app::App;

/// Runs every job at its interval until `stopped` says so.
pub(crate) fn start(app: Arc<App>, stopped: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(
            merge_rollups(&app, stopped.clone()),
            trim_log(&app, stopped.clone()),
            dimensions::describe(&app, stopped.clone()),
            measure_service_levels(&app, stopped.clone()),
            hold_budgets(&app, stopped.clone()),
            audit::write_reads(&app, stopped.clone()),
            audit::let_go(&app, stopped.clone()),
            erasures::erase_users(&app, stopped.clone()),
            stale::mark_stale(&app, stopped.clone()),
            commits::note_commits(&app, stopped.clone()),
            reconciliation::reconcile(&app, stopped.clone()),
            control_data::check(&app, stopped.clone()),
        );
    })
}

/// How often it is looked whether the store's log is long.
const TRIMMING: Duration = Duration::from_secs(1);

async fn trim_log(app: &App, mut stopped: watch::Receiver<bool>) {
    while !sleep_or_stop(TRIMMING, &mut stopped).await {
        if let Err(error) = app.store.port().trim_log().await {
            tracing::error!(%error, "the store's log stays long; it is tried again");
        }
    }
}

async fn merge_rollups(app: &App, mut stopped: watch::Receiver<bool>) {
    let interval = app.settings.compaction_interval;
    while !sleep_or_stop(interval, &mut stopped).await {
        match compact(&**app.store.port()).await {
            Ok(Compaction::Merged { rows }) => tracing::debug!(rows, "rollup rows merged"),
            Ok(Compaction::NothingToDo) => {}
            Err(error) => tracing::error!(%error, "compaction failed; it is tried again"),
        }
        error_keys::catch_up(app).await;
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

async fn hold_budgets(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut finished = false;
    loop {
        if !finished {
            match finish_restatements(app).await {
                Ok(0) => finished = true,
                Ok(restated) => tracing::info!(restated, "stored costs have followed their prices"),
                Err(error) => tracing::error!(%error, "costs were not restated; it is tried again"),
            }
        }
        if let Err(error) = watch_budgets(app).await {
            tracing::error!(%error, "budgets were not held against costs; it is tried again");
        }
        if sleep_or_stop(app.settings.budget_interval, &mut stopped).await {
            return;
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
