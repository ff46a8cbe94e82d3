//! The cases themselves.

pub(super) mod counting;
pub(super) mod declared;
pub(super) mod erasure;
pub(super) mod following;
pub(super) mod identity;
pub(super) mod prices;
pub(super) mod process;
pub(super) mod rekeying;
pub(super) mod retries;
