//! Checking the master key against everything that is sealed, and sealing it again under a new one.

use std::fmt;

use sqlx::{Row, SqliteConnection};

use crate::{KeyId, MetaError, MetaStore, Sealed, Sealer, sqlite::has_table};

/// The id of the probe's row.
const PROBE: &str = "probe";
/// The text that is sealed in the probe.
const KNOWN: &[u8] = b"this was sealed with the master key of this control data";

/// A sealed secret that no available master key opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// The kind of secret.
    pub what: Sealed,
    /// The id of the key that sealed it; `None` if the value is damaged.
    pub key: Option<KeyId>,
    pub(crate) row: String,
    whose: String,
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what.words(), self.whose)?;
        match self.key {
            Some(_) => Ok(()),
            None => f.write_str(" (damaged)"),
        }
    }
}

/// Every sealed secret that the sealer does not open. Tables that an earlier version did not have are
/// skipped.
pub(crate) async fn unopened(
    connection: &mut SqliteConnection,
    sealer: &Sealer,
) -> Result<Vec<Unopened>, MetaError> {
    let mut found = Vec::new();
    for &what in Sealed::ALL {
        if !has_table(connection, what.table()).await? {
            continue;
        }
        let rows = sqlx::query(what.select())
            .fetch_all(&mut *connection)
            .await?;
        for row in rows {
            let (id, sealed): (String, Vec<u8>) = (row.try_get("row")?, row.try_get("sealed")?);
            let key = match sealer.open(what, &id, &sealed) {
                Ok(_) => continue,
                Err(MetaError::UnknownMasterKey(key)) => Some(key),
                Err(_) => None,
            };
            let whose: Option<String> = row.try_get("whose")?;
            found.push(Unopened {
                what,
                key,
                whose: whose.unwrap_or_else(|| id.clone()),
                row: id,
            });
        }
    }
    Ok(found)
}

impl MetaStore {
    /// Checks that the master keys open everything that is sealed. Seals a known text (the probe), so that
    /// the next start can check the key even if nothing else is sealed.
    ///
    /// # Errors
    /// [`MetaError::Unopened`] with the secrets that the keys do not open.
    pub async fn hold_to_master_key(&self) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        let unopened = unopened(&mut transaction, &self.sealer).await?;
        if !unopened.is_empty() {
            return Err(MetaError::Unopened(unopened));
        }
        self.put_probe(&mut transaction, "DO NOTHING").await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Seals the known text; `conflict` is the SQL action if there is one already.
    pub(crate) async fn put_probe(
        &self,
        connection: &mut SqliteConnection,
        conflict: &'static str,
    ) -> Result<(), MetaError> {
        let sealed = self
            .sealer
            .seal(Sealed::Probe, PROBE, KNOWN, &*self.entropy)?;
        let sql = format!(
            "INSERT INTO master_key_probe (id, sealed) VALUES ($1, $2) ON CONFLICT (id) {conflict}"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(PROBE)
            .bind(sealed)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Seals again, with the current master key, what earlier ones sealed, in one transaction. Returns how
    /// many secrets there are and how many were sealed again. Also fails if no available master key opens a
    /// secret.
    pub async fn seal_again(&self) -> Result<SealedAgain, MetaError> {
        let mut done = SealedAgain::default();
        let mut transaction = self.begin().await?;
        for &what in Sealed::ALL {
            let rows = sqlx::query(what.select())
                .fetch_all(&mut *transaction)
                .await?;
            for row in &rows {
                let counts = u64::from(what != Sealed::Probe);
                done.all += counts;
                let (id, sealed): (String, Vec<u8>) = (row.try_get("row")?, row.try_get("sealed")?);
                if self.sealer.is_current(&sealed) {
                    continue;
                }
                let secret = self.sealer.open(what, &id, &sealed)?;
                let again = self.sealer.seal(what, &id, &secret, &*self.entropy)?;
                sqlx::query(what.update())
                    .bind(again)
                    .bind(&id)
                    .execute(&mut *transaction)
                    .await?;
                done.again += counts;
            }
        }
        transaction.commit().await?;
        Ok(done)
    }
}

/// How many secrets were sealed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealedAgain {
    /// Number of stored secrets, not counting the probe.
    pub all: u64,
    /// Number of those that an earlier key had sealed.
    pub again: u64,
}
