//! Asking: every figure that anyone sees comes through [`Reading::ask`].

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

/// Answers made of more rows than this are put together on a blocking thread.
const MANY_ROWS: usize = 2_000;
/// How much later than the store's own deadline a question is given up.
const BEYOND_DEADLINE: Duration = Duration::from_secs(1);

/// Whether an answer computed before will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// An answer of the same watermark is as good as a new one.
    Cached,
    /// It has to be computed.
    Computed,
}

/// An answer and how it came about.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The answer.
    pub answer: Arc<Answer>,
    /// The last commit that it knows of.
    pub watermark: u64,
    /// How long asking took.
    pub took: Duration,
    /// Whether it had been computed before.
    pub cached: bool,
}

/// What runs queries: the answers that are kept, and whose turn it is.
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

    /// Forgets every answer.
    pub(super) fn forget(&self) {
        self.cache.forget();
    }

    /// How well the cache serves and who waits, for `/metrics`.
    pub(super) fn figures(&self) -> [Figures; 2] {
        [self.cache.figures(), self.turns.figures()]
    }
}

impl Reading {
    /// Answers a query in a project, as the viewer may see it.
    pub async fn ask(
        &self,
        viewer: Viewer,
        query: &Query,
        freshness: Freshness,
    ) -> Result<Asked, AppError> {
        let (started, scope) = (Instant::now(), viewer.scope());
        // Before the read: what is committed meanwhile may be in the answer, and the next question,
        // with a newer watermark, is computed again.
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

    /// The range that a query is about, without asking it.
    pub async fn resolved_range(&self, scope: Scope, query: &Query) -> Result<TimeRange, AppError> {
        Ok(self.prepared(scope, query).await?.resolved().range)
    }

    /// A query with its statements, without asking it.
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

    /// Does the work when it is the tenant's turn, within the time for its weight.
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
