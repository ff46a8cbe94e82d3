//! Who changed or read what, when, and from where.
//!
//! A change is written down in the transaction that makes it; what was read is written afterwards, in
//! batches ([`MetaStore::record_all`]). The table is append-only: triggers refuse to change or delete an
//! entry, but for the two documented ways, retention and the erasure of a user. The horizon of retention only
//! moves forward.

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
    /// From where.
    pub origin: Origin,
}

impl Actor {
    /// The program itself.
    pub fn system() -> Self {
        Self::unnamed("weir", Origin::default())
    }

    /// Whoever did not prove who they are.
    pub fn stranger(origin: Origin) -> Self {
        Self::unnamed("stranger", origin)
    }

    /// Whoever runs this program on its own data directory.
    pub fn operator() -> Self {
        Self::unnamed("operator", Origin::default())
    }

    /// A person by their address.
    pub(crate) fn person(email: &str, origin: &Origin) -> Self {
        Self::unnamed(&format!("person:{email}"), origin.clone())
    }

    fn unnamed(name: &str, origin: Origin) -> Self {
        Self {
            name: name.to_owned(),
            origin,
        }
    }
}

/// What kind of thing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// Something is different now: settings, keys, people.
    Change,
    /// Somebody came in, tried to, or read something.
    Access,
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [AuditKind; 2] = [AuditKind::Change, AuditKind::Access];

    /// The word in the API and in storage.
    pub fn name(self) -> &'static str {
        match self {
            AuditKind::Change => "change",
            AuditKind::Access => "access",
        }
    }

    /// Reads [`AuditKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Something to be written down.
#[derive(Clone, Copy, Debug)]
pub struct AuditRecord<'a> {
    /// What kind of thing it is.
    pub kind: AuditKind,
    /// Who did it: [`Principal::actor`], [`Actor::system`] or [`Actor::stranger`].
    pub actor: &'a Actor,
    /// What was done: `prices.changed`.
    pub action: &'a str,
    /// What it was done to, by public id or name.
    pub subject: &'a str,
    /// JSON: of a change, what it was and what it is.
    pub detail: &'a str,
}

/// A record with everything it needs to be written later, off the way of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// Whose it is.
    pub tenant: TenantKey,
    /// In which project; `None` for one of the tenant.
    pub project: Option<ProjectKey>,
    /// What kind of thing it is.
    pub kind: AuditKind,
    /// Who did it.
    pub actor: Actor,
    /// What was done.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// JSON.
    pub detail: String,
    /// When.
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
    /// How the audit log names them, where they are.
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

    /// The organisation that they belong to, or look at.
    pub fn tenant(&self) -> TenantKey {
        self.tenant
    }
}

/// A change in a project with what was there before and after, each JSON or nothing.
pub(crate) struct ProjectChange<'a> {
    pub actor: &'a Actor,
    pub action: &'a str,
    pub subject: &'a str,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
}

impl MetaStore {
    /// Writes something down, in the transaction of what it tells of. Without a project it is of the
    /// tenant.
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

    /// Writes a change in a project down, in its transaction.
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

    /// Writes something down that is no part of another transaction: a log-in, an export.
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

    /// Writes many things down, in one transaction.
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

/// What stands in a column as JSON.
pub(crate) fn json(text: &str) -> Result<serde_json::Value, MetaError> {
    serde_json::from_str(text).map_err(|_| MetaError::Damaged("JSON"))
}
