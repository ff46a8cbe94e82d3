//! Erasing a user: their id is gone from events, cubes, names, settings and the audit log.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Actor, ErasedUser, Erasure};
use weir_model::{Scope, Timestamp};

use crate::app::{App, AppError, ErrorCode};

/// Erasures listed.
const LISTED: u32 = 100;
/// The longest id of a user.
const USER_BYTES: usize = 256;

/// Who is to be erased.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureInput {
    /// The user's id, as events have it.
    #[schema(example = "user-42")]
    pub user_id: String,
}

/// The erasures of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureList {
    /// The newest first, at most 100.
    pub erasures: Vec<ErasureView>,
}

/// The erasure of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// UUID; the audit log names the erasure by it.
    #[schema(format = "uuid")]
    pub id: String,
    /// `running` or `done`.
    #[schema(example = "done")]
    pub state: &'static str,
    /// Who is erased; null when it is done.
    pub user_id: Option<String>,
    /// Who asked for it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub requested_at: Timestamp,
    /// When it was done; null while it is not.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub finished_at: Option<Timestamp>,
    /// Events that were theirs; null while it is not done.
    pub events: Option<i64>,
    /// Other values and texts that named them.
    pub mentions: Option<i64>,
    /// Rows of cubes that named them.
    pub cube_rows: Option<i64>,
}

impl From<Erasure> for ErasureView {
    fn from(erasure: Erasure) -> Self {
        let finished = erasure.finished;
        Self {
            id: erasure.id.to_string(),
            state: match finished {
                Some(_) => "done",
                None => "running",
            },
            user_id: erasure.user,
            by: erasure.actor,
            requested_at: erasure.requested_at,
            finished_at: finished.map(|finished| finished.at),
            events: finished.map(|finished| finished.rows),
            mentions: finished.map(|finished| finished.mentions),
            cube_rows: finished.map(|finished| finished.cube_rows),
        }
    }
}

impl App {
    /// The erasures of a project.
    pub async fn erasures(&self, scope: Scope) -> Result<ErasureList, AppError> {
        let erasures = self.meta.erasures(scope, LISTED).await?;
        Ok(ErasureList {
            erasures: erasures.into_iter().map(ErasureView::from).collect(),
        })
    }

    /// Notes that a user is to be erased, and begins with it.
    pub async fn request_erasure(
        self: &Arc<Self>,
        scope: Scope,
        input: &ErasureInput,
        actor: &Actor,
    ) -> Result<ErasureView, AppError> {
        let erasure = self.meta.request_erasure(scope, checked(input)?, actor);
        let erasure = erasure.await?;
        let app = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = app.finish_erasures().await {
                tracing::error!(%error, "a user was not erased; it is tried again");
            }
        });
        Ok(erasure.into())
    }

    /// Erases a user, and returns when that is done: for commands of the program itself.
    pub async fn erase_now(
        &self,
        scope: Scope,
        input: &ErasureInput,
        actor: &Actor,
    ) -> Result<ErasureView, AppError> {
        let asked = self.meta.request_erasure(scope, checked(input)?, actor);
        let asked = asked.await?;
        self.finish_erasures().await?;
        let all = self.meta.erasures(scope, LISTED).await?;
        let done = all.into_iter().find(|erasure| erasure.id == asked.id);
        Ok(done.unwrap_or(asked).into())
    }

    /// Does the erasures that were asked for and are not done. Returns how many there were.
    pub async fn finish_erasures(&self) -> Result<usize, AppError> {
        let _turn = self.erasing.lock().await;
        let unfinished = self.meta.unfinished_erasures().await?;
        for erasure in &unfinished {
            if let Some(user) = &erasure.user {
                self.erase(erasure, user).await?;
            }
        }
        Ok(unfinished.len())
    }

    /// Every part can be done again: after a crash it begins anew.
    async fn erase(&self, erasure: &Erasure, user: &str) -> Result<(), AppError> {
        let scope = erasure.scope;
        let erased = self.store.port().erase_user(scope, user).await?;
        // Answers that were computed before may name them.
        self.reading.forget(scope);
        // So may reads that wait to be written down.
        self.write_access().await?;
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let erased = ErasedUser {
            at: self.clock.now(),
            rows: count(erased.rows),
            mentions: count(erased.mentions),
            cube_rows: count(erased.cube_rows),
        };
        self.meta
            .finish_erasure(scope, erasure.id, user, erased)
            .await?;
        Ok(())
    }
}

/// The id, if it can be one.
fn checked(input: &ErasureInput) -> Result<&str, AppError> {
    let user = &input.user_id;
    if user.is_empty() || user.len() > USER_BYTES || user.chars().any(char::is_control) {
        let detail = "This cannot be the id of a user.";
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("userId");
        return Err(error.fix(format!("1 to {USER_BYTES} bytes of text")));
    }
    Ok(user)
}
