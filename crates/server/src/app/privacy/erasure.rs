//! Erasing a user: their id is removed from events, cubes, names, settings and the audit log.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Actor, ErasedUser, Erasure};
use weir_model::{Scope, Timestamp};

use crate::app::{App, AppError, ErrorCode};

/// The most erasures listed.
const LISTED: u32 = 100;
/// The longest id of a user, in bytes.
const USER_BYTES: usize = 256;

/// The user to erase.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureInput {
    /// The user's id, as in events.
    #[schema(example = "user-42")]
    pub user_id: String,
}

/// The erasures of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureList {
    /// Newest first, at most 100.
    pub erasures: Vec<ErasureView>,
}

/// The erasure of a user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// UUID; the audit log refers to the erasure by it.
    #[schema(format = "uuid")]
    pub id: String,
    /// `running` or `done`.
    #[schema(example = "done")]
    pub state: &'static str,
    /// The user; null once the erasure is done.
    pub user_id: Option<String>,
    /// Who requested it.
    pub by: String,
    /// When it was requested.
    #[schema(value_type = String, format = "date-time")]
    pub requested_at: Timestamp,
    /// When it was done; null until then.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub finished_at: Option<Timestamp>,
    /// The number of the user's events; null until it is done.
    pub events: Option<i64>,
    /// The number of other values and texts that named the user.
    pub mentions: Option<i64>,
    /// The number of cube rows that named the user.
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
    /// The erasures of a project. Fails if control data cannot be read.
    pub async fn erasures(&self, scope: Scope) -> Result<ErasureList, AppError> {
        let erasures = self.meta.erasures(scope, LISTED).await?;
        Ok(ErasureList {
            erasures: erasures.into_iter().map(ErasureView::from).collect(),
        })
    }

    /// Requests the erasure of a user and starts it in the background. Fails if the id is invalid or the
    /// request cannot be stored.
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
                tracing::error!(%error, "could not erase a user; retrying");
            }
        });
        Ok(erasure.into())
    }

    /// Erases a user and returns once it is done; for the program's own commands. Fails if the id is invalid
    /// or a store cannot be written.
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

    /// Completes the requested erasures and returns how many there were. One that fails does not hold up the others;
    /// it is retried, and the last failure is returned at the end.
    pub async fn finish_erasures(&self) -> Result<usize, AppError> {
        let _turn = self.erasing.lock().await;
        let unfinished = self.meta.unfinished_erasures().await?;
        let mut failed = None;
        for erasure in &unfinished {
            if let Some(user) = &erasure.user
                && let Err(error) = self.erase(erasure, user).await
            {
                tracing::error!(%error, erasure = %erasure.id, "could not erase a user; retrying");
                failed = Some(error);
            }
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(unfinished.len()),
        }
    }

    /// Every step can be repeated, so an erasure starts again after a crash.
    async fn erase(&self, erasure: &Erasure, user: &str) -> Result<(), AppError> {
        let scope = erasure.scope;
        let erased = self.store.port().erase_user(scope, user).await?;
        // Cached answers may name the user.
        self.reading.forget(scope);
        // So may reads that wait to be written to the audit log.
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

/// The user's id. Fails if it is not a possible id.
fn checked(input: &ErasureInput) -> Result<&str, AppError> {
    let user = &input.user_id;
    if user.is_empty() || user.len() > USER_BYTES || user.chars().any(char::is_control) {
        let detail = "This cannot be the id of a user.";
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("userId");
        return Err(error.fix(format!("1 to {USER_BYTES} bytes of text")));
    }
    Ok(user)
}
