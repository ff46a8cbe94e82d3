//! Ways to an account: the first set-up, and passwords.

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;
use weir_model::{
    TenantKey,
    time::{DAY, HOUR},
};

use crate::{
    Actor, Login, MetaError, MetaStore, Origin, Person, Principal, Role, entropy::uuid_v7,
    keys::uuid_column, notes::Note, password, secrets,
};

/// How long the address of a set-up works.
const SETUP_MS: i64 = DAY;
/// How long the address for a new password works.
const RESET_MS: i64 = HOUR;
/// Addresses for a new password that one person is sent within [`RESET_MS`].
const RESETS: i64 = 3;

/// Somebody who wants in by a link.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// The address that becomes, or is, their account's.
    pub email: &'a str,
    /// Name for people; of somebody who has an account it stays.
    pub name: &'a str,
    /// Their password, or of somebody new the one that they want.
    pub password: &'a str,
    /// The code of their second factor, if they have one.
    pub code: Option<&'a str>,
}

/// What became of an attempt to come in.
pub enum Admission {
    /// They are in.
    Admitted(Box<Login>),
    /// The link is unknown, was used, or has expired.
    UnknownLink,
    /// No account has this e-mail and password.
    WrongPassword,
    /// The password is right; the second factor's code did not come with it.
    CodeMissing,
    /// The password is right and the code is wrong or was used before.
    WrongCode,
}

/// Whether somebody proved that an account is theirs.
pub(crate) enum Proof {
    Proven(i64),
    /// Nobody has the address. Finding that out took as long as a wrong password.
    Unknown,
    WrongPassword,
    CodeMissing,
    WrongCode,
}

impl Proof {
    /// The account that was proven, or none if there is none; otherwise why it was not.
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

/// An address in the only form in which it is kept.
pub(crate) fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

impl MetaStore {
    /// Whether nobody has an account yet.
    pub async fn needs_setup(&self) -> Result<bool, MetaError> {
        let somebody: Option<i64> = sqlx::query_scalar("SELECT key FROM people LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        Ok(somebody.is_none())
    }

    /// While nobody has an account: a new token that makes its holder the owner of the first tenant,
    /// once, within a day. Earlier ones end.
    pub async fn offer_setup(&self) -> Result<Option<String>, MetaError> {
        if !self.needs_setup().await? {
            return Ok(None);
        }
        let tenant: Option<i32> = sqlx::query_scalar("SELECT min(key) FROM tenants")
            .fetch_one(&self.pool)
            .await?;
        match tenant {
            Some(tenant) => self.new_setup(TenantKey(tenant)).await.map(Some),
            None => Ok(None),
        }
    }

    /// Makes a tenant with a project "Default"; returns a token that makes its holder the owner, once,
    /// within a day.
    pub async fn create_tenant(&self, name: &str) -> Result<String, MetaError> {
        let mut transaction = self.begin().await?;
        let tenant = self.insert_tenant(&mut transaction, name).await?;
        self.insert_project(&mut transaction, tenant, "Default")
            .await?;
        let detail = serde_json::json!({ "name": name });
        let actor = Actor::operator();
        let note = Note::change(&actor, "tenant.created", name, detail);
        self.note(&mut transaction, tenant, None, &note).await?;
        transaction.commit().await?;
        self.new_setup(tenant).await
    }

    async fn new_setup(&self, tenant: TenantKey) -> Result<String, MetaError> {
        let token = secrets::new_token(&*self.entropy);
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM setups WHERE tenant_key = $1 OR expires_at <= $2")
            .bind(tenant.0)
            .bind(self.now().0)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("INSERT INTO setups (hash, tenant_key, expires_at) VALUES ($1, $2, $3)")
            .bind(&secrets::hash(&token)[..])
            .bind(tenant.0)
            .bind(self.now().plus(SETUP_MS).0)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Makes the holder of a set-up's token the owner of its tenant and opens a session there. The
    /// tenant and its first project get the names given.
    pub async fn set_up(
        &self,
        token: &str,
        newcomer: &Newcomer<'_>,
        (tenant_name, project_name): (Option<&str>, Option<&str>),
        origin: &Origin,
    ) -> Result<Admission, MetaError> {
        let known = "SELECT tenant_key FROM setups WHERE hash = $1 AND expires_at > $2";
        let hash = secrets::hash(token);
        let open: Option<i32> = sqlx::query_scalar(known)
            .bind(&hash[..])
            .bind(self.now().0)
            .fetch_optional(&self.pool)
            .await?;
        if open.is_none() {
            return Ok(Admission::UnknownLink);
        }
        let proof = self.prove(newcomer.email, newcomer.password, newcomer.code);
        let account = match proof.await?.account() {
            Ok(account) => account,
            Err(refused) => return Ok(refused),
        };
        let password = self.password_of_new(account, newcomer.password).await?;
        let mut transaction = self.begin().await?;
        // Whoever takes the token away is in; nobody else was faster.
        let taken: Option<i32> =
            sqlx::query_scalar("DELETE FROM setups WHERE hash = $1 RETURNING tenant_key")
                .bind(&hash[..])
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(tenant) = taken.map(TenantKey) else {
            return Ok(Admission::UnknownLink);
        };
        let person = self
            .account_of(&mut transaction, account, newcomer, password)
            .await?;
        self.give_role(&mut transaction, tenant, person, None, Role::Owner)
            .await?;
        self.name_place(&mut transaction, tenant, tenant_name, project_name)
            .await?;
        let actor = Actor::person(&normal(newcomer.email), origin);
        let detail = serde_json::json!({ "role": Role::Owner });
        let email = normal(newcomer.email);
        let note = Note::change(&actor, "people.set_up", &email, detail);
        self.note(&mut transaction, tenant, None, &note).await?;
        transaction.commit().await?;
        self.admit(person, tenant, origin).await
    }

    /// Makes a person with a generated password the owner of the first tenant, as for a demonstration;
    /// returns the password. `None` if somebody has an account already.
    pub async fn make_owner(&self, email: &str, name: &str) -> Result<Option<String>, MetaError> {
        let Some(token) = self.offer_setup().await? else {
            return Ok(None);
        };
        let password = secrets::new_password(&*self.entropy);
        let newcomer = Newcomer {
            email,
            name,
            password: &password,
            code: None,
        };
        let origin = Origin::default();
        match self
            .set_up(&token, &newcomer, (None, None), &origin)
            .await?
        {
            Admission::Admitted(login) => {
                self.log_out(&login.token, &origin).await?;
                Ok(Some(password))
            }
            _ => Ok(None),
        }
    }

    /// Whether an e-mail, a password and a code are those of one account. An unknown e-mail and a wrong
    /// password take the same time.
    pub(crate) async fn prove(
        &self,
        email: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<Proof, MetaError> {
        let found = sqlx::query("SELECT key, password_hash FROM people WHERE email = $1")
            .bind(normal(email))
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

    /// The hash of a newcomer's password; of somebody who has an account, none.
    pub(crate) async fn password_of_new(
        &self,
        account: Option<i64>,
        password: &str,
    ) -> Result<Option<String>, MetaError> {
        match account {
            Some(_) => Ok(None),
            None => password::hash(password, &self.entropy).await.map(Some),
        }
    }

    /// The account that there is, or a new one.
    pub(crate) async fn account_of(
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

    /// Makes an account; without a hash nobody logs in to it with a password.
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
        .bind(normal(email))
        .bind(name)
        .bind(password_hash)
        .bind(self.now().0)
        .fetch_one(connection)
        .await?;
        Ok(key)
    }

    /// Opens the session of somebody who came in by a link.
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

    async fn name_place(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        tenant_name: Option<&str>,
        project_name: Option<&str>,
    ) -> Result<(), MetaError> {
        sqlx::query("UPDATE tenants SET name = ifnull($1, name) WHERE key = $2")
            .bind(tenant_name)
            .bind(tenant.0)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "UPDATE projects SET name = ifnull($1, name)
             WHERE key = (SELECT min(key) FROM projects WHERE tenant_key = $2)",
        )
        .bind(project_name)
        .bind(tenant.0)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Passwords of people who have one.
impl MetaStore {
    /// Whether it is the person's own password; the work is the same for everybody.
    pub async fn is_password(&self, person: &Person, password: &str) -> Result<bool, MetaError> {
        let stored: Option<Option<String>> =
            sqlx::query_scalar("SELECT password_hash FROM people WHERE id = $1")
                .bind(person.id.to_string())
                .fetch_optional(&self.pool)
                .await?;
        password::verify(password, stored.flatten()).await
    }

    /// Gives a person a new password and ends their other sessions.
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

    /// A token with which somebody can choose a new password within an hour. `None` if nobody has the
    /// address, or if they were sent several within the hour.
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
        .bind(normal(email))
        .bind(RESETS)
        .execute(&mut *transaction)
        .await?;
        let person = sqlx::query("SELECT id, email, name FROM people WHERE email = $1")
            .bind(normal(email))
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

    /// Gives the holder of a token a new password and ends all of their sessions. Whether the token was
    /// good.
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

    /// Gives a person a new generated password and ends their sessions. `None` if there is no such
    /// person.
    pub async fn reset_password(&self, email: &str) -> Result<Option<String>, MetaError> {
        let password = secrets::new_password(&*self.entropy);
        let hash = password::hash(&password, &self.entropy).await?;
        let person: Option<i64> = sqlx::query_scalar("SELECT key FROM people WHERE email = $1")
            .bind(normal(email))
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

    /// Stores a password, ends every session but `kept`, and forgets every way to a new one.
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

    /// Gives a person another name.
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

    /// What the tables know a person by.
    pub(crate) async fn person_key(&self, id: Uuid) -> Result<i64, MetaError> {
        let key = sqlx::query_scalar("SELECT key FROM people WHERE id = $1")
            .bind(id.to_string())
            .fetch_one(&self.pool)
            .await?;
        Ok(key)
    }
}
