//! Converts DuckDB's errors to the port's.

use weir_store::StoreError;

/// Adds the operation that failed to an error from DuckDB.
pub(crate) trait Context<T> {
    fn context(self, context: &'static str) -> Result<T, StoreError>;
}

impl<T, E: std::fmt::Display> Context<T> for Result<T, E> {
    fn context(self, context: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| classified(context, error.to_string()))
    }
}

/// DuckDB has no error code for a full disk: it passes on the system's message (ENOSPC, EDQUOT), or
/// reports that its own limit for temporary files is reached.
fn classified(context: &'static str, message: String) -> StoreError {
    const FULL: [&str; 3] = [
        "No space left on device",
        "Disk quota exceeded",
        "Not enough disk space",
    ];
    match FULL.iter().any(|said| message.contains(said)) {
        true => StoreError::Full { context, message },
        false => StoreError::Database { context, message },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_distinguished_from_other_faults() {
        let of = |text: &str| Err::<(), _>(text.to_owned()).context("commit").unwrap_err();
        let full = of("IO Error: Could not write file \"x\": No space left on device");
        assert!(matches!(full, StoreError::Full { .. }), "{full}");
        let other = of("IO Error: Could not write file \"x\": Bad file descriptor");
        assert!(matches!(other, StoreError::Database { .. }), "{other}");
    }
}
