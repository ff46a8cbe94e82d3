//! The audit log: who changed or read what, when, and from where.
//!
//! A change is recorded in the transaction that makes it; reads are recorded afterwards, in batches
//! ([`MetaStore::record_all`]). The table is append-only: triggers prevent changing or deleting entries,
//! except by retention and the erasure of a user. The horizon of retention only moves forward.

mod log;

use sqlx::SqliteConnection;
use weir_model::{ProjectKey, Scope, TenantKey, Timestamp};

use crate::{MetaError, MetaStore, Origin, Principal, Who, entropy::uuid_v7};

pub use log::{AuditEntry, AuditFilter};

/// Who acts, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `key:UUID`, `person:ada@example.com`, `operator`, `weir` or `stranger`.
    pub name: String,
    /// Where the request came from.
    pub origin: Origin,
}

impl Actor {
    /// Weir itself, such as a job.
    pub fn system() -> Self {
        Self::named("weir", Origin::default())
    }

    /// A caller who is not authenticated.
    pub fn stranger(origin: Origin) -> Self {
        Self::named("stranger", origin)
    }

    /// The operator, who runs this program on its data directory.
    pub fn operator() -> Self {
        Self::named("operator", Origin::default())
    }

    /// A person, named by their e-mail address.
    pub(crate) fn person(email: &str, origin: &Origin) -> Self {
        Self::named(&format!("person:{email}"), origin.clone())
    }

    /// The name as shown to readers: the e-mail address of a person, or `key` and the key's id.
    pub fn shown(&self) -> String {
        match self.name.strip_prefix("person:") {
            Some(email) => email.to_owned(),
            None => self.name.replacen(':', " ", 1),
        }
    }

    fn named(name: &str, origin: Origin) -> Self {
        Self {
            name: name.to_owned(),
            origin,
        }
    }
}

/// Whether an entry is about a change or an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// Something was changed: settings, keys, people.
    Change,
    /// A login, an attempted login, or a read.
    Access,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [AuditKind; 2] = [AuditKind::Change, AuditKind::Access];

    /// The name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            AuditKind::Change => "change",
            AuditKind::Access => "access",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An entry to record now.
#[derive(Clone, Copy, Debug)]
pub struct AuditRecord<'a> {
    /// Change or access.
    pub kind: AuditKind,
    /// Who did it: [`Principal::actor`], [`Actor::system`] or [`Actor::stranger`].
    pub actor: &'a Actor,
    /// What was done, such as `prices.changed`.
    pub action: &'a str,
    /// The object of the action, by public id or name.
    pub subject: &'a str,
    /// JSON; for a change, the values before and after.
    pub detail: &'a str,
}

/// An entry to record later, outside the request. It owns everything that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// The tenant that it belongs to.
    pub tenant: TenantKey,
    /// The project that it belongs to; `None` if it concerns the whole tenant.
    pub project: Option<ProjectKey>,
    /// Change or access.
    pub kind: AuditKind,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: String,
    /// The object of the action, by public id or name.
    pub subject: String,
    /// Details as JSON.
    pub detail: String,
    /// When it was done.
    pub at: Timestamp,
}

impl HeldRecord {
    fn as_record(&self) -> AuditRecord<'_> {
        AuditRecord {
            kind: self.kind,
            actor: &self.actor,
            action: &self.action,
            subject: &self.subject,
            detail: &self.detail,
        }
    }
}

impl Principal {
    /// The actor that the audit log records for them.
    pub fn actor(&self, origin: &Origin) -> Actor {
        let name = match self.who() {
            Who::Key { id, .. } => format!("key:{id}"),
            Who::Person(person) => format!("person:{}", person.email),
            Who::Operator => "operator".to_owned(),
        };
        Actor {
            name,
            origin: origin.clone(),
        }
    }

    /// The tenant that they act in.
    pub fn tenant(&self) -> TenantKey {
        self.tenant
    }
}

/// A change in a project, with the state before and after as JSON; `None` if there was or is nothing.
pub(crate) struct ProjectChange<'a> {
    pub actor: &'a Actor,
    pub action: &'a str,
    pub subject: &'a str,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

impl MetaStore {
    /// Records an entry in the transaction of the action. Without a project, the entry belongs to the tenant.
    pub(crate) async fn record_audit(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        project: Option<ProjectKey>,
        record: AuditRecord<'_>,
    ) -> Result<(), MetaError> {
        self.insert_audit(connection, tenant, project, record, self.now())
            .await
    }

    /// Records a change in a project, in its transaction.
    pub(crate) async fn record_change(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        change: ProjectChange<'_>,
    ) -> Result<(), MetaError> {
        let detail = serde_json::json!({"before": change.before, "after": change.after});
        let record = AuditRecord {
            kind: AuditKind::Change,
            actor: change.actor,
            action: change.action,
            subject: change.subject,
            detail: &detail.to_string(),
        };
        self.record_audit(connection, scope.tenant, Some(scope.project), record)
            .await
    }

    /// Records an entry that is not part of another transaction, such as an export.
    pub async fn record(
        &self,
        tenant: TenantKey,
        project: Option<ProjectKey>,
        record: AuditRecord<'_>,
    ) -> Result<(), MetaError> {
        let mut connection = self.pool.acquire().await?;
        self.record_audit(&mut connection, tenant, project, record)
            .await
    }

    /// Records several entries in one transaction.
    pub async fn record_all(&self, records: &[HeldRecord]) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        for held in records {
            let record = held.as_record();
            self.insert_audit(&mut transaction, held.tenant, held.project, record, held.at)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn insert_audit(
        &self,
        connection: &mut SqliteConnection,
        tenant: TenantKey,
        project: Option<ProjectKey>,
        record: AuditRecord<'_>,
        at: Timestamp,
    ) -> Result<(), MetaError> {
        let origin = &record.actor.origin;
        sqlx::query(
            "INSERT INTO audit_log (id, tenant_key, project_key, kind, actor, address, user_agent,
                action, subject, detail, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(uuid_v7(at, &*self.entropy).to_string())
        .bind(tenant.0)
        .bind(project.map(|project| project.0))
        .bind(record.kind.name())
        .bind(&record.actor.name)
        .bind(origin.address_text())
        .bind(&origin.user_agent)
        .bind(record.action)
        .bind(record.subject)
        .bind(record.detail)
        .bind(at.0)
        .execute(connection)
        .await?;
        Ok(())
    }
}
