//! Projects and their environments.

use sqlx::{Row, SqliteConnection};
use uuid::Uuid;
use weir_model::{ProjectKey, Scope, TenantKey};

use crate::{Actor, Door, MetaError, MetaStore, Project, entropy::uuid_v7, notes::Note};

/// Changes of a project; what is `None` stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProjectTerms<'a> {
    /// The new name.
    pub name: Option<&'a str>,
    /// The declared environments, in place of the previous ones.
    pub environments: Option<&'a [String]>,
}

/// The outcome of creating or changing a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectSaved {
    /// The project as it is now.
    Saved(Box<Project>),
    /// Another project of the tenant has this name; nothing is changed.
    NameTaken,
    /// The principal sees no project with this id.
    Unknown,
}

impl Door<'_> {
    /// Creates a project in the tenant and records that in the audit log.
    pub async fn create_project(
        &self,
        name: &str,
        actor: &Actor,
    ) -> Result<ProjectSaved, MetaError> {
        let tenant = self.tenant_key();
        let mut transaction = self.store.begin().await?;
        if is_taken(&mut transaction, tenant, name, None).await? {
            return Ok(ProjectSaved::NameTaken);
        }
        let project = self
            .store
            .insert_project(&mut transaction, tenant, name)
            .await?;
        let detail = serde_json::json!({ "name": name });
        let note = Note::change(actor, "projects.created", name, detail);
        self.store
            .note(&mut transaction, tenant, Some(project), &note)
            .await?;
        transaction.commit().await?;
        self.saved(Scope { tenant, project }).await
    }

    /// Changes a project that the principal can see, and records the change in the audit log.
    pub async fn change_project(
        &self,
        id: Uuid,
        terms: &ProjectTerms<'_>,
        actor: &Actor,
    ) -> Result<ProjectSaved, MetaError> {
        let found = self.projects().await?.into_iter().find(|p| p.id == id);
        let Some(before) = found else {
            return Ok(ProjectSaved::Unknown);
        };
        let scope = before.scope;
        let mut transaction = self.store.begin().await?;
        if let Some(name) = terms.name {
            if is_taken(&mut transaction, scope.tenant, name, Some(scope.project)).await? {
                return Ok(ProjectSaved::NameTaken);
            }
            sqlx::query("UPDATE projects SET name = $1 WHERE key = $2")
                .bind(name)
                .bind(scope.project.0)
                .execute(&mut *transaction)
                .await?;
        }
        if let Some(environments) = terms.environments {
            put_environments(&mut transaction, scope.project, environments).await?;
        }
        let detail = serde_json::json!({
            "before": { "name": before.name, "environments": before.environments },
            "after": { "name": terms.name, "environments": terms.environments },
        });
        let note = Note::change(actor, "projects.changed", &before.name, detail);
        self.store
            .note(&mut transaction, scope.tenant, Some(scope.project), &note)
            .await?;
        transaction.commit().await?;
        self.saved(scope).await
    }

    async fn saved(&self, scope: Scope) -> Result<ProjectSaved, MetaError> {
        let projects = self.projects().await?;
        let saved = projects.into_iter().find(|project| project.scope == scope);
        Ok(saved.map_or(ProjectSaved::Unknown, |project| {
            ProjectSaved::Saved(Box::new(project))
        }))
    }
}

impl MetaStore {
    /// Every project of every tenant. For jobs only: a request has the scope of its caller.
    pub async fn every_scope(&self) -> Result<Vec<Scope>, MetaError> {
        let rows = sqlx::query("SELECT tenant_key, key FROM projects ORDER BY key")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| Ok(Scope::new(row.try_get("tenant_key")?, row.try_get("key")?)))
            .collect()
    }

    pub(crate) async fn insert_project(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        name: &str,
    ) -> Result<ProjectKey, MetaError> {
        let key = sqlx::query_scalar(
            "INSERT INTO projects (id, tenant_key, name, created_at)
             VALUES ($1, $2, $3, $4) RETURNING key",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(tenant.0)
        .bind(name)
        .bind(self.now().0)
        .fetch_one(connection)
        .await?;
        Ok(ProjectKey(key))
    }
}

/// Whether a project other than `except` has this name.
async fn is_taken(
    connection: &mut SqliteConnection,
    tenant: TenantKey,
    name: &str,
    except: Option<ProjectKey>,
) -> Result<bool, MetaError> {
    let other: Option<i32> = sqlx::query_scalar(
        "SELECT key FROM projects WHERE tenant_key = $1 AND name = $2 AND key IS NOT $3",
    )
    .bind(tenant.0)
    .bind(name)
    .bind(except.map(|project| project.0))
    .fetch_optional(connection)
    .await?;
    Ok(other.is_some())
}

async fn put_environments(
    connection: &mut SqliteConnection,
    project: ProjectKey,
    environments: &[String],
) -> Result<(), MetaError> {
    sqlx::query("DELETE FROM environments WHERE project_key = $1")
        .bind(project.0)
        .execute(&mut *connection)
        .await?;
    for name in environments {
        sqlx::query("INSERT OR IGNORE INTO environments (project_key, name) VALUES ($1, $2)")
            .bind(project.0)
            .bind(name)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
