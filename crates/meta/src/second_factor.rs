//! Second factors: codes of an authenticator app, and recovery codes in case it is lost.

use sqlx::{Row, SqliteConnection};
use weir_model::Timestamp;

use crate::{
    Actor, MetaError, MetaStore, Person, Principal, Sealed,
    accounts::Proof,
    email,
    notes::Note,
    secrets,
    sqlite::uuid_column,
    totp::{self, Secret},
};

/// The number of recovery codes that a person gets.
const RECOVERY_CODES: usize = 10;
/// Groups of four characters in a recovery code: 80 random bits.
const GROUPS: usize = 4;

impl MetaStore {
    /// Whether a person has a confirmed second factor.
    pub async fn has_second_factor(&self, person: &Person) -> Result<bool, MetaError> {
        let confirmed: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM second_factors WHERE person_id = $1 AND confirmed_at IS NOT NULL",
        )
        .bind(person.id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        Ok(confirmed.is_some())
    }

    /// Begins the enrolment of a second factor; returns its secret in base32. It takes effect when a code
    /// confirms it; until then, another enrolment replaces it. `None` if the person already has a confirmed
    /// one.
    pub async fn begin_second_factor(&self, person: &Person) -> Result<Option<String>, MetaError> {
        let mut secret: Secret = [0; 20];
        self.entropy.fill(&mut secret);
        let id = person.id.to_string();
        let sealed = self.seal_second_factor(&id, &secret)?;
        let begun = sqlx::query(
            "INSERT INTO second_factors (person_id, secret, last_step) VALUES ($1, $2, 0)
             ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, last_step = 0
             WHERE confirmed_at IS NULL",
        )
        .bind(&id)
        .bind(sealed)
        .execute(&self.pool)
        .await?;
        Ok((begun.rows_affected() == 1).then(|| totp::base_32(&secret)))
    }

    /// Confirms the second factor whose enrolment was begun, if the code is right; returns the recovery
    /// codes. Ends the person's other sessions. `None` if the code is wrong or no enrolment was begun.
    pub async fn confirm_second_factor(
        &self,
        principal: &Principal,
        person: &Person,
        code: &str,
        actor: &Actor,
    ) -> Result<Option<Vec<String>>, MetaError> {
        let id = person.id.to_string();
        let mut transaction = self.begin().await?;
        let begun = self.factor(&mut transaction, &id, false).await?;
        let Some(step) = begun.and_then(|begun| begun.step(code, self.now())) else {
            return Ok(None);
        };
        sqlx::query(
            "UPDATE second_factors SET confirmed_at = $1, last_step = $2 WHERE person_id = $3",
        )
        .bind(self.now().0)
        .bind(step)
        .bind(&id)
        .execute(&mut *transaction)
        .await?;
        let codes = self.new_recovery_codes(&mut transaction, &id).await?;
        // The other sessions were opened without the second factor that is required from now on.
        sqlx::query(
            "DELETE FROM sessions WHERE id IS NOT $1
             AND person_key = (SELECT key FROM people WHERE id = $2)",
        )
        .bind(principal.session.map(|id| id.to_string()))
        .bind(&id)
        .execute(&mut *transaction)
        .await?;
        self.record_factor_change(
            &mut transaction,
            person,
            actor,
            "people.second_factor_added",
        )
        .await?;
        transaction.commit().await?;
        self.rights.changed();
        Ok(Some(codes))
    }

    /// Removes the second factor. The caller must have checked the password and a code.
    pub async fn end_second_factor(&self, person: &Person, actor: &Actor) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        self.remove_factor(&mut transaction, person, actor).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes the second factor and its recovery codes, and records that in the audit log.
    pub(crate) async fn remove_factor(
        &self,
        connection: &mut SqliteConnection,
        person: &Person,
        actor: &Actor,
    ) -> Result<(), MetaError> {
        let id = person.id.to_string();
        for statement in [
            "DELETE FROM second_factors WHERE person_id = $1",
            "DELETE FROM recovery_codes WHERE person_id = $1",
        ] {
            sqlx::query(statement)
                .bind(&id)
                .execute(&mut *connection)
                .await?;
        }
        self.record_factor_change(connection, person, actor, "people.second_factor_removed")
            .await
    }

    /// Removes the second factor of the person with this address, for the operator to help a person who lost
    /// it and the recovery codes. Returns whether there is such a person.
    pub async fn end_second_factor_of(&self, email: &str) -> Result<bool, MetaError> {
        let found = sqlx::query("SELECT id, email, name FROM people WHERE email = $1")
            .bind(email::normal(email))
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = found else { return Ok(false) };
        let person = Person {
            id: uuid_column(&row, "id")?,
            email: row.try_get("email")?,
            name: row.try_get("name")?,
        };
        self.end_second_factor(&person, &Actor::operator()).await?;
        Ok(true)
    }

    /// Replaces the recovery codes and returns the new ones. The caller must have checked the password and a
    /// code.
    pub async fn renew_recovery_codes(
        &self,
        person: &Person,
        actor: &Actor,
    ) -> Result<Vec<String>, MetaError> {
        let mut transaction = self.begin().await?;
        let id = person.id.to_string();
        let codes = self.new_recovery_codes(&mut transaction, &id).await?;
        self.record_factor_change(
            &mut transaction,
            person,
            actor,
            "people.recovery_codes_renewed",
        )
        .await?;
        transaction.commit().await?;
        Ok(codes)
    }

    /// Whether the code is valid for the person's second factor; a valid code is used up. Without a second
    /// factor, no code is valid.
    pub async fn use_code(&self, person: &Person, code: &str) -> Result<bool, MetaError> {
        let mut transaction = self.begin().await?;
        let id = person.id.to_string();
        let right = match self.factor(&mut transaction, &id, true).await? {
            Some(factor) => self.take_code(&mut transaction, &id, &factor, code).await?,
            None => false,
        };
        transaction.commit().await?;
        Ok(right)
    }

    /// Completes a proof whose password was right.
    pub(crate) async fn prove_code(
        &self,
        person: i64,
        code: Option<&str>,
    ) -> Result<Proof, MetaError> {
        let mut transaction = self.begin().await?;
        let id: String = sqlx::query_scalar("SELECT id FROM people WHERE key = $1")
            .bind(person)
            .fetch_one(&mut *transaction)
            .await?;
        let Some(factor) = self.factor(&mut transaction, &id, true).await? else {
            return Ok(Proof::Proven(person));
        };
        let Some(code) = code else {
            return Ok(Proof::CodeMissing);
        };
        let right = self.take_code(&mut transaction, &id, &factor, code).await?;
        transaction.commit().await?;
        Ok(match right {
            true => Proof::Proven(person),
            false => Proof::WrongCode,
        })
    }

    /// Uses up a code or a recovery code; returns whether it was valid.
    async fn take_code(
        &self,
        connection: &mut SqliteConnection,
        person: &str,
        factor: &Factor,
        code: &str,
    ) -> Result<bool, MetaError> {
        let taken = match factor.step(code, self.now()) {
            Some(step) => {
                sqlx::query("UPDATE second_factors SET last_step = $1 WHERE person_id = $2")
                    .bind(step)
                    .bind(person)
                    .execute(connection)
                    .await?
            }
            None => {
                sqlx::query("DELETE FROM recovery_codes WHERE person_id = $1 AND hash = $2")
                    .bind(person)
                    .bind(&secrets::hash(&normal_code(code))[..])
                    .execute(connection)
                    .await?
            }
        };
        Ok(taken.rows_affected() == 1)
    }

    /// The confirmed second factor, or the one whose enrolment was begun.
    async fn factor(
        &self,
        connection: &mut SqliteConnection,
        person: &str,
        confirmed: bool,
    ) -> Result<Option<Factor>, MetaError> {
        let found = sqlx::query(
            "SELECT secret, last_step FROM second_factors
             WHERE person_id = $1 AND (confirmed_at IS NOT NULL) = $2",
        )
        .bind(person)
        .bind(confirmed)
        .fetch_optional(connection)
        .await?;
        let Some(row) = found else { return Ok(None) };
        Ok(Some(Factor {
            secret: self.open_second_factor(person, row.try_get("secret")?)?,
            last_step: row.try_get("last_step")?,
        }))
    }

    async fn new_recovery_codes(
        &self,
        connection: &mut SqliteConnection,
        person: &str,
    ) -> Result<Vec<String>, MetaError> {
        sqlx::query("DELETE FROM recovery_codes WHERE person_id = $1")
            .bind(person)
            .execute(&mut *connection)
            .await?;
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let groups: Vec<_> = (0..GROUPS)
                .map(|_| secrets::random_text(&*self.entropy, 4))
                .collect();
            let code = groups.join("-");
            sqlx::query("INSERT INTO recovery_codes (person_id, hash) VALUES ($1, $2)")
                .bind(person)
                .bind(&secrets::hash(&normal_code(&code))[..])
                .execute(&mut *connection)
                .await?;
            codes.push(code);
        }
        Ok(codes)
    }

    async fn record_factor_change(
        &self,
        connection: &mut SqliteConnection,
        person: &Person,
        actor: &Actor,
        action: &'static str,
    ) -> Result<(), MetaError> {
        let key: i64 = sqlx::query_scalar("SELECT key FROM people WHERE id = $1")
            .bind(person.id.to_string())
            .fetch_one(&mut *connection)
            .await?;
        let note = Note::change(actor, action, &person.email, serde_json::json!({}));
        self.note_everywhere(connection, key, &note).await
    }

    fn seal_second_factor(&self, person: &str, secret: &[u8]) -> Result<Vec<u8>, MetaError> {
        let entropy = &*self.entropy;
        self.sealer
            .seal(Sealed::SecondFactor, person, secret, entropy)
    }

    fn open_second_factor(&self, person: &str, sealed: &[u8]) -> Result<Vec<u8>, MetaError> {
        let secret = self.sealer.open(Sealed::SecondFactor, person, sealed)?;
        Ok(secret.to_vec())
    }
}

/// A stored second factor.
struct Factor {
    secret: Vec<u8>,
    last_step: i64,
}

impl Factor {
    /// The time step of this code, unless a code of that step or a later one was already used.
    fn step(&self, code: &str, now: Timestamp) -> Option<i64> {
        let step = totp::step_of(&self.secret, code.trim(), now)?;
        (step > self.last_step).then_some(step)
    }
}

/// A recovery code in the form that is hashed: letters in lower case and digits only.
fn normal_code(code: &str) -> String {
    let letters = code.chars().filter(|letter| letter.is_ascii_alphanumeric());
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
