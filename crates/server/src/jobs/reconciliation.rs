//! Comparing rollups with raw events: some minutes after the start, and every night.

use std::time::Duration;

use tokio::sync::watch;
use weir_model::{
    Timestamp,
    time::{DAY, HOUR},
};

use super::sleep_or_stop;
use crate::app::App;

/// When to run, in milliseconds after midnight UTC.
const AT: i64 = 3 * HOUR;

/// How many compaction intervals to wait after the start, which is busy enough.
const AFTER_START: u32 = 30;

/// Compares samples until the server stops.
pub(super) async fn reconcile(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut pause = app.settings.compaction_interval * AFTER_START;
    while !sleep_or_stop(pause, &mut stopped).await {
        match app.reconcile().await {
            Ok(done) => tracing::debug!(?done, "compared rollups with raw events"),
            Err(error) => tracing::error!(%error, "could not compare rollups with raw events"),
        }
        pause = until_night(app.clock.now());
    }
}

/// The time until the next run, which is never zero.
fn until_night(now: Timestamp) -> Duration {
    let since = now.plus(-AT).0.rem_euclid(DAY);
    Duration::from_millis((DAY - since).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_night_is_in_the_future_and_at_most_a_day_away() {
        let pause = |hour: i64| until_night(Timestamp(20_000 * DAY + hour * HOUR));
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        assert_eq!(pause(2), hours(1));
        assert_eq!(pause(3), hours(24));
        assert_eq!(pause(23), hours(4));
    }
}
