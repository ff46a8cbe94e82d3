//! Segments and retention.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "segment",
        label: "Segment",
        unit: "none",
        formula: "the users or workflows that meet all (or any) of the conditions",
        description: "A property condition holds of the newest value that an event gave; a behaviour condition compares a metric of the catalogue over a range with a number, where nothing counted is 0 and a rate of nothing meets no condition. Members are looked up when they are asked for, so a segment moves with its data. A segment is of everybody with an event of theirs (users) or an execution (workflows).",
        source: "Weir's own",
    },
    Definition {
        name: "cohort",
        label: "Cohort",
        unit: "count",
        formula: "the subjects whose first start event of all time (entry first), or any start event (entry every), is in the calendar bucket",
        description: "With entry every, a subject belongs to each bucket in which it began again, and its own moment is the first start event in that bucket.",
        source: "Weir's own",
    },
    Definition {
        name: "retention_n_day",
        label: "N-day retention",
        unit: "percent",
        formula: "100 x members with a return event in period n / members",
        description: "Return events before the member's own start do not count. A calendar period is the n-th bucket after the cohort's; a rolling period n is the time from n to n + 1 times 24 hours, 7 days or 30 days after the member's own start. A period is open while it has not ended for the last possible member; it is null before it begins for the first.",
        source: "Amplitude and Mixpanel, retention reports",
    },
    Definition {
        name: "retention_unbounded",
        label: "Unbounded retention",
        unit: "percent",
        formula: "100 x members with a return event in period n or any later one / members",
        description: "Never rises with n. Returns until now count, so the last columns of recent cohorts may still rise.",
        source: "Amplitude and Mixpanel, retention reports",
    },
    Definition {
        name: "retention_bracket",
        label: "Bracket retention",
        unit: "percent",
        formula: "100 x members with a return event in any period of the bracket / members",
        description: "A member counts once in a bracket. A bracket is open until its last period has ended.",
        source: "Amplitude, retention reports",
    },
    Definition {
        name: "retention_total",
        label: "Retention over all cohorts",
        unit: "percent",
        formula: "100 x sum of members who came back / sum of members, over the cohorts for which the period is over",
        description: "Weighed by size: a mean of the cohorts' percentages would give a cohort of one as much say as one of a thousand.",
        source: "Weir",
    },
];
