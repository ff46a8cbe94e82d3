//! Service level indicators, error budgets and burn rates.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "error_budget_burn",
        label: "Error budget burn",
        unit: "percent",
        formula: "100 x (100 - success) / ((100 - target) + budget)",
        description: "How much of the error budget is spent: 100 is all of it. Derived from paper 5's examples for a target of 99 and a budget of 1: a success rate of 98.5 burns 75, 98 burns 100, 97.5 burns 125. Null without finished executions, and where there are failures but nothing may fail.",
        source: "Paper 5",
    },
    Definition {
        name: "target_violation",
        label: "Target violated",
        unit: "none",
        formula: "success < target success, or p95 > target p95",
        description: "Beyond the target and not at it. What was not measured violates nothing.",
        source: "Paper 5",
    },
];
