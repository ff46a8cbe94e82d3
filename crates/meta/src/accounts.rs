//! Accounts: logging in with a password, creating accounts, renaming people.

mod passwords;
mod setup;

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;
use weir_model::TenantKey;

use crate::{
    Login, MetaError, MetaStore, Origin, Person, Principal, email, entropy::uuid_v7, notes::Note,
    password,
};

/// The holder of a setup link or an invitation, who has an account or gets one.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// The e-mail address of their account.
    pub email: &'a str,
    /// Display name of a new account; an existing account keeps its own.
    pub name: &'a str,
    /// The password of the existing account, or the one that a new account gets.
    pub password: &'a str,
    /// The code of their second factor, if they entered one.
    pub code: Option<&'a str>,
}

/// The outcome of a login attempt.
pub enum Admission {
    /// Logged in; the session is open.
    Admitted(Box<Login>),
    /// The link is unknown, already used or expired.
    UnknownLink,
    /// No account has this e-mail and password.
    WrongPassword,
    /// The password is right, but the account has a second factor and no code was given.
    CodeMissing,
    /// The password is right, but the code is wrong or already used.
    WrongCode,
}

/// Whether the caller proved that an account is theirs.
pub(crate) enum Proof {
    /// Yes; the key of the account.
    Proven(i64),
    /// No account has the address. Finding that out took as long as a wrong password.
    Unknown,
    WrongPassword,
    CodeMissing,
    WrongCode,
}

impl Proof {
    /// The key of the proven account, or `None` if no account has the address. Otherwise, why the proof
    /// failed.
    pub fn account(self) -> Result<Option<i64>, Admission> {
        match self {
            Proof::Proven(person) => Ok(Some(person)),
            Proof::Unknown => Ok(None),
            Proof::WrongPassword => Err(Admission::WrongPassword),
            Proof::CodeMissing => Err(Admission::CodeMissing),
            Proof::WrongCode => Err(Admission::WrongCode),
        }
    }
}

impl MetaStore {
    /// Logs a person in and opens a session in the first tenant that they joined. An unknown e-mail address,
    /// a wrong password and a person without a tenant get the same answer in the same time.
    pub async fn log_in(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<Admission, MetaError> {
        let person = match self.prove(email, password, code).await?.account() {
            Ok(Some(person)) => person,
            Ok(None) => return Ok(Admission::WrongPassword),
            Err(refused) => return Ok(refused),
        };
        let tenant: Option<i32> = sqlx::query_scalar(
            "SELECT tenant_key FROM memberships WHERE person_key = $1 ORDER BY key LIMIT 1",
        )
        .bind(person)
        .fetch_optional(&self.pool)
        .await?;
        let Some(tenant) = tenant.map(TenantKey) else {
            return Ok(Admission::WrongPassword);
        };
        let login = self.open_session(person, tenant, origin).await?;
        let Some(login) = login else {
            return Ok(Admission::WrongPassword);
        };
        let actor = login.principal.actor(origin);
        let email = email::normal(email);
        let note = Note::access(&actor, "session.opened", &email, serde_json::json!({}));
        let mut transaction = self.begin().await?;
        self.note(&mut transaction, tenant, None, &note).await?;
        transaction.commit().await?;
        Ok(Admission::Admitted(Box::new(login)))
    }

    /// Checks an e-mail address, a password and a code against one account. An unknown address takes as long
    /// as a wrong password.
    pub(crate) async fn prove(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Proof, MetaError> {
        let found = sqlx::query("SELECT key, password_hash FROM people WHERE email = $1")
            .bind(email::normal(email))
            .fetch_optional(&self.pool)
            .await?;
        let stored = match &found {
            Some(row) => row.try_get("password_hash")?,
            None => None,
        };
        let right = password::verify(password, stored).await?;
        let Some(row) = found else {
            return Ok(Proof::Unknown);
        };
        if !right {
            return Ok(Proof::WrongPassword);
        }
        let person = row.try_get("key")?;
        self.prove_code(person, code).await
    }

    /// The hash of the password of a new account; `None` if the account exists.
    pub(crate) async fn hash_for_new_account(
        &self,
        account: Option<i64>,
        password: &str,
    ) -> Result<Option<String>, MetaError> {
        match account {
            Some(_) => Ok(None),
            None => password::hash(password, &self.entropy).await.map(Some),
        }
    }

    /// The key of the existing account, or of one created now.
    pub(crate) async fn find_or_create_account(
        &self,
        connection: &mut SqliteConnection,
        account: Option<i64>,
        newcomer: &Newcomer<'_>,
        password_hash: Option<String>,
    ) -> Result<i64, MetaError> {
        match account {
            Some(person) => Ok(person),
            None => {
                self.insert_person(connection, newcomer.email, newcomer.name, password_hash)
                    .await
            }
        }
    }

    /// Creates an account and returns its key; without a hash, no one can log in to it with a password.
    pub(crate) async fn insert_person(
        &self,
        connection: &mut SqliteConnection,
        email: &str,
        name: &str,
        password_hash: Option<String>,
    ) -> Result<i64, MetaError> {
        let key = sqlx::query_scalar(
            "INSERT INTO people (id, email, name, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5) RETURNING key",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(email::normal(email))
        .bind(name)
        .bind(password_hash)
        .bind(self.now().0)
        .fetch_one(connection)
        .await?;
        Ok(key)
    }

    /// Opens the session of a person who used a link.
    pub(crate) async fn admit(
        &self,
        person: i64,
        tenant: TenantKey,
        origin: &Origin,
    ) -> Result<Admission, MetaError> {
        let login = self.open_session(person, tenant, origin).await?;
        Ok(login.map_or(Admission::UnknownLink, |login| {
            Admission::Admitted(Box::new(login))
        }))
    }

    /// Renames a person. Fails if the person no longer exists.
    pub async fn rename_person(
        &self,
        principal: &Principal,
        person: &Person,
        name: &str,
        origin: &Origin,
    ) -> Result<(), MetaError> {
        let key = self.person_key(person.id).await?;
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE people SET name = $1 WHERE key = $2")
            .bind(name)
            .bind(key)
            .execute(&mut *transaction)
            .await?;
        let actor = principal.actor(origin);
        let detail = serde_json::json!({ "before": person.name, "after": name });
        let note = Note::change(&actor, "people.renamed", &person.email, detail);
        self.note_everywhere(&mut transaction, key, &note).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The key of a person in the database. Fails if the person does not exist.
    pub(crate) async fn person_key(&self, id: Uuid) -> Result<i64, MetaError> {
        let key = sqlx::query_scalar("SELECT key FROM people WHERE id = $1")
            .bind(id.to_string())
            .fetch_one(&self.pool)
            .await?;
        Ok(key)
    }
}
