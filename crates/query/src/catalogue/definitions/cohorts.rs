//! Segments and retention.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "segment",
        label: "Segment",
        unit: "none",
        formula: "the users or workflows that meet all (or any) of the conditions",
        description: "A property condition tests the newest value that an event gave. A behaviour condition compares a metric of the catalogue over a range with a number; a count without events is 0, and a rate without events meets no condition. Members are determined at each request, so a segment follows its data. It is drawn from all users with an event, or all workflows with an execution.",
        source: "Weir's own",
    },
    Definition {
        name: "cohort",
        label: "Cohort",
        unit: "count",
        formula: "the subjects whose first start event of all time (entry first), or any start event (entry every), falls into the calendar bucket",
        description: "With entry every, a subject belongs to each bucket in which it has a start event; its own start is the first start event in that bucket.",
        source: "Weir's own",
    },
    Definition {
        name: "retention_n_day",
        label: "N-day retention",
        unit: "percent",
        formula: "100 x members with a return event in period n / members",
        description: "Return events before the member's own start do not count. Calendar period n is the n-th bucket after the cohort's bucket; rolling period n is the time from n to n + 1 times 24 hours, 7 days or 30 days after the member's own start. A period is open until it has ended for the last possible member, and null until it begins for the first.",
        source: "Amplitude and Mixpanel, retention reports",
    },
    Definition {
        name: "retention_unbounded",
        label: "Unbounded retention",
        unit: "percent",
        formula: "100 x members with a return event in period n or any later one / members",
        description: "Never rises with n. Returns up to now count, so the last columns of recent cohorts can still rise.",
        source: "Amplitude and Mixpanel, retention reports",
    },
    Definition {
        name: "retention_bracket",
        label: "Bracket retention",
        unit: "percent",
        formula: "100 x members with a return event in any period of the bracket / members",
        description: "A member counts at most once per bracket. A bracket is open until its last period has ended.",
        source: "Amplitude, retention reports",
    },
    Definition {
        name: "retention_total",
        label: "Retention over all cohorts",
        unit: "percent",
        formula: "100 x sum of members who returned / sum of members, over the cohorts whose period has ended",
        description: "Weighted by cohort size: a mean of the percentages would give a cohort of one the same weight as a cohort of a thousand.",
        source: "Weir's own",
    },
];
