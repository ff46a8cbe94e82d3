//! Counts of executions, computed once for all subscribers to the same projects.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_insights::{figures, privacy::Viewer, query::Freshness, views::RangeView};
use weir_model::Scope;
use weir_query::Query;

use super::Watched;
use crate::app::{App, AppError, Reading};

/// The default range of counts, which is that of the KPIs.
const DEFAULT_LAST: &str = "24h";

figures! {
    /// Executions of a range.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
    pub struct Counts {
        /// All executions, each counted once.
        pub total_executions: u64 = count("executions"),
        /// Those that completed.
        pub success_count: u64 = count("completed"),
        /// Those that failed or crashed.
        pub failure_count: u64 = count("failed", "crashed"),
        /// Those that were canceled.
        pub canceled_count: u64 = count("canceled"),
        /// Those that are running.
        pub running_count: u64 = count("running"),
        /// Those that are waiting.
        pub waiting_count: u64 = count("waiting"),
    }
}

/// Counts and their range: the data of `counts.update`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountsView {
    /// The counts.
    #[serde(flatten)]
    pub counts: Counts,
    /// The range that they cover.
    pub range: RangeView,
}

/// Counts at a certain commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The counts.
    pub view: CountsView,
    /// The newest commit that they include.
    pub watermark: u64,
}

/// Counts the executions of some projects. Fails if `scopes` is empty or a query fails.
pub(super) async fn tally(
    reading: &Reading,
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
        let asked = reading.ask_for(viewer, query.clone(), freshness);
        let (answer, known) = asked.await?;
        counts.add(answer.only().unwrap_or_default());
        range = Some(answer.query().range);
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

impl App {
    /// Subscribes to the counts of some projects, whose current value is `now`.
    pub(super) fn listen_to_counts(
        &self,
        scopes: &[Scope],
        watched: &Watched,
        now: Tally,
    ) -> watch::Receiver<Arc<Tally>> {
        let key = (scopes.to_vec(), watched.clone());
        let pulse = self.pulse(scopes, now.watermark, self.live.settings.lull);
        let (reading, asked) = (Arc::clone(&self.reading), Arc::new(key.clone()));
        let look = move |sender: watch::Sender<Arc<Tally>>| {
            let (reading, asked) = (Arc::clone(&reading), Arc::clone(&asked));
            async move {
                let tally = tally(&reading, &asked.0, &asked.1, Freshness::Cached).await?;
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
