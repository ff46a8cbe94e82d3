//! Counting the requests that the server's own service levels are about, and noting them by hour.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use weir_meta::{ServerSizes, ServerTally};
use weir_model::{Timestamp, time::HOUR};

use crate::app::{App, AppError};

/// Posts that take longer are not in time: their events can be read only afterwards.
pub(super) const POST_TIME: Duration = Duration::from_secs(5);
/// Other requests that take longer are not in time.
pub(super) const READ_TIME: Duration = Duration::from_secs(2);
/// How long hours are kept, in milliseconds.
const KEPT_MS: i64 = 400 * 24 * HOUR;

/// Counts since the start.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    posts: AtomicU64,
    posts_failed: AtomicU64,
    posts_slow: AtomicU64,
    reads: AtomicU64,
    reads_failed: AtomicU64,
    reads_slow: AtomicU64,
    read_ms: AtomicU64,
}

/// What a request counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    Post,
    Read,
    Nothing,
}

impl Counts {
    fn of(method: &str, route: &str) -> Self {
        // The time to the head of a stream says nothing.
        let stream = route.contains("/sse/") || route.ends_with("/stream");
        match (method, route) {
            ("POST", "/api/v1/events") => Self::Post,
            _ if stream => Self::Nothing,
            _ if route.starts_with("/api/") || route.starts_with("/analytics/") => Self::Read,
            _ => Self::Nothing,
        }
    }
}

impl Tally {
    /// Counts a request. Refusals that the caller can mend (4xx) are good answers.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let counts = Counts::of(method, route);
        let (all, failed, slow, most) = match counts {
            Counts::Post => (&self.posts, &self.posts_failed, &self.posts_slow, POST_TIME),
            Counts::Read => (&self.reads, &self.reads_failed, &self.reads_slow, READ_TIME),
            Counts::Nothing => return,
        };
        all.fetch_add(1, Relaxed);
        if status >= 500 {
            failed.fetch_add(1, Relaxed);
        } else if took > most {
            slow.fetch_add(1, Relaxed);
        }
        if counts == Counts::Read {
            let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            self.read_ms.fetch_add(ms, Relaxed);
        }
    }

    /// The counts since the start, without events and time.
    pub fn so_far(&self) -> ServerTally {
        let of = |count: &AtomicU64| count.load(Relaxed);
        ServerTally {
            posts: of(&self.posts),
            posts_failed: of(&self.posts_failed),
            posts_slow: of(&self.posts_slow),
            reads: of(&self.reads),
            reads_failed: of(&self.reads_failed),
            reads_slow: of(&self.reads_slow),
            read_ms: of(&self.read_ms),
            ..ServerTally::default()
        }
    }
}

impl App {
    /// The counts since the start.
    pub(crate) fn server_tally(&self) -> ServerTally {
        ServerTally {
            events: self.store.port().statistics().events,
            ..self.telemetry.tally()
        }
    }

    /// Notes what happened between two tallies, in the hour that it is now; the time in which the server ran,
    /// in the hours in which it did. Fails if control data cannot be written.
    pub(crate) async fn note_server(
        &self,
        before: &ServerTally,
        after: &ServerTally,
        ran: Duration,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let sizes = self.server_sizes().await?;
        for (moment, up_ms) in by_hour(now, ran) {
            let tally = match moment == now {
                true => ServerTally {
                    up_ms,
                    ..difference(before, after)
                },
                false => ServerTally {
                    up_ms,
                    ..ServerTally::default()
                },
            };
            self.meta.add_server_tally(moment, &tally, sizes).await?;
        }
        Ok(self.meta.prune_server_hours(now.plus(-KEPT_MS)).await?)
    }

    pub(super) async fn server_sizes(&self) -> Result<ServerSizes, AppError> {
        let figures = self.store.port().statistics();
        Ok(ServerSizes {
            store: figures.bytes_on_disk,
            control: self.meta.bytes().await?,
            free: figures.free_bytes,
        })
    }
}

/// The milliseconds before `now` in which the server ran, by hour: a moment of each hour, the last one `now`.
fn by_hour(now: Timestamp, ran: Duration) -> Vec<(Timestamp, u64)> {
    let ran = i64::try_from(ran.as_millis()).unwrap_or(i64::MAX);
    let began = now.plus(-ran);
    let start = |moment: Timestamp| moment.0.div_euclid(HOUR) * HOUR;
    let mut hours = Vec::new();
    let mut from = began.0;
    while start(Timestamp(from)) < start(now) {
        let next = start(Timestamp(from)) + HOUR;
        hours.push((Timestamp(from), (next - from).unsigned_abs()));
        from = next;
    }
    hours.push((now, (now.0 - from).unsigned_abs()));
    hours
}

fn difference(before: &ServerTally, after: &ServerTally) -> ServerTally {
    ServerTally {
        up_ms: 0,
        events: after.events.saturating_sub(before.events),
        posts: after.posts.saturating_sub(before.posts),
        posts_failed: after.posts_failed.saturating_sub(before.posts_failed),
        posts_slow: after.posts_slow.saturating_sub(before.posts_slow),
        reads: after.reads.saturating_sub(before.reads),
        reads_failed: after.reads_failed.saturating_sub(before.reads_failed),
        reads_slow: after.reads_slow.saturating_sub(before.reads_slow),
        read_ms: after.read_ms.saturating_sub(before.read_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_count_by_what_they_are_for_and_how_they_ended() {
        let tally = Tally::default();
        let quick = Duration::from_millis(30);
        tally.count("POST", "/api/v1/events", 202, quick);
        tally.count("POST", "/api/v1/events", 400, quick);
        tally.count("POST", "/api/v1/events", 503, Duration::from_secs(9));
        tally.count("POST", "/api/v1/events", 202, Duration::from_secs(6));
        tally.count("GET", "/api/v1/executions", 200, quick);
        tally.count("POST", "/api/v1/query", 504, quick);
        tally.count("POST", "/api/v1/query", 200, Duration::from_secs(3));
        for route in [
            "/healthz",
            "/metrics",
            "other",
            "/api/v1/sse/counts/{tenant_id}",
        ] {
            tally.count("GET", route, 500, quick);
        }
        let expected = ServerTally {
            posts: 4,
            posts_failed: 1,
            posts_slow: 1,
            reads: 3,
            reads_failed: 1,
            reads_slow: 1,
            read_ms: 3_060,
            ..ServerTally::default()
        };
        assert_eq!(tally.so_far(), expected);
    }

    #[test]
    fn the_time_that_the_server_ran_counts_in_its_hours() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let now = at("2026-03-01T13:00:20Z");
        let expected = [(at("2026-03-01T12:59:20Z"), 40_000), (now, 20_000)];
        assert_eq!(by_hour(now, Duration::from_secs(60)), expected);
        let within = at("2026-03-01T13:30:00Z");
        assert_eq!(by_hour(within, Duration::from_secs(60)), [(within, 60_000)]);
        let long = by_hour(now, Duration::from_secs(2 * 3_600));
        let ran: Vec<u64> = long.iter().map(|&(_, ran)| ran).collect();
        assert_eq!(ran, [3_580_000, 3_600_000, 20_000]);
    }
}
