//! Enrolment, funnels and conversion.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[];
