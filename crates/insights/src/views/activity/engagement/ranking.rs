//! Ranks users by their scores.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::engagement::{Engagement, EngagementRule, Level, Usage, engagement};
use weir_model::{TimeRange, Timestamp};
use weir_query::records::activity::UserRow;

use crate::cursor::Cursor;

/// A summary of scores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Users with activity in the range, all of whom have a score.
    pub users: usize,
    /// The mean score; null without users.
    pub average: Option<f64>,
    /// The median score (nearest rank); null without users.
    pub median: Option<f64>,
    /// Users with a score of 70 or more.
    pub high: usize,
    /// Users with a score of at least 40 and below 70.
    pub medium: usize,
    /// Users with a score below 40.
    pub low: usize,
}

/// A user with their score.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoredUser {
    /// The user's id.
    pub user_id: String,
    /// The score and its parts.
    #[serde(flatten)]
    pub engagement: Engagement,
    /// Activity events.
    pub activities: u64,
    /// Sessions.
    pub sessions: u64,
    /// Days with activity.
    pub active_days: u64,
    /// Time in sessions, in milliseconds.
    pub active_time_ms: i64,
    /// Distinct pairs of action and kind of resource.
    pub features: u64,
    /// When the first activity in the range started.
    #[schema(value_type = String, format = "date-time")]
    pub first_active: Timestamp,
    /// When the last activity in the range started.
    #[schema(value_type = String, format = "date-time")]
    pub last_active: Timestamp,
}

/// The summary and one page of the users of a range.
#[derive(Clone, Debug)]
pub(super) struct Ranking {
    pub scores: Scores,
    pub page: Vec<ScoredUser>,
    pub more: bool,
}

pub(super) fn scored(row: &UserRow, range: TimeRange, rule: &EngagementRule) -> ScoredUser {
    let usage = Usage {
        last: row.last,
        active_days: row.active_days,
        active_time_ms: row.active_time_ms,
        features: row.features,
    };
    ScoredUser {
        user_id: row.user.clone(),
        engagement: engagement(&usage, range, rule),
        activities: row.activities,
        sessions: row.sessions,
        active_days: row.active_days,
        active_time_ms: row.active_time_ms,
        features: row.features,
        first_active: row.first,
        last_active: row.last,
    }
}

/// The cursor of a user. Scores are positive, so their bits are in the same order.
pub(super) fn place(user: &ScoredUser) -> Cursor {
    let bits = user.engagement.score.to_bits();
    Cursor {
        timestamp: Timestamp(i64::try_from(bits).unwrap_or(i64::MAX)),
        id: user.user_id.clone(),
    }
}

/// Scores all users and returns a page of them.
pub(super) fn rank(
    rows: &[UserRow],
    range: TimeRange,
    rule: &EngagementRule,
    after: Option<Cursor>,
    limit: usize,
) -> Ranking {
    let mut users: Vec<ScoredUser> = rows.iter().map(|row| scored(row, range, rule)).collect();
    let order = |a: (i64, &str), b: (i64, &str)| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1));
    users.sort_by(|a, b| {
        let (a, b) = (place(a), place(b));
        order((a.timestamp.0, &a.id), (b.timestamp.0, &b.id))
    });
    let start = after.map_or(0, |after| {
        users.partition_point(|user| {
            let place = place(user);
            order(
                (place.timestamp.0, &place.id),
                (after.timestamp.0, &after.id),
            )
            .is_le()
        })
    });
    let page: Vec<_> = users[start..].iter().take(limit).cloned().collect();
    Ranking {
        scores: scores(&users),
        more: start + page.len() < users.len(),
        page,
    }
}

/// `users` are ordered by score.
fn scores(users: &[ScoredUser]) -> Scores {
    let of = |level: Level| {
        let with = users.iter().filter(|user| user.engagement.level == level);
        with.count()
    };
    let sum: f64 = users.iter().map(|user| user.engagement.score).sum();
    Scores {
        users: users.len(),
        average: (!users.is_empty()).then(|| sum / users.len() as f64),
        // The lower of the two in the middle: the order is descending.
        median: users.get(users.len() / 2).map(|user| user.engagement.score),
        high: of(Level::High),
        medium: of(Level::Medium),
        low: of(Level::Low),
    }
}

#[cfg(test)]
mod tests {
    use weir_model::time::DAY;

    use super::*;

    fn row(user: &str, active_days: u64) -> UserRow {
        UserRow {
            user: user.to_owned(),
            activities: active_days,
            sessions: active_days,
            active_time_ms: 0,
            first: Timestamp(0),
            last: Timestamp(28 * DAY),
            active_days,
            features: 1,
        }
    }

    fn ranked(after: Option<Cursor>, limit: usize) -> Ranking {
        let rows = [row("a", 2), row("b", 20), row("c", 2), row("d", 9)];
        let range = TimeRange::new(0, 28 * DAY);
        rank(&rows, range, &EngagementRule::default(), after, limit)
    }

    fn names(ranking: &Ranking) -> Vec<&str> {
        let users = ranking.page.iter();
        users.map(|user| user.user_id.as_str()).collect()
    }

    #[test]
    fn pages_have_no_gaps_and_no_repetitions() {
        let all = ranked(None, 10);
        assert_eq!(names(&all), ["b", "d", "a", "c"]);
        assert!(!all.more);
        let first = ranked(None, 3);
        assert!(first.more);
        let second = ranked(Some(place(&first.page[2])), 3);
        assert_eq!((names(&second), second.more), (vec!["c"], false));
        assert_eq!(first.scores, second.scores);
    }

    #[test]
    fn the_summary_covers_all_users_and_not_only_the_page() {
        // 25 + 35 x days / 20 + 20 / 5: 64, 44.75, 32.5, 32.5.
        let Scores {
            users,
            average,
            median,
            high,
            medium,
            low,
        } = ranked(None, 1).scores;
        assert_eq!((users, high, medium, low), (4, 0, 2, 2));
        assert!((average.unwrap() - 43.4375).abs() < 1e-9, "{average:?}");
        assert!((median.unwrap() - 32.5).abs() < 1e-9, "{median:?}");
    }
}
