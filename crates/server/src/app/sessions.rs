//! Logging in, at a pace at which nobody can guess passwords.

use std::time::Duration;

use tokio::sync::Semaphore;
use weir_meta::{Login, Origin};

use super::{App, AppError, ErrorCode};

/// Passwords checked at once: each takes 19 MiB and a processor for tens of milliseconds.
const AT_ONCE: usize = 2;
/// How long a person waits for a turn.
const PATIENCE: Duration = Duration::from_secs(3);
/// Longer passwords are not looked at.
const PASSWORD_BYTES: usize = 1024;

/// Turns to have a password checked.
#[derive(Debug)]
pub(super) struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl App {
    /// Opens a session for a person.
    pub async fn log_in(
        &self,
        email: &str,
        password: &str,
        origin: &Origin,
    ) -> Result<Login, AppError> {
        if password.len() > PASSWORD_BYTES {
            return Err(refused());
        }
        let turn = tokio::time::timeout(PATIENCE, self.turns.0.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            let detail = "Too many people are logging in at once.";
            return Err(AppError::new(ErrorCode::TooManyRequests, detail).retry_after(5));
        };
        let login = self.meta.log_in(email, password, origin).await?;
        login.ok_or_else(refused)
    }
}

fn refused() -> AppError {
    AppError::new(
        ErrorCode::InvalidCredentials,
        "No person has this e-mail address and password.",
    )
    .fix("The first start printed both; `weir reset-password` makes a new password.")
}
