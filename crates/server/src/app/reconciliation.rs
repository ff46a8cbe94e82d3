//! Comparing a sample of rollups with raw events.

use std::collections::BTreeMap;

use weir_insights::reconciliation::{Reconciliation, sample};
use weir_model::{ProjectKey, TimeRange};
use weir_store::Compared;

use super::{App, AppError};

impl App {
    /// Compares the rollups of the newest day, and of a random one, with raw events. Fails if the store
    /// cannot be read.
    pub async fn reconcile(&self) -> Result<Reconciliation, AppError> {
        let mut random = [0; 8];
        self.entropy.fill(&mut random);
        let ranges = sample(self.stored_range().await?, u64::from_le_bytes(random));
        let mut projects: BTreeMap<ProjectKey, Compared> = BTreeMap::new();
        for &range in &ranges {
            let found = self.store.port().verify(Some(range)).await?;
            for difference in &found.differences {
                let (table, key, detail) = (&difference.table, &difference.key, &difference.detail);
                tracing::error!(
                    table,
                    key,
                    detail,
                    "a rollup row differs from raw events; `weir rollup rebuild` repairs it"
                );
            }
            for (project, compared) in found.projects {
                let sum = projects.entry(project).or_default();
                sum.keys += compared.keys;
                sum.differences += compared.differences;
            }
        }
        let done = Reconciliation {
            checked_at: self.clock.now(),
            ranges,
            projects,
        };
        self.reconciled.set(done.clone());
        Ok(done)
    }

    /// The times of the first and the newest event over all projects.
    async fn stored_range(&self) -> Result<Option<TimeRange>, AppError> {
        let scopes = self.every_scope().await?;
        let states = scopes.iter().flat_map(|&scope| self.store.sources(scope));
        let spans = states.map(|source| (source.first_event, source.newest_event));
        let all = spans.reduce(|(from, to), (first, newest)| (from.min(first), to.max(newest)));
        Ok(all.map(|(from, to)| TimeRange {
            from,
            to: to.plus(1),
        }))
    }
}
