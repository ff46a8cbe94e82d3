//! Where sealed secrets are kept, declared once: what opens them, and what seals them again when the
//! master key changes, reads it here.

use std::fmt;

use sqlx::{Row, SqliteConnection};

use crate::{KeyId, MetaError, MetaStore, Sealer};

macro_rules! sealed {
    ($($(#[doc = $doc:literal])* $variant:ident = $table:literal, $row:literal, $column:literal,
        $words:literal, $whose:literal;)*) => {
        /// A kind of secret that is sealed. Its purpose and its row are bound into the sealed value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Sealed {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Sealed {
            /// Every kind.
            pub const ALL: &'static [Sealed] = &[$(Sealed::$variant,)*];

            /// The words that are bound into a value: its table and column.
            pub(crate) fn purpose(self) -> &'static str {
                match self { $(Sealed::$variant => concat!($table, ".", $column),)* }
            }

            /// What it is, for people.
            pub fn words(self) -> &'static str {
                match self { $(Sealed::$variant => $words,)* }
            }

            const fn table(self) -> &'static str {
                match self { $(Sealed::$variant => $table,)* }
            }

            const fn select(self) -> &'static str {
                match self { $(Sealed::$variant => concat!(
                    "SELECT ", $row, " AS row, ", $column, " AS sealed, ", $whose, " AS whose FROM ", $table,
                    " WHERE ", $column, " IS NOT NULL"),)* }
            }

            const fn update(self) -> &'static str {
                match self { $(Sealed::$variant => concat!(
                    "UPDATE ", $table, " SET ", $column, " = $1 WHERE ", $row, " = $2"),)* }
            }
        }
    };
}

// The table, the text that names a row for ever, the BLOB column that holds the secret; what it is, and whose,
// for people.
sealed! {
    /// The secret of a person's second factor.
    SecondFactor = "second_factors", "person_id", "secret",
        "the second factor of", "(SELECT email FROM people WHERE id = person_id)";
    /// The key of the encrypted event store, and the one that ids are derived with.
    StoreKey = "store_keys", "id", "sealed", "the key of",
        "CASE id WHEN 'ids of events' THEN id ELSE 'the encrypted ' || id END";
    /// What Weir shows an identity provider.
    ClientSecret = "identity_providers", "id", "client_secret", "the secret for the identity provider", "name";
    /// What a tenant's pseudonyms are made with.
    PseudonymKey = "privacy", "CAST(tenant_key AS TEXT)", "pseudonym_key",
        "what pseudonyms are made with in the organisation", "(SELECT name FROM tenants WHERE key = tenant_key)";
    /// A text that is known, by which a start tells whether the master key is the right one.
    Probe = "master_key_probe", "id", "sealed", "the master key's", "id";
}

/// The row of the probe.
pub(crate) const PROBE: &str = "probe";
/// What is sealed in it.
const KNOWN: &[u8] = b"this was sealed with the master key of this control data";

/// A sealed secret that no master key at hand opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// What it is.
    pub what: Sealed,
    /// The key that sealed it; `None` if the value is damaged.
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

/// Every sealed secret that the sealer does not open. Tables that an earlier version did not have are passed
/// over.
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

/// Whether there is such a table: not yet in control data of an earlier version.
pub(crate) async fn has_table(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<bool, MetaError> {
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1")
            .bind(table)
            .fetch_one(connection)
            .await?;
    Ok(count > 0)
}

impl MetaStore {
    /// Holds the master keys against everything that is sealed, and seals the text by which the next start
    /// does so where nothing else is.
    ///
    /// # Errors
    /// What they do not open: [`MetaError::Unopened`].
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

    /// Seals the known text; `conflict` says what becomes of one that is there.
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

    /// Seals again, with the current master key, what earlier ones sealed, in one transaction. Returns
    /// how many secrets there are and how many were sealed again.
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

/// What became of sealed secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealedAgain {
    /// Secrets that are kept, without the text by which the key is known.
    pub all: u64,
    /// Secrets that an earlier key had sealed.
    pub again: u64,
}
