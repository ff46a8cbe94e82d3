//! Log-in by the identity provider of an organisation.

use serde_json::json;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{TenantKey, time::MINUTE};
use zeroize::Zeroizing;

use crate::{
    Actor, Login, MetaError, MetaStore, Origin, Principal, Role,
    entropy::uuid_v7,
    keys::uuid_column,
    notes::Note,
    sealed::Sealed,
    secrets::{self, hash},
};

/// How long somebody may take at the provider.
const LOGIN_MS: i64 = 10 * MINUTE;

/// An organisation's identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    key: i64,
    tenant: TenantKey,
    /// Public id.
    pub id: Uuid,
    /// Name for people.
    pub name: String,
    /// The issuer's URL.
    pub issuer: String,
    /// What the provider knows Weir by.
    pub client_id: String,
    /// Domains of e-mail addresses whose owners are led to the provider, and may join.
    pub domains: Vec<String>,
    /// The role that somebody of these domains joins with; `None` lets nobody join.
    pub join_as: Option<Role>,
    /// Whether its secret was lost with a master key: nobody logs in by it until the secret is set again.
    pub secret_lost: bool,
}

/// What an organisation says of its provider.
#[derive(Clone, Debug)]
pub struct ProviderTerms {
    /// Name for people.
    pub name: String,
    /// The issuer's URL.
    pub issuer: String,
    /// What the provider knows Weir by.
    pub client_id: String,
    /// The secret; `None` keeps the one that is there, if the issuer stays.
    pub client_secret: Option<Zeroizing<String>>,
    /// Domains, in lower case.
    pub domains: Vec<String>,
    /// The role that somebody of these domains joins with.
    pub join_as: Option<Role>,
}

/// Who came back from a provider, as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The provider's own name of the person, which never changes.
    pub subject: String,
    /// Their address, if the provider has verified it.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

/// What came of saving a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderSaved {
    /// It is saved.
    Saved(IdentityProvider),
    /// Another organisation has the domain.
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

    /// The provider that the domain of an address leads to.
    pub async fn provider_of_address(
        &self,
        email: &str,
    ) -> Result<Option<IdentityProvider>, MetaError> {
        let Some(domain) = domain_of(email) else {
            return Ok(None);
        };
        let mut connection = self.pool.acquire().await?;
        let condition = "key = (SELECT provider_key FROM identity_domains WHERE domain = $1)";
        self.find_provider(&mut connection, condition, domain).await
    }

    /// Makes or changes the provider of the principal's organisation. Sessions that it opened end when
    /// its issuer changes.
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

    /// Removes the provider of the principal's organisation, with the sessions that it opened. Returns
    /// whether there was one.
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

    /// The secret that Weir shows a provider.
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

    /// Begins a log-in at a provider and returns the token that the browser keeps meanwhile.
    pub async fn begin_login(&self, provider: &IdentityProvider) -> Result<String, MetaError> {
        let token = secrets::new_token(&*self.entropy);
        sqlx::query("DELETE FROM identity_logins WHERE expires_at <= $1")
            .bind(self.now().0)
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "INSERT INTO identity_logins (hash, provider_key, expires_at) VALUES ($1, $2, $3)",
        )
        .bind(&hash(&token)[..])
        .bind(provider.key)
        .bind(self.now().plus(LOGIN_MS).0)
        .execute(&self.pool)
        .await?;
        Ok(token)
    }

    /// Ends a log-in that began with the token, and returns its provider. Only the first return finds it.
    pub async fn end_login(&self, token: &str) -> Result<Option<IdentityProvider>, MetaError> {
        let key: Option<i64> = sqlx::query_scalar(
            "DELETE FROM identity_logins WHERE hash = $1 AND expires_at > $2
             RETURNING provider_key",
        )
        .bind(&hash(token)[..])
        .bind(self.now().0)
        .fetch_optional(&self.pool)
        .await?;
        let Some(key) = key else { return Ok(None) };
        let mut connection = self.pool.acquire().await?;
        self.find_provider(&mut connection, "key = $1", key.to_string())
            .await
    }

    /// Opens a session for whoever came back from a provider: somebody that it named before, a member
    /// with their address, or, by the rule of domains, somebody who joins now. `None` for anybody else.
    pub async fn log_in_visitor(
        &self,
        provider: &IdentityProvider,
        visitor: &Visitor,
        origin: &Origin,
    ) -> Result<Option<Login>, MetaError> {
        let mut transaction = self.begin().await?;
        let person = self.person_of(&mut transaction, provider, visitor).await?;
        transaction.commit().await?;
        self.rights.changed();
        let Some(person) = person else {
            let stranger = Actor::stranger(origin.clone());
            return self
                .note_visit(provider, &stranger, "session.refused", visitor)
                .await;
        };
        let login = self
            .open_session_by(person, provider.tenant, Some(provider.key), origin)
            .await?;
        if let Some(login) = &login {
            let actor = login.principal.actor(origin);
            self.note_visit(provider, &actor, "session.opened", visitor)
                .await?;
        }
        Ok(login)
    }

    /// Writes down who came by a provider, by the name that the provider gives them.
    async fn note_visit(
        &self,
        provider: &IdentityProvider,
        actor: &Actor,
        action: &'static str,
        visitor: &Visitor,
    ) -> Result<Option<Login>, MetaError> {
        let subject = visitor.email.as_deref().unwrap_or(&visitor.subject);
        let detail = json!({ "provider": provider.name, "subject": visitor.subject });
        let note = Note::access(actor, action, subject, detail);
        let mut transaction = self.begin().await?;
        self.note(&mut transaction, provider.tenant, None, &note)
            .await?;
        transaction.commit().await?;
        Ok(None)
    }

    async fn person_of(
        &self,
        connection: &mut SqliteConnection,
        provider: &IdentityProvider,
        visitor: &Visitor,
    ) -> Result<Option<i64>, MetaError> {
        let known: Option<i64> = sqlx::query_scalar(
            "SELECT person_key FROM identities WHERE provider_key = $1 AND subject = $2",
        )
        .bind(provider.key)
        .bind(&visitor.subject)
        .fetch_optional(&mut *connection)
        .await?;
        if known.is_some() {
            return Ok(known);
        }
        let Some(email) = visitor.email.as_deref() else {
            return Ok(None);
        };
        let email = email.trim().to_lowercase();
        let member: Option<i64> = sqlx::query_scalar(
            "SELECT p.key FROM people p WHERE p.email = $1 AND EXISTS
             (SELECT 1 FROM memberships m WHERE m.person_key = p.key AND m.tenant_key = $2)",
        )
        .bind(&email)
        .bind(provider.tenant.0)
        .fetch_optional(&mut *connection)
        .await?;
        let person = match (member, provider.join_as) {
            (Some(member), _) => member,
            (None, Some(role)) if joins(provider, &email) => {
                let name = visitor.name.as_deref().unwrap_or(&email);
                self.join(connection, provider.tenant, &email, name, role)
                    .await?
            }
            _ => return Ok(None),
        };
        sqlx::query(
            "INSERT INTO identities (provider_key, subject, person_key, created_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(provider.key)
        .bind(&visitor.subject)
        .bind(person)
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(Some(person))
    }

    /// Gives a person a role in a tenant; makes the person if the address is new. Without a password,
    /// they log in by the provider alone.
    async fn join(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        email: &str,
        name: &str,
        role: Role,
    ) -> Result<i64, MetaError> {
        sqlx::query(
            "INSERT INTO people (id, email, name, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (email) DO NOTHING",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(email)
        .bind(name)
        .bind(self.now().0)
        .execute(&mut *connection)
        .await?;
        let person: i64 = sqlx::query_scalar("SELECT key FROM people WHERE email = $1")
            .bind(email)
            .fetch_one(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO memberships (tenant_key, person_key, role, created_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(tenant.0)
        .bind(person)
        .bind(role.name())
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(person)
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

    /// Returns the first domain that another provider has.
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

/// Whether the domain of an address is one of the provider's.
fn joins(provider: &IdentityProvider, email: &str) -> bool {
    domain_of(email).is_some_and(|domain| provider.domains.contains(&domain))
}

/// What stands behind the last @, in lower case.
pub(crate) fn domain_of(email: &str) -> Option<String> {
    let (name, domain) = email.trim().rsplit_once('@')?;
    let whole = !name.is_empty() && !domain.is_empty();
    whole.then(|| domain.to_lowercase())
}
