//! The process map, variants and conformance.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "step_sequence",
        label: "Sequence of steps",
        unit: "none",
        formula: "the visits of an execution's steps, ordered by start, then by end, then as they were sent; a visit is the attempts 1, 2, 3, ... of a step, from the first start to the last end",
        description: "Skipped steps, steps that were copied from a retried execution and steps that contain others in the execution (parentStepId) are excluded. Steps that end more than a day before the first of the executions began are not looked for. Of an execution with several runs, each run has its own sequence.",
        source: "Weir's own",
    },
    Definition {
        name: "directly_follows",
        label: "Directly follows",
        unit: "count",
        formula: "the number of executions, and of times, in which one visit is the next in the sequence after another",
        description: "The arrows of the process map. The first visit follows the start; the end follows the last visit of executions that completed. Of steps that run in parallel, the one that starts later follows the one that started earlier: `overlaps` counts how often.",
        source: "van der Aalst, Process Mining: Data Science in Action, 2nd ed. (2016), section 6.2",
    },
    Definition {
        name: "step_wait",
        label: "Waiting between steps",
        unit: "milliseconds",
        formula: "max(0, start of a visit - end of the one before); from the start: since the execution began; to the end: until it ended",
        description: "Median and 95th percentile are exact, by nearest rank. Null where the beginning of the execution is not known.",
        source: "Weir's own",
    },
    Definition {
        name: "rework",
        label: "Rework",
        unit: "count",
        formula: "visits of a step beyond the first in an execution; its time and cost are those of these visits",
        description: "Attempts of a step are one visit, so retries are no rework.",
        source: "Weir's own",
    },
    Definition {
        name: "step_cost",
        label: "Cost of a step",
        unit: "US dollars",
        formula: "the costs that name the step, and those that name none at times at which exactly one visit of their execution was running, if it was a visit of the step",
        description: "A cost that names a step (stepId) belongs to the visit of that step that was the last to begin before it, or to its first visit; to none if the step has no visit in the execution. A cost that names none belongs to the visit that was running; at the instant at which one visit ends and the next begins, to the one that ends. What was spent without a stepId while no visit or several were running belongs to no step.",
        source: "Weir's own",
    },
    Definition {
        name: "variant",
        label: "Variant",
        unit: "none",
        formula: "executions that have ended with the same sequence of steps; its id is the sum of a digest of each step with its position, modulo 2^64",
        description: "Repetitions count: A, A, B is another variant than A, B. Of longer sequences, the first 500 steps count, and that there are more.",
        source: "van der Aalst, Process Mining: Data Science in Action, 2nd ed. (2016), section 5.2",
    },
    Definition {
        name: "conformance_violations",
        label: "Violations of a rule",
        unit: "percent",
        formula: "100 x executions that break the rule / executions that it applies to, with Wilson's bounds",
        description: "Rules are templates of Declare. Only executions that have ended and reported steps are judged. Rules about what follows, precedes or repeats a step apply to executions that ran it; never_before to those that ran both steps, never_together to those that ran one of them, and the others to all.",
        source: "Pesic, Schonenberg, van der Aalst, DECLARE: Full Support for Loosely-Structured Processes, EDOC 2007",
    },
];
