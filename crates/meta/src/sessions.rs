//! Logging in, staying logged in, logging out.

use std::collections::BTreeMap;

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{
    ProjectKey, TenantKey, Timestamp,
    time::{DAY, SECOND},
};

use crate::{
    MetaError, MetaStore, Origin, Person, Principal, Role, Roles, Who,
    entropy::uuid_v7,
    keys::uuid_column,
    password,
    principal::Grants,
    secrets::{self, Hash},
};

/// How long a session lasts.
const LASTS_MS: i64 = 14 * DAY;
/// How exact the time is kept at which a session was last seen.
const SEEN_MS: i64 = 60 * SECOND;

/// A session that was just opened.
pub struct Login {
    /// What the browser keeps; stored nowhere else.
    pub token: String,
    /// When it ends.
    pub expires: Timestamp,
    /// Who logged in.
    pub principal: Principal,
}

impl MetaStore {
    /// Opens a session in the first tenant that the person belongs to. `None` if the e-mail is unknown,
    /// the password wrong, or the person belongs to no tenant; all take the same time.
    pub async fn log_in(
        &self,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<Option<Login>, MetaError> {
        let found = sqlx::query(
            "SELECT key, password_hash,
                    (SELECT m.tenant_key FROM memberships m WHERE m.person_key = people.key
                     ORDER BY m.key LIMIT 1) AS tenant_key
             FROM people WHERE email = $1",
        )
        .bind(email.trim().to_lowercase())
        .fetch_optional(&self.pool)
        .await?;
        let stored = match &found {
            Some(row) => row.try_get("password_hash")?,
            None => None,
        };
        let right = password::verify(password, stored).await?;
        let Some(person) = found.filter(|_| right) else {
            return Ok(None);
        };
        let Some(tenant) = person.try_get::<Option<i32>, _>("tenant_key")? else {
            return Ok(None);
        };
        self.open_session(person.try_get("key")?, TenantKey(tenant), origin)
            .await
    }

    /// Opens a session of a person in a tenant. `None` if they do not belong to it.
    pub(crate) async fn open_session(
        &self,
        person: i64,
        tenant: TenantKey,
        origin: &Origin,
    ) -> Result<Option<Login>, MetaError> {
        self.open_session_by(person, tenant, None, origin).await
    }

    /// The same, opened by an identity provider: the session opens nothing but that provider's tenant.
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
        let principal = self.authenticate_session(&token).await?;
        Ok(principal.map(|principal| Login {
            token,
            expires,
            principal,
        }))
    }

    /// Whose session it is; `None` if there is none, it has ended, or the person does not belong to its
    /// tenant any more.
    pub async fn authenticate_session(&self, token: &str) -> Result<Option<Principal>, MetaError> {
        let (hash, now) = (secrets::hash(token), self.now());
        // One row for each role of the person in the session's tenant.
        let rows = sqlx::query(
            "SELECT s.id AS session_id, s.last_seen_at, s.tenant_key, p.id, p.email, p.name,
                    m.project_key, m.role
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
            self.note_seen(&hash, now).await?;
        }
        principal_of(first, &rows).map(Some)
    }

    async fn note_seen(&self, session: &Hash, now: Timestamp) -> Result<(), MetaError> {
        sqlx::query("UPDATE sessions SET last_seen_at = $1 WHERE hash = $2")
            .bind(now.0)
            .bind(&session[..])
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session, if there is one.
    pub async fn log_out(&self, token: &str) -> Result<(), MetaError> {
        sqlx::query("DELETE FROM sessions WHERE hash = $1")
            .bind(&secrets::hash(token)[..])
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Gives a person a new generated password and ends their sessions. `None` if there is no such
    /// person.
    pub async fn reset_password(&self, email: &str) -> Result<Option<String>, MetaError> {
        let email = email.trim().to_lowercase();
        let password = secrets::new_password(&*self.entropy);
        let hash = password::hash(&password, &self.entropy).await?;
        let changed = sqlx::query("UPDATE people SET password_hash = $1 WHERE email = $2")
            .bind(hash)
            .bind(&email)
            .execute(&self.pool)
            .await?;
        if changed.rows_affected() == 0 {
            return Ok(None);
        }
        sqlx::query(
            "DELETE FROM sessions WHERE person_key = (SELECT key FROM people WHERE email = $1)",
        )
        .bind(&email)
        .execute(&self.pool)
        .await?;
        Ok(Some(password))
    }
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
    })
}

/// The roles in rows with `project_key` and `role`.
pub(crate) fn roles_of(rows: &[SqliteRow]) -> Result<Roles, MetaError> {
    let (mut tenant, mut projects) = (None, BTreeMap::new());
    for row in rows {
        let role = Role::stored(row.try_get("role")?)?;
        match row.try_get::<Option<i32>, _>("project_key")? {
            Some(project) => {
                projects.insert(ProjectKey(project), role);
            }
            None => tenant = Some(role),
        }
    }
    Ok(Roles { tenant, projects })
}
