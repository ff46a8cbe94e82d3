//! Live updates and their delivery.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "new_enrollments_delta",
        label: "New enrolments",
        unit: "count",
        formula: "executions now - executions at the previous update",
        description: "For one workflow over all time, since the last update that the client received. The id of each update records that state, so a client's deltas add up across lost connections and restarts. completed_delta, dropped_delta and goals_reached_delta work the same way; dropped is failed + crashed + canceled.",
        source: "Weir's own",
    },
    Definition {
        name: "sync_percentage",
        label: "Sync progress",
        unit: "percent",
        formula: "100 x current / total",
        description: "As reported by the sender with each request body, in bytes of its files or events. Progress never goes back, even if bodies arrive out of order. 100 if there is nothing to do.",
        source: "Weir's own",
    },
    Definition {
        name: "query_cache_hit_ratio",
        label: "Cache hit ratio",
        unit: "ratio",
        formula: "hits / (hits + misses)",
        description: "Since the server started; exposed at /metrics. A query that waited for an identical one in progress is a hit; a query that bypasses the cache is neither a hit nor a miss.",
        source: "Weir's own",
    },
];
