//! Documents of projects that are stored in every version: redaction rules and declared dimensions.

use sqlx::{AssertSqlSafe, Row};
use weir_model::{ProjectKey, Scope, TenantKey, Timestamp};

use crate::{Actor, MetaError, MetaStore, audit::ProjectChange, sqlite::parse_json};

/// A kind of versioned document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The rules that redact the events of the project.
    Redaction,
    /// The metadata keys that are dimensions.
    Dimensions,
}

impl Document {
    /// The table, and its column with the document.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::Redaction => ("redaction_rules", "rules"),
            Self::Dimensions => ("dimensions", "declared"),
        }
    }

    /// The action and the subject of a change in the audit log.
    fn change(self) -> (&'static str, &'static str) {
        match self {
            Self::Redaction => ("redaction.changed", "redaction"),
            Self::Dimensions => ("dimensions.changed", "dimensions"),
        }
    }
}

/// A version of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentVersion {
    /// 1 for the first version.
    pub version: i64,
    /// The document as JSON.
    pub content: String,
    /// Who stored it, as in the audit log.
    pub actor: String,
    /// When it was stored.
    pub changed_at: Timestamp,
}

impl MetaStore {
    /// The newest version of a project's document; `None` if there never was one.
    pub async fn document(
        &self,
        scope: Scope,
        document: Document,
    ) -> Result<Option<DocumentVersion>, MetaError> {
        let (table, column) = document.table();
        let sql = format!(
            "SELECT d.version, d.{column} AS content, d.actor, d.changed_at
             FROM {table} d JOIN projects p ON p.key = d.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY d.version DESC LIMIT 1"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.project.0)
            .bind(scope.tenant.0)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(DocumentVersion {
            version: row.try_get("version")?,
            content: row.try_get("content")?,
            actor: row.try_get("actor")?,
            changed_at: Timestamp(row.try_get("changed_at")?),
        }))
    }

    /// Every project of any tenant that ever had such a document. Never for a request, which has the
    /// scope of its caller.
    pub async fn projects_with(&self, document: Document) -> Result<Vec<Scope>, MetaError> {
        let (table, _) = document.table();
        let sql = format!(
            "SELECT DISTINCT p.tenant_key, p.key FROM {table} d JOIN projects p ON p.key = d.project_key
             ORDER BY p.key"
        );
        let rows: Vec<(i32, i32)> = sqlx::query_as(AssertSqlSafe(sql))
            .fetch_all(&self.pool)
            .await?;
        let scopes = rows.into_iter().map(|(tenant, project)| Scope {
            tenant: TenantKey(tenant),
            project: ProjectKey(project),
        });
        Ok(scopes.collect())
    }

    /// Adds a version of a project's document after version `after` (0 if there is none); returns the new
    /// version. `None` if the document is at another version. Also fails if `content` is not JSON.
    pub async fn put_document(
        &self,
        scope: Scope,
        document: Document,
        after: i64,
        content: &str,
        actor: &Actor,
    ) -> Result<Option<i64>, MetaError> {
        let held = self.document(scope, document).await?;
        let (table, column) = document.table();
        let sql = format!(
            "INSERT INTO {table} (project_key, version, {column}, actor, changed_at)
             SELECT p.key, $3 + 1, $4, $5, $6 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2
                AND $3 = (SELECT coalesce(max(version), 0) FROM {table} WHERE project_key = p.key)
             RETURNING version"
        );
        let mut transaction = self.begin().await?;
        let added: Option<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(scope.project.0)
            .bind(scope.tenant.0)
            .bind(after)
            .bind(content)
            .bind(&actor.name)
            .bind(self.now().0)
            .fetch_optional(&mut *transaction)
            .await?;
        if added.is_none() {
            return Ok(None);
        }
        let (action, subject) = document.change();
        let change = ProjectChange {
            actor,
            action,
            subject,
            before: held.map(|held| parse_json(&held.content)).transpose()?,
            after: Some(parse_json(content)?),
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(added)
    }
}
