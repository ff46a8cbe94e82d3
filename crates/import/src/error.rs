//! Errors that end an import.

use std::path::PathBuf;

/// Why an import ended early. What was read before the error was sent, and is in the report.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Flags that contradict each other or the file.
    #[error("{0}")]
    Usage(String),
    /// A file that cannot be opened or read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file that violates its format.
    #[error("{}:{line}: {detail}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line of the decompressed text, from 1.
        line: u64,
        /// What is wrong there.
        detail: String,
    },
    /// A file that ends before its content does.
    #[error("{}:{line}: the file is truncated: {detail} (after {byte} bytes of the file); everything before that is kept", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Line of the decompressed text.
        line: u64,
        /// Bytes of the (compressed) file that were read.
        byte: u64,
        /// What is incomplete.
        detail: String,
    },
    /// The server could not be reached, or rejected a whole request.
    #[error("{0}")]
    Send(String),
    /// The import was stopped on request.
    #[error("stopped on request; run the same command again to continue: nothing is counted twice")]
    Interrupted,
    /// The summary could not be written.
    #[error("cannot write the summary: {0}")]
    Output(#[from] std::io::Error),
}
