//! The event store that belongs to the control data.

use sqlx::SqliteExecutor;

use crate::{MetaError, MetaStore};

/// What the control data records about its event store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownStore {
    /// Its id.
    pub id: String,
    /// The number of the last commit that is known to be stored; there can be later ones.
    pub sequence: u64,
}

impl KnownStore {
    /// The event store that is recorded; `None` if none is.
    pub(crate) async fn find<'e>(
        executor: impl SqliteExecutor<'e>,
    ) -> Result<Option<Self>, MetaError> {
        let known: Option<(String, i64)> = sqlx::query_as("SELECT id, sequence FROM event_store")
            .fetch_optional(executor)
            .await?;
        Ok(known.map(|(id, sequence)| Self {
            id,
            sequence: sequence.unsigned_abs(),
        }))
    }
}

impl MetaStore {
    /// The event store that belongs to this control data; `None` if none is recorded yet.
    pub async fn event_store(&self) -> Result<Option<KnownStore>, MetaError> {
        KnownStore::find(&self.pool).await
    }

    /// Records the event store that belongs to this control data, in place of any other.
    pub async fn know_event_store(&self, store: &KnownStore) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM event_store")
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO event_store (id, sequence) VALUES ($1, $2)")
            .bind(&store.id)
            .bind(store.sequence.cast_signed())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Records that the event store has this commit. Does nothing if no event store is recorded, or if a
    /// later commit is.
    pub async fn note_commit(&self, sequence: u64) -> Result<(), MetaError> {
        sqlx::query("UPDATE event_store SET sequence = max(sequence, $1)")
            .bind(sequence.cast_signed())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[tokio::test]
    async fn one_event_store_is_recorded_with_its_last_commit() {
        let meta = MetaStore::open(Options::default()).await.unwrap();
        assert_eq!(meta.event_store().await.unwrap(), None);
        meta.note_commit(5).await.unwrap();
        assert_eq!(meta.event_store().await.unwrap(), None);
        let known = |id: &str, sequence| KnownStore {
            id: id.to_owned(),
            sequence,
        };
        meta.know_event_store(&known("a", 7)).await.unwrap();
        for (noted, sequence) in [(5, 7), (9, 9)] {
            meta.note_commit(noted).await.unwrap();
            assert_eq!(
                meta.event_store().await.unwrap(),
                Some(known("a", sequence))
            );
        }
        meta.know_event_store(&known("b", 1)).await.unwrap();
        assert_eq!(meta.event_store().await.unwrap(), Some(known("b", 1)));
    }
}
