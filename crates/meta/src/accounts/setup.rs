//! Setup: the first owner of a tenant.

use sqlx::SqliteConnection;
use weir_model::{TenantKey, time::DAY};

use super::{Admission, Newcomer};
use crate::{Actor, MetaError, MetaStore, Origin, Role, email, notes::Note, secrets};

/// How long a setup link is valid.
const SETUP_MS: i64 = DAY;

impl MetaStore {
    /// Whether no account exists yet.
    pub async fn needs_setup(&self) -> Result<bool, MetaError> {
        let any_person: Option<i64> = sqlx::query_scalar("SELECT key FROM people LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        Ok(any_person.is_none())
    }

    /// Creates a token that makes its holder the owner of the first tenant. It is valid once, for a day, and
    /// replaces earlier ones. `None` if an account or no tenant exists.
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

    /// Creates a tenant with a project "Default". Returns a token that makes its holder the owner, once,
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

    /// Makes the holder of a setup token the owner of its tenant and opens a session there. The tenant and
    /// its first project get the names given; without a name, they keep theirs.
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
        let password = self
            .hash_for_new_account(account, newcomer.password)
            .await?;
        let mut transaction = self.begin().await?;
        // Of several concurrent attempts, only the one that deletes the token succeeds.
        let taken: Option<i32> =
            sqlx::query_scalar("DELETE FROM setups WHERE hash = $1 RETURNING tenant_key")
                .bind(&hash[..])
                .fetch_optional(&mut *transaction)
                .await?;
        let Some(tenant) = taken.map(TenantKey) else {
            return Ok(Admission::UnknownLink);
        };
        let person = self
            .find_or_create_account(&mut transaction, account, newcomer, password)
            .await?;
        self.give_role(&mut transaction, tenant, person, None, Role::Owner)
            .await?;
        self.name_tenant_and_project(&mut transaction, tenant, tenant_name, project_name)
            .await?;
        let email = email::normal(newcomer.email);
        let actor = Actor::person(&email, origin);
        let detail = serde_json::json!({ "role": Role::Owner });
        let note = Note::change(&actor, "people.set_up", &email, detail);
        self.note(&mut transaction, tenant, None, &note).await?;
        transaction.commit().await?;
        self.admit(person, tenant, origin).await
    }

    /// Creates an owner of the first tenant with a generated password, for a demonstration; returns the
    /// password. `None` if an account already exists.
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

    async fn name_tenant_and_project(
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
