//! Bytes of bodies, counted before they are held.

use bytes::Bytes;

use super::memory::Share;
use crate::app::AppError;

/// The least that a body's buffer grows by, in bytes.
const PIECE: usize = 4 * 1024;

/// Bytes that are counted before they are held.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
    share: Share,
}

impl Buffer {
    /// An empty buffer.
    pub fn new(share: Share) -> Self {
        Self {
            bytes: Vec::new(),
            share,
        }
    }

    /// Its length in bytes.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The share that it is counted in.
    pub fn share(&self) -> &Share {
        &self.share
    }

    /// Adds bytes. `expected` is the length that the body is expected to reach, in bytes. Fails as
    /// `Share::hold` does.
    pub async fn extend(&mut self, data: &[u8], expected: usize) -> Result<(), AppError> {
        let needed = self.bytes.len() + data.len();
        let before = self.bytes.capacity();
        if needed > before {
            let doubled = (before * 2).max(PIECE).min(expected);
            let capacity = needed.max(doubled);
            // Both exist while one is copied into the other.
            self.share.hold(before + capacity).await?;
            self.bytes.reserve_exact(capacity - self.bytes.len());
            self.share.hold(self.bytes.capacity()).await?;
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }

    /// The bytes that were added.
    pub fn finish(self) -> Counted {
        Counted {
            bytes: self.bytes.into(),
            share: self.share,
        }
    }
}

/// Bytes and the share of the memory that they occupy.
#[derive(Debug)]
pub struct Counted {
    /// The bytes.
    pub bytes: Bytes,
    pub(super) share: Share,
}

impl Counted {
    /// Counts existing bytes in a share. Fails as `Share::hold` does.
    pub(crate) async fn held(bytes: Bytes, mut share: Share) -> Result<Self, AppError> {
        share.hold(bytes.len()).await?;
        Ok(Self { bytes, share })
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::{
        super::{memory::Memory, pools::Sender},
        *,
    };

    #[tokio::test]
    async fn a_buffer_is_counted_as_it_grows_and_not_as_expected() {
        let memory = Arc::new(Memory::new(64 << 20, Duration::ZERO));
        let mut buffer = Buffer::new(memory.share(Sender::default()));
        buffer.extend(&[1; 10], 32 << 20).await.unwrap();
        assert_eq!(buffer.share().held(), PIECE);
        buffer.extend(&[2; 2 * PIECE], 3 * PIECE).await.unwrap();
        assert_eq!(buffer.share().held(), 10 + 2 * PIECE);
        let counted = buffer.finish();
        assert_eq!(counted.bytes.len(), 10 + 2 * PIECE);
        drop(counted);
        assert_eq!(memory.held(), 0);
    }
}
