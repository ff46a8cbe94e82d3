//! The second factor of a person: an authenticator application, and recovery codes for the day when it
//! is lost.

use sqlx::{Row, SqliteConnection};
use weir_model::Timestamp;

use crate::{
    Actor, MetaError, MetaStore, Person, Principal, Sealed,
    accounts::Proof,
    keys::uuid_column,
    notes::Note,
    secrets,
    totp::{self, Secret},
};

/// Recovery codes of a person.
const RECOVERY_CODES: usize = 10;
/// Groups of four letters in a recovery code: 80 random bits.
const GROUPS: usize = 4;

impl MetaStore {
    /// Whether a person has a second factor in force.
    pub async fn has_second_factor(&self, person: &Person) -> Result<bool, MetaError> {
        let confirmed: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM second_factors WHERE person_id = $1 AND confirmed_at IS NOT NULL",
        )
        .bind(person.id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        Ok(confirmed.is_some())
    }

    /// Begins a second factor: returns its secret in base 32. It counts once a code confirms it; until
    /// then, another beginning replaces it. `None` if the person has one in force.
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

    /// Puts the second factor that was begun into force, if the code is its own; returns the recovery
    /// codes. `None` if the code is wrong or nothing was begun.
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
        // Whoever is logged in elsewhere proved less than is asked for from now on.
        sqlx::query(
            "DELETE FROM sessions WHERE id IS NOT $1
             AND person_key = (SELECT key FROM people WHERE id = $2)",
        )
        .bind(principal.session.map(|id| id.to_string()))
        .bind(&id)
        .execute(&mut *transaction)
        .await?;
        self.note_factor(
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

    /// Takes the second factor away. Whoever calls this has checked password and code.
    pub async fn end_second_factor(&self, person: &Person, actor: &Actor) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        self.remove_factor(&mut transaction, person, actor).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes the second factor and its recovery codes, and writes that down.
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
        self.note_factor(connection, person, actor, "people.second_factor_removed")
            .await
    }

    /// Takes the second factor of whoever has an address away: the operator's help for somebody who lost
    /// it and the recovery codes. Whether there is such a person.
    pub async fn end_second_factor_of(&self, email: &str) -> Result<bool, MetaError> {
        let found = sqlx::query("SELECT id, email, name FROM people WHERE email = $1")
            .bind(email.trim().to_lowercase())
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

    /// New recovery codes in place of the old ones. Whoever calls this has checked password and code.
    pub async fn renew_recovery_codes(
        &self,
        person: &Person,
        actor: &Actor,
    ) -> Result<Vec<String>, MetaError> {
        let mut transaction = self.begin().await?;
        let id = person.id.to_string();
        let codes = self.new_recovery_codes(&mut transaction, &id).await?;
        self.note_factor(
            &mut transaction,
            person,
            actor,
            "people.recovery_codes_renewed",
        )
        .await?;
        transaction.commit().await?;
        Ok(codes)
    }

    /// Whether the code is one of the person's second factor; it is used up by that. Without a second
    /// factor, no code is.
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

    /// The rest of a proof whose password was right.
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
                    .bind(&secrets::hash(&normal(code))[..])
                    .execute(connection)
                    .await?
            }
        };
        Ok(taken.rows_affected() == 1)
    }

    /// The second factor that is in force, or the one that was begun.
    async fn factor(
        &self,
        connection: &mut SqliteConnection,
        person: &str,
        in_force: bool,
    ) -> Result<Option<Factor>, MetaError> {
        let found = sqlx::query(
            "SELECT secret, last_step FROM second_factors
             WHERE person_id = $1 AND (confirmed_at IS NOT NULL) = $2",
        )
        .bind(person)
        .bind(in_force)
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
                .bind(&secrets::hash(&normal(&code))[..])
                .execute(&mut *connection)
                .await?;
            codes.push(code);
        }
        Ok(codes)
    }

    async fn note_factor(
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

/// A second factor as it is now.
struct Factor {
    secret: Vec<u8>,
    last_step: i64,
}

impl Factor {
    /// The step whose code it is, if none of that step or a later one was used.
    fn step(&self, code: &str, now: Timestamp) -> Option<i64> {
        let step = totp::step_of(&self.secret, code.trim(), now)?;
        (step > self.last_step).then_some(step)
    }
}

/// A recovery code however it was typed.
fn normal(code: &str) -> String {
    let letters = code.chars().filter(|letter| letter.is_ascii_alphanumeric());
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}
