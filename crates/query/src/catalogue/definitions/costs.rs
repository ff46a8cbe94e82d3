//! Costs, waste, forecasts and budgets.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[];
