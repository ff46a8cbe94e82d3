//! Measuring service level windows that have ended.

use crate::app::{App, AppError};

/// Deletes windows that have been kept long enough, measures those that are due, of one project or workflow after the other until `stopped`
/// says so, and returns how many there were. One that fails does not keep the others waiting; its
/// error is returned in the end.
pub async fn measure_windows(app: &App, stopped: impl Fn() -> bool) -> Result<usize, AppError> {
    let mut measured = 0;
    let mut failed = None;
    for scope in app.every_scope().await? {
        app.prune_windows(scope).await?;
        for workflow in app.sli_subjects(scope).await? {
            if stopped() {
                return Ok(measured);
            }
            match app
                .reading
                .measure_windows(scope, workflow.as_deref(), None)
                .await
            {
                Ok(windows) => measured += windows,
                Err(error) => failed = Some(error),
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(measured),
    }
}
