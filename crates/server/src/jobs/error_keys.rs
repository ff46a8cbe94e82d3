//! Regrouping stored errors, after an update of the program or a crash in the middle of a change.

use crate::app::App;

/// Regroups the stored errors of every project that is due.
pub(crate) async fn catch_up(app: &App) {
    loop {
        match app.grouping.catch_up().await {
            Ok(None) => return,
            Ok(Some(done)) if done.executions + done.steps == 0 => {}
            Ok(Some(done)) => {
                let (executions, steps) = (done.executions, done.steps);
                tracing::info!(executions, steps, "regrouped stored errors");
            }
            Err(error) => {
                tracing::error!(%error, "could not regroup stored errors; retrying");
                return;
            }
        }
    }
}
