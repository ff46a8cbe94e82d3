//! The price books in use.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::MutexGuard;
use weir_meta::MetaStore;
use weir_model::{ProjectKey, Scope, price::PriceBook};

use crate::app::AppError;

/// The price book of every project that has received events. A book is held until the events that it priced
/// are stored, so that a change of prices can wait for the last of them.
#[derive(Debug, Default)]
pub struct Books {
    books: Mutex<HashMap<ProjectKey, Arc<PriceBook>>>,
    turn: tokio::sync::Mutex<()>,
}

impl Books {
    /// The book that prices new costs. Fails if control data cannot be read.
    pub(in crate::app) async fn book(
        &self,
        meta: &MetaStore,
        scope: Scope,
    ) -> Result<Arc<PriceBook>, AppError> {
        if let Some(book) = self.lock().get(&scope.project) {
            return Ok(Arc::clone(book));
        }
        let book = Arc::new(meta.prices(scope).await?.book());
        // A book that was put here in the meantime is newer.
        Ok(Arc::clone(self.lock().entry(scope.project).or_insert(book)))
    }

    /// Puts a book in use and returns the previous one.
    pub(super) fn put(&self, scope: Scope, book: Arc<PriceBook>) -> Option<Arc<PriceBook>> {
        self.lock().insert(scope.project, book)
    }

    /// Waits for the turn to change prices: one change at a time.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ProjectKey, Arc<PriceBook>>> {
        // A panic elsewhere cannot corrupt a map of whole books.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
