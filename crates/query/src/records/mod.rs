//! Reads of raw records that are not queries for figures: lists, single executions, texts. One file per
//! topic: a typed request + scope + dialect -> [`Statement`](crate::Statement), and a reader of its rows.

pub mod activity;
pub mod cohorts;
pub mod costs;
mod counted;
pub mod errors;
pub mod executions;
pub mod grid;
pub mod journeys;
pub mod last_runs;
pub mod open_steps;
pub mod parts;
pub mod process;
mod runs;
pub mod segments;
pub mod spent;
mod steps;
mod table;
mod told;
pub mod tree;
pub mod usage;
pub mod version_times;

/// The condition that excludes copies from the table of steps: a step that an engine copied from an
/// execution into its retry belongs to the original.
const NO_COPIES: &str = " AND \"copied\" IS NOT TRUE";

pub use counted::Conditions;
pub use table::{Cell, RecordError, Table, Texts};
pub use told::Told;
