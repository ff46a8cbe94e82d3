//! Checking budgets, and completing changes of prices that a crash interrupted.

use crate::app::{App, AppError};

/// Checks the budgets whose spending may have changed, and returns how many thresholds were newly reached.
/// Fails as [`App::watch_budgets`] does.
pub async fn watch_budgets(app: &App) -> Result<usize, AppError> {
    app.watch_budgets().await
}

/// Reprices stored costs after changes of prices that a crash interrupted, and returns how many changes there
/// were. Fails as [`App::finish_restatements`] does.
pub async fn finish_restatements(app: &App) -> Result<usize, AppError> {
    app.finish_restatements().await
}
