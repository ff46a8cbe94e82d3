//! Measuring service level windows that have ended.

use crate::app::{App, AppError, views::sli::Measuring};

/// Windows measured in one step: a stop waits for no more than these.
const AT_ONCE: usize = 100;

/// Measures windows that are due.
pub async fn measure_windows(app: &App) -> Result<Measuring, AppError> {
    app.measure_due_windows(AT_ONCE).await
}
