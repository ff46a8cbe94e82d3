//! Reads of raw records that are no question for figures: lists, single executions, texts. One file a
//! topic: a typed request + scope + dialect -> [`Statement`](crate::Statement), and a reader of its rows.

pub mod activity;
pub mod cohorts;
pub mod costs;
pub mod errors;
pub mod executions;
pub mod journeys;
pub mod last_runs;
pub mod open_steps;
pub mod parts;
pub mod segments;
mod steps;
mod table;

pub use table::{Cell, RecordError, Table, Texts};
