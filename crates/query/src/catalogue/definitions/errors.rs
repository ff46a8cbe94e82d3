//! Error groups and classes.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[];
