//! Keys that the event store needs: for its encryption, and for deriving the ids of events.

use zeroize::Zeroizing;

use crate::{MetaError, MetaStore, sealed::Sealed};

impl MetaStore {
    /// The key with this name: 32 random bytes. `None` if there is none. Also fails if no available master
    /// key opens it.
    pub async fn store_key(&self, store: &str) -> Result<Option<Zeroizing<Vec<u8>>>, MetaError> {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT sealed FROM store_keys WHERE id = $1")
                .bind(store)
                .fetch_optional(&self.pool)
                .await?;
        sealed
            .map(|sealed| self.sealer.open(Sealed::StoreKey, store, &sealed))
            .transpose()
    }

    /// The key with this name; creates it if there is none. Also fails if no available master key opens it.
    pub async fn make_store_key(&self, store: &str) -> Result<Zeroizing<Vec<u8>>, MetaError> {
        let mut key = Zeroizing::new(vec![0; 32]);
        self.entropy.fill(&mut key);
        let sealed = self
            .sealer
            .seal(Sealed::StoreKey, store, &key, &*self.entropy)?;
        sqlx::query(
            "INSERT INTO store_keys (id, sealed, created_at) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(store)
        .bind(sealed)
        .bind(self.now().0)
        .execute(&self.pool)
        .await?;
        let kept = self.store_key(store).await?;
        kept.ok_or(MetaError::Damaged("key of the event store"))
    }

    /// Deletes the key with this name, for a store that is no longer encrypted.
    pub async fn forget_store_key(&self, store: &str) -> Result<(), MetaError> {
        sqlx::query("DELETE FROM store_keys WHERE id = $1")
            .bind(store)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
