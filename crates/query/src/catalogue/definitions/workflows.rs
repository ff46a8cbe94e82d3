//! How the time and the failures of a workflow fall on its steps, and how evenly.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "step_share",
        label: "Share of time",
        unit: "percent",
        formula: "100 x total duration of the step / total duration of all steps of the workflow",
        description: "Where the time of a workflow goes. Null if no step took any.",
        source: "Paper 2",
    },
    Definition {
        name: "critical_step",
        label: "Critical step",
        unit: "none",
        formula: "the step with the largest share of time; of equals the first",
        description: "The one to look at first.",
        source: "Paper 2",
    },
    Definition {
        name: "spread",
        label: "Spread",
        unit: "ratio",
        formula: "p95 duration / p50 duration",
        description: "How uneven a step is: 1 is even. Null where the median is 0 or not known.",
        source: "Weir",
    },
    Definition {
        name: "coefficient_of_variation",
        label: "Coefficient of variation",
        unit: "ratio",
        formula: "population standard deviation of the values / |mean of the values|",
        description: "How much a figure varies from bucket to bucket. Null for fewer than two values or a mean of 0.",
        source: "Paper 2 (variance)",
    },
];
