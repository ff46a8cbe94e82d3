//! Changing and resetting passwords.

use sqlx::Row;
use uuid::Uuid;
use weir_model::time::HOUR;

use crate::{
    Actor, MetaError, MetaStore, Origin, Person, Principal, email, notes::Note, password, secrets,
    sqlite::uuid_column,
};

/// How long a password reset link is valid.
const RESET_MS: i64 = HOUR;
/// Password reset links that one person can be sent within [`RESET_MS`].
const RESETS: i64 = 3;

impl MetaStore {
    /// Whether this is the person's password. It takes equally long for a person without a password. Also
    /// fails if hashing does.
    pub async fn is_password(&self, person: &Person, password: &str) -> Result<bool, MetaError> {
        let stored: Option<Option<String>> =
            sqlx::query_scalar("SELECT password_hash FROM people WHERE id = $1")
                .bind(person.id.to_string())
                .fetch_optional(&self.pool)
                .await?;
        password::verify(password, stored.flatten()).await
    }

    /// Changes a person's password and ends their other sessions. Fails if the person no longer exists.
    pub async fn change_password(
        &self,
        principal: &Principal,
        person: &Person,
        password: &str,
        origin: &Origin,
    ) -> Result<(), MetaError> {
        let hash = password::hash(password, &self.entropy).await?;
        let key = self.person_key(person.id).await?;
        let actor = principal.actor(origin);
        self.put_password(
            key,
            hash,
            principal.session,
            &actor,
            "people.password_changed",
        )
        .await
    }

    /// Creates a password reset token, valid for an hour, for the person with this address. `None` if no one
    /// has the address, or if they have already been sent three tokens that are still valid.
    pub async fn offer_reset(&self, email: &str) -> Result<Option<(Person, String)>, MetaError> {
        let now = self.now();
        let token = secrets::new_token(&*self.entropy);
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM password_resets WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
        let inserted = sqlx::query(
            "INSERT INTO password_resets (hash, person_key, created_at, expires_at)
             SELECT $1, p.key, $2, $3 FROM people p
             WHERE p.email = $4
               AND (SELECT count(*) FROM password_resets r WHERE r.person_key = p.key) < $5",
        )
        .bind(&secrets::hash(&token)[..])
        .bind(now.0)
        .bind(now.plus(RESET_MS).0)
        .bind(email::normal(email))
        .bind(RESETS)
        .execute(&mut *transaction)
        .await?;
        let person = sqlx::query("SELECT id, email, name FROM people WHERE email = $1")
            .bind(email::normal(email))
            .fetch_optional(&mut *transaction)
            .await?;
        transaction.commit().await?;
        match person {
            Some(row) if inserted.rows_affected() == 1 => Ok(Some((
                Person {
                    id: uuid_column(&row, "id")?,
                    email: row.try_get("email")?,
                    name: row.try_get("name")?,
                },
                token,
            ))),
            _ => Ok(None),
        }
    }

    /// Sets a new password for the holder of a reset token and ends all of their sessions. Returns whether
    /// the token was valid. Also fails if hashing does.
    pub async fn redeem_reset(
        &self,
        token: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<bool, MetaError> {
        let known = "SELECT r.person_key, p.email FROM password_resets r
                     JOIN people p ON p.key = r.person_key WHERE r.hash = $1 AND r.expires_at > $2";
        let found = sqlx::query(known)
            .bind(&secrets::hash(token)[..])
            .bind(self.now().0)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = found else { return Ok(false) };
        let person: i64 = row.try_get("person_key")?;
        let hash = password::hash(password, &self.entropy).await?;
        let used = sqlx::query("DELETE FROM password_resets WHERE hash = $1")
            .bind(&secrets::hash(token)[..])
            .execute(&self.pool)
            .await?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        let actor = Actor::person(row.try_get("email")?, origin);
        self.put_password(person, hash, None, &actor, "people.password_reset")
            .await?;
        Ok(true)
    }

    /// Sets a generated password for a person, returns it and ends their sessions. `None` if no one has the
    /// address. Also fails if hashing does.
    pub async fn reset_password(&self, email: &str) -> Result<Option<String>, MetaError> {
        let password = secrets::new_password(&*self.entropy);
        let hash = password::hash(&password, &self.entropy).await?;
        let person: Option<i64> = sqlx::query_scalar("SELECT key FROM people WHERE email = $1")
            .bind(email::normal(email))
            .fetch_optional(&self.pool)
            .await?;
        let Some(person) = person else {
            return Ok(None);
        };
        self.put_password(
            person,
            hash,
            None,
            &Actor::operator(),
            "people.password_reset",
        )
        .await?;
        Ok(Some(password))
    }

    /// Stores the hash of a password, ends every session except `kept` and revokes every password reset link.
    async fn put_password(
        &self,
        person: i64,
        hash: String,
        kept: Option<Uuid>,
        actor: &Actor,
        action: &'static str,
    ) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        let email: String = sqlx::query_scalar(
            "UPDATE people SET password_hash = $1 WHERE key = $2 RETURNING email",
        )
        .bind(hash)
        .bind(person)
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM sessions WHERE person_key = $1 AND id IS NOT $2")
            .bind(person)
            .bind(kept.map(|id| id.to_string()))
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM password_resets WHERE person_key = $1")
            .bind(person)
            .execute(&mut *transaction)
            .await?;
        let note = Note::change(actor, action, &email, serde_json::json!({}));
        self.note_everywhere(&mut transaction, person, &note)
            .await?;
        transaction.commit().await?;
        self.rights.changed();
        Ok(())
    }
}
