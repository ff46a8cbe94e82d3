//! What people decided about error groups: resolved, ignored, and who looks after them.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{Actor, MetaError, MetaStore, audit::ProjectChange, sqlite::uuid_column};

/// What was decided about an error group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TriageState {
    /// Nothing, or that it needs attention again.
    #[default]
    Open,
    /// Its cause is gone; errors after that bring it back.
    Resolved,
    /// It needs no attention, however often it occurs.
    Ignored,
}

impl TriageState {
    /// Every state.
    pub const ALL: [TriageState; 3] = [Self::Open, Self::Resolved, Self::Ignored];

    /// The name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Ignored => "ignored",
        }
    }

    /// The state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What is stored about an error group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorTriage {
    /// The group.
    pub group: String,
    /// What was decided.
    pub state: TriageState,
    /// When it was resolved; `None` unless it is.
    pub resolved_at: Option<Timestamp>,
    /// Who looks after it: the id of an account.
    pub assignee: Option<Uuid>,
    /// The reason for the decision.
    pub note: Option<String>,
    /// Whether who gave the reason saw pseudonyms, so that it is shown as they typed it.
    pub veiled: bool,
    /// Who decided, as shown to readers, and when; `None` if the group was only assigned.
    pub decided: Option<(String, Timestamp)>,
    /// Who made the last change, as shown to readers.
    pub author: String,
    /// 1 at first; each change adds 1.
    pub revision: i64,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A change of what is stored about an error group.
#[derive(Clone, Copy, Debug)]
pub enum TriageChange<'a> {
    /// Decides about it.
    Decide {
        /// What is decided.
        state: TriageState,
        /// The reason.
        note: Option<&'a str>,
        /// Whether who gives it sees pseudonyms.
        veiled: bool,
    },
    /// Names who looks after it; `None` is nobody.
    Assign(Option<Uuid>),
}

/// The outcome of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriageSaved {
    /// What is stored now.
    Now(ErrorTriage),
    /// It is at another revision than the caller expected; nothing is changed.
    Changed,
    /// No member of the organisation who can read the project has this id; nothing is changed.
    UnknownAssignee,
    /// As many groups of the project have decisions as can; nothing is changed.
    TooMany,
}

/// A person who can read a project, so that error groups can be assigned to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// The id of the account.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

/// Everyone with a role in the organisation or in the project: each role can read.
const READERS: &str = "SELECT DISTINCT person.id, person.name, person.email
     FROM memberships m JOIN people person ON person.key = m.person_key
        JOIN projects p ON p.tenant_key = m.tenant_key
     WHERE p.key = $1 AND p.tenant_key = $2 AND (m.project_key IS NULL OR m.project_key = p.key)";

impl MetaStore {
    /// What was decided about the error groups of a project.
    pub async fn error_triage(&self, scope: Scope) -> Result<Vec<ErrorTriage>, MetaError> {
        let rows = sqlx::query(
            "SELECT t.* FROM error_triage t JOIN projects p ON p.key = t.project_key
             WHERE p.key = $1 AND p.tenant_key = $2 ORDER BY t.group_id",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(triage_of).collect()
    }

    /// The people who can read a project, sorted by name.
    pub async fn assignees(&self, scope: Scope) -> Result<Vec<Assignee>, MetaError> {
        let sql = sqlx::AssertSqlSafe(format!("{READERS} ORDER BY person.name, person.email"));
        let rows = sqlx::query(sql)
            .bind(scope.project.0)
            .bind(scope.tenant.0)
            .fetch_all(&self.pool)
            .await?;
        let assignee = |row: &SqliteRow| {
            Ok(Assignee {
                id: uuid_column(row, "id")?,
                name: row.try_get("name")?,
                email: row.try_get("email")?,
            })
        };
        rows.iter().map(assignee).collect()
    }

    /// Changes what is stored about a group; with `expected`, only if that is its revision, 0 if nothing is
    /// stored. At most `most` groups of a project can have decisions. Records the change in the audit log.
    pub async fn triage_error(
        &self,
        scope: Scope,
        group: &str,
        change: TriageChange<'_>,
        (expected, most): (Option<i64>, usize),
        actor: &Actor,
    ) -> Result<TriageSaved, MetaError> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let before = stored(&mut transaction, scope, group).await?;
        let revision = before.as_ref().map_or(0, |before| before.revision);
        if expected.is_some_and(|expected| expected != revision) {
            return Ok(TriageSaved::Changed);
        }
        if let TriageChange::Assign(Some(person)) = change
            && !can_read(&mut transaction, scope, person).await?
        {
            return Ok(TriageSaved::UnknownAssignee);
        }
        let after = changed(before.as_ref(), group, change, (actor, now));
        let saved = sqlx::query(
            "INSERT INTO error_triage
                (project_key, group_id, state, resolved_at, assignee, note, author, revision, updated_at,
                 decided_by, decided_at, veiled)
             SELECT p.key, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13, $14 FROM projects p
             WHERE p.key = $1 AND p.tenant_key = $2
                AND ($9 > 1 OR (SELECT count(*) FROM error_triage WHERE project_key = p.key) < $11)
             ON CONFLICT (project_key, group_id) DO UPDATE
             SET state = excluded.state, resolved_at = excluded.resolved_at, assignee = excluded.assignee,
                 note = excluded.note, author = excluded.author, revision = excluded.revision,
                 updated_at = excluded.updated_at, decided_by = excluded.decided_by,
                 decided_at = excluded.decided_at, veiled = excluded.veiled",
        )
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(group)
        .bind(after.state.name())
        .bind(after.resolved_at.map(|at| at.0))
        .bind(after.assignee.map(|id| id.to_string()))
        .bind(&after.note)
        .bind(&after.author)
        .bind(after.revision)
        .bind(now.0)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .bind(after.decided.as_ref().map(|(by, _)| by))
        .bind(after.decided.as_ref().map(|(_, at)| at.0))
        .bind(after.veiled)
        .execute(&mut *transaction)
        .await?;
        if saved.rows_affected() == 0 {
            return Ok(TriageSaved::TooMany);
        }
        let record = ProjectChange {
            actor,
            action: match change {
                TriageChange::Decide {
                    state: TriageState::Open,
                    ..
                } => "error_group.reopened",
                TriageChange::Decide {
                    state: TriageState::Resolved,
                    ..
                } => "error_group.resolved",
                TriageChange::Decide {
                    state: TriageState::Ignored,
                    ..
                } => "error_group.ignored",
                TriageChange::Assign(_) => "error_group.assigned",
            },
            subject: group,
            before: before.as_ref().map(as_json),
            after: Some(as_json(&after)),
        };
        self.record_change(&mut transaction, scope, record).await?;
        transaction.commit().await?;
        Ok(TriageSaved::Now(after))
    }
}

/// The state after a change. Who decides again resolves again: later errors bring the group back.
fn changed(
    before: Option<&ErrorTriage>,
    group: &str,
    change: TriageChange<'_>,
    (actor, now): (&Actor, Timestamp),
) -> ErrorTriage {
    let mut after = before.cloned().unwrap_or(ErrorTriage {
        group: group.to_owned(),
        state: TriageState::Open,
        resolved_at: None,
        assignee: None,
        note: None,
        veiled: false,
        decided: None,
        author: String::new(),
        revision: 0,
        updated_at: now,
    });
    match change {
        TriageChange::Decide {
            state,
            note,
            veiled,
        } => {
            after.veiled = veiled;
            after.state = state;
            after.resolved_at = (state == TriageState::Resolved).then_some(now);
            after.note = note.map(str::to_owned);
            after.decided = Some((actor.shown(), now));
        }
        TriageChange::Assign(person) => after.assignee = person,
    }
    after.author = actor.shown();
    after.revision += 1;
    after.updated_at = now;
    after
}

async fn can_read(
    connection: &mut SqliteConnection,
    scope: Scope,
    person: Uuid,
) -> Result<bool, MetaError> {
    let found = sqlx::query(sqlx::AssertSqlSafe(format!("{READERS} AND person.id = $3")))
        .bind(scope.project.0)
        .bind(scope.tenant.0)
        .bind(person.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

async fn stored(
    connection: &mut SqliteConnection,
    scope: Scope,
    group: &str,
) -> Result<Option<ErrorTriage>, MetaError> {
    let row = sqlx::query(
        "SELECT t.* FROM error_triage t JOIN projects p ON p.key = t.project_key
         WHERE p.key = $1 AND p.tenant_key = $2 AND t.group_id = $3",
    )
    .bind(scope.project.0)
    .bind(scope.tenant.0)
    .bind(group)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(triage_of).transpose()
}

fn as_json(triage: &ErrorTriage) -> serde_json::Value {
    serde_json::json!({
        "state": triage.state.name(), "assigneeId": triage.assignee.map(|id| id.to_string()), "note": triage.note,
    })
}

fn triage_of(row: &SqliteRow) -> Result<ErrorTriage, MetaError> {
    let state: &str = row.try_get("state")?;
    let resolved_at: Option<i64> = row.try_get("resolved_at")?;
    let assignee: Option<&str> = row.try_get("assignee")?;
    let assignee = assignee.map(|id| id.parse().map_err(|_| MetaError::Damaged("public id")));
    let (by, at): (Option<String>, Option<i64>) =
        (row.try_get("decided_by")?, row.try_get("decided_at")?);
    Ok(ErrorTriage {
        decided: by.zip(at.map(Timestamp)),
        group: row.try_get("group_id")?,
        state: TriageState::from_name(state).ok_or(MetaError::Damaged("triage state"))?,
        resolved_at: resolved_at.map(Timestamp),
        assignee: assignee.transpose()?,
        note: row.try_get("note")?,
        veiled: row.try_get("veiled")?,
        author: row.try_get("author")?,
        revision: row.try_get("revision")?,
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
