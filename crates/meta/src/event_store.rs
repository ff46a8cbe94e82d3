//! The event store that belongs to control data.

use sqlx::SqliteExecutor;

use crate::{MetaError, MetaStore};

/// What control data knows of its event store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownStore {
    /// Its id.
    pub id: String,
    /// A commit that it has held; there may be later ones.
    pub sequence: u64,
}

impl KnownStore {
    /// The one that control data knows.
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
    /// The event store that belongs to this control data; `None` before it was told of one.
    pub async fn event_store(&self) -> Result<Option<KnownStore>, MetaError> {
        KnownStore::find(&self.pool).await
    }

    /// Takes an event store as the one that belongs to this control data, in place of any other.
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

    /// Writes down that the event store holds a commit.
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
    async fn one_event_store_is_known_and_the_last_of_its_commits() {
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
