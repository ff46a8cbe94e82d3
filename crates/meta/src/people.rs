//! The members of a tenant.

use std::collections::BTreeMap;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{TenantKey, Timestamp};

use crate::{
    Actor, Door, MetaError, Person, Roles,
    memberships::{add_role, has_no_owner, remove_roles, roles_in, roles_json},
    notes::Note,
    sqlite::uuid_column,
};

/// A member of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: Person,
    /// Their roles in the tenant and its projects.
    pub roles: Roles,
    /// Whether they have a confirmed second factor.
    pub second_factor: bool,
    /// When they were last seen in the tenant.
    pub last_seen_at: Option<Timestamp>,
    /// When they joined it.
    pub created_at: Timestamp,
}

/// The outcome of changing a member's roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// The roles are changed.
    Done,
    /// No member of the tenant has this id.
    Unknown,
    /// The tenant would be left without an owner; nothing is changed.
    LastOwner,
}

impl Door<'_> {
    /// The members of the tenant, in the order in which they joined.
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

    /// Replaces the roles of a member of the tenant. The change applies to their sessions immediately.
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
        let before = roles_in(&mut transaction, tenant, key).await?;
        let since = sqlx::query_scalar::<_, i64>(
            "SELECT min(created_at) FROM memberships WHERE tenant_key = $1 AND person_key = $2",
        )
        .bind(tenant.0)
        .bind(key)
        .fetch_one(&mut *transaction)
        .await?;
        remove_roles(&mut transaction, tenant, key).await?;
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
        if has_no_owner(&mut transaction, tenant).await? {
            return Ok(RoleChange::LastOwner);
        }
        let detail =
            serde_json::json!({ "before": roles_json(&before), "after": roles_json(roles) });
        let note = Note::change(actor, "people.roles_changed", &email, detail);
        self.store
            .note(&mut transaction, tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.store.rights.changed();
        Ok(RoleChange::Done)
    }

    /// Removes a member from the tenant and ends their sessions there. An account that no longer belongs to
    /// any tenant is deleted.
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
        let before = roles_in(&mut transaction, tenant, key).await?;
        remove_roles(&mut transaction, tenant, key).await?;
        if has_no_owner(&mut transaction, tenant).await? {
            return Ok(RoleChange::LastOwner);
        }
        for table in [
            "DELETE FROM sessions WHERE tenant_key = $1 AND person_key = $2",
            "DELETE FROM sightings WHERE tenant_key = $1 AND person_key = $2",
            "DELETE FROM saved_views WHERE owner = $2
             AND project_key IN (SELECT key FROM projects WHERE tenant_key = $1)",
            "UPDATE error_triage SET assignee = NULL, revision = revision + 1
             WHERE assignee = (SELECT id FROM people WHERE key = $2)
             AND project_key IN (SELECT key FROM projects WHERE tenant_key = $1)",
            "DELETE FROM people WHERE key = $2 AND $1 IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.person_key = people.key)",
        ] {
            sqlx::query(table)
                .bind(tenant.0)
                .bind(key)
                .execute(&mut *transaction)
                .await?;
        }
        let detail = serde_json::json!({ "before": roles_json(&before) });
        let note = Note::change(actor, "people.removed", &email, detail);
        self.store
            .note(&mut transaction, tenant, None, &note)
            .await?;
        transaction.commit().await?;
        self.store.rights.changed();
        Ok(RoleChange::Done)
    }
}

/// The key and e-mail address of a member of the tenant.
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
