//! Weir's vocabulary as types: events, time, sketches and cubes.
//!
//! What belongs here: plain values and pure functions on them. What does not: I/O, async, SQL, or
//! any clock other than the [`Clock`] that is passed in.

pub mod cube;
pub mod decimal;
pub mod event;
pub mod execution;
pub mod ids;
pub mod price;
pub mod redact;
pub mod sketch;
pub mod time;

pub use decimal::Decimal;
pub use event::{ErrorClass, ErrorKey, Event, EventKind, EventType, SeenError, Status};
pub use execution::{ExecutionHash, ExecutionId, Identity};
pub use ids::{ProjectKey, Scope, TenantKey};
pub use sketch::Sketch;
pub use time::{Clock, FixedClock, Granularity, SystemClock, TimeRange, Timestamp};
