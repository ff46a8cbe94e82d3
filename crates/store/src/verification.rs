//! What a comparison of cubes with raw rows found.

use std::collections::BTreeMap;

use weir_model::ProjectKey;

/// A difference that [`crate::EventStore::verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CubeDifference {
    /// The cube's table.
    pub table: String,
    /// A description of the bucket and key, for people.
    pub key: String,
    /// A description of the values in the cube and from the raw rows, for people.
    pub detail: String,
}

/// What [`crate::EventStore::verify`] compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// The number of keys compared, over all tables.
    pub keys: u64,
    /// The differences; empty if cubes and raw rows agree. At most 1,000 are listed.
    pub differences: Vec<CubeDifference>,
    /// The complete counts, by project.
    pub projects: BTreeMap<ProjectKey, Compared>,
}

/// The comparison of one project, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The number of keys.
    pub keys: u64,
    /// The number of keys that differ.
    pub differences: u64,
}
