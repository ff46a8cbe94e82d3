//! What reading can be told about its limits.

use std::time::Duration;

use weir_model::time::Retention;

/// Bounds on the way out.
#[derive(Clone, Debug)]
pub struct QuerySettings {
    /// How long a query may take that walks through raw records.
    pub deadline: Duration,
    /// How long any other query may take.
    pub light_deadline: Duration,
    /// Queries computed at once; more wait.
    pub concurrent: usize,
    /// Queries computed at once beside them that walk through raw records; more wait.
    pub heavy_concurrent: usize,
    /// Bytes of answers kept for repeated questions, and as many of answers made of raw records; 0 keeps
    /// none.
    pub cache_bytes: u64,
    /// Executions of one tree that are walked and counted at most.
    pub tree_executions: usize,
    /// How long the store keeps rollup rows: what the planner may count on.
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

/// Bounds on what a project declares.
#[derive(Clone, Copy, Debug)]
pub struct DimensionSettings {
    /// Dimensions of a project at most.
    pub most: usize,
    /// Values of each that have a name.
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
