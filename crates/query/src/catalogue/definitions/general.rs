//! Used by every view: percentiles, changes against an earlier range, and data that has not arrived yet.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "percentile",
        label: "Percentile",
        unit: "milliseconds",
        formula: "the middle of the sketch bucket that contains rank ceil(q x n) of n durations",
        description: "Durations are counted in a mergeable histogram: exact below 64 ms, and in 64 equal buckets per power of two above. The relative error is at most 1/128 (0.79 %) for any range, and merging does not increase it. Executions and steps without a duration are excluded; null without durations.",
        source: "Masson, Rim, Lee: DDSketch, VLDB 2019, with a linearly interpolated logarithm",
    },
    Definition {
        name: "change",
        label: "Change",
        unit: "the figure's own, and percent",
        formula: "current - previous; percent = 100 x (current - previous) / |previous|",
        description: "Compared with the previous range (for whole calendar months, the same number of months; otherwise the same length) or with the same range one year earlier. The percentage is null if the previous figure is 0; there is no change if either figure is unknown. Whether a change is good depends on the metric's good direction, not on the sign.",
        source: "Weir's own",
    },
    Definition {
        name: "complete_until",
        label: "Complete until",
        unit: "time",
        formula: "min over live sources of the time of their newest event; without a live source, the newest event of any source",
        description: "No events before this time are known to be missing. A source is live if its last event arrived within the past 24 hours and was at most 24 hours old on arrival; an imported log is not live.",
        source: "Weir's own",
    },
    Definition {
        name: "source_lag",
        label: "Source lag",
        unit: "milliseconds",
        formula: "time received - time of the event, for the source's newest event",
        description: "How long the newest event took to arrive; never below 0.",
        source: "Weir's own",
    },
    Definition {
        name: "gap",
        label: "Gap",
        unit: "time range",
        formula: "a run of empty hours with length >= 6 and > 2 x p95 (nearest rank) of the source's other empty runs",
        description: "A source that usually sends events sent none. Covers the last 28 days of live sources. The percentile excludes the run in question, because an outage must not be measured against itself.",
        source: "Weir's own",
    },
];
