//! Sessions: periods of one user's activity without a long pause, and statistics over many
//! sessions.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Timestamp, time::MINUTE};

use crate::durations::nearest_rank;

/// A longer pause than this between two activities, in milliseconds, ends a session: the 30 minutes
/// that web analytics has used since Catledge and Pitkow (1995, 25.5 minutes) and that Google
/// Analytics made common.
pub const GAP: i64 = 30 * MINUTE;

/// A period of one user's activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivitySession {
    /// When its first activity began.
    pub began: Timestamp,
    /// When its last activity to end ended; an activity ends its duration after its beginning.
    pub ended: Timestamp,
    /// The number of its activities.
    pub activities: u64,
}

impl ActivitySession {
    /// Its length in milliseconds: the time that the user was active.
    pub fn length(&self) -> i64 {
        self.ended.0 - self.began.0
    }
}

/// Statistics over sessions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionFigures {
    /// The number of sessions that began.
    pub sessions: u64,
    /// The total length in milliseconds: a session lasts from its first activity to the end of its
    /// last.
    pub active_time_ms: i64,
    /// The mean length in milliseconds; null without sessions.
    pub avg_session_ms: Option<f64>,
    /// The median length in milliseconds (nearest rank); null without sessions.
    pub median_session_ms: Option<i64>,
    /// The 95th percentile of the length in milliseconds (nearest rank); null without sessions.
    pub p95_session_ms: Option<i64>,
    /// The mean number of activities per session; null without sessions.
    pub activities_per_session: Option<f64>,
    /// The share of sessions with a single activity, in percent; null without sessions.
    pub single_activity_pct: Option<f64>,
}

/// Computes the statistics over some sessions.
pub fn session_figures<'a>(
    sessions: impl IntoIterator<Item = &'a ActivitySession>,
) -> SessionFigures {
    let sessions: Vec<&ActivitySession> = sessions.into_iter().collect();
    let mut lengths: Vec<i64> = sessions.iter().map(|session| session.length()).collect();
    lengths.sort_unstable();
    let active_time_ms: i64 = lengths.iter().sum();
    let activities: u64 = sessions.iter().map(|session| session.activities).sum();
    let single = sessions.iter().filter(|s| s.activities == 1).count();
    let mean = |sum: f64| (!sessions.is_empty()).then(|| sum / sessions.len() as f64);
    SessionFigures {
        sessions: sessions.len() as u64,
        active_time_ms,
        avg_session_ms: mean(active_time_ms as f64),
        median_session_ms: nearest_rank(&lengths, 50),
        p95_session_ms: nearest_rank(&lengths, 95),
        activities_per_session: mean(activities as f64),
        single_activity_pct: mean(100.0 * single as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(began: i64, length: i64, activities: u64) -> ActivitySession {
        ActivitySession {
            began: Timestamp(began),
            ended: Timestamp(began + length),
            activities,
        }
    }

    #[test]
    fn the_figures_of_four_sessions_are_those_worked_out_by_hand() {
        let sessions = [
            session(0, 600_000, 5),
            session(10, 0, 1),
            session(20, 1_800_000, 9),
            session(30, 0, 1),
        ];
        let expected = SessionFigures {
            sessions: 4,
            active_time_ms: 2_400_000,
            avg_session_ms: Some(600_000.0),
            median_session_ms: Some(0),
            p95_session_ms: Some(1_800_000),
            activities_per_session: Some(4.0),
            single_activity_pct: Some(50.0),
        };
        assert_eq!(session_figures(&sessions), expected);
    }

    #[test]
    fn without_sessions_there_are_no_lengths() {
        assert_eq!(session_figures(&[]), SessionFigures::default());
    }
}
