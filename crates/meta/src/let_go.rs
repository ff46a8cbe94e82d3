//! Discarding what a lost master key sealed, so that it can be set again.

use serde_json::json;
use sqlx::{Row, SqliteConnection};
use weir_model::TenantKey;

use crate::{
    Actor, MetaError, MetaStore, Person, Sealed, Unopened, master_key::unopened, notes::Note,
    sqlite::uuid_column,
};

impl MetaStore {
    /// Discards every sealed secret that no available master key opens, in one transaction, and returns them.
    /// Second factors and the keys of event stores are deleted; the client secret of an identity provider
    /// must be set again; users get new pseudonyms and stay hidden.
    pub async fn let_go(&self) -> Result<Vec<Unopened>, MetaError> {
        let mut transaction = self.begin().await?;
        let lost = unopened(&mut transaction, &self.sealer).await?;
        for secret in &lost {
            match secret.what {
                Sealed::SecondFactor => self.discard_factor(&mut transaction, &secret.row).await?,
                Sealed::ClientSecret => {
                    self.discard_client_secret(&mut transaction, &secret.row)
                        .await?
                }
                Sealed::PseudonymKey => {
                    self.renew_pseudonyms(&mut transaction, &secret.row).await?
                }
                Sealed::StoreKey => {
                    sqlx::query("DELETE FROM store_keys WHERE id = $1")
                        .bind(&secret.row)
                        .execute(&mut *transaction)
                        .await?;
                }
                Sealed::Probe => {
                    self.put_probe(&mut transaction, "DO UPDATE SET sealed = excluded.sealed")
                        .await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(lost)
    }

    async fn discard_factor(
        &self,
        connection: &mut SqliteConnection,
        id: &str,
    ) -> Result<(), MetaError> {
        let row = sqlx::query("SELECT id, email, name FROM people WHERE id = $1")
            .bind(id)
            .fetch_one(&mut *connection)
            .await?;
        let person = Person {
            id: uuid_column(&row, "id")?,
            email: row.try_get("email")?,
            name: row.try_get("name")?,
        };
        self.remove_factor(connection, &person, &Actor::operator())
            .await
    }

    async fn discard_client_secret(
        &self,
        connection: &mut SqliteConnection,
        id: &str,
    ) -> Result<(), MetaError> {
        let (tenant, name): (i32, String) = sqlx::query_as(
            "UPDATE identity_providers SET client_secret = NULL, secret_lost = 1 WHERE id = $1
             RETURNING tenant_key, name",
        )
        .bind(id)
        .fetch_one(&mut *connection)
        .await?;
        let detail = json!({ "clientSecret": "lost with the master key" });
        let actor = Actor::operator();
        let note = Note::change(&actor, "identity_provider.changed", &name, detail);
        self.note(connection, TenantKey(tenant), None, &note).await
    }

    async fn renew_pseudonyms(
        &self,
        connection: &mut SqliteConnection,
        tenant: &str,
    ) -> Result<(), MetaError> {
        let sealed = self.new_pseudonym_key(tenant)?;
        let tenant: i32 = sqlx::query_scalar(
            "UPDATE privacy SET pseudonym_key = $1, changed_at = $2
             WHERE CAST(tenant_key AS TEXT) = $3 RETURNING tenant_key",
        )
        .bind(sealed)
        .bind(self.now().0)
        .bind(tenant)
        .fetch_one(&mut *connection)
        .await?;
        let detail = json!({ "pseudonyms": "replaced: the master key was lost" });
        let actor = Actor::operator();
        let note = Note::change(&actor, "privacy.changed", "privacy", detail);
        self.note(connection, TenantKey(tenant), None, &note).await
    }
}
