//! Live updates and their delivery.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[];
