//! The totals of a workflow, computed once for all of its subscribers.

use std::{fmt, str::FromStr, sync::Arc};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_insights::{figures, privacy::Viewer, query::Freshness};
use weir_model::{Clock, Scope, TimeRange, Timestamp};
use weir_query::{Query, Range};

use super::Watched;
use crate::app::{App, AppError, Reading};

figures! {
    /// Executions of a workflow over all time.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
    pub struct LiveTotals {
        /// All executions, each counted once.
        pub total_enrolled: i64 = whole("executions"),
        /// Those that are running or waiting.
        pub currently_active: i64 = whole("running", "waiting"),
        /// Those that completed.
        pub completed: i64 = whole("completed"),
        /// Those that failed, crashed or were canceled.
        pub dropped: i64 = whole("failed", "crashed", "canceled"),
        /// Goals reached.
        pub goals_reached: i64 = whole("goals"),
    }
}

/// The totals of a workflow at a certain commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkflowTotals {
    /// The totals.
    pub totals: LiveTotals,
    /// The newest commit that they include.
    pub watermark: u64,
    /// The range that they cover.
    pub range: TimeRange,
    /// When they were computed.
    pub at: Timestamp,
}

/// The totals are the event ids of their stream: a client that reconnects with one receives exactly what has
/// changed since, from any process.
impl fmt::Display for LiveTotals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            total_enrolled,
            currently_active,
            completed,
            dropped,
            goals_reached,
        } = self;
        write!(
            f,
            "{total_enrolled}.{currently_active}.{completed}.{dropped}.{goals_reached}"
        )
    }
}

impl FromStr for LiveTotals {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers: Result<Vec<i64>, _> = text.split('.').map(str::parse).collect();
        match numbers.as_deref() {
            Ok(
                &[
                    total_enrolled,
                    currently_active,
                    completed,
                    dropped,
                    goals_reached,
                ],
            ) => Ok(Self {
                total_enrolled,
                currently_active,
                completed,
                dropped,
                goals_reached,
            }),
            _ => Err(()),
        }
    }
}

/// The totals of a workflow over all time; zeros for an unknown one. Fails if the query fails.
pub(super) async fn workflow_totals(
    reading: &Reading,
    clock: &dyn Clock,
    scope: Scope,
    watched: &Watched,
    freshness: Freshness,
) -> Result<WorkflowTotals, AppError> {
    let mut query = watched.filtered(Query::metrics([]));
    query.range = Range {
        all: Some(true),
        ..Range::default()
    };
    let viewer = Viewer::clear(scope);
    let (answer, watermark) = reading.ask_for(viewer, query, freshness).await?;
    Ok(WorkflowTotals {
        totals: answer.only().unwrap_or_default(),
        watermark,
        range: answer.query().range,
        at: clock.now(),
    })
}

impl App {
    /// Subscribes to the totals of a workflow, whose current value is `now`.
    pub(super) fn listen_to_totals(
        &self,
        scope: Scope,
        watched: &Watched,
        now: WorkflowTotals,
    ) -> watch::Receiver<Arc<WorkflowTotals>> {
        let key = (scope, watched.clone());
        let pulse = self.pulse(&[scope], now.watermark, self.live.settings.lull);
        let (reading, clock) = (Arc::clone(&self.reading), Arc::clone(&self.clock));
        let asked = Arc::new(key.clone());
        let look = move |sender: watch::Sender<Arc<WorkflowTotals>>| {
            let (reading, clock) = (Arc::clone(&reading), Arc::clone(&clock));
            let asked = Arc::clone(&asked);
            async move {
                let (scope, watched) = &*asked;
                let totals =
                    workflow_totals(&reading, &*clock, *scope, watched, Freshness::Cached).await?;
                sender.send_replace(Arc::new(totals));
                Ok(())
            }
        };
        self.live.totals.listen(key, Arc::new(now), pulse, look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_round_trip_through_an_id() {
        let totals = LiveTotals {
            total_enrolled: 41,
            currently_active: 3,
            completed: 36,
            dropped: 2,
            goals_reached: 5,
        };
        assert_eq!(totals.to_string(), "41.3.36.2.5");
        assert_eq!("41.3.36.2.5".parse(), Ok(totals));
        for bad in ["", "1.2.3.4", "1.2.3.4.5.6", "1.2.x.4.5"] {
            assert_eq!(bad.parse::<LiveTotals>(), Err(()), "{bad:?}");
        }
    }
}
