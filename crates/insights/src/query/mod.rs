//! Runs queries: every figure that anyone sees passes through [`Reading::ask`].

mod cache;
mod completeness;
mod labels;
mod records;
mod turns;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arrow::record_batch::RecordBatch;
use futures_util::future::try_join_all;
use weir_model::{Scope, TimeRange};
use weir_query::{
    Answer, Context, Prepared, Query, catalogue::need_worth, prepare, prepare_with, worth::Worths,
};

pub(super) use completeness::KnownGaps;
pub use completeness::{Completeness, Gap, Source};
pub use labels::Names;
pub(super) use records::KeptRecords;
pub(super) use turns::Weight;

use super::{
    AppError, Reading, privacy::Viewer, settings::QuerySettings, telemetry::Source as Figures,
};
use cache::Cache;
use turns::{Turn, Turns};

/// Answers made of more rows than this are assembled on a blocking thread.
const MANY_ROWS: usize = 2_000;
/// How long after the store's own deadline a query is abandoned.
const BEYOND_DEADLINE: Duration = Duration::from_secs(1);

/// Whether a cached answer is acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// A cached answer at the current watermark is acceptable.
    Cached,
    /// The answer must be computed again.
    Computed,
}

/// An answer and how it was computed.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The answer.
    pub answer: Arc<Answer>,
    /// The last commit that it includes.
    pub watermark: u64,
    /// How long it took, including the wait.
    pub took: Duration,
    /// Whether it came from the cache.
    pub cached: bool,
}

/// What runs queries: the cache and the queues.
pub(super) struct Runner {
    cache: Cache,
    turns: Turns,
    settings: QuerySettings,
}

impl Runner {
    pub(super) fn new(settings: QuerySettings) -> Self {
        Self {
            cache: Cache::new(settings.cache_bytes),
            turns: Turns::new(&settings),
            settings,
        }
    }

    /// Clears the cache.
    pub(super) fn forget(&self) {
        self.cache.forget();
    }

    /// The figures of the cache and the queues for `/metrics`.
    pub(super) fn figures(&self) -> [Figures; 2] {
        [self.cache.figures(), self.turns.figures()]
    }
}

impl Reading {
    /// Answers a query in the viewer's project, as the viewer is allowed to see it. Fails if the query is not
    /// valid, if too many queries run, or if the store fails or takes too long.
    pub async fn ask(
        &self,
        viewer: Viewer,
        query: &Query,
        freshness: Freshness,
    ) -> Result<Asked, AppError> {
        let (started, scope) = (Instant::now(), viewer.scope());
        // Before the read: the answer may include later commits, and the next query, which has a newer
        // watermark, is computed again.
        let watermark = self.store.watermark(scope);
        let context = self.context(scope, query).await?;
        let worths = match need_worth(&query.metrics) {
            true => self.worths(scope).await?,
            false => Worths::default(),
        };
        let prepared = match prepare_with(query, &context, &worths) {
            Ok(prepared) => prepared,
            Err(error) => {
                self.queries.count("refused", None);
                return Err(error.into());
            }
        };
        let key = cache::Key {
            viewer,
            watermark,
            question: prepared.cache_key(),
        };
        let computing = self.compute(viewer, prepared);
        let found = self.runner.cache.get(key, freshness, computing).await;
        let took = started.elapsed();
        let (answer, cached) = match found {
            Ok(found) => found,
            Err(error) => {
                self.queries.count("failed", None);
                return Err(error);
            }
        };
        match cached {
            true => self.queries.count("cached", None),
            false => self.queries.count("computed", Some(took)),
        }
        Ok(Asked {
            answer,
            watermark,
            took,
            cached,
        })
    }

    /// The range of a query, without running it. Fails if the query is not valid.
    pub async fn resolved_range(&self, scope: Scope, query: &Query) -> Result<TimeRange, AppError> {
        Ok(self.prepared(scope, query).await?.resolved().range)
    }

    /// A query with its statements, without running it. Fails if the query is not valid.
    pub(crate) async fn prepared(&self, scope: Scope, query: &Query) -> Result<Prepared, AppError> {
        Ok(prepare(query, &self.context(scope, query).await?)?)
    }

    async fn context(&self, scope: Scope, query: &Query) -> Result<Context, AppError> {
        let declared = self.declared_for(scope, query).await?;
        Ok(Context {
            scope,
            now: self.clock.now(),
            retention: self.runner.settings.retention,
            expired_by: self.store.expired_by(),
            data_range: self.store.data_range(scope),
            declared,
            dialect: self.store.dialect(),
        })
    }

    async fn compute(&self, viewer: Viewer, prepared: Prepared) -> Result<Answer, AppError> {
        let weight = Weight::of_raw(prepared.raw_time());
        self.in_turn(viewer, weight, self.answered(viewer, prepared))
            .await
    }

    /// Does the work when it is the tenant's turn, within the deadline for its weight.
    async fn in_turn<T>(
        &self,
        viewer: Viewer,
        weight: Weight,
        work: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        let _turn: Turn = self
            .runner
            .turns
            .turn(viewer.scope().tenant, weight)
            .await?;
        let deadline = self.runner.turns.deadline(weight);
        tokio::time::timeout(deadline + BEYOND_DEADLINE, work)
            .await
            .unwrap_or_else(|_| Err(weir_store::StoreError::Timeout(deadline.as_secs()).into()))
    }

    async fn answered(&self, viewer: Viewer, prepared: Prepared) -> Result<Answer, AppError> {
        let statements = prepared.statements.iter().cloned();
        let results =
            try_join_all(statements.map(|statement| self.read(viewer, statement))).await?;
        let rows: usize = results.iter().flatten().map(RecordBatch::num_rows).sum();
        let work = move || weir_query::assemble(&prepared, &results);
        let assembled = if rows > MANY_ROWS {
            tokio::task::spawn_blocking(work)
                .await
                .map_err(AppError::internal)?
        } else {
            work()
        };
        assembled.map_err(AppError::internal)
    }
}
