//! Answers made of raw records: they take turns with queries, and are kept like theirs.

use std::{
    any::Any,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use arrow::record_batch::RecordBatch;
use moka::future::Cache;
use weir_model::Scope;
use weir_query::{Statement, records::RecordError};

use super::{Freshness, cache::Key};
use crate::app::{App, AppError};

/// Answers kept; each is at most some ten thousand figures.
const KEPT: u64 = 500;

type Kept = Arc<dyn Any + Send + Sync>;

/// Answers of records, kept for repeated questions.
pub(in crate::app) struct KeptRecords(Cache<Key, Kept>);

impl Default for KeptRecords {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

/// An answer made of records, and how it came about.
pub(in crate::app) struct Recorded<T> {
    /// The answer.
    pub answer: Arc<T>,
    /// How long it took.
    pub took: Duration,
    /// Whether it had been computed before.
    pub cached: bool,
}

impl App {
    /// The answer to a question about raw records at a watermark: kept, or computed once however many
    /// ask it. Equal questions have equal texts.
    pub(in crate::app) async fn recorded<T: Send + Sync + 'static>(
        &self,
        scope: Scope,
        watermark: u64,
        question: String,
        freshness: Freshness,
        computing: impl Future<Output = Result<T, AppError>>,
    ) -> Result<Recorded<T>, AppError> {
        let started = Instant::now();
        let key = Key {
            scope,
            watermark,
            query: question,
        };
        let mut cached = true;
        let kept = &self.kept_records.0;
        let fresh = async {
            cached = false;
            computing.await.map(|answer| Arc::new(answer) as Kept)
        };
        let found = match freshness {
            Freshness::Cached => kept.try_get_with(key, fresh).await,
            Freshness::Computed => {
                let answer = fresh.await.map_err(Arc::new);
                if let Ok(answer) = &answer {
                    kept.insert(key, Arc::clone(answer)).await;
                }
                answer
            }
        };
        let took = started.elapsed();
        match &found {
            Ok(_) if cached => self.telemetry.query("cached", None),
            Ok(_) => self.telemetry.query("computed", Some(took)),
            Err(_) => self.telemetry.query("failed", None),
        }
        let answer = found.map_err(|error| AppError::clone(&error))?;
        let answer = answer.downcast::<T>();
        Ok(Recorded {
            answer: answer.map_err(|_| AppError::internal("a kept answer has another type"))?,
            took,
            cached,
        })
    }

    /// Runs a statement about records when it is its turn, and reads its rows on a blocking thread.
    pub(in crate::app) async fn read_records<T: Send + 'static>(
        &self,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let _turn = self.turn().await?;
        let batches = self.store.read(statement).await?;
        tokio::task::spawn_blocking(move || read(batches))
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)
    }
}
