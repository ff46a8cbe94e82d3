//! Activity, sessions and engagement scores.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "session",
        label: "Session",
        unit: "count",
        formula: "activities of one user without a pause of more than 30 minutes; pause = began - latest end of the activities before; end = timestamp + duration",
        description: "Only activities of the range are looked at: a session that crosses its edge is cut there. The ids that producers give to sessions are shown in the audit trail and change nothing here. A session counts in the bucket in which it began.",
        source: "Paper 2, with the pause usual in web analytics: Catledge and Pitkow, Characterizing Browsing Strategies in the World-Wide Web, 1995",
    },
    Definition {
        name: "active_time_ms",
        label: "Active time",
        unit: "milliseconds",
        formula: "sum over sessions of (end of the last activity to end - beginning of the first)",
        description: "A session of one activity without a duration lasts 0 ms. Durations that producers report, added up, are the metric activity_duration_sum.",
        source: "Paper 2",
    },
    Definition {
        name: "active_users",
        label: "Active users",
        unit: "count",
        formula: "distinct users with at least one activity event",
        description: "Users who only own executions are not active: schedules run at night. The metric users counts users of any event.",
        source: "Paper 2",
    },
    Definition {
        name: "dau",
        label: "Daily active users",
        unit: "count",
        formula: "distinct users active on the calendar day",
        description: "Days are those of the time zone asked for.",
        source: "Paper 2",
    },
    Definition {
        name: "wau",
        label: "Weekly active users",
        unit: "count",
        formula: "distinct users active on the calendar day or one of the 6 before it",
        description: "A window that moves with the day, so that weekdays can be compared.",
        source: "Paper 2",
    },
    Definition {
        name: "mau",
        label: "Monthly active users",
        unit: "count",
        formula: "distinct users active on the calendar day or one of the 29 before it",
        description: "A window of a fixed length that moves with the day, so that months can be compared.",
        source: "Paper 2",
    },
    Definition {
        name: "stickiness",
        label: "Stickiness",
        unit: "percent",
        formula: "100 x dau / mau",
        description: "100 means that everybody of the month came on the day; null where nobody did in the month. The mean is over the days of the range that are over.",
        source: "Facebook's DAU/MAU; S-1, 2012",
    },
    Definition {
        name: "engagement_score",
        label: "Engagement score",
        unit: "score 0 to 100",
        formula: "100 x (w.recency x recency + w.frequency x frequency + w.depth x depth + w.breadth x breadth) / (sum of weights)",
        description: "recency = 1 - (end of range - last activity) / length of range; frequency = active days / (targets.daysPerWeek x days of range / 7); depth = active minutes per active day / targets.minutesPerDay; breadth = features / targets.features; each cut off at 0 and 1. A feature is an action on a kind of resource. The range ends now at the latest. Weights (25, 35, 20, 20 unless set) and targets (5 days, 30 minutes, 5 features) are set for each project at /api/v1/analytics/activity/engagement/rule. 70 and more is high, 40 and more medium. Users without activity in the range have no score.",
        source: "Bult and Wansbeek, Optimal Selection for Direct Mail, 1995 (recency, frequency); Rodden, Hutchinson and Fu, HEART, 2010 (depth, breadth)",
    },
    Definition {
        name: "adoption",
        label: "Adoption of a feature",
        unit: "percent",
        formula: "100 x users of the feature / active users",
        description: "Of the same range and filters.",
        source: "Rodden, Hutchinson and Fu, HEART, 2010",
    },
];
