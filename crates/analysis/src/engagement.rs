//! How engaged a user is: a weighted mean of four scores, each between 0 and 1.
//!
//! | part | 1 means |
//! |---|---|
//! | recency | active at the very end of the range; 0 means last active at its beginning |
//! | frequency | active on as many days as the target for a range of this length |
//! | depth | on average, active for as long per active day as the target |
//! | breadth | as many different features used as the target |
//!
//! Recency and frequency come from the RFM analysis of direct marketing (Bult and Wansbeek, Optimal
//! Selection for Direct Mail, 1995); depth and breadth from the engagement signals of Google's HEART
//! (Rodden, Hutchinson and Fu, 2010).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, MINUTE},
};

/// How much each part counts. Only the proportions of the weights matter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Weights {
    /// The weight of how recent the last activity is.
    pub recency: f64,
    /// The weight of the number of active days.
    pub frequency: f64,
    /// The weight of the time per active day.
    pub depth: f64,
    /// The weight of the number of different features.
    pub breadth: f64,
}

/// The targets at which a part reaches 1; exceeding them makes no difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Targets {
    /// Active days per week: more than 0, at most 7.
    pub days_per_week: f64,
    /// Active minutes per active day: more than 0, at most 1440.
    pub minutes_per_day: f64,
    /// Different features (actions on a kind of resource) in the range: more than 0, at most 10000.
    pub features: f64,
}

/// How a project defines engagement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EngagementRule {
    /// How much each part counts.
    #[serde(default)]
    pub weights: Weights,
    /// The targets at which a part reaches 1.
    #[serde(default)]
    pub targets: Targets,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            recency: 25.0,
            frequency: 35.0,
            depth: 20.0,
            breadth: 20.0,
        }
    }
}

impl Default for Targets {
    /// Every working day, half an hour, five features.
    fn default() -> Self {
        Self {
            days_per_week: 5.0,
            minutes_per_day: 30.0,
            features: 5.0,
        }
    }
}

/// What a user did in a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// When the user's last activity began.
    pub last: Timestamp,
    /// Calendar days with activity.
    pub active_days: u64,
    /// Time in sessions, in milliseconds.
    pub active_time_ms: i64,
    /// Different features used.
    pub features: u64,
}

/// A user's score with its parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Engagement {
    /// 0 to 100: 100 x the weighted mean of the parts.
    pub score: f64,
    /// The level of the score.
    pub level: Level,
    /// How recent the last activity is, 0 to 1.
    pub recency: f64,
    /// On how many days the user was active, 0 to 1.
    pub frequency: f64,
    /// How long the user was active per active day, 0 to 1.
    pub depth: f64,
    /// How many different features the user used, 0 to 1.
    pub breadth: f64,
}

/// The level of an engagement score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EngagementLevel)]
pub enum Level {
    /// 70 or more.
    High,
    /// 40 or more, below 70.
    Medium,
    /// Below 40.
    Low,
}

impl Level {
    fn of(score: f64) -> Self {
        match score {
            70.0.. => Self::High,
            40.0.. => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// What is wrong with a rule: the field and its allowed values; `None` if the rule is valid.
pub fn fault(rule: &EngagementRule) -> Option<(&'static str, &'static str)> {
    let EngagementRule { weights, targets } = rule;
    let weights = [
        ("weights.recency", weights.recency),
        ("weights.frequency", weights.frequency),
        ("weights.depth", weights.depth),
        ("weights.breadth", weights.breadth),
    ];
    let targets = [
        (
            "targets.daysPerWeek",
            targets.days_per_week,
            7.0,
            "more than 0, at most 7",
        ),
        (
            "targets.minutesPerDay",
            targets.minutes_per_day,
            1_440.0,
            "more than 0, at most 1440",
        ),
        (
            "targets.features",
            targets.features,
            10_000.0,
            "more than 0, at most 10000",
        ),
    ];
    let mut all = weights.iter();
    let weight = all.find(|(_, weight)| !(0.0..=1_000.0).contains(weight));
    let nothing = weights.iter().all(|&(_, weight)| weight == 0.0);
    let mut all = targets.iter();
    let target = all.find(|&&(_, target, most, _)| !(target > 0.0 && target <= most));
    weight
        .map(|&(field, _)| (field, "0 to 1000"))
        .or_else(|| nothing.then_some(("weights", "at least one weight above 0")))
        .or_else(|| target.map(|&(field, .., right)| (field, right)))
}

/// The score of a user over a range. The range must not end after now: the caller cuts off the
/// future. A valid rule ([`fault`]) gives a score between 0 and 100.
pub fn engagement(usage: &Usage, range: TimeRange, rule: &EngagementRule) -> Engagement {
    let EngagementRule { weights, targets } = rule;
    let length = range.length().max(1) as f64;
    let days_asked = targets.days_per_week * (length / DAY as f64).max(1.0) / 7.0;
    let minutes = usage.active_time_ms as f64 / MINUTE as f64;
    let minutes_a_day = minutes / (usage.active_days.max(1)) as f64;
    let age = (range.to.0 - usage.last.0).max(0) as f64;
    let recency = share(1.0 - age / length);
    let frequency = share(usage.active_days as f64 / days_asked);
    let depth = share(minutes_a_day / targets.minutes_per_day);
    let breadth = share(usage.features as f64 / targets.features);
    let parts = [
        (weights.recency, recency),
        (weights.frequency, frequency),
        (weights.depth, depth),
        (weights.breadth, breadth),
    ];
    let all: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let sum: f64 = parts.iter().map(|(weight, part)| weight * part).sum();
    let score = 100.0 * sum / all;
    Engagement {
        score,
        level: Level::of(score),
        recency,
        frequency,
        depth,
        breadth,
    }
}

fn share(value: f64) -> f64 {
    value.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: TimeRange = TimeRange {
        from: Timestamp(0),
        to: Timestamp(28 * DAY),
    };

    fn usage(days_ago: i64, active_days: u64, minutes: i64, features: u64) -> Usage {
        Usage {
            last: RANGE.to.plus(-days_ago * DAY),
            active_days,
            active_time_ms: minutes * MINUTE,
            features,
        }
    }

    #[test]
    fn scores_are_those_worked_out_by_hand() {
        let rule = EngagementRule::default();
        // The targets for four weeks: 20 days, 30 minutes a day, 5 features. Weights 25, 35, 20,
        // 20.
        for (usage, parts, score, level) in [
            (
                usage(0, 20, 600, 5),
                [1.0, 1.0, 1.0, 1.0],
                100.0,
                Level::High,
            ),
            (
                usage(0, 28, 9_000, 50),
                [1.0, 1.0, 1.0, 1.0],
                100.0,
                Level::High,
            ),
            // 25 x 0.75 + 35 x 0.5 + 20 x 0.5 + 20 x 0.4
            (
                usage(7, 10, 150, 2),
                [0.75, 0.5, 0.5, 0.4],
                54.25,
                Level::Medium,
            ),
            // 35 x 0.05 + 20 x 0.2: one activity at the very beginning.
            (usage(28, 1, 0, 1), [0.0, 0.05, 0.0, 0.2], 5.75, Level::Low),
        ] {
            let found = engagement(&usage, RANGE, &rule);
            let found_parts = [found.recency, found.frequency, found.depth, found.breadth];
            assert_eq!(found_parts, parts, "{usage:?}");
            assert!((found.score - score).abs() < 1e-9, "{}", found.score);
            assert_eq!(found.level, level);
        }
    }

    #[test]
    fn only_the_proportions_of_weights_matter() {
        let with = |scale: f64| {
            let weights = Weights {
                recency: 3.0 * scale,
                frequency: 0.0,
                depth: 0.0,
                breadth: scale,
            };
            let rule = EngagementRule {
                weights,
                ..EngagementRule::default()
            };
            engagement(&usage(14, 3, 30, 5), RANGE, &rule).score
        };
        // (3 x 0.5 + 1 x 1) / 4
        assert_eq!(with(1.0), 62.5);
        assert_eq!(with(100.0), with(1.0));
    }

    #[test]
    fn more_of_anything_never_lowers_the_score() {
        let rule = EngagementRule::default();
        let score = |usage: Usage| engagement(&usage, RANGE, &rule).score;
        let base = score(usage(10, 5, 60, 2));
        for better in [
            usage(9, 5, 60, 2),
            usage(10, 6, 72, 2),
            usage(10, 5, 61, 2),
            usage(10, 5, 60, 3),
        ] {
            assert!(score(better) > base, "{better:?}");
        }
    }

    #[test]
    fn an_invalid_rule_is_reported_with_its_field() {
        assert_eq!(fault(&EngagementRule::default()), None);
        let field = |change: fn(&mut EngagementRule)| {
            let mut rule = EngagementRule::default();
            change(&mut rule);
            fault(&rule).map(|(field, _)| field)
        };
        assert_eq!(field(|r| r.weights.depth = -1.0), Some("weights.depth"));
        assert_eq!(
            field(|r| r.weights.recency = f64::NAN),
            Some("weights.recency")
        );
        assert_eq!(
            field(|r| r.targets.days_per_week = 8.0),
            Some("targets.daysPerWeek")
        );
        assert_eq!(
            field(|r| r.targets.minutes_per_day = 0.0),
            Some("targets.minutesPerDay")
        );
        assert_eq!(
            field(|r| r.targets.features = f64::INFINITY),
            Some("targets.features")
        );
        let nothing = |r: &mut EngagementRule| {
            r.weights = Weights {
                recency: 0.0,
                frequency: 0.0,
                depth: 0.0,
                breadth: 0.0,
            };
        };
        assert_eq!(field(nothing), Some("weights"));
    }
}
