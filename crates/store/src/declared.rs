//! Keys of `metadata` that projects declare as dimensions.

use weir_model::TimeRange;

/// A key of `metadata` that a project declared as a dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredKey {
    /// The key.
    pub key: String,
    /// Whether cubes should hold it.
    pub fast: bool,
}

/// What is known about the values of a declared key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// The key.
    pub key: String,
    /// The number of its named values.
    pub values: u64,
    /// Whether there are more values, which all count as `other`.
    pub overflows: bool,
    /// The time ranges missing from its cubes, in order; `None` while the cubes do not hold it.
    pub lacking: Option<Vec<TimeRange>>,
}
