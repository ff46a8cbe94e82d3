//! How many executions there are, for everybody who follows the same projects.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_insights::{figures, privacy::Viewer, query::Freshness, views::RangeView};
use weir_model::Scope;
use weir_query::Query;

use super::Watched;
use crate::app::{App, AppError};

/// The range that counts cover if nobody says otherwise: that of the KPIs.
const DEFAULT_LAST: &str = "24h";

figures! {
    /// Executions of a range.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
    pub struct Counts {
        /// Every execution once.
        pub total_executions: u64 = count("executions"),
        /// Those that completed.
        pub success_count: u64 = count("completed"),
        /// Those that failed or crashed.
        pub failure_count: u64 = count("failed", "crashed"),
        /// Those that were canceled.
        pub canceled_count: u64 = count("canceled"),
        /// Those that run.
        pub running_count: u64 = count("running"),
        /// Those that wait.
        pub waiting_count: u64 = count("waiting"),
    }
}

/// Counts and what they cover: the news of `counts.update`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountsView {
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// What they cover.
    pub range: RangeView,
}

/// Counts at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The counts.
    pub view: CountsView,
    /// The last commit that they know of.
    pub watermark: u64,
}

impl App {
    /// Counts the executions of some projects.
    pub async fn tally(
        &self,
        scopes: &[Scope],
        watched: &Watched,
        freshness: Freshness,
    ) -> Result<Tally, AppError> {
        let last = watched.last.as_deref().unwrap_or(DEFAULT_LAST);
        let query = watched.filtered(Query::metrics([]).last(last));
        let mut counts = Counts::default();
        let (mut range, mut watermark) = (None, 0);
        for &scope in scopes {
            let viewer = Viewer::clear(scope);
            let asked = self.reading.ask_for(viewer, query.clone(), freshness);
            let (told, known) = asked.await?;
            counts.add(told.only().unwrap_or_default());
            range = Some(told.query().range);
            watermark = watermark.max(known);
        }
        let range = range.ok_or_else(|| AppError::internal("counts of no project"))?;
        Ok(Tally {
            view: CountsView {
                counts,
                range: range.into(),
            },
            watermark,
        })
    }

    /// Listens to the counts of some projects; `now` is what they are.
    pub(super) fn listen_to_counts(
        self: &Arc<Self>,
        scopes: &[Scope],
        watched: &Watched,
        now: Tally,
    ) -> watch::Receiver<Arc<Tally>> {
        let key = (scopes.to_vec(), watched.clone());
        let pulse = self.pulse(scopes, now.watermark, self.live.settings.lull);
        let (app, asked) = (Arc::clone(self), Arc::new(key.clone()));
        let look = move |sender: watch::Sender<Arc<Tally>>| {
            let (app, asked) = (Arc::clone(&app), Arc::clone(&asked));
            async move {
                let tally = app.tally(&asked.0, &asked.1, Freshness::Cached).await?;
                sender.send_replace(Arc::new(tally));
                Ok(())
            }
        };
        self.live.counts.listen(key, Arc::new(now), pulse, look)
    }
}

impl Counts {
    fn add(&mut self, more: Self) {
        self.total_executions += more.total_executions;
        self.success_count += more.success_count;
        self.failure_count += more.failure_count;
        self.canceled_count += more.canceled_count;
        self.running_count += more.running_count;
        self.waiting_count += more.waiting_count;
    }
}
