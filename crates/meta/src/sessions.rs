//! Logging in, staying logged in, logging out.

use sqlx::{Row, sqlite::SqliteRow};
use weir_model::{TenantKey, Timestamp, time::DAY};

use crate::{
    MetaError, MetaStore, Permission, Permissions, Person, Principal, Who, keys::uuid_column,
    password, secrets,
};

/// How long a session lasts.
const LASTS_MS: i64 = 14 * DAY;

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
    /// Opens a session. `None` if the e-mail is unknown or the password wrong; both take the same time.
    pub async fn log_in(&self, email: &str, password: &str) -> Result<Option<Login>, MetaError> {
        let found = sqlx::query(
            "SELECT key, id, tenant_key, email, name, password_hash FROM people WHERE email = $1",
        )
        .bind(email.trim().to_lowercase())
        .fetch_optional(&self.pool)
        .await?;
        let stored = match &found {
            Some(row) => Some(row.try_get("password_hash")?),
            None => None,
        };
        let right = password::verify(password, stored).await?;
        match found {
            Some(row) if right => self.open_session(&row).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn open_session(&self, person: &SqliteRow) -> Result<Login, MetaError> {
        let now = self.now();
        let token = secrets::new_token(&*self.entropy);
        let expires = now.plus(LASTS_MS);
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (hash, person_key, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(&secrets::hash(&token)[..])
        .bind(person.try_get::<i64, _>("key")?)
        .bind(now.0)
        .bind(expires.0)
        .execute(&self.pool)
        .await?;
        Ok(Login {
            token,
            expires,
            principal: principal_of(person)?,
        })
    }

    /// Whose session it is; `None` if there is none or it has ended.
    pub async fn authenticate_session(&self, token: &str) -> Result<Option<Principal>, MetaError> {
        let found = sqlx::query(
            "SELECT p.id, p.tenant_key, p.email, p.name
             FROM sessions s JOIN people p ON p.key = s.person_key
             WHERE s.hash = $1 AND s.expires_at > $2",
        )
        .bind(&secrets::hash(token)[..])
        .bind(self.now().0)
        .fetch_optional(&self.pool)
        .await?;
        found.as_ref().map(principal_of).transpose()
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

/// People own their tenant for now: they may read and manage everything in it. Sending events takes
/// an API key, so that every event can be traced to a producer.
fn principal_of(row: &SqliteRow) -> Result<Principal, MetaError> {
    Ok(Principal {
        tenant: TenantKey(row.try_get("tenant_key")?),
        who: Who::Person(Person {
            id: uuid_column(row, "id")?,
            email: row.try_get("email")?,
            name: row.try_get("name")?,
        }),
        permissions: Permissions::of(&[Permission::Read, Permission::Manage]),
    })
}
