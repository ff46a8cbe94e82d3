//! Randomness.

use rand::TryRngCore;
use uuid::Uuid;
use weir_model::Timestamp;

/// A source of unpredictable bytes. It is passed in, so that tests can be deterministic.
pub trait Entropy: Send + Sync {
    /// Fills the slice with random bytes. Panics if the source fails.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // There is no way to recover: without random bytes, no secret is safe.
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .expect("the operating system provides random bytes");
    }
}

/// A UUID of version 7 with the time `now`; the rest is random.
pub(crate) fn uuid_v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let milliseconds = u64::try_from(now.0).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}
