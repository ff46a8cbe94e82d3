//! Activity, sessions and engagement scores.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[];
