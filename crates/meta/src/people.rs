//! The people of a tenant and their roles.

use std::collections::BTreeMap;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{ProjectKey, TenantKey, Timestamp};

use crate::{
    Actor, Door, MetaError, MetaStore, Person, Role, Roles, keys::uuid_column, notes::Note,
};

/// A person as their tenant knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// In the tenant and its projects.
    pub roles: Roles,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they were last seen in the tenant.
    pub last_seen_at: Option<Timestamp>,
    /// When they came to it.
    pub created_at: Timestamp,
}

/// What became of a change of somebody's roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// Done.
    Done,
    /// Nobody of the tenant has this id.
    Unknown,
    /// The tenant would be left without an owner; nothing was done.
    LastOwner,
}

impl Door<'_> {
    /// The people of the tenant, in the order they came.
    pub async fn people(&self) -> Result<Vec<Member>, MetaError> {
        let rows = sqlx::query(
            "SELECT p.key, p.id, p.email, p.name, m.project_key, m.role, m.created_at, s.last_seen_at,
                    EXISTS (SELECT 1 FROM second_factors f WHERE f.person_id = p.id
                            AND f.confirmed_at IS NOT NULL) AS second_factor
             FROM memberships m
             JOIN people p ON p.key = m.person_key
             LEFT JOIN sightings s ON s.person_key = p.key AND s.tenant_key = m.tenant_key
             WHERE m.tenant_key = $1
             ORDER BY m.key",
        )
        .bind(self.tenant_key().0)
        .fetch_all(&self.store.pool)
        .await?;
        let mut places: BTreeMap<i64, usize> = BTreeMap::new();
        let mut members: Vec<Member> = Vec::new();
        for row in &rows {
            let place = *places.entry(row.try_get("key")?).or_insert(members.len());
            if place == members.len() {
                members.push(member_of(row)?);
            }
            let member = &mut members[place];
            add_role(&mut member.roles, row)?;
            let since = Timestamp(row.try_get("created_at")?);
            member.created_at = member.created_at.min(since);
        }
        Ok(members)
    }

    /// Gives a person of the tenant these roles in place of those that they had. Their sessions have
    /// them at once.
    pub async fn set_roles(
        &self,
        person: Uuid,
        roles: &Roles,
        actor: &Actor,
    ) -> Result<RoleChange, MetaError> {
        let tenant = self.tenant_key();
        let mut transaction = self.store.begin().await?;
        let Some((key, email)) = member(&mut transaction, tenant, person).await? else {
            return Ok(RoleChange::Unknown);
        };
        let before = held(&mut transaction, tenant, key).await?;
        let since = sqlx::query_scalar::<_, i64>(
            "SELECT min(created_at) FROM memberships WHERE tenant_key = $1 AND person_key = $2",
        )
        .bind(tenant.0)
        .bind(key)
        .fetch_one(&mut *transaction)
        .await?;
        forget_roles(&mut transaction, tenant, key).await?;
        self.store
            .give_roles(&mut transaction, tenant, key, roles)
            .await?;
        sqlx::query(
            "UPDATE memberships SET created_at = $1 WHERE tenant_key = $2 AND person_key = $3",
        )
        .bind(since)
        .bind(tenant.0)
        .bind(key)
        .execute(&mut *transaction)
        .await?;
        if no_owner(&mut transaction, tenant).await? {
            return Ok(RoleChange::LastOwner);
        }
        let detail = serde_json::json!({ "before": words(&before), "after": words(roles) });
        let note = Note::change(actor, "people.roles_changed", &email, detail);
        self.store
            .note(&mut transaction, tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.store.rights.changed();
        Ok(RoleChange::Done)
    }

    /// Takes a person out of the tenant and ends their sessions in it. An account that belongs to no
    /// tenant any more is deleted.
    pub async fn remove_person(
        &self,
        person: Uuid,
        actor: &Actor,
    ) -> Result<RoleChange, MetaError> {
        let tenant = self.tenant_key();
        let mut transaction = self.store.begin().await?;
        let Some((key, email)) = member(&mut transaction, tenant, person).await? else {
            return Ok(RoleChange::Unknown);
        };
        let before = held(&mut transaction, tenant, key).await?;
        forget_roles(&mut transaction, tenant, key).await?;
        if no_owner(&mut transaction, tenant).await? {
            return Ok(RoleChange::LastOwner);
        }
        for table in [
            "DELETE FROM sessions WHERE tenant_key = $1 AND person_key = $2",
            "DELETE FROM sightings WHERE tenant_key = $1 AND person_key = $2",
            "DELETE FROM people WHERE key = $2 AND $1 IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_key = people.key)",
        ] {
            sqlx::query(table)
                .bind(tenant.0)
                .bind(key)
                .execute(&mut *transaction)
                .await?;
        }
        let detail = serde_json::json!({ "before": words(&before) });
        let note = Note::change(actor, "people.removed", &email, detail);
        self.store
            .note(&mut transaction, tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.store.rights.changed();
        Ok(RoleChange::Done)
    }
}

impl MetaStore {
    /// Gives a person roles in a tenant beside those that they have; one of the same place is replaced.
    pub(crate) async fn give_roles(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        person: i64,
        roles: &Roles,
    ) -> Result<(), MetaError> {
        if let Some(role) = roles.tenant {
            self.give_role(connection, tenant, person, None, role)
                .await?;
        }
        for (&project, &role) in &roles.projects {
            self.give_role(connection, tenant, person, Some(project), role)
                .await?;
        }
        Ok(())
    }

    /// Gives a person one role.
    pub(crate) async fn give_role(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        person: i64,
        project: Option<ProjectKey>,
        role: Role,
    ) -> Result<(), MetaError> {
        sqlx::query(
            "INSERT INTO memberships (tenant_key, person_key, project_key, role, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (person_key, tenant_key, ifnull(project_key, 0))
             DO UPDATE SET role = excluded.role",
        )
        .bind(tenant.0)
        .bind(person)
        .bind(project.map(|project| project.0))
        .bind(role.name())
        .bind(self.now().0)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Roles in words, for the audit log.
pub(crate) fn words(roles: &Roles) -> serde_json::Value {
    let projects = roles.projects.iter();
    let projects: BTreeMap<String, Role> = projects
        .map(|(project, &role)| (project.0.to_string(), role))
        .collect();
    serde_json::json!({ "role": roles.tenant, "projects": projects })
}

/// The key and address of a person of the tenant.
async fn member(
    connection: &mut SqliteConnection,
    tenant: TenantKey,
    person: Uuid,
) -> Result<Option<(i64, String)>, MetaError> {
    let found = sqlx::query(
        "SELECT p.key, p.email FROM people p WHERE p.id = $1
         AND EXISTS (SELECT 1 FROM memberships m WHERE m.person_key = p.key AND m.tenant_key = $2)",
    )
    .bind(person.to_string())
    .bind(tenant.0)
    .fetch_optional(connection)
    .await?;
    match found {
        Some(row) => Ok(Some((row.try_get("key")?, row.try_get("email")?))),
        None => Ok(None),
    }
}

async fn held(
    connection: &mut SqliteConnection,
    tenant: TenantKey,
    person: i64,
) -> Result<Roles, MetaError> {
    let rows = sqlx::query(
        "SELECT project_key, role FROM memberships WHERE tenant_key = $1 AND person_key = $2",
    )
    .bind(tenant.0)
    .bind(person)
    .fetch_all(connection)
    .await?;
    crate::sessions::roles_of(&rows)
}

async fn forget_roles(
    connection: &mut SqliteConnection,
    tenant: TenantKey,
    person: i64,
) -> Result<(), MetaError> {
    sqlx::query("DELETE FROM memberships WHERE tenant_key = $1 AND person_key = $2")
        .bind(tenant.0)
        .bind(person)
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether the tenant has no owner (any more).
async fn no_owner(connection: &mut SqliteConnection, tenant: TenantKey) -> Result<bool, MetaError> {
    let owners: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM memberships
         WHERE tenant_key = $1 AND project_key IS NULL AND role = 'owner'",
    )
    .bind(tenant.0)
    .fetch_one(connection)
    .await?;
    Ok(owners == 0)
}

fn member_of(row: &SqliteRow) -> Result<Member, MetaError> {
    Ok(Member {
        person: Person {
            id: uuid_column(row, "id")?,
            email: row.try_get("email")?,
            name: row.try_get("name")?,
        },
        roles: Roles::default(),
        second_factor: row.try_get("second_factor")?,
        last_seen_at: row
            .try_get::<Option<i64>, _>("last_seen_at")?
            .map(Timestamp),
        created_at: Timestamp(row.try_get("created_at")?),
    })
}

/// Adds the role in a row with `project_key` and `role`.
pub(crate) fn add_role(roles: &mut Roles, row: &SqliteRow) -> Result<(), MetaError> {
    let role = Role::stored(row.try_get("role")?)?;
    match row.try_get::<Option<i32>, _>("project_key")? {
        Some(project) => {
            roles.projects.insert(ProjectKey(project), role);
        }
        None => roles.tenant = Some(role),
    }
    Ok(())
}
