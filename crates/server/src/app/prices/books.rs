//! The price books in use.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::MutexGuard;
use weir_meta::MetaStore;
use weir_model::{ProjectKey, Scope, price::PriceBook};

use crate::app::AppError;

/// The book of every project that events came for. Who prices by a book holds it until what was priced
/// is stored, so that a change knows when the last such event is.
#[derive(Debug, Default)]
pub struct Books {
    books: Mutex<HashMap<ProjectKey, Arc<PriceBook>>>,
    turn: tokio::sync::Mutex<()>,
}

impl Books {
    /// The book that new costs are priced by.
    pub(in crate::app) async fn book(
        &self,
        meta: &MetaStore,
        scope: Scope,
    ) -> Result<Arc<PriceBook>, AppError> {
        if let Some(book) = self.lock().get(&scope.project) {
            return Ok(Arc::clone(book));
        }
        let book = Arc::new(meta.prices(scope).await?.book());
        // One that was put here meanwhile is newer.
        Ok(Arc::clone(self.lock().entry(scope.project).or_insert(book)))
    }

    /// Puts a book in use, and returns the one before it.
    pub(super) fn put(&self, scope: Scope, book: Arc<PriceBook>) -> Option<Arc<PriceBook>> {
        self.lock().insert(scope.project, book)
    }

    /// One change of prices at a time.
    pub(super) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ProjectKey, Arc<PriceBook>>> {
        // A map of whole books is sound whoever panicked beside it.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
