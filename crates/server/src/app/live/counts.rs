//! How many executions there are, for everybody who follows the same projects.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_insights::{
    privacy::Viewer,
    query::Freshness,
    views::{RangeView, Row, frame::in_parameters},
};
use weir_model::Scope;
use weir_query::Query;

use super::Watched;
use crate::app::{App, AppError};

/// The range that counts cover if nobody says otherwise: that of paper 4's KPIs.
const DEFAULT_LAST: &str = "24h";
const METRICS: [&str; 7] = [
    "executions",
    "completed",
    "failed",
    "crashed",
    "canceled",
    "running",
    "waiting",
];

/// Executions of a range, in the words of paper 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Every execution once.
    pub total_executions: u64,
    /// Those that completed.
    pub success_count: u64,
    /// Those that failed or crashed.
    pub failure_count: u64,
    /// Those that were canceled.
    pub canceled_count: u64,
    /// Those that run.
    pub running_count: u64,
    /// Those that wait.
    pub waiting_count: u64,
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
        let query = watched.filtered(Query::metrics(METRICS).last(last));
        let mut counts = Counts::default();
        let (mut range, mut watermark) = (None, 0);
        for &scope in scopes {
            let asked = self
                .reading
                .ask(Viewer::clear(scope), &query, freshness)
                .await;
            let asked = asked.map_err(in_parameters)?;
            if let Some(row) = Row::all(&asked.answer.rows).next() {
                counts.add(row);
            }
            range = Some(asked.answer.query.range);
            watermark = watermark.max(asked.watermark);
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
    fn add(&mut self, row: Row<'_>) {
        self.total_executions += row.count("executions");
        self.success_count += row.count("completed");
        self.failure_count += row.count("failed") + row.count("crashed");
        self.canceled_count += row.count("canceled");
        self.running_count += row.count("running");
        self.waiting_count += row.count("waiting");
    }
}
