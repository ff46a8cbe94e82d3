//! The event store on DuckDB: one file, one writer, group commit.
//!
//! This crate contains DuckDB's tables, transactions and SQL. It must not contain HTTP, control data,
//! or any rule about events or cubes that another database would need, too (those are in
//! `weir-store`).

mod anew;
mod arrays;
mod check;
mod commit;
mod connect;
mod convert;
mod cost_trees;
mod counters;
mod cube_rows;
mod declared;
mod directory;
mod encryption;
mod erase;
mod error;
mod expiry;
mod finished;
mod history;
mod identity;
mod intake;
mod lacking;
mod log;
mod maintenance;
mod names;
mod open;
mod options;
mod placing;
mod raw;
mod read;
mod recent;
mod rekey;
mod restate;
mod retries;
mod rollups;
mod schema;
mod stale;
mod store;
mod stored;
mod tables;
mod waits;

pub use check::check;
pub use convert::convert;
pub use encryption::{CryptoModule, Encryption, is_encrypted};
pub use identity::{Belongs, Identity};
pub use options::Options;
pub use store::DuckDbStore;
