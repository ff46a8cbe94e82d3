//! Live updates and their delivery.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "new_enrollments_delta",
        label: "New enrolments",
        unit: "count",
        formula: "executions now - executions at the event before",
        description: "Of one workflow over all time, since what the client was told last; the id of an event carries what that was, so the deltas of a client add up over lost connections and restarts. completed_delta, dropped_delta and goals_reached_delta are made in the same way; dropped is failed + crashed + canceled.",
        source: "Weir's own",
    },
    Definition {
        name: "sync_percentage",
        label: "Sync progress",
        unit: "percent",
        formula: "100 x current / total",
        description: "As the sender says with each body it sends: bytes of its files or events. What is in stays in: bodies that overtake each other do not turn it back. 100 where there is nothing to do.",
        source: "Weir's own",
    },
    Definition {
        name: "query_cache_hit_ratio",
        label: "Cache hit ratio",
        unit: "ratio",
        formula: "hits / (hits + misses)",
        description: "Since the server started, in /metrics. A question that waited for an equal one being answered is a hit; one that was to be answered anew is neither.",
        source: "Weir's own",
    },
];
