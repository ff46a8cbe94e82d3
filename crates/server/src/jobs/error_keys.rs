//! Stored errors that are not yet counted under the keys that are due: after an update of the program,
//! or after a crash in the middle of a change.

use crate::app::App;

/// Keys the errors of every project anew that has some to key.
pub(crate) async fn catch_up(app: &App) {
    loop {
        match app.grouping.catch_up().await {
            Ok(None) => return,
            Ok(Some(done)) if done.executions + done.steps == 0 => {}
            Ok(Some(done)) => {
                let (executions, steps) = (done.executions, done.steps);
                tracing::info!(executions, steps, "stored errors were grouped anew");
            }
            Err(error) => {
                tracing::error!(%error, "stored errors were not grouped anew; it is tried again");
                return;
            }
        }
    }
}
