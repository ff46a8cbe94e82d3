//! Where randomness comes from.

use rand::TryRngCore;
use uuid::Uuid;
use weir_model::Timestamp;

/// A source of unpredictable bytes. Passed in, so that tests can repeat themselves.
pub trait Entropy: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // A machine that cannot give random bytes cannot keep a secret either: nothing to recover.
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .expect("the operating system gives random bytes");
    }
}

/// A UUID version 7: its time is `now`, the rest is random.
pub(crate) fn uuid_v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let milliseconds = u64::try_from(now.0).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}
