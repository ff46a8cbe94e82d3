//! The integrity of control data, checked in the background if there is too much to check before the start;
//! and the newest commit, noted in it.

use super::{App, AppError};

impl App {
    /// Checks that the pages of control data are consistent. The log, the status endpoint and `/metrics`
    /// report damage. Fails if the data is damaged or cannot be read.
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
