//! Answers kept for repeated questions. A question that is being answered is answered once,
//! however many ask it.

use std::{future::Future, sync::Arc};

use moka::future::Cache as Kept;
use weir_model::Scope;
use weir_query::{Answer, Rows};

use super::Freshness;
use crate::app::AppError;

/// What makes two questions the same one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub scope: Scope,
    pub watermark: u64,
    pub query: String,
}

pub(super) struct Cache(Kept<Key, Arc<Answer>>);

impl Cache {
    pub(super) fn new(bytes: u64) -> Self {
        let weigher = |key: &Key, answer: &Arc<Answer>| {
            let bytes = key.query.len()
                + weight(&answer.rows)
                + answer.comparison.as_ref().map_or(0, weight);
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        Self(Kept::builder().max_capacity(bytes).weigher(weigher).build())
    }

    /// The answer, and whether it was there.
    pub(super) async fn get(
        &self,
        key: Key,
        freshness: Freshness,
        computing: impl Future<Output = Result<Answer, AppError>>,
    ) -> Result<(Arc<Answer>, bool), AppError> {
        if freshness == Freshness::Computed {
            let answer = Arc::new(computing.await?);
            self.0.insert(key, Arc::clone(&answer)).await;
            return Ok((answer, false));
        }
        let mut cached = true;
        let found = self
            .0
            .try_get_with(key, async {
                cached = false;
                computing.await.map(Arc::new)
            })
            .await;
        match found {
            Ok(answer) => Ok((answer, cached)),
            Err(error) => Err(AppError::clone(&error)),
        }
    }
}

/// Bytes of rows, about: rows share their keys' texts.
fn weight(rows: &Rows) -> usize {
    rows.iter()
        .map(|row| 64 + row.key.len() * 24 + row.values.len() * 16)
        .sum()
}
