//! Answers made of raw records. They share the queues of queries and have their own cache.

use std::{
    any::{Any, TypeId},
    fmt::{self, Debug, Write},
    future::Future,
    hash::{Hash, Hasher},
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

/// Answers made of records, kept for repeated questions.
pub(crate) struct KeptRecords(Cache<Question, Kept>);

/// A question of any view as a key: a value that hashes, with the type of its answer.
struct Question(Box<dyn Asked>);

trait Asked: Any + Send + Sync {
    fn equals(&self, other: &dyn Asked) -> bool;
    fn hash_into(&self, state: &mut dyn Hasher);
}

impl<Q: Eq + Hash + Send + Sync + 'static> Asked for Q {
    fn equals(&self, other: &dyn Asked) -> bool {
        (other as &dyn Any).downcast_ref::<Q>() == Some(self)
    }

    fn hash_into(&self, mut state: &mut dyn Hasher) {
        self.hash(&mut state);
    }
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

impl Eq for Question {}

impl Hash for Question {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_into(state);
    }
}

/// An answer with the approximate size of it and its question.
struct Kept {
    answer: Arc<dyn Any + Send + Sync>,
    bytes: usize,
}

impl KeptRecords {
    /// Clears the cache.
    pub(crate) fn forget(&self) {
        self.0.forget();
    }

    /// Keeps answers up to this many bytes in total; 0 keeps none.
    pub(crate) fn new(bytes: u64) -> Self {
        Self(Cache::of(bytes, |_, kept: &Kept| kept.bytes))
    }
}

/// Approximate size of a value in bytes: the length of its debug text, which names every field and spells
/// out every number.
fn size(value: &impl Debug) -> usize {
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

/// An answer made of records, and how it was computed.
pub(crate) struct Recorded<T> {
    /// The answer.
    pub answer: Arc<T>,
    /// How long it took, including the wait.
    pub took: Duration,
    /// Whether it came from the cache.
    pub cached: bool,
}

impl Reading {
    /// The answer to a question about raw records at a watermark: cached, or computed once for all callers
    /// that ask it at the same time. `question` holds everything that the answer depends on. Fails if
    /// computing fails.
    pub(crate) async fn recorded<Q, T>(
        &self,
        viewer: Viewer,
        watermark: u64,
        question: Q,
        freshness: Freshness,
        computing: impl Future<Output = Result<T, AppError>> + Send,
    ) -> Result<Recorded<T>, AppError>
    where
        Q: Debug + Eq + Hash + Send + Sync + 'static,
        T: Debug + Send + Sync + 'static,
    {
        let started = Instant::now();
        let asked = size(&question);
        let key = Key {
            viewer,
            watermark,
            question: Question(Box::new((TypeId::of::<T>(), question))),
        };
        let computing = async {
            let answer = computing.await?;
            Ok(Kept {
                bytes: asked + size(&answer),
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
            answer: answer.map_err(|_| AppError::internal("a cached answer has another type"))?,
            took,
            cached,
        })
    }

    /// Runs a statement over few records when it is the tenant's turn, and decodes its rows on a blocking
    /// thread. Fails if the store fails or takes too long, or if too many queries run.
    pub(crate) async fn read_records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.decoded(viewer, statement, Weight::Light, read).await
    }

    /// The same for a statement over all records of a range.
    pub(crate) async fn walk_records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.decoded(viewer, statement, Weight::Heavy, read).await
    }

    /// The same for a statement over the records of this range, whose length decides how much work it is.
    pub(crate) async fn range_records<T: Send + 'static>(
        &self,
        viewer: Viewer,
        range: TimeRange,
        statement: Statement,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let weight = Weight::of_raw(range.to.0.saturating_sub(range.from.0));
        self.decoded(viewer, statement, weight, read).await
    }

    async fn decoded<T: Send + 'static>(
        &self,
        viewer: Viewer,
        statement: Statement,
        weight: Weight,
        read: impl FnOnce(Vec<RecordBatch>) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, AppError> {
        let read: Decode = Box::new(move |batches| Ok(Box::new(read(batches)?)));
        let work = self.records(viewer, statement, read);
        let found = self.in_turn(viewer, weight, work).await?;
        let found = found.downcast().map(|found: Box<T>| *found);
        found.map_err(|_| AppError::internal("records were decoded to another type"))
    }

    /// The same for every kind of record, so that it is compiled once.
    async fn records(
        &self,
        viewer: Viewer,
        statement: Statement,
        read: Decode,
    ) -> Result<Box<dyn Any + Send>, AppError> {
        let batches = self.read(viewer, statement).await?;
        tokio::task::spawn_blocking(move || read(batches))
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)
    }
}

/// Decodes rows to a value of any type.
type Decode = Box<dyn FnOnce(Vec<RecordBatch>) -> Result<Box<dyn Any + Send>, RecordError> + Send>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_an_answer_grows_with_its_contents() {
        let few: Vec<u64> = (0..10).collect();
        let many: Vec<u64> = (0..10_000).collect();
        assert!(size(&few) < 100 && size(&many) > 40_000);
    }

    #[test]
    fn questions_are_equal_if_their_types_and_values_are() {
        let question = |asked: Box<dyn Asked>| Question(asked);
        let one = question(Box::new((1, "a")));
        assert!(one == question(Box::new((1, "a"))));
        assert!(one != question(Box::new((2, "a"))));
        assert!(one != question(Box::new((1_u8, "a"))));
    }
}
