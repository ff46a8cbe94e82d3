//! Memberships: the roles of people in tenants and projects, as the database stores them.

use std::collections::BTreeMap;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use weir_model::{ProjectKey, TenantKey};

use crate::{MetaError, MetaStore, Role, Roles};

impl MetaStore {
    /// Adds to the roles of a person in a tenant, and replaces those for the same tenant or project.
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

    /// Gives a person one role in a tenant, or in one of its projects; it replaces the previous one there.
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

/// Roles as JSON, for the audit log.
pub(crate) fn roles_json(roles: &Roles) -> serde_json::Value {
    let projects = roles.projects.iter();
    let projects: BTreeMap<String, Role> = projects
        .map(|(project, &role)| (project.0.to_string(), role))
        .collect();
    serde_json::json!({ "role": roles.tenant, "projects": projects })
}

/// Adds the role from a row with the columns `project_key` and `role`.
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

/// The roles from rows with the columns `project_key` and `role`.
pub(crate) fn roles_of(rows: &[SqliteRow]) -> Result<Roles, MetaError> {
    let mut roles = Roles::default();
    for row in rows {
        add_role(&mut roles, row)?;
    }
    Ok(roles)
}

/// The roles of a person in a tenant.
pub(crate) async fn roles_in(
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
    roles_of(&rows)
}

/// Removes every role of a person in a tenant.
pub(crate) async fn remove_roles(
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

/// Whether the tenant has no owner.
pub(crate) async fn has_no_owner(
    connection: &mut SqliteConnection,
    tenant: TenantKey,
) -> Result<bool, MetaError> {
    let owners: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM memberships
         WHERE tenant_key = $1 AND project_key IS NULL AND role = 'owner'",
    )
    .bind(tenant.0)
    .fetch_one(connection)
    .await?;
    Ok(owners == 0)
}
