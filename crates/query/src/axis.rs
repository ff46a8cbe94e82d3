//! Axes to group and filter facts by: the dimensions that every project has, and the keys of
//! `metadata` that a project declared.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
    sync::Arc,
};

use weir_model::{
    TimeRange,
    cube::{Dimension, Family},
};

use crate::catalogue::find_dimension;

/// The prefix of the name of a declared dimension; its key follows.
pub const METADATA: &str = "metadata.";
/// The value that stands for all unnamed values of a declared dimension.
pub const OTHER: &str = "other";

/// A dimension that every project has, or one that this project declared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Axis {
    /// A dimension that every project has.
    Common(Dimension),
    /// A dimension that the project declared.
    Declared(Declared),
}

/// A key of `metadata` that a project declared.
#[derive(Clone, Debug)]
pub struct Declared {
    name: Arc<str>,
    /// The time ranges missing from the cubes of declared dimensions; `None` if the cubes do not hold it.
    lacking: Option<Arc<[TimeRange]>>,
    /// Whether it has more values than are named: the rest count as [`OTHER`].
    pub overflows: bool,
}

impl Declared {
    /// The dimension of a key, with all its values named.
    pub fn new(key: &str) -> Self {
        Self {
            name: format!("{METADATA}{key}").into(),
            lacking: None,
            overflows: false,
        }
    }

    /// The same dimension; `overflows` says whether it has unnamed values.
    pub fn overflowing(self, overflows: bool) -> Self {
        Self { overflows, ..self }
    }

    /// The same dimension, held by the cubes of declared dimensions except for some time ranges, in order.
    pub fn held(self, lacking: Option<Vec<TimeRange>>) -> Self {
        Self {
            lacking: lacking.map(Arc::from),
            ..self
        }
    }

    /// The time ranges missing from the cubes of declared dimensions, in order; `None` if the cubes do not
    /// hold it.
    pub fn lacking(&self) -> Option<&[TimeRange]> {
        self.lacking.as_deref()
    }

    /// The name in the API: `metadata.client`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key in `metadata`: `client`.
    pub fn key(&self) -> &str {
        &self.name[METADATA.len()..]
    }

    /// The key as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        pointer(self.key())
    }
}

impl PartialEq for Declared {
    /// Names are unique.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Declared {}

impl Hash for Declared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl PartialOrd for Declared {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Declared {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

/// A key of an object as a JSON pointer (RFC 6901).
pub fn pointer(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

impl Axis {
    /// The name in the API, and of the column.
    pub fn name(&self) -> &str {
        match self {
            Self::Common(dimension) => dimension.name(),
            Self::Declared(declared) => declared.name(),
        }
    }

    /// The common dimension, if it is one.
    pub fn common(&self) -> Option<Dimension> {
        match self {
            Self::Common(dimension) => Some(*dimension),
            Self::Declared(_) => None,
        }
    }

    /// The declared dimension, if it is one.
    pub fn declared(&self) -> Option<&Declared> {
        match self {
            Self::Common(_) => None,
            Self::Declared(declared) => Some(declared),
        }
    }

    /// Whether facts of a family have it. Every fact has the metadata of its event.
    pub fn is_of(&self, family: Family) -> bool {
        match self {
            Self::Common(dimension) => family.dimensions().contains(dimension),
            Self::Declared(_) => true,
        }
    }

    /// The axis with a name; `declared` are the dimensions declared by the project.
    pub fn find(name: &str, declared: &[Declared]) -> Option<Self> {
        let own = || declared.iter().find(|declared| declared.name() == name);
        let common = find_dimension(name).map(Self::Common);
        common.or_else(|| own().cloned().map(Self::Declared))
    }
}

impl From<Dimension> for Axis {
    fn from(dimension: Dimension) -> Self {
        Self::Common(dimension)
    }
}

impl PartialEq<Dimension> for Axis {
    fn eq(&self, other: &Dimension) -> bool {
        self.common() == Some(*other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_dimension_is_named_by_its_key_and_found_by_its_name() {
        let declared = [Declared::new("client"), Declared::new("a/b~c")];
        assert_eq!(declared[0].name(), "metadata.client");
        assert_eq!(declared[0].key(), "client");
        assert_eq!(declared[1].pointer(), "/a~1b~0c");
        let found = Axis::find("metadata.client", &declared);
        assert_eq!(found, Some(Axis::Declared(declared[0].clone())));
        assert_eq!(Axis::find("client", &declared), None);
        let workflow = Axis::find("workflow", &declared);
        assert_eq!(workflow, Some(Axis::Common(Dimension::Workflow)));
    }
}
