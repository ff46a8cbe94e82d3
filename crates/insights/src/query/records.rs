//! Answers made of raw records: they take turns with queries, and are kept like theirs.

use std::{
    any::Any,
    fmt::{self, Debug, Write},
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use arrow::record_batch::RecordBatch;
use weir_model::TimeRange;
use weir_query::{Statement, records::RecordError};

use super::{
    Freshness, Weight,
    cache::{Cache, Key},
};
use crate::{AppError, Reading, privacy::Viewer};

/// Answers of records, kept for repeated questions.
pub(crate) struct KeptRecords(Cache<Kept>);

/// An answer with what it weighs.
struct Kept {
    answer: Arc<dyn Any + Send + Sync>,
    bytes: usize,
}

impl KeptRecords {
    /// Forgets every answer.
    pub(crate) fn forget(&self) {
        self.0.forget();
    }

    /// Keeps answers of at most so many bytes together; 0 keeps none.
    pub(crate) fn new(bytes: u64) -> Self {
        Self(Cache::of(bytes, |kept: &Kept| kept.bytes))
    }
}

/// What a value weighs, about: the length of its text, which names every field and writes every
/// number out.
fn weight(value: &impl Debug) -> usize {
    struct Length(usize);
    impl Write for Length {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.len();
            Ok(())
        }
    }
    let mut length = Length(0);
    // Counting does not fail.
    let _ = write!(length, "{value:?}");
    length.0
}

/// An answer made of records, and how it came about.
pub(crate) struct Recorded<T> {
    /// The answer.
    pub answer: Arc<T>,
    /// How long it took.
    pub took: Duration,
    /// Whether it had been computed before.
    pub cached: bool,
}

impl Reading {
    /// The answer to a question about raw records at a watermark: kept, or computed once however many
    /// ask it. Equal questions have equal texts.
    pub(crate) async fn recorded<T: Debug + Send + Sync + 'static>(
        &self,
        viewer: Viewer,
        watermark: u64,
        question: String,
        freshness: Freshness,
        computing: impl Future<Output = Result<T, AppError>>,
    ) -> Result<Recorded<T>, AppError> {
        let started = Instant::now();
        let key = Key {
            viewer,
            watermark,
            query: question,
        };
        let computing = async {
            let answer = computing.await?;
            Ok(Kept {
                bytes: weight(&answer),
                answer: Arc::new(answer),
            })
        };
        let found = self.kept_records.0.get(key, freshness, computing).await;
        let took = started.elapsed();
        match &found {
            Ok((_, true)) => self.queries.count("cached", None),
            Ok((_, false)) => self.queries.count("computed", Some(took)),
            Err(_) => self.queries.count("failed", None),
        }
        let (kept, cached) = found?;
        let answer = Arc::clone(&kept.answer).downcast::<T>();
        Ok(Recorded {
            answer: answer.map_err(|_| AppError::internal("a kept answer has another type"))?,
            took,
            cached,
        })
    }

    /// Runs a statement about a few records when it is its turn, and reads its rows on a blocking thread.
    pub(crate) async fn read_records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let work = self.records(viewer, statement, read);
        self.in_turn(viewer, Weight::Light, work).await
    }

    /// The same for one that walks through all records of a range.
    pub(crate) async fn walk_records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let work = self.records(viewer, statement, read);
        self.in_turn(viewer, Weight::Heavy, work).await
    }

    /// The same for one that walks through the records of this range: how much work that is depends on how
    /// long it is.
    pub(crate) async fn range_records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        range: TimeRange,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let work = self.records(viewer, statement, read);
        let weight = Weight::of_raw(range.to.0.saturating_sub(range.from.0));
        self.in_turn(viewer, weight, work).await
    }

    async fn records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let batches = self.read(viewer, statement).await?;
        tokio::task::spawn_blocking(move || read(batches))
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_weighs_more_the_more_it_says() {
        let few: Vec<u64> = (0..10).collect();
        let many: Vec<u64> = (0..10_000).collect();
        assert!(weight(&few) < 100 && weight(&many) > 40_000);
    }
}
