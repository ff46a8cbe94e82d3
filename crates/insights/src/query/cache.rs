//! The cache of answers. Callers that ask an equal question at the same time share one computation.

use std::{
    future::Future,
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::future::BoxFuture;
use moka::future::Cache as Kept;
use weir_query::{Answer, CacheKey, Rows};

use super::Freshness;
use crate::{
    AppError,
    privacy::Viewer,
    telemetry::{Amount, Figure, Source},
};

/// Questions with equal keys have equal answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key<Q> {
    pub viewer: Viewer,
    /// The last commit that the answer includes.
    pub watermark: u64,
    pub question: Q,
}

pub(super) struct Cache<Q = CacheKey, V = Answer> {
    kept: Kept<Key<Q>, Arc<V>>,
    served: Arc<Served>,
}

/// How many questions were served, and how.
#[derive(Debug, Default)]
struct Served {
    /// From the cache, or together with an equal question that was already being computed.
    hits: AtomicU64,
    /// Computed.
    misses: AtomicU64,
    /// Computed because the caller asked for a fresh answer.
    refreshed: AtomicU64,
}

impl Cache {
    /// A cache of answers to queries, up to this many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        Self::of(bytes, |question: &CacheKey, answer: &Answer| {
            question.bytes() + size(&answer.rows) + answer.comparison.as_ref().map_or(0, size)
        })
    }
}

impl<Q, V> Cache<Q, V>
where
    Q: Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// A cache of up to this many bytes; `size` gives those of a question with its answer.
    pub(super) fn of(bytes: u64, size: fn(&Q, &V) -> usize) -> Self {
        let weigher = move |key: &Key<Q>, answer: &Arc<V>| {
            u32::try_from(size(&key.question, answer)).unwrap_or(u32::MAX)
        };
        Self {
            kept: Kept::builder().max_capacity(bytes).weigher(weigher).build(),
            served: Arc::default(),
        }
    }

    /// The answer, and whether it was cached. Fails if computing fails; failures are not cached.
    pub(super) async fn get(
        &self,
        key: Key<Q>,
        freshness: Freshness,
        computing: impl Future<Output = Result<V, AppError>> + Send,
    ) -> Result<(Arc<V>, bool), AppError> {
        if freshness == Freshness::Computed {
            self.served.refreshed.fetch_add(1, Ordering::Relaxed);
            let answer = Arc::new(computing.await?);
            self.kept.insert(key, Arc::clone(&answer)).await;
            return Ok((answer, false));
        }
        let mut cached = true;
        // Boxed, so that the cache is compiled once for all questions.
        let computing: BoxFuture<'_, _> = Box::pin(async {
            cached = false;
            computing.await.map(Arc::new)
        });
        let found = self.kept.try_get_with(key, computing).await;
        let served = match cached {
            true => &self.served.hits,
            false => &self.served.misses,
        };
        served.fetch_add(1, Ordering::Relaxed);
        match found {
            Ok(answer) => Ok((answer, cached)),
            Err(error) => Err(AppError::clone(&error)),
        }
    }

    /// Clears the cache.
    pub(super) fn forget(&self) {
        self.kept.invalidate_all();
    }

    /// The figures of the cache for `/metrics`.
    pub(super) fn figures(&self) -> Source {
        let (kept, served) = (self.kept.clone(), Arc::clone(&self.served));
        Box::new(move || {
            let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
            let (hits, misses) = (count(&served.hits), count(&served.misses));
            let share = match hits + misses {
                0 => 0.0,
                all => hits as f64 / all as f64,
            };
            [
                (
                    "query_cache_hits",
                    "Queries answered from the cache, or together with an equal query",
                    Amount::Counted(hits),
                ),
                (
                    "query_cache_misses",
                    "Queries that were not in the cache",
                    Amount::Counted(misses),
                ),
                (
                    "query_cache_refreshes",
                    "Queries that bypassed the cache",
                    Amount::Counted(count(&served.refreshed)),
                ),
                (
                    "query_cache_hit_ratio",
                    "hits / (hits + misses) since the start, without refreshes",
                    Amount::Share(share),
                ),
                (
                    "query_cache_answers",
                    "Cached answers",
                    Amount::Now(kept.entry_count()),
                ),
                (
                    "query_cache_bytes",
                    "Approximate size of the cached answers",
                    Amount::Now(kept.weighted_size()),
                ),
            ]
            .map(|(name, help, amount)| Figure { name, help, amount })
            .into()
        })
    }
}

/// Approximate bytes of rows; they share the texts of their keys.
fn size(rows: &Rows) -> usize {
    rows.iter()
        .map(|row| 64 + row.key.len() * 24 + row.values.len() * 16)
        .sum()
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::atomic::AtomicU32};

    use tokio::sync::Barrier;

    use super::*;

    type Key = super::Key<&'static str>;
    type Cache = super::Cache<&'static str, u32>;

    fn key(tenant: i32, project: i32, watermark: u64, question: &'static str) -> Key {
        Key {
            viewer: Viewer::clear(weir_model::Scope::new(tenant, project)),
            watermark,
            question,
        }
    }

    fn cache() -> Arc<Cache> {
        Arc::new(Cache::of(1 << 20, |_, _| 8))
    }

    /// Asks a question whose computation yields `answer`; returns the answer and whether it was cached.
    async fn ask(cache: &Cache, key: Key, freshness: Freshness, answer: u32) -> (u32, bool) {
        let found = cache.get(key, freshness, async { Ok(answer) }).await;
        let (answer, cached) = found.unwrap();
        (*answer, cached)
    }

    fn amount(cache: &Cache, name: &str) -> Amount {
        let figures = cache.figures()();
        let mut figures = figures.into_iter();
        figures.find(|figure| figure.name == name).unwrap().amount
    }

    #[tokio::test]
    async fn equal_concurrent_questions_are_computed_once() {
        let cache = cache();
        let computed = Arc::new(AtomicU32::new(0));
        let barrier = Arc::new(Barrier::new(50));
        let ask = || {
            let (cache, computed) = (Arc::clone(&cache), Arc::clone(&computed));
            let barrier = Arc::clone(&barrier);
            tokio::spawn(async move {
                barrier.wait().await;
                let computing = async {
                    let turn = computed.fetch_add(1, Ordering::Relaxed);
                    // Gives the others every chance to start another computation.
                    for _ in 0..100 {
                        tokio::task::yield_now().await;
                    }
                    Ok(turn)
                };
                cache
                    .get(key(1, 1, 1, "q"), Freshness::Cached, computing)
                    .await
            })
        };
        let asking: Vec<_> = (0..50).map(|_| ask()).collect();
        let mut anew = 0;
        for asked in asking {
            let (answer, cached) = asked.await.unwrap().unwrap();
            assert_eq!(*answer, 0);
            anew += u32::from(!cached);
        }
        assert_eq!((computed.load(Ordering::Relaxed), anew), (1, 1));
        assert_eq!(amount(&cache, "query_cache_hits"), Amount::Counted(49));
        assert_eq!(amount(&cache, "query_cache_misses"), Amount::Counted(1));
        assert_eq!(amount(&cache, "query_cache_hit_ratio"), Amount::Share(0.98));
    }

    #[tokio::test]
    async fn tenant_project_watermark_and_question_each_change_the_key() {
        let cache = cache();
        let keys = [
            key(1, 1, 1, "q"),
            key(2, 1, 1, "q"),
            key(1, 2, 1, "q"),
            key(1, 1, 2, "q"),
            key(1, 1, 1, "r"),
        ];
        for (answer, key) in keys.iter().enumerate() {
            let found = ask(&cache, key.clone(), Freshness::Cached, answer as u32).await;
            assert_eq!(found, (answer as u32, false), "{key:?}");
        }
        for (answer, key) in keys.into_iter().enumerate() {
            let found = ask(&cache, key, Freshness::Cached, 99).await;
            assert_eq!(found, (answer as u32, true));
        }
    }

    #[tokio::test]
    async fn a_refresh_computes_again_and_replaces_the_cached_answer() {
        let cache = cache();
        let question = || key(1, 1, 1, "q");
        ask(&cache, question(), Freshness::Cached, 1).await;
        let refreshed = ask(&cache, question(), Freshness::Computed, 2).await;
        assert_eq!(refreshed, (2, false));
        assert_eq!(
            ask(&cache, question(), Freshness::Cached, 3).await,
            (2, true)
        );
        assert_eq!(amount(&cache, "query_cache_refreshes"), Amount::Counted(1));
        assert_eq!(amount(&cache, "query_cache_hit_ratio"), Amount::Share(0.5));
    }

    #[tokio::test]
    async fn a_failure_is_returned_and_not_cached() {
        let cache = cache();
        let failing = async { Err(AppError::internal("no disk")) };
        let failed = cache
            .get(key(1, 1, 1, "q"), Freshness::Cached, failing)
            .await;
        assert!(failed.is_err());
        let found = ask(&cache, key(1, 1, 1, "q"), Freshness::Cached, 5).await;
        assert_eq!(found, (5, false));
    }

    #[tokio::test]
    async fn a_cancelled_caller_does_not_cancel_the_answer_of_others() {
        let cache = cache();
        let first = tokio::spawn({
            let cache = Arc::clone(&cache);
            async move {
                let never = pending::<Result<u32, AppError>>();
                let _ = cache.get(key(1, 1, 1, "q"), Freshness::Cached, never).await;
            }
        });
        tokio::task::yield_now().await;
        first.abort();
        let found = ask(&cache, key(1, 1, 1, "q"), Freshness::Cached, 7).await;
        assert_eq!(found, (7, false));
    }
}
