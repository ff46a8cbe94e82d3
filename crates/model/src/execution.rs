//! The identity of an execution, its hash in the stores, and its public id.
//!
//! An execution belongs to a workflow in an environment of a project. Engines count from 1,
//! schedules give runs the same names, and two instances can feed one project, so `executionId`
//! alone does not identify an execution.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::ProjectKey;

/// Everything that identifies an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity<'a> {
    /// The project.
    pub project: ProjectKey,
    /// Where the workflow ran; `None` where the producer did not say.
    pub environment: Option<&'a str>,
    /// The workflow.
    pub workflow: &'a str,
    /// The producer's id for the execution.
    pub execution_id: &'a str,
}

/// An identity in 64 bits, as the stores keep it. The upper half is the same for all executions of
/// the project with this `executionId` ([`ExecutionHash::of_name`]); the lower half stands for the
/// workflow and the environment. A lower half of zero does not name a single execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExecutionHash(pub u64);

const LOWER: u64 = 0xffff_ffff;

impl ExecutionHash {
    /// The upper half that all executions of the project with this `executionId` share; it names
    /// none of them.
    pub fn of_name(project: ProjectKey, execution_id: &str) -> Self {
        let seed = 1 + u64::from(project.0.unsigned_abs());
        Self(xxh3_64_with_seed(execution_id.as_bytes(), seed) & !LOWER)
    }

    /// The part that all executions with the same `executionId` share.
    pub fn name(self) -> Self {
        Self(self.0 & !LOWER)
    }

    /// Whether it names a single execution.
    pub fn names_one(self) -> bool {
        self.0 & LOWER != 0
    }
}

impl Identity<'_> {
    /// The identity in the stores.
    pub fn hash(&self) -> ExecutionHash {
        let name = ExecutionHash::of_name(self.project, self.execution_id);
        let workflow = xxh3_64_with_seed(self.workflow.as_bytes(), 7);
        let place = match self.environment {
            Some(environment) => xxh3_64_with_seed(environment.as_bytes(), workflow),
            None => workflow,
        };
        ExecutionHash(name.0 | (place & LOWER).max(1))
    }

    /// The public id.
    pub fn id(&self) -> ExecutionId {
        let mut digest = Sha256::new();
        digest.update(self.project.0.to_be_bytes());
        for part in [
            Some(self.workflow),
            self.environment,
            Some(self.execution_id),
        ] {
            // The length before each part distinguishes ("ab", "c") from ("a", "bc").
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            digest.update(length.to_be_bytes());
            digest.update(part.unwrap_or_default());
        }
        let digest = digest.finalize();
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.hash().0.to_be_bytes());
        bytes[8..].copy_from_slice(&digest[..8]);
        ExecutionId::new(u128::from_be_bytes(bytes))
    }
}

/// The public id of an execution: a UUID (version 8) computed from its identity. It contains the
/// hash, by which the execution is found, and a digest of the whole identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExecutionId(u128);

/// A text that is not an execution id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an execution id")]
pub struct NotAnExecutionId;

impl ExecutionId {
    /// Arranges 122 of the bits around version and variant: all of the upper 64, and 58 of the
    /// lower 64.
    fn new(bits: u128) -> Self {
        let (upper, lower) = ((bits >> 64) as u64, bits as u64);
        let first = u128::from(upper >> 16) << 80;
        let second = u128::from((upper >> 4) & 0xfff) << 64;
        let last = (u128::from(upper & 0xf) << 58) | u128::from(lower >> 6);
        Self(first | (8 << 76) | second | (2 << 62) | last)
    }

    /// The hash of the identity.
    pub fn hash(self) -> ExecutionHash {
        let first = (self.0 >> 80) as u64;
        let second = (self.0 >> 64) as u64 & 0xfff;
        let last = (self.0 >> 58) as u64 & 0xf;
        ExecutionHash((first << 16) | (second << 4) | last)
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            bits >> 96,
            (bits >> 80) & 0xffff,
            (bits >> 64) & 0xffff,
            (bits >> 48) & 0xffff,
            bits & 0xffff_ffff_ffff
        )
    }
}

impl FromStr for ExecutionId {
    type Err = NotAnExecutionId;

    fn from_str(text: &str) -> Result<Self, NotAnExecutionId> {
        let dashes = [8, 13, 18, 23];
        let shaped = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match byte {
                b'-' => dashes.contains(&at),
                other => other.is_ascii_hexdigit() && !dashes.contains(&at),
            });
        if !shaped {
            return Err(NotAnExecutionId);
        }
        let bits = u128::from_str_radix(&text.replace('-', ""), 16);
        let id = Self(bits.map_err(|_| NotAnExecutionId)?);
        let (version, variant) = ((id.0 >> 76) & 0xf, (id.0 >> 62) & 0b11);
        if (version, variant) == (8, 2) && id.hash().names_one() {
            Ok(id)
        } else {
            Err(NotAnExecutionId)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity<'a>(environment: Option<&'a str>, workflow: &'a str, id: &'a str) -> Identity<'a> {
        Identity {
            project: ProjectKey(3),
            environment,
            workflow,
            execution_id: id,
        }
    }

    #[test]
    fn every_part_of_the_identity_matters() {
        let all = [
            identity(None, "w", "1"),
            identity(Some("prod"), "w", "1"),
            identity(Some("staging"), "w", "1"),
            identity(Some("prod"), "v", "1"),
            identity(Some("prod"), "w", "2"),
            identity(Some(""), "w", "1"),
            Identity {
                project: ProjectKey(4),
                ..identity(None, "w", "1")
            },
        ];
        let distinct: std::collections::BTreeSet<_> =
            all.iter().map(|i| (i.hash(), i.id())).collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(all[0].hash().name(), all[3].hash().name());
        assert_ne!(all[0].hash().name(), all[4].hash().name());
    }

    #[test]
    fn the_id_is_stable_and_leads_back_to_the_hash() {
        let one = identity(Some("prod"), "w", "4711");
        let id = one.id();
        assert_eq!(
            id.to_string(),
            identity(Some("prod"), "w", "4711").id().to_string()
        );
        assert_eq!(id.hash(), one.hash());
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        // Links must keep working: the id of an identity never changes.
        assert_eq!(id.to_string(), "040b1855-f8de-8ee4-99f0-52b126b44e56");
    }

    #[test]
    fn other_texts_are_not_ids() {
        for text in [
            "",
            "4711",
            "018f6b2e-7c1a-7d4e-9b52-0c1d2e3f4a5b",
            "00000000-0000-8000-8000-000000000000",
            "0123456789abcdef0123456789abcdef0123",
            "é123456-0123-8123-8123-0123456789ab",
        ] {
            assert_eq!(text.parse::<ExecutionId>(), Err(NotAnExecutionId), "{text}");
        }
    }
}
