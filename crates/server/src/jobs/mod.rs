//! Jobs that run on timers. Each job is a step that does its work once and returns the outcome; the timer
//! around it only calls it and logs.

mod audit;
mod budgets;
mod commits;
mod compaction;
mod control_data;
mod dimensions;
mod erasures;
mod error_keys;
mod operations;
mod reconciliation;
mod stale;
mod windows;

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task::JoinHandle};

pub use budgets::{finish_restatements, watch_budgets};
pub use compaction::{Compaction, compact};
pub use windows::measure_windows;

use crate::app::App;

/// Runs every job at its interval until `stopped` is true.
pub(crate) fn start(app: Arc<App>, stopped: watch::Receiver<bool>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(
            merge_rollups(&app, stopped.clone()),
            trim_log(&app, stopped.clone()),
            dimensions::describe(&app, stopped.clone()),
            measure_service_levels(&app, stopped.clone()),
            check_budgets(&app, stopped.clone()),
            audit::write_reads(&app, stopped.clone()),
            audit::prune(&app, stopped.clone()),
            erasures::erase_users(&app, stopped.clone()),
            stale::mark_stale(&app, stopped.clone()),
            commits::note_commits(&app, stopped.clone()),
            reconciliation::reconcile(&app, stopped.clone()),
            control_data::check(&app, stopped.clone()),
            operations::tally(&app, stopped.clone()),
        );
    })
}

/// How often to check whether the store's log needs trimming.
const TRIMMING: Duration = Duration::from_secs(1);

async fn trim_log(app: &App, mut stopped: watch::Receiver<bool>) {
    while !sleep_or_stop(TRIMMING, &mut stopped).await {
        if let Err(error) = app.store.port().trim_log().await {
            tracing::error!(%error, "could not trim the store's log; retrying");
        }
    }
}

async fn merge_rollups(app: &App, mut stopped: watch::Receiver<bool>) {
    let interval = app.settings.compaction_interval;
    while !sleep_or_stop(interval, &mut stopped).await {
        match compact(&**app.store.port()).await {
            Ok(Compaction::Merged { rows }) => tracing::debug!(rows, "merged rollup rows"),
            Ok(Compaction::NothingToDo) => {}
            Err(error) => tracing::error!(%error, "compaction failed; retrying"),
        }
        error_keys::catch_up(app).await;
    }
}

async fn measure_service_levels(app: &App, mut stopped: watch::Receiver<bool>) {
    let stop = stopped.clone();
    let mut pause = Duration::ZERO;
    while !sleep_or_stop(pause, &mut stopped).await {
        pause = app.settings.sli_interval;
        match measure_windows(app, || *stop.borrow()).await {
            Ok(0) => {}
            Ok(windows) => tracing::debug!(windows, "measured SLO windows"),
            Err(error) => tracing::error!(%error, "could not measure SLO windows; retrying"),
        }
    }
}

async fn check_budgets(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut finished = false;
    loop {
        if !finished {
            match finish_restatements(app).await {
                Ok(0) => finished = true,
                Ok(restated) => tracing::info!(restated, "repriced stored costs"),
                Err(error) => tracing::error!(%error, "could not reprice stored costs; retrying"),
            }
        }
        if let Err(error) = watch_budgets(app).await {
            tracing::error!(%error, "could not check budgets; retrying");
        }
        if sleep_or_stop(app.settings.budget_interval, &mut stopped).await {
            return;
        }
    }
}

/// Waits for the interval; returns whether the server stopped before it had passed.
async fn sleep_or_stop(interval: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        _ = stopped.wait_for(|stopped| *stopped) => true,
        () = tokio::time::sleep(interval) => false,
    }
}
