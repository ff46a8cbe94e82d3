//! What a workflow has come to, for everybody who follows it.

use std::{fmt, str::FromStr, sync::Arc};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_insights::{figures, privacy::Viewer, query::Freshness};
use weir_model::{Scope, TimeRange, Timestamp};
use weir_query::{Query, Range};

use super::Watched;
use crate::app::{App, AppError};

figures! {
    /// Executions of a workflow over all time.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
    pub struct Totals {
        /// Every execution once.
        pub total_enrolled: i64 = whole("executions"),
        /// Those that run or wait.
        pub currently_active: i64 = whole("running", "waiting"),
        /// Those that completed.
        pub completed: i64 = whole("completed"),
        /// Those that failed, crashed or were canceled.
        pub dropped: i64 = whole("failed", "crashed", "canceled"),
        /// Goals reached.
        pub goals_reached: i64 = whole("goals"),
    }
}

/// The totals of a workflow at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkflowTotals {
    /// The totals.
    pub totals: Totals,
    /// The last commit that they know of.
    pub watermark: u64,
    /// What they cover.
    pub range: TimeRange,
    /// When they were looked at.
    pub at: Timestamp,
}

/// The totals are the ids of their stream: who comes back with one is told what has changed since, exactly,
/// whatever happened and whichever process answers.
impl fmt::Display for Totals {
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

impl FromStr for Totals {
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

impl App {
    /// What a workflow has come to; zeros for one that nothing is known of.
    pub async fn workflow_totals(
        &self,
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
        let (told, watermark) = self.reading.ask_for(viewer, query, freshness).await?;
        Ok(WorkflowTotals {
            totals: told.only().unwrap_or_default(),
            watermark,
            range: told.query().range,
            at: self.clock.now(),
        })
    }

    /// Listens to the totals of a workflow; `now` is what they are.
    pub(super) fn listen_to_totals(
        self: &Arc<Self>,
        scope: Scope,
        watched: &Watched,
        now: WorkflowTotals,
    ) -> watch::Receiver<Arc<WorkflowTotals>> {
        let key = (scope, watched.clone());
        let pulse = self.pulse(&[scope], now.watermark, self.live.settings.lull);
        let (app, asked) = (Arc::clone(self), Arc::new(key.clone()));
        let look = move |sender: watch::Sender<Arc<WorkflowTotals>>| {
            let (app, asked) = (Arc::clone(&app), Arc::clone(&asked));
            async move {
                let totals = app
                    .workflow_totals(asked.0, &asked.1, Freshness::Cached)
                    .await?;
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
    fn totals_survive_being_written_into_an_id() {
        let totals = Totals {
            total_enrolled: 41,
            currently_active: 3,
            completed: 36,
            dropped: 2,
            goals_reached: 5,
        };
        assert_eq!(totals.to_string(), "41.3.36.2.5");
        assert_eq!("41.3.36.2.5".parse(), Ok(totals));
        for bad in ["", "1.2.3.4", "1.2.3.4.5.6", "1.2.x.4.5"] {
            assert_eq!(bad.parse::<Totals>(), Err(()), "{bad:?}");
        }
    }
}
