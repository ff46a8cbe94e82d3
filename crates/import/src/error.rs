//! What can end an import.

use std::path::PathBuf;

/// Why an import ended early. What had been read before it was sent, and is in the report.
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
    /// A file that is not what its format says, at a line (1-based, of the decompressed text).
    #[error("{}:{line}: {detail}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line of the decompressed text.
        line: u64,
        /// What is wrong there.
        detail: String,
    },
    /// A file that ends before its content does.
    #[error("{}:{line}: the file is truncated: {detail} (after {byte} bytes of the file); everything before it is kept", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Line of the decompressed text.
        line: u64,
        /// Bytes of the (compressed) file read so far.
        byte: u64,
        /// What was still open.
        detail: String,
    },
    /// The server could not be reached or refused the whole request.
    #[error("{0}")]
    Send(String),
    /// Somebody asked the import to stop.
    #[error("stopped on request; run the same command again to go on, nothing is counted twice")]
    Interrupted,
    /// The summary could not be written.
    #[error("cannot write the summary: {0}")]
    Output(#[from] std::io::Error),
}
