//! Maintenance of the cubes: keeps them small, rebuilds them and verifies them.

mod backlog;
mod compact;
mod merge;
mod parts;
mod rebuild;
mod trees;
mod verify;

pub(crate) use backlog::Backlog;
pub(crate) use compact::{Beside, compact};
pub(crate) use parts::scopes;
pub(crate) use rebuild::{declared_parts, rebuild, rebuild_at, rebuild_within, refresh_declared};
pub(crate) use trees::{resettle, sum_anew};
pub(crate) use verify::verify;
