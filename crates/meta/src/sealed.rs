//! Where sealed secrets are kept, declared once: what opens them, and what seals them again when the
//! master key changes, reads it here.

use sqlx::Row;

use crate::{MetaError, MetaStore};

macro_rules! sealed {
    ($($(#[doc = $doc:literal])* $variant:ident = $table:literal, $row:literal, $column:literal;)*) => {
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

            const fn select(self) -> &'static str {
                match self { $(Sealed::$variant => concat!(
                    "SELECT ", $row, " AS row, ", $column, " AS sealed FROM ", $table,
                    " WHERE ", $column, " IS NOT NULL"),)* }
            }

            const fn update(self) -> &'static str {
                match self { $(Sealed::$variant => concat!(
                    "UPDATE ", $table, " SET ", $column, " = $1 WHERE ", $row, " = $2"),)* }
            }
        }
    };
}

// The table, the text that names a row for ever, and the BLOB column that holds the secret.
sealed! {
    /// The secret of a person's second factor.
    SecondFactor = "second_factors", "person_id", "secret";
    /// The key of the encrypted event store.
    StoreKey = "store_keys", "id", "sealed";
    /// What Weir shows an identity provider.
    ClientSecret = "identity_providers", "id", "client_secret";
    /// What a tenant's pseudonyms are made with.
    PseudonymKey = "privacy", "CAST(tenant_key AS TEXT)", "pseudonym_key";
}

impl MetaStore {
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
                done.all += 1;
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
                done.again += 1;
            }
        }
        transaction.commit().await?;
        Ok(done)
    }
}

/// What became of sealed secrets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SealedAgain {
    /// Secrets that are kept.
    pub all: u64,
    /// Secrets that an earlier key had sealed.
    pub again: u64,
}
