//! Logging in, with a password, a setup link or an invitation, at a rate that makes guessing passwords
//! futile; and sessions.

use std::time::Duration;

use tokio::sync::Semaphore;
use uuid::Uuid;
use weir_meta::{Admission, Login, MetaError, Newcomer, Origin, Person, Principal, Session};

use super::{App, AppError, ErrorCode, words};

/// Passwords checked at once: each check takes 19 MiB and a processor for tens of milliseconds.
const AT_ONCE: usize = 2;
/// How long a login waits for a turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// Limits how many passwords are checked at once.
#[derive(Debug)]
pub(super) struct Turns(Semaphore);

impl Default for Turns {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

/// What a person provides to log in.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// The address of their account.
    pub email: &'a str,
    /// Their password.
    pub password: &'a str,
    /// A code from their second factor, if they have one.
    pub code: Option<&'a str>,
}

impl App {
    /// Logs a person in. Fails if the credentials are wrong, the second factor's code is missing or wrong, or
    /// too many attempts failed.
    pub async fn log_in(&self, given: Credentials<'_>, origin: &Origin) -> Result<Login, AppError> {
        let attempt = self
            .meta
            .log_in(given.email, given.password, given.code, origin);
        self.attempt_login(given, origin, attempt).await
    }

    /// Whether no account exists yet. Fails if control data cannot be read.
    pub async fn needs_setup(&self) -> Result<bool, AppError> {
        Ok(self.meta.needs_setup().await?)
    }

    /// Makes the holder of a setup token the owner of its organisation, and logs them in. Fails if the token
    /// is unknown, used or expired, or if an input or credential is invalid.
    pub async fn set_up(
        &self,
        token: &str,
        name: &str,
        given: Credentials<'_>,
        (tenant_name, project_name): (Option<&str>, Option<&str>),
        origin: &Origin,
    ) -> Result<Login, AppError> {
        let email = words::email(given.email)?;
        let newcomer = Newcomer {
            email: &email,
            name: words::name("name", name)?,
            password: words::new_password("password", given.password)?,
            code: given.code,
        };
        let tenant_name = tenant_name.map(|name| words::name("tenantName", name));
        let project_name = project_name.map(|name| words::name("projectName", name));
        let names = (tenant_name.transpose()?, project_name.transpose()?);
        let attempt = self.meta.set_up(token, &newcomer, names, origin);
        self.attempt_login(given, origin, attempt).await
    }

    /// Accepts an invitation and logs its holder in. Fails if the token is unknown, used or expired, or if an
    /// input or credential is invalid.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: Option<&str>,
        password: &str,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<Login, AppError> {
        let seen = self.meta.see_invitation(token).await?;
        let seen = seen.ok_or_else(unknown_link)?;
        let name = name.map(|name| words::name("name", name)).transpose()?;
        if !seen.known_person {
            words::new_password("password", password)?;
        }
        let given = Credentials {
            email: &seen.email,
            password,
            code,
        };
        let attempt = self
            .meta
            .accept_invitation(token, name, password, code, origin);
        self.attempt_login(given, origin, attempt).await
    }

    /// Makes a login attempt, unless the caller has to wait, and records a failure in the audit log.
    async fn attempt_login(
        &self,
        given: Credentials<'_>,
        origin: &Origin,
        attempt: impl Future<Output = Result<Admission, MetaError>>,
    ) -> Result<Login, AppError> {
        self.begin_attempt(given.email, origin).await?;
        let _turn = self.login_turn().await?;
        if !words::is_plausible(given.password) {
            self.note_refusal(given.email, "wrong_password", origin)
                .await?;
            return Err(wrong_password());
        }
        let (reason, error) = match attempt.await? {
            Admission::Admitted(login) => {
                self.attempts.succeeded(given.email, origin.address);
                return Ok(*login);
            }
            Admission::UnknownLink => ("unknown_link", unknown_link()),
            Admission::WrongPassword => ("wrong_password", wrong_password()),
            Admission::CodeMissing => {
                // The password was right: a missing code is not a failure.
                self.attempts.did_not_fail(given.email, origin.address);
                return Err(code_missing());
            }
            Admission::WrongCode => ("wrong_code", wrong_code()),
        };
        self.note_refusal(given.email, reason, origin).await?;
        Err(error)
    }

    /// Fails unless the password is the person's and, where `code` is given, the code is from their second
    /// factor.
    pub(super) async fn demand_proof(
        &self,
        person: &Person,
        password: &str,
        code: Option<&str>,
        origin: &Origin,
    ) -> Result<(), AppError> {
        self.begin_attempt(&person.email, origin).await?;
        let _turn = self.login_turn().await?;
        let right =
            words::is_plausible(password) && self.meta.is_password(person, password).await?;
        if !right {
            self.note_refusal(&person.email, "wrong_password", origin)
                .await?;
            return Err(wrong_password());
        }
        if let Some(code) = code
            && !self.meta.use_code(person, code).await?
        {
            self.note_refusal(&person.email, "wrong_code", origin)
                .await?;
            return Err(wrong_code());
        }
        self.attempts.did_not_fail(&person.email, origin.address);
        Ok(())
    }

    /// Counts an attempt. Fails with `too_many_attempts` while the account or the address has to wait.
    pub(super) async fn begin_attempt(&self, email: &str, origin: &Origin) -> Result<(), AppError> {
        let begun = self
            .attempts
            .begin(Some(email), origin.address, self.clock.now());
        match begun {
            Ok(()) => Ok(()),
            Err(early) => {
                if early.first {
                    self.note_refusal(email, "too_many_attempts", origin)
                        .await?;
                }
                Err(early.error)
            }
        }
    }

    pub(super) async fn note_refusal(
        &self,
        email: &str,
        reason: &'static str,
        origin: &Origin,
    ) -> Result<(), AppError> {
        let noted = self
            .meta
            .record_refusal("session.refused", email, reason, origin);
        Ok(noted.await?)
    }

    async fn login_turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, AppError> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.0.acquire()).await;
        let Ok(Ok(turn)) = turn else {
            let detail = "Too many logins are in progress.";
            return Err(AppError::new(ErrorCode::TooManyRequests, detail).retry_after(5));
        };
        Ok(turn)
    }

    /// The sessions of a person. Fails if control data cannot be read.
    pub async fn sessions(&self, principal: &Principal) -> Result<Vec<Session>, AppError> {
        Ok(self.meta.sessions(principal).await?)
    }

    /// Ends the session that a token opens; does nothing if there is none. Fails if control data cannot be
    /// written.
    pub async fn log_out(&self, token: &str, origin: &Origin) -> Result<(), AppError> {
        Ok(self.meta.log_out(token, origin).await?)
    }

    /// Ends every session of the caller that this one may end, including itself. Fails if control data cannot
    /// be written.
    pub async fn end_sessions(
        &self,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<(), AppError> {
        self.meta.end_sessions(principal, None, origin).await?;
        Ok(())
    }

    /// Ends one session of a person. Fails if they have no such session.
    pub async fn end_session(
        &self,
        principal: &Principal,
        id: &str,
        origin: &Origin,
    ) -> Result<(), AppError> {
        let unknown = || AppError::new(ErrorCode::NotFound, "You have no session with this id.");
        let id: Uuid = id.parse().map_err(|_| unknown())?;
        match self.meta.end_sessions(principal, Some(id), origin).await? {
            0 => Err(unknown().fix("GET /api/v1/sessions lists your sessions.")),
            _ => Ok(()),
        }
    }

    /// Switches a session to another of the person's organisations. Fails if they have no such organisation.
    pub async fn switch_tenant(
        &self,
        principal: &Principal,
        tenant_id: &str,
        token: &str,
    ) -> Result<Principal, AppError> {
        let switched = match tenant_id.parse() {
            Ok(tenant) => self.meta.switch_tenant(principal, tenant, token).await?,
            Err(_) => None,
        };
        switched.ok_or_else(|| {
            AppError::new(
                ErrorCode::UnknownTenant,
                "You have no organisation with this id.",
            )
            .field("tenantId")
            .fix("GET /api/v1/session lists your organisations.")
        })
    }
}

/// The refusal of a link that does not work.
pub(super) fn unknown_link() -> AppError {
    let detail = "The link is incomplete, was already used, or has expired.";
    AppError::new(ErrorCode::UnknownLink, detail)
        .field("token")
        .fix("Request a new link.")
}

fn wrong_password() -> AppError {
    AppError::new(
        ErrorCode::InvalidCredentials,
        "No account has this e-mail address and password.",
    )
    .fix("Request a password reset link, or ask the operator to run `weir reset-password`.")
}

fn code_missing() -> AppError {
    AppError::new(
        ErrorCode::SecondFactorRequired,
        "The password is correct, and the account also requires a code from its second factor.",
    )
    .field("code")
    .fix("Send the six digits from the authenticator app, or a recovery code.")
}

fn wrong_code() -> AppError {
    AppError::new(
        ErrorCode::InvalidCode,
        "The code is wrong or was already used.",
    )
    .field("code")
    .fix("Wait for the next code, or send an unused recovery code.")
}
