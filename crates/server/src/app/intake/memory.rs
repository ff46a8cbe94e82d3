//! The memory that bodies may take at once.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::{AppError, ErrorCode};

/// The smallest share: one permit of the semaphore stands for so many bytes.
const UNIT: usize = 16 * 1024;

/// Counts out shares.
#[derive(Debug)]
pub(super) struct Memory {
    units: Arc<Semaphore>,
    total: usize,
}

/// A share of the memory, given back when dropped.
#[derive(Debug)]
pub struct Share {
    _permit: OwnedSemaphorePermit,
}

impl Memory {
    pub(super) fn new(bytes: usize) -> Self {
        let total = (bytes / UNIT).max(1);
        Self {
            units: Arc::new(Semaphore::new(total)),
            total,
        }
    }

    /// A share of so many bytes (or of everything there is, if that is less), as soon as it is free.
    pub(super) async fn share(&self, bytes: usize, patience: Duration) -> Result<Share, AppError> {
        let units = bytes.div_ceil(UNIT).clamp(1, self.total);
        let wanted = Arc::clone(&self.units).acquire_many_owned(units as u32);
        match tokio::time::timeout(patience, wanted).await {
            Ok(Ok(permit)) => Ok(Share { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(AppError::new(
                ErrorCode::Busy,
                "Too many events are coming in at once; nothing was taken.",
            )
            .retry_after(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_no_room_is_told_to_come_again() {
        let memory = Memory::new(4 * UNIT);
        let share = memory.share(3 * UNIT, Duration::ZERO).await.unwrap();
        let error = memory.share(2 * UNIT, Duration::ZERO).await.unwrap_err();
        assert_eq!((error.code, error.retry_after), (ErrorCode::Busy, Some(1)));
        drop(share);
        memory.share(2 * UNIT, Duration::ZERO).await.unwrap();
    }

    #[tokio::test]
    async fn a_body_larger_than_everything_gets_everything() {
        let memory = Memory::new(2 * UNIT);
        let share = memory.share(100 * UNIT, Duration::ZERO).await.unwrap();
        assert!(memory.share(1, Duration::ZERO).await.is_err());
        drop(share);
    }
}
