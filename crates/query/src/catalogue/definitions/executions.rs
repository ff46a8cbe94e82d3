//! Single executions: what is unusual about one, what a family came to, and how two differ.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "norm_ratio",
        label: "Ratio to the norm",
        unit: "ratio",
        formula: "value / p95 of the same figure in the 30 days before the execution started, of the same workflow and environment",
        description: "Durations of executions and step runs against completed ones, costs against executions with costs. 4 means four times its p95. Null with fewer than 20 past values: with fewer, none of them need lie above their p95.",
        source: "Weir's own",
    },
    Definition {
        name: "finding_score",
        label: "Score of a finding",
        unit: "ratio",
        formula: "norm_ratio; for something rare (past executions + 2) / (past executions that had it + 1) / 20",
        description: "Orders what is unusual about an execution. Both kinds have one scale: a value above its p95 and something that one in 20 had both score 1. Durations and costs are findings from twice their p95 on, errors and steps if at most one in 100 past executions had them. A step must also have taken 1 % of the execution's time longer than its p95. An error that has never occurred before scores at least 100, the first execution of a version 1.",
        source: "Weir's own; the next one has something with a probability of (had + 1) / (past + 2): Laplace's rule of succession",
    },
    Definition {
        name: "family_outcome",
        label: "Outcome of the whole",
        unit: "none",
        formula: "completed if the root or one of its retries completed, else the state of the last of them to start",
        description: "The family of an execution begins at the execution that neither was called by a known one nor retries one. It holds everything that was called or retried from there.",
        source: "Weir's own",
    },
    Definition {
        name: "step_alignment",
        label: "Aligned steps",
        unit: "none",
        formula: "a longest common subsequence of the ids of both executions' steps, ordered by start",
        description: "As many runs as possible stand beside a run of the same step, and both orders are kept. Durations within 10 % of the longer one, or within 10 ms, count as the same: two runs are not a measurement.",
        source: "Hirschberg, CACM 18(6) (1975); Hyyrö, AWOCA (2004)",
    },
];
