//! Whether control data is whole, where there is too much of it to be looked at before a start.

use super::{App, AppError};

impl App {
    /// Compares the pages of control data with one another; what is found is told by the log, the status
    /// endpoint and `/metrics`.
    pub async fn check_control_data(&self) -> Result<(), AppError> {
        let checked = self.meta.check().await;
        self.damaged.set(checked.is_err());
        Ok(checked?)
    }

    /// Records in control data the newest commit of the event store, so that a start can detect lost commits.
    /// Fails if control data cannot be written.
    pub async fn note_commit(&self, sequence: u64) -> Result<(), AppError> {
        self.meta.note_commit(sequence).await?;
        self.noted_commit.set(sequence);
        Ok(())
    }
}
