//! Holding budgets against what was spent, and prices that a crash left half changed.

use crate::app::{App, AppError};

/// Looks at the budgets whose spending may have changed; returns how many thresholds were found reached.
pub async fn watch_budgets(app: &App) -> Result<usize, AppError> {
    app.watch_budgets().await
}

/// Brings stored costs to price books that were changed just before a crash; returns how many.
pub async fn finish_restatements(app: &App) -> Result<usize, AppError> {
    app.finish_restatements().await
}
