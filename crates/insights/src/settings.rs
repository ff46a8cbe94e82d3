//! The limits of reading.

use std::time::Duration;

use weir_model::time::Retention;

/// Limits of queries.
#[derive(Clone, Debug)]
pub struct QuerySettings {
    /// How long a query over raw records may take.
    pub deadline: Duration,
    /// How long any other query may take.
    pub light_deadline: Duration,
    /// How many queries run at once; more wait.
    pub concurrent: usize,
    /// How many queries over raw records run at once, in addition; more wait.
    pub heavy_concurrent: usize,
    /// Size of the cache of answers in bytes, and of a second one for answers made of raw records; 0 disables
    /// both.
    pub cache_bytes: u64,
    /// The most executions of one tree that are read and counted.
    pub tree_executions: usize,
    /// How long the store keeps rollup rows; the planner relies on it.
    pub retention: Retention,
}

impl Default for QuerySettings {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(30),
            light_deadline: Duration::from_secs(15),
            concurrent: 8,
            heavy_concurrent: 2,
            cache_bytes: 32 << 20,
            tree_executions: 100_000,
            retention: Retention::default(),
        }
    }
}

/// Limits of declared dimensions.
#[derive(Clone, Copy, Debug)]
pub struct DimensionSettings {
    /// The most dimensions of a project.
    pub most: usize,
    /// How many values of each dimension are named; the rest count as `other`.
    pub most_values: usize,
}

impl Default for DimensionSettings {
    fn default() -> Self {
        Self {
            most: 20,
            most_values: 1_000,
        }
    }
}
