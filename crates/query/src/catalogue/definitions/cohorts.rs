//! Segments and retention.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[];
