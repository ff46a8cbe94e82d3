//! Turns a query into SQL and the results into an answer, without a database.
//!
//! A query passes through small steps, one file each:
//!
//! | step | from | to |
//! |---|---|---|
//! | [`query`] | JSON | [`Query`]: words, nothing checked |
//! | [`validate`] | [`Query`] | [`validate::ValidQuery`]: known words that are consistent, or the mistake |
//! | [`resolve`] | + now, time zone, data range | [`resolve::Resolution`]: fixed ranges and [`buckets`] |
//! | [`plan`] | + retention | [`plan::Plan`]: which tables ([`cover`]), which sums |
//! | [`sql`] | + scope, [`dialect`] | [`Statement`]s |
//! | [`assemble`] | record batches | [`Answer`] |
//!
//! [`prepare()`] runs the steps up to SQL, the caller runs the statements, [`assemble()`] does the
//! rest. Metrics are declared in [`catalogue`].
//!
//! This crate contains the above as pure functions. It must not contain I/O, a clock or a database.

pub mod answer;
pub mod assemble;
pub mod axis;
pub mod buckets;
pub mod catalogue;
pub mod cover;
mod described;
pub mod dialect;
pub mod error;
mod nearest;
pub mod plan;
mod prepare;
pub mod query;
pub mod records;
pub mod resolve;
pub mod sql;
pub mod statement;
#[cfg(test)]
mod testing;
pub mod validate;
pub mod words;
pub mod worth;
pub mod writer;
pub mod zone;

pub use answer::{Answer, Other, OtherRows, Row, Rows};
pub use assemble::{AssembleError, assemble};
pub use axis::{Axis, Declared};
pub use catalogue::{Catalogue, DeclaredEntry, GoodDirection, METRICS, Metric, Unit, catalogue};
pub use dialect::{Dialect, sketch_bucket_sql};
pub use error::{ErrorCode, QueryError};
pub use nearest::nearest;
pub use prepare::{Context, Prepared, prepare, prepare_with};
pub use query::{Filter, Order, Query, Range};
pub use resolve::{CacheKey, ResolvedQuery};
pub use statement::{Parameter, Statement, USER_COLUMN};
pub use words::{Comparison, Direction, Interval, Operator};
pub use writer::Writer;
pub use zone::Zone;
