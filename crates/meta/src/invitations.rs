//! Invitations to join a tenant.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{TenantKey, Timestamp, time::DAY};

use crate::{
    Actor, Admission, Door, MetaError, MetaStore, Newcomer, Origin, Roles, Tenant, email,
    entropy::uuid_v7,
    memberships::{roles_json, roles_of},
    notes::Note,
    secrets,
    sqlite::uuid_column,
};

/// How long an invitation is valid.
const LASTS_MS: i64 = 7 * DAY;

/// An invitation that has not been accepted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Public id.
    pub id: Uuid,
    /// The e-mail address of the person invited.
    pub email: String,
    /// Their display name, if the inviter gave one.
    pub name: Option<String>,
    /// The roles that they get.
    pub roles: Roles,
    /// The e-mail address of the inviter, or `operator`.
    pub invited_by: String,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// An invitation as the holder of its link sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationSeen {
    /// The tenant that they are invited to.
    pub tenant: Tenant,
    /// The e-mail address of the person invited.
    pub email: String,
    /// Their display name, if the inviter gave one.
    pub name: Option<String>,
    /// The e-mail address of the inviter, or `operator`.
    pub invited_by: String,
    /// Whether the address already has an account.
    pub known_person: bool,
}

/// A person to invite.
#[derive(Clone, Copy, Debug)]
pub struct Invited<'a> {
    /// Their e-mail address.
    pub email: &'a str,
    /// The display name of their account, if it is new.
    pub name: Option<&'a str>,
    /// The roles that they get.
    pub roles: &'a Roles,
}

impl Door<'_> {
    /// The open invitations of the tenant, newest first.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, MetaError> {
        let rows = sqlx::query(
            "SELECT * FROM invitations WHERE tenant_key = $1 AND expires_at > $2 ORDER BY key DESC",
        )
        .bind(self.tenant_key().0)
        .bind(self.store.now().0)
        .fetch_all(&self.store.pool)
        .await?;
        let mut invitations = Vec::with_capacity(rows.len());
        for row in &rows {
            let roles = self.store.invited_roles(row.try_get("key")?).await?;
            invitations.push(invitation_of(row, roles)?);
        }
        Ok(invitations)
    }

    /// Invites a person, which replaces an earlier invitation to the same address; returns the invitation and
    /// its token. `None` if the person is already a member of the tenant.
    pub async fn invite(
        &self,
        invited: &Invited<'_>,
        actor: &Actor,
    ) -> Result<Option<(Invitation, String)>, MetaError> {
        let (tenant, now) = (self.tenant_key(), self.store.now());
        let email = email::normal(invited.email);
        let invited_by = self.principal.person().map(|person| person.email.clone());
        let token = secrets::new_token(&*self.store.entropy);
        let mut transaction = self.store.begin().await?;
        let member: Option<i64> = sqlx::query_scalar(
            "SELECT m.key FROM memberships m JOIN people p ON p.key = m.person_key
             WHERE m.tenant_key = $1 AND p.email = $2 LIMIT 1",
        )
        .bind(tenant.0)
        .bind(&email)
        .fetch_optional(&mut *transaction)
        .await?;
        if member.is_some() {
            return Ok(None);
        }
        sqlx::query(
            "DELETE FROM invitations WHERE (tenant_key = $1 AND email = $2) OR expires_at <= $3",
        )
        .bind(tenant.0)
        .bind(&email)
        .bind(now.0)
        .execute(&mut *transaction)
        .await?;
        let row = sqlx::query(
            "INSERT INTO invitations (id, hash, tenant_key, email, name, invited_by, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *",
        )
        .bind(uuid_v7(now, &*self.store.entropy).to_string())
        .bind(&secrets::hash(&token)[..])
        .bind(tenant.0)
        .bind(&email)
        .bind(invited.name)
        .bind(invited_by.as_deref().unwrap_or("operator"))
        .bind(now.0)
        .bind(now.plus(LASTS_MS).0)
        .fetch_one(&mut *transaction)
        .await?;
        let projects = invited.roles.projects.iter();
        let projects = projects.map(|(project, role)| (Some(project.0), *role));
        let whole = invited.roles.tenant.map(|role| (None, role));
        for (project, role) in whole.into_iter().chain(projects) {
            sqlx::query(
                "INSERT INTO invited_roles (invitation_key, project_key, role) VALUES ($1, $2, $3)",
            )
            .bind(row.try_get::<i64, _>("key")?)
            .bind(project)
            .bind(role.name())
            .execute(&mut *transaction)
            .await?;
        }
        let note = Note::change(actor, "people.invited", &email, roles_json(invited.roles));
        self.store
            .note(&mut transaction, tenant, None, &note)
            .await?;
        transaction.commit().await?;
        let invitation = invitation_of(&row, invited.roles.clone())?;
        Ok(Some((invitation, token)))
    }

    /// Withdraws an invitation; returns whether there was one.
    pub async fn withdraw_invitation(&self, id: Uuid, actor: &Actor) -> Result<bool, MetaError> {
        let tenant = self.tenant_key();
        let mut transaction = self.store.begin().await?;
        let email: Option<String> = sqlx::query_scalar(
            "DELETE FROM invitations WHERE id = $1 AND tenant_key = $2 RETURNING email",
        )
        .bind(id.to_string())
        .bind(tenant.0)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(email) = email else { return Ok(false) };
        let detail = serde_json::json!({});
        let note = Note::change(actor, "people.invitation_withdrawn", &email, detail);
        self.store
            .note(&mut transaction, tenant, None, &note)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}

impl MetaStore {
    /// What the holder of an invitation's token sees of it; `None` if the token is unknown or expired.
    pub async fn see_invitation(&self, token: &str) -> Result<Option<InvitationSeen>, MetaError> {
        let Some(row) = self.invitation(token).await? else {
            return Ok(None);
        };
        let tenant = sqlx::query("SELECT id, name FROM tenants WHERE key = $1")
            .bind(row.try_get::<i32, _>("tenant_key")?)
            .fetch_one(&self.pool)
            .await?;
        let email: String = row.try_get("email")?;
        let known: Option<i64> = sqlx::query_scalar("SELECT key FROM people WHERE email = $1")
            .bind(&email)
            .fetch_optional(&self.pool)
            .await?;
        Ok(Some(InvitationSeen {
            tenant: Tenant {
                id: uuid_column(&tenant, "id")?,
                name: tenant.try_get("name")?,
            },
            email,
            name: row.try_get("name")?,
            invited_by: row.try_get("invited_by")?,
            known_person: known.is_some(),
        }))
    }

    /// Accepts an invitation and logs its holder in, with the password of their account or with a new
    /// account. A new account is called `name`; without it, it gets the name from the invitation, or the
    /// address. Also fails if hashing does.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: Option<&str>,
        password: &str,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<Admission, MetaError> {
        let Some(row) = self.invitation(token).await? else {
            return Ok(Admission::UnknownLink);
        };
        let email: String = row.try_get("email")?;
        let given: Option<String> = row.try_get("name")?;
        let newcomer = Newcomer {
            email: &email,
            name: name.or(given.as_deref()).unwrap_or(&email),
            password,
            code,
        };
        let account = match self.prove(&email, password, code).await?.account() {
            Ok(account) => account,
            Err(refused) => return Ok(refused),
        };
        let password_hash = self.hash_for_new_account(account, password).await?;
        let (key, tenant) = (row.try_get("key")?, TenantKey(row.try_get("tenant_key")?));
        let roles = self.invited_roles(key).await?;
        let mut transaction = self.begin().await?;
        // Of several concurrent attempts, only the one that deletes the invitation succeeds.
        let taken = sqlx::query("DELETE FROM invitations WHERE key = $1")
            .bind(key)
            .execute(&mut *transaction)
            .await?;
        if taken.rows_affected() == 0 {
            return Ok(Admission::UnknownLink);
        }
        let person = self
            .find_or_create_account(&mut transaction, account, &newcomer, password_hash)
            .await?;
        self.give_roles(&mut transaction, tenant, person, &roles)
            .await?;
        let actor = Actor::person(&email, origin);
        let note = Note::change(&actor, "people.joined", &email, roles_json(&roles));
        self.note(&mut transaction, tenant, None, &note).await?;
        transaction.commit().await?;
        self.admit(person, tenant, origin).await
    }

    async fn invitation(&self, token: &str) -> Result<Option<SqliteRow>, MetaError> {
        let row = sqlx::query("SELECT * FROM invitations WHERE hash = $1 AND expires_at > $2")
            .bind(&secrets::hash(token)[..])
            .bind(self.now().0)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row)
    }

    async fn invited_roles(&self, invitation: i64) -> Result<Roles, MetaError> {
        let rows =
            sqlx::query("SELECT project_key, role FROM invited_roles WHERE invitation_key = $1")
                .bind(invitation)
                .fetch_all(&self.pool)
                .await?;
        roles_of(&rows)
    }
}

fn invitation_of(row: &SqliteRow, roles: Roles) -> Result<Invitation, MetaError> {
    Ok(Invitation {
        id: uuid_column(row, "id")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        roles,
        invited_by: row.try_get("invited_by")?,
        created_at: Timestamp(row.try_get("created_at")?),
        expires_at: Timestamp(row.try_get("expires_at")?),
    })
}
