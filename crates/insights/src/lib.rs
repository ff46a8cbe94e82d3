//! All reads: views, queries, segments and journeys, as each viewer is allowed to see them. Nothing here
//! changes settings (measured SLO windows are the only data it stores), and nothing here has access to
//! sessions, intake or prices.

pub mod annotations;
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
