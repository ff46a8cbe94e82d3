//! The room for reading: views, queries, segments and journeys, as their viewers may see them. Nothing here
//! changes what people set (windows of service levels are kept once they are measured), and nothing reaches
//! sessions, what comes in, or prices.

pub mod control;
pub mod cursor;
pub mod damaged;
pub mod dimensions;
pub mod error;
pub mod errors;
pub mod privacy;
pub mod query;
pub mod reading;
pub mod reconciliation;
pub mod segments;
pub mod settings;
pub mod telemetry;
pub mod views;
pub mod worth;

pub use error::{AppError, Candidate, ErrorCode, sentence};
pub use reading::Reading;
