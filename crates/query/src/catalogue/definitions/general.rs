//! What every view uses: percentiles, changes against an earlier range, and what has not arrived yet.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "percentile",
        label: "Percentile",
        unit: "milliseconds",
        formula: "the middle of the sketch bucket that holds rank ceil(q x n) of n durations",
        description: "Durations are counted in a mergeable histogram: exact below 64 ms, above in 64 equal buckets for every power of two. The relative error is at most 1/128 (0.79 %), whatever the range, and merging does not add to it. Executions and steps without a duration stay out; null without any.",
        source: "Masson, Rim, Lee: DDSketch, VLDB 2019, with a linearly interpolated logarithm",
    },
    Definition {
        name: "change",
        label: "Change",
        unit: "the figure's own, and percent",
        formula: "current - previous; percent = 100 x (current - previous) / |previous|",
        description: "Against the range before (of whole calendar months as many months, of any other range the same length) or the same range a year before. The percentage is null where the previous figure is 0; nothing is said where one of them is not known. Good or bad follows the metric's good direction, not the sign.",
        source: "Papers 2 and 4",
    },
    Definition {
        name: "complete_until",
        label: "Complete until",
        unit: "time",
        formula: "min over live sources of the time of their newest event; without a live source, the newest event of all",
        description: "Up to here nothing is known to be on its way. A source is live if its last event arrived within 24 hours and was then at most 24 hours old; an imported log is not live.",
        source: "Weir",
    },
    Definition {
        name: "source_lag",
        label: "Lag of a source",
        unit: "milliseconds",
        formula: "received - happened, of the source's newest event",
        description: "How long after it happened the newest event arrived; never below 0.",
        source: "Weir",
    },
    Definition {
        name: "gap",
        label: "Gap",
        unit: "time range",
        formula: "a run of empty hours with length >= 6 and > 2 x p95 (nearest rank) of the source's other empty runs",
        description: "A source that usually sends sent nothing. Looked for over the last 28 days of live sources. The run in question stays out of the percentile, or an outage would be its own yardstick.",
        source: "Weir",
    },
];
