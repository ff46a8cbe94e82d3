//! What to do now, for who runs the server.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Timestamp, time::DAY};

use super::{
    levels::{LevelKind, ServerLevel},
    storage::ServerStorage,
};

/// A disk that is full within this many days needs attention; within the fewer, at once.
const SOON_DAYS: i64 = 30;
const NOW_DAYS: i64 = 7;

/// How urgent an advice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Something is failing, or will within a week.
    Now,
    /// Something will be too small within a month, or is slower than it should be.
    Soon,
}

/// What to do, and why.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ServerAdvice {
    /// How urgent it is.
    pub urgency: Urgency,
    /// What is wrong: `disk_full`, or the level that is missed.
    pub about: &'static str,
    /// What to do, in a sentence.
    pub text: String,
}

/// The advice, the most urgent first. None if all is well, or if there is too little data to say.
pub(super) fn advice(
    now: Timestamp,
    storage: &ServerStorage,
    levels: &[ServerLevel],
) -> Vec<ServerAdvice> {
    let mut all: Vec<ServerAdvice> = disk(now, storage).into_iter().collect();
    let missed = levels.iter().filter(|level| level.met == Some(false));
    all.extend(missed.map(|level| of_level(level.kind)));
    all.sort_by_key(|advice| advice.urgency);
    all
}

fn disk(now: Timestamp, storage: &ServerStorage) -> Option<ServerAdvice> {
    let days = (storage.full_at?.0 - now.0) / DAY;
    let urgency = match days {
        days if days < NOW_DAYS => Urgency::Now,
        days if days < SOON_DAYS => Urgency::Soon,
        _ => return None,
    };
    Some(ServerAdvice {
        urgency,
        about: "disk_full",
        text: format!(
            "At the present growth the disk is full in {days} days. Add space, or keep data for a shorter time \
             (the settings under `retention`)."
        ),
    })
}

fn of_level(kind: LevelKind) -> ServerAdvice {
    let (urgency, about, text) = match kind {
        LevelKind::Availability => (
            Urgency::Now,
            "availability",
            "The server did not run all the time. Look in its log for crashes, and have the system start it again.",
        ),
        LevelKind::Ingest => (
            Urgency::Now,
            "ingest",
            "The server failed to take events. Look in its log; `intake.memory_bytes` and the free disk space are the \
             usual limits.",
        ),
        LevelKind::Freshness => (
            Urgency::Soon,
            "freshness",
            "Events took longer than five seconds to store. Send them in larger batches, or use a faster disk.",
        ),
        LevelKind::Answers => (
            Urgency::Now,
            "answers",
            "The server failed to answer requests. Look in its log for the cause.",
        ),
        LevelKind::Speed => (
            Urgency::Soon,
            "speed",
            "Requests took longer than two seconds. Give the server more memory (`store.memory_limit`) and cores, or \
             declare slow dimensions as fast ones.",
        ),
    };
    ServerAdvice {
        urgency,
        about,
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(full_in: Option<i64>) -> ServerStorage {
        ServerStorage {
            store_bytes: 0,
            control_bytes: 0,
            free_bytes: None,
            growth_per_day: None,
            full_at: full_in.map(|days| Timestamp(days * DAY + 1)),
            days: 0,
            days_needed: 0,
        }
    }

    fn level(kind: LevelKind, met: Option<bool>) -> ServerLevel {
        ServerLevel {
            kind,
            target_pct: 99.9,
            good: 0,
            total: 0,
            actual_pct: None,
            needed: 0,
            met,
            budget_left_pct: None,
        }
    }

    #[test]
    fn the_most_urgent_comes_first_and_nothing_is_said_without_need() {
        let said = |full_in, levels: &[ServerLevel]| {
            let all = advice(Timestamp(0), &storage(full_in), levels);
            all.iter()
                .map(|one| (one.urgency, one.about))
                .collect::<Vec<_>>()
        };
        let good = [
            level(LevelKind::Speed, Some(true)),
            level(LevelKind::Ingest, None),
        ];
        assert_eq!(said(Some(31), &good), []);
        assert_eq!(said(None, &good), []);
        assert_eq!(said(Some(29), &good), [(Urgency::Soon, "disk_full")]);
        let bad = [
            level(LevelKind::Speed, Some(false)),
            level(LevelKind::Ingest, Some(false)),
        ];
        assert_eq!(
            said(Some(6), &bad),
            [
                (Urgency::Now, "disk_full"),
                (Urgency::Now, "ingest"),
                (Urgency::Soon, "speed")
            ]
        );
    }
}
