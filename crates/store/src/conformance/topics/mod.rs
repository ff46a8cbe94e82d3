//! The cases themselves, and what they share.

mod arrivals;
pub(super) mod by_client;
pub(super) mod counting;
pub(super) mod declared;
mod declared_cubes;
pub(super) mod duplicates;
pub(super) mod erasure;
pub(super) mod following;
pub(super) mod identity;
pub(super) mod prices;
pub(super) mod process;
pub(super) mod rekeying;
pub(super) mod retries;
