//! The identity providers of organisations.

mod login;

use serde_json::json;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::TenantKey;
use zeroize::Zeroizing;

use crate::{
    Actor, MetaError, MetaStore, Principal, Role, email, entropy::uuid_v7, notes::Note,
    sealed::Sealed, sqlite::uuid_column,
};

pub use login::Visitor;

/// An organisation's identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    key: i64,
    tenant: TenantKey,
    /// Public id.
    pub id: Uuid,
    /// Display name.
    pub name: String,
    /// The issuer's URL.
    pub issuer: String,
    /// The client id under which Weir is registered at the provider.
    pub client_id: String,
    /// E-mail domains, in lower case. People with such an address are sent to the provider, and can join.
    pub domains: Vec<String>,
    /// The role of people who join with an address in these domains; with `None`, no one can join.
    pub join_as: Option<Role>,
    /// Whether its client secret was lost with a master key: no one can log in with it until the secret is
    /// set again.
    pub secret_lost: bool,
}

/// The settings of an identity provider.
#[derive(Clone, Debug)]
pub struct ProviderTerms {
    /// Display name.
    pub name: String,
    /// The issuer's URL.
    pub issuer: String,
    /// The client id under which Weir is registered at the provider.
    pub client_id: String,
    /// The client secret; `None` keeps the stored one, unless the issuer changes.
    pub client_secret: Option<Zeroizing<String>>,
    /// E-mail domains, in lower case.
    pub domains: Vec<String>,
    /// The role of people who join with an address in these domains; with `None`, no one can join.
    pub join_as: Option<Role>,
}

/// The outcome of saving a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderSaved {
    /// It is saved.
    Saved(IdentityProvider),
    /// The provider of another organisation has this domain; nothing is changed.
    DomainTaken(String),
}

impl MetaStore {
    /// The provider of the principal's organisation.
    pub async fn identity_provider(
        &self,
        principal: &Principal,
    ) -> Result<Option<IdentityProvider>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        self.find_provider(
            &mut connection,
            "tenant_key = $1",
            principal.tenant.0.to_string(),
        )
        .await
    }

    /// A provider by its public id.
    pub async fn provider(&self, id: Uuid) -> Result<Option<IdentityProvider>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        self.find_provider(&mut connection, "id = $1", id.to_string())
            .await
    }

    /// The provider that has the domain of an e-mail address.
    pub async fn provider_of_address(
        &self,
        email: &str,
    ) -> Result<Option<IdentityProvider>, MetaError> {
        let Some(domain) = email::domain_of(email) else {
            return Ok(None);
        };
        let mut connection = self.pool.acquire().await?;
        let condition = "key = (SELECT provider_key FROM identity_domains WHERE domain = $1)";
        self.find_provider(&mut connection, condition, domain).await
    }

    /// Creates or changes the provider of the principal's organisation. If its issuer changes, the sessions
    /// that it issued end. Also fails if the client secret is too long to seal.
    pub async fn put_identity_provider(
        &self,
        principal: &Principal,
        terms: &ProviderTerms,
        actor: &Actor,
    ) -> Result<ProviderSaved, MetaError> {
        let mut transaction = self.begin().await?;
        let tenant = principal.tenant.0.to_string();
        let before = self
            .find_provider(&mut transaction, "tenant_key = $1", tenant.clone())
            .await?;
        if before
            .as_ref()
            .is_some_and(|before| before.issuer != terms.issuer)
        {
            sqlx::query("DELETE FROM identity_providers WHERE tenant_key = $1")
                .bind(principal.tenant.0)
                .execute(&mut *transaction)
                .await?;
        }
        let id = match &before {
            Some(before) => before.id,
            None => uuid_v7(self.now(), &*self.entropy),
        };
        self.write_provider(&mut transaction, principal.tenant, id, terms)
            .await?;
        if let Some(taken) = self.write_domains(&mut transaction, id, terms).await? {
            return Ok(ProviderSaved::DomainTaken(taken));
        }
        let saved = self
            .find_provider(&mut transaction, "tenant_key = $1", tenant)
            .await?
            .ok_or(MetaError::Damaged("identity provider"))?;
        let detail = json!({
            "name": saved.name, "issuer": saved.issuer, "clientId": saved.client_id,
            "domains": saved.domains, "joinAs": saved.join_as.map(Role::name),
        });
        let note = Note::change(actor, "identity_provider.changed", &saved.name, detail);
        self.note(&mut transaction, principal.tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.rights.changed();
        Ok(ProviderSaved::Saved(saved))
    }

    /// Removes the provider of the principal's organisation and the sessions that it issued. Returns whether
    /// there was one.
    pub async fn delete_identity_provider(
        &self,
        principal: &Principal,
        actor: &Actor,
    ) -> Result<bool, MetaError> {
        let mut transaction = self.begin().await?;
        let tenant = principal.tenant.0.to_string();
        let before = self
            .find_provider(&mut transaction, "tenant_key = $1", tenant)
            .await?;
        let Some(before) = before else {
            return Ok(false);
        };
        sqlx::query("DELETE FROM identity_providers WHERE tenant_key = $1")
            .bind(principal.tenant.0)
            .execute(&mut *transaction)
            .await?;
        let detail = json!({ "issuer": before.issuer });
        let note = Note::change(actor, "identity_provider.removed", &before.name, detail);
        self.note(&mut transaction, principal.tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.rights.changed();
        Ok(true)
    }

    /// The client secret with which Weir authenticates to a provider; `None` if it has none. Also fails if no
    /// available master key opens it.
    pub async fn client_secret(
        &self,
        provider: &IdentityProvider,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, MetaError> {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT client_secret FROM identity_providers WHERE key = $1")
                .bind(provider.key)
                .fetch_optional(&self.pool)
                .await?
                .flatten();
        let row = provider.id.to_string();
        sealed
            .map(|sealed| self.sealer.open(Sealed::ClientSecret, &row, &sealed))
            .transpose()
    }

    async fn write_provider(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        id: Uuid,
        terms: &ProviderTerms,
    ) -> Result<(), MetaError> {
        let secret = terms
            .client_secret
            .as_ref()
            .map(|secret| {
                let row = id.to_string();
                self.sealer.seal(
                    Sealed::ClientSecret,
                    &row,
                    secret.as_bytes(),
                    &*self.entropy,
                )
            })
            .transpose()?;
        sqlx::query(
            "INSERT INTO identity_providers
                 (id, tenant_key, name, issuer, client_id, client_secret, join_as, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (tenant_key) DO UPDATE SET name = $3, issuer = $4, client_id = $5,
                 client_secret = ifnull($6, client_secret), join_as = $7,
                 secret_lost = secret_lost AND $6 IS NULL",
        )
        .bind(id.to_string())
        .bind(tenant.0)
        .bind(&terms.name)
        .bind(&terms.issuer)
        .bind(&terms.client_id)
        .bind(secret)
        .bind(terms.join_as.map(Role::name))
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Replaces the domains of a provider. Returns the first one that another provider has.
    async fn write_domains(
        &self,
        connection: &mut SqliteConnection,
        id: Uuid,
        terms: &ProviderTerms,
    ) -> Result<Option<String>, MetaError> {
        sqlx::query(
            "DELETE FROM identity_domains
             WHERE provider_key = (SELECT key FROM identity_providers WHERE id = $1)",
        )
        .bind(id.to_string())
        .execute(&mut *connection)
        .await?;
        for domain in &terms.domains {
            let written = sqlx::query(
                "INSERT INTO identity_domains (domain, provider_key)
                 SELECT $1, key FROM identity_providers WHERE id = $2 ON CONFLICT DO NOTHING",
            )
            .bind(domain)
            .bind(id.to_string())
            .execute(&mut *connection)
            .await?;
            if written.rows_affected() == 0 {
                return Ok(Some(domain.clone()));
            }
        }
        Ok(None)
    }

    async fn find_provider(
        &self,
        connection: &mut SqliteConnection,
        condition: &'static str,
        value: String,
    ) -> Result<Option<IdentityProvider>, MetaError> {
        let sql = format!(
            "SELECT *, (SELECT group_concat(domain, ' ') FROM
                 (SELECT domain FROM identity_domains WHERE provider_key = identity_providers.key
                  ORDER BY domain)) AS domains
             FROM identity_providers WHERE {condition}"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(value)
            .fetch_optional(connection)
            .await?;
        row.as_ref().map(provider_of).transpose()
    }
}

fn provider_of(row: &SqliteRow) -> Result<IdentityProvider, MetaError> {
    let domains: Option<String> = row.try_get("domains")?;
    let join_as: Option<&str> = row.try_get("join_as")?;
    Ok(IdentityProvider {
        key: row.try_get("key")?,
        tenant: TenantKey(row.try_get("tenant_key")?),
        id: uuid_column(row, "id")?,
        name: row.try_get("name")?,
        issuer: row.try_get("issuer")?,
        client_id: row.try_get("client_id")?,
        domains: domains
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        join_as: join_as.map(Role::stored).transpose()?,
        secret_lost: row.try_get("secret_lost")?,
    })
}
