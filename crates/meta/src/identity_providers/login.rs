//! Login with an identity provider.

use serde_json::json;
use sqlx::SqliteConnection;
use weir_model::{TenantKey, time::MINUTE};

use super::IdentityProvider;
use crate::{
    Actor, Login, MetaError, MetaStore, Origin, Role, email,
    entropy::uuid_v7,
    notes::Note,
    secrets::{self, hash},
};

/// How long a login at the provider can take.
const LOGIN_MS: i64 = 10 * MINUTE;

/// The person that a provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The provider's id of the person (the claim `sub`), which never changes.
    pub subject: String,
    /// Their e-mail address, if the provider has verified it.
    pub email: Option<String>,
    /// Their display name.
    pub name: Option<String>,
}

impl MetaStore {
    /// Begins a login at a provider; returns the token that the browser keeps until it returns.
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

    /// Ends the login that began with this token and returns its provider. `None` if the token is unknown,
    /// expired, or already used.
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

    /// Opens a session for a person whom a provider vouches for: a person who has logged in with it before, a
    /// member with their address, or a person who joins now because of their address's domain. `None` for
    /// anyone else. Records the outcome in the audit log.
    pub async fn log_in_visitor(
        &self,
        provider: &IdentityProvider,
        visitor: &Visitor,
        origin: &Origin,
    ) -> Result<Option<Login>, MetaError> {
        let mut transaction = self.begin().await?;
        let person = self
            .find_or_join(&mut transaction, provider, visitor)
            .await?;
        transaction.commit().await?;
        self.rights.changed();
        let Some(person) = person else {
            let stranger = Actor::stranger(origin.clone());
            self.record_visit(provider, &stranger, "session.refused", visitor)
                .await?;
            return Ok(None);
        };
        let login = self
            .open_session_by(person, provider.tenant, Some(provider.key), origin)
            .await?;
        if let Some(login) = &login {
            let actor = login.principal.actor(origin);
            self.record_visit(provider, &actor, "session.opened", visitor)
                .await?;
        }
        Ok(login)
    }

    /// Records a login with a provider, or its refusal, in the audit log.
    async fn record_visit(
        &self,
        provider: &IdentityProvider,
        actor: &Actor,
        action: &'static str,
        visitor: &Visitor,
    ) -> Result<(), MetaError> {
        let subject = visitor.email.as_deref().unwrap_or(&visitor.subject);
        let detail = json!({ "provider": provider.name, "subject": visitor.subject });
        let note = Note::access(actor, action, subject, detail);
        let mut transaction = self.begin().await?;
        self.note(&mut transaction, provider.tenant, None, &note)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The key of the person whom the provider vouches for; links them to the provider if they are not yet.
    async fn find_or_join(
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
        let email = email::normal(email);
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
            (None, Some(role)) if has_domain_of(provider, &email) => {
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

    /// Gives a person a role in a tenant; creates the account if the address is new. It has no password, so
    /// the person can log in only with the provider.
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
        self.give_role(connection, tenant, person, None, role)
            .await?;
        Ok(person)
    }
}

/// Whether an address is in one of the provider's domains.
fn has_domain_of(provider: &IdentityProvider, email: &str) -> bool {
    email::domain_of(email).is_some_and(|domain| provider.domains.contains(&domain))
}
