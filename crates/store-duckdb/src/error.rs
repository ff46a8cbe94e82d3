//! DuckDB's errors as the port's.

use weir_store::StoreError;

/// Says what was being done when DuckDB refused.
pub(crate) trait Context<T> {
    fn context(self, context: &'static str) -> Result<T, StoreError>;
}

impl<T, E: std::fmt::Display> Context<T> for Result<T, E> {
    fn context(self, context: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::Database {
            context,
            message: error.to_string(),
        })
    }
}
