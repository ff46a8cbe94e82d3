//! Sessions: opening, authenticating and ending them.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{
    TenantKey, Timestamp,
    time::{DAY, SECOND},
};

use crate::{
    MetaError, MetaStore, Origin, Person, Principal, Who,
    entropy::uuid_v7,
    memberships::roles_of,
    notes::Note,
    principal::Grants,
    secrets::{self, Hash},
    sqlite::uuid_column,
};

/// How long a session lasts.
const LASTS_MS: i64 = 14 * DAY;
/// How precisely the time at which a session was last seen is recorded.
const SEEN_MS: i64 = 60 * SECOND;

/// A session that was just opened.
pub struct Login {
    /// The token that the browser keeps; the database has only its hash.
    pub token: String,
    /// When the session ends.
    pub expires: Timestamp,
    /// Who logged in.
    pub principal: Principal,
}

/// A session of a person: one browser in which they are logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Public id.
    pub id: Uuid,
    /// Whether it is the session of the caller.
    pub current: bool,
    /// When they logged in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// The network address that they logged in from.
    pub address: Option<String>,
    /// The `User-Agent` of the browser at login, at most 256 bytes.
    pub user_agent: Option<String>,
}

impl MetaStore {
    /// Opens a session for a person in a tenant. `None` if they are not a member of it.
    pub(crate) async fn open_session(
        &self,
        person: i64,
        tenant: TenantKey,
        origin: &Origin,
    ) -> Result<Option<Login>, MetaError> {
        self.open_session_by(person, tenant, None, origin).await
    }

    /// The same for a login with an identity provider, whose session is valid only for that provider's
    /// tenant. `provider` is the provider's key.
    pub(crate) async fn open_session_by(
        &self,
        person: i64,
        tenant: TenantKey,
        provider: Option<i64>,
        origin: &Origin,
    ) -> Result<Option<Login>, MetaError> {
        let now = self.now();
        let token = secrets::new_token(&*self.entropy);
        let expires = now.plus(LASTS_MS);
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (hash, id, person_key, tenant_key, created_at, last_seen_at,
                                   expires_at, address, user_agent, provider_key)
             VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)",
        )
        .bind(&secrets::hash(&token)[..])
        .bind(uuid_v7(now, &*self.entropy).to_string())
        .bind(person)
        .bind(tenant.0)
        .bind(now.0)
        .bind(expires.0)
        .bind(origin.address_text())
        .bind(&origin.user_agent)
        .bind(provider)
        .execute(&self.pool)
        .await?;
        self.record_seen(&secrets::hash(&token), now).await?;
        let principal = self.authenticate_session(&token).await?;
        Ok(principal.map(|principal| Login {
            token,
            expires,
            principal,
        }))
    }

    /// The principal of the session with this token; `None` if there is no such session, it has ended, or the
    /// person is no longer a member of its tenant.
    pub async fn authenticate_session(&self, token: &str) -> Result<Option<Principal>, MetaError> {
        let (hash, now) = (secrets::hash(token), self.now());
        // One row for each role of the person in the session's tenant.
        let rows = sqlx::query(
            "SELECT s.id AS session_id, s.last_seen_at, s.tenant_key, p.id, p.email, p.name,
                    m.project_key, m.role, s.tenant_key = (SELECT min(key) FROM tenants) AS first
             FROM sessions s
             JOIN people p ON p.key = s.person_key
             JOIN memberships m ON m.person_key = p.key AND m.tenant_key = s.tenant_key
             WHERE s.hash = $1 AND s.expires_at > $2
               AND (s.provider_key IS NULL OR s.tenant_key =
                    (SELECT i.tenant_key FROM identity_providers i WHERE i.key = s.provider_key))",
        )
        .bind(&hash[..])
        .bind(now.0)
        .fetch_all(&self.pool)
        .await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        if now.0 - first.try_get::<i64, _>("last_seen_at")? >= SEEN_MS {
            self.record_seen(&hash, now).await?;
        }
        principal_of(first, &rows).map(Some)
    }

    async fn record_seen(&self, session: &Hash, now: Timestamp) -> Result<(), MetaError> {
        sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE hash = $2")
            .bind(now.0)
            .bind(&session[..])
            .execute(&self.pool)
            .await?;
        // Unlike the session, this row is kept.
        sqlx::query(
            "INSERT INTO sightings (person_key, tenant_key, last_seen_at)
             SELECT person_key, tenant_key, last_seen_at FROM sessions WHERE hash = $1
             ON CONFLICT (person_key, tenant_key) DO UPDATE SET last_seen_at = excluded.last_seen_at",
        )
        .bind(&session[..])
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Ends the session with this token, if there is one.
    pub async fn log_out(&self, token: &str, origin: &Origin) -> Result<(), MetaError> {
        let principal = self.authenticate_session(token).await?;
        let mut transaction = self.begin().await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE hash = $1")
            .bind(&secrets::hash(token)[..])
            .execute(&mut *transaction)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(());
        }
        if let Some(principal) = principal {
            let actor = principal.actor(origin);
            let email = principal.person().map(|person| person.email.as_str());
            let email = email.unwrap_or_default();
            let note = Note::access(&actor, "session.closed", email, serde_json::json!({}));
            self.note(&mut transaction, principal.tenant, None, &note)
                .await?;
        }
        transaction.commit().await?;
        self.rights.changed();
        Ok(())
    }

    /// The sessions of the principal's person, newest first. A provider-issued session sees only itself,
    /// because whoever controls the provider is not the person.
    pub async fn sessions(&self, principal: &Principal) -> Result<Vec<Session>, MetaError> {
        let rows = sqlx::query(
            "SELECT * FROM sessions WHERE expires_at > $1
             AND person_key = (SELECT person_key FROM sessions WHERE id = $2)
             AND (id = $2 OR (SELECT provider_key FROM sessions WHERE id = $2) IS NULL)
             ORDER BY created_at DESC, id DESC",
        )
        .bind(self.now().0)
        .bind(own(principal))
        .fetch_all(&self.pool)
        .await?;
        let own = principal.session;
        rows.iter().map(|row| session_of(row, own)).collect()
    }

    /// Ends one session of the principal's person by its public id, or all of them; returns how many it
    /// ended. A provider-issued session can end only itself.
    pub async fn end_sessions(
        &self,
        principal: &Principal,
        one: Option<Uuid>,
        origin: &Origin,
    ) -> Result<u64, MetaError> {
        let actor = principal.actor(origin);
        let mut transaction = self.begin().await?;
        let ended = sqlx::query(
            "DELETE FROM sessions WHERE ($1 IS NULL OR id = $1)
             AND person_key = (SELECT person_key FROM sessions WHERE id = $2)
             AND (id = $2 OR (SELECT provider_key FROM sessions WHERE id = $2) IS NULL)",
        )
        .bind(one.map(|id| id.to_string()))
        .bind(own(principal))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        let email = principal.person().map(|person| person.email.as_str());
        let detail = serde_json::json!({ "sessions": ended });
        let note = Note::access(&actor, "session.ended", email.unwrap_or_default(), detail);
        self.note(&mut transaction, principal.tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.rights.changed();
        Ok(ended)
    }

    /// Switches the principal's session, which has this token, to another tenant; returns the principal
    /// there. `None` if the person is not a member of that tenant, or if a provider issued the session.
    pub async fn switch_tenant(
        &self,
        principal: &Principal,
        tenant: Uuid,
        token: &str,
    ) -> Result<Option<Principal>, MetaError> {
        let switched = sqlx::query(
            "UPDATE sessions SET tenant_key = (SELECT key FROM tenants WHERE id = $1)
             WHERE id = $2 AND hash = $3 AND provider_key IS NULL AND EXISTS (
                 SELECT 1 FROM memberships m JOIN tenants t ON t.key = m.tenant_key
                 WHERE t.id = $1 AND m.person_key = sessions.person_key)",
        )
        .bind(tenant.to_string())
        .bind(own(principal))
        .bind(&secrets::hash(token)[..])
        .execute(&self.pool)
        .await?;
        self.rights.changed();
        match switched.rows_affected() {
            0 => Ok(None),
            _ => self.authenticate_session(token).await,
        }
    }
}

/// The public id of the principal's session as the database stores it.
fn own(principal: &Principal) -> Option<String> {
    principal.session.map(|id| id.to_string())
}

fn session_of(row: &SqliteRow, own: Option<Uuid>) -> Result<Session, MetaError> {
    let id = uuid_column(row, "id")?;
    Ok(Session {
        id,
        current: own == Some(id),
        created_at: Timestamp(row.try_get("created_at")?),
        last_seen_at: Timestamp(row.try_get("last_seen_at")?),
        address: row.try_get("address")?,
        user_agent: row.try_get("user_agent")?,
    })
}

fn principal_of(person: &SqliteRow, roles: &[SqliteRow]) -> Result<Principal, MetaError> {
    let session: Uuid = uuid_column(person, "session_id")?;
    Ok(Principal {
        tenant: TenantKey(person.try_get("tenant_key")?),
        who: Who::Person(Person {
            id: uuid_column(person, "id")?,
            email: person.try_get("email")?,
            name: person.try_get("name")?,
        }),
        grants: Grants::Roles(roles_of(roles)?),
        session: Some(session),
        in_first_tenant: person.try_get("first")?,
    })
}
