//! Measuring SLO windows that have ended.

use crate::app::{App, AppError};

/// Deletes old windows and measures those that are due, one project or workflow at a time until `stopped`
/// returns true. Returns how many windows were measured. If one project or workflow fails, the others are
/// still measured, and the last error is returned at the end.
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
