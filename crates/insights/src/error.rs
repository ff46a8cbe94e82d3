//! Every error that a caller can get: a closed set, each declared once with its HTTP status and title.
//! Adapters and use cases return these; `http` renders them as problem details (RFC 9457).

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::MetaError;
use weir_query::QueryError;
use weir_store::StoreError;

/// When to retry after the disk was full, in seconds: someone has to free space first.
const FULL_SECONDS: u32 = 30;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $word:literal, $status:literal, $title:literal;)*) => {
        /// The stable code of an error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $variant,)*
            /// The query is not valid; the query crate declares the reasons.
            Query(weir_query::ErrorCode),
        }

        impl ErrorCode {
            /// All codes except those of queries.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];
            /// The word used in responses.
            pub fn name(self) -> &'static str {
                match self { $(ErrorCode::$variant => $word,)* ErrorCode::Query(code) => code.name() }
            }
            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(ErrorCode::$variant => $status,)* ErrorCode::Query(_) => 400 }
            }
            /// A summary for people, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(ErrorCode::$variant => $title,)* ErrorCode::Query(code) => code.description() }
            }
        }
    };
}

codes! {
    /// The request has no valid API key or session.
    Unauthenticated = "unauthenticated", 401, "Authentication is required";
    /// The e-mail address or password is wrong.
    InvalidCredentials = "invalid_credentials", 401, "E-mail or password is wrong";
    /// The password is correct, but the code of the second factor is missing.
    SecondFactorRequired = "second_factor_required", 401, "The second factor is required";
    /// The code of the second factor is wrong.
    InvalidCode = "invalid_code", 401, "The code is wrong";
    /// The API key lacks the required scope.
    MissingScope = "missing_scope", 403, "The key lacks the scope for this";
    /// None of the user's roles has the required permission.
    MissingPermission = "missing_permission", 403, "None of your roles allows this";
    /// The API key is bound to an environment, and the request concerns more than that.
    EnvironmentBound = "environment_bound", 403, "The key is bound to an environment";
    /// The request has a cookie and may come from another site.
    CrossSite = "cross_site_request", 403, "Requests from other sites are refused";
    /// The page or resource does not exist.
    NotFound = "not_found", 404, "There is nothing here";
    /// The resource does not support this HTTP method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The caller has access to several projects and did not name one.
    ProjectRequired = "project_required", 400, "A project is required";
    /// The caller has no access to a project with this id.
    UnknownProject = "unknown_project", 404, "There is no such project";
    /// The caller is not a member of an organisation with this id.
    UnknownTenant = "unknown_tenant", 404, "There is no such organisation";
    /// No member of the organisation has this id.
    UnknownPerson = "unknown_person", 404, "There is no such person";
    /// The project has no API key with this id.
    UnknownKey = "unknown_key", 404, "There is no such key";
    /// The setup, invitation or password reset link is not valid.
    UnknownLink = "unknown_link", 404, "The link is not valid";
    /// The body is not JSON, or not the JSON expected here.
    MalformedJson = "malformed_json", 400, "The body is not valid JSON";
    /// The media type of the body is not supported.
    UnsupportedMediaType = "unsupported_media_type", 415, "This media type is not supported";
    /// The body is not encoded as its `Content-Encoding` says.
    InvalidEncoding = "invalid_encoding", 400, "The body cannot be decompressed";
    /// The content encoding is not supported.
    UnsupportedEncoding = "unsupported_encoding", 415, "This content encoding is not supported";
    /// The body is too large, as sent or after decompression.
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    /// The body did not arrive completely or in time.
    IncompleteBody = "incomplete_body", 400, "The body is incomplete";
    /// The request line and headers are too large.
    HeadTooLarge = "head_too_large", 431, "The request headers are too large";
    /// The response would exceed the size limit.
    AnswerTooLarge = "answer_too_large", 400, "The answer is too large";
    /// A parameter or field has an invalid value.
    InvalidParameter = "invalid_parameter", 400, "A parameter is not valid";
    /// The name is already in use.
    NameTaken = "name_taken", 409, "The name is already in use";
    /// There are already as many of these as the operator allows.
    QuotaExceeded = "quota_exceeded", 409, "There are already as many as allowed";
    /// The change would leave the organisation without an owner.
    LastOwner = "last_owner", 409, "An organisation needs an owner";
    /// A member of the organisation already has this e-mail address.
    AlreadyMember = "already_member", 409, "This person is already a member of the organisation";
    /// The account already has a second factor.
    SecondFactorActive = "second_factor_active", 409, "A second factor is already active";
    /// The API key was revoked, has expired or has already been rotated.
    KeyNotInForce = "key_not_in_force", 409, "The key is no longer valid";
    /// Someone else has changed the resource since the caller read it; nothing was changed.
    ChangedMeanwhile = "changed_meanwhile", 409, "Someone else has changed this in the meantime";
    /// The version in `If-Match` is not the current one; nothing was changed.
    PreconditionFailed = "precondition_failed", 412, "The version has changed";
    /// Several executions have this id.
    Ambiguous = "ambiguous", 409, "Several executions have this id";
    /// No error group has this id.
    UnknownErrorGroup = "unknown_error_group", 404, "There is no such error group";
    /// The server has too much work at the moment; nothing was accepted.
    Busy = "busy", 503, "The server is busy";
    /// The caller has used up the rate limit for now.
    RateLimited = "rate_limited", 429, "The rate limit is exceeded";
    /// Too many failed attempts.
    TooManyAttempts = "too_many_attempts", 429, "Too many attempts failed";
    /// The caller makes too many requests at once.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// The answer was not computed in time.
    Timeout = "timeout", 504, "The request took too long";
    /// The disk is full; nothing was stored.
    StorageFull = "storage_full", 507, "The server's disk is full";
    /// The server is still opening its stores.
    Starting = "starting", 503, "The server is starting";
    /// The server is shutting down.
    ShuttingDown = "shutting_down", 503, "The server is shutting down";
    /// An error in the server.
    Internal = "internal", 500, "Something went wrong on the server";
}

/// An execution that the request may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its public id.
    pub id: String,
    /// The producer's id for it.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
}

/// The executions that the request may mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates(pub Vec<Candidate>);

/// An error: what the caller sees, and separately what goes to the log.
#[derive(Clone, Debug)]
pub struct AppError {
    /// The stable code.
    pub code: ErrorCode,
    /// What is wrong in this case.
    pub detail: String,
    /// The field or parameter at fault.
    pub field: Option<String>,
    /// How to fix it.
    pub fix: Option<String>,
    /// When to retry, in seconds.
    pub retry_after: Option<u32>,
    /// The executions that an ambiguous id may mean.
    pub candidates: Option<Box<Candidates>>,
    /// Details for the log only.
    pub context: Option<Box<str>>,
}

impl AppError {
    /// An error with this code and detail.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            field: None,
            fix: None,
            retry_after: None,
            candidates: None,
            context: None,
        }
    }

    /// Names the field or parameter at fault.
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says how to fix it.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Says when to retry, in seconds.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Lists the executions that an ambiguous id may mean.
    pub fn candidates(mut self, candidates: Vec<Candidate>) -> Self {
        self.candidates = Some(Box::new(Candidates(candidates)));
        self
    }

    /// The disk is full; the context is logged and not shown to the caller.
    pub fn storage_full(context: impl fmt::Display) -> Self {
        let mut error = Self::new(
            ErrorCode::StorageFull,
            "The server's disk is full; nothing was stored.",
        )
        .fix("Send the request again once there is space. Acknowledged events are not lost.")
        .retry_after(FULL_SECONDS);
        error.context = Some(context.to_string().into());
        error
    }

    /// An error in the server; the context is logged and not shown to the caller.
    pub fn internal(context: impl fmt::Display) -> Self {
        let mut error = Self::new(
            ErrorCode::Internal,
            "The request failed. The server's log has the reason under the id of this request.",
        );
        error.context = Some(context.to_string().into());
        error
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = self.context.as_deref().unwrap_or(&self.detail);
        write!(f, "{}: {context}", self.code.name())
    }
}

impl std::error::Error for AppError {}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy {
                retry_after_seconds,
            } => Self::new(
                ErrorCode::Busy,
                "The intake buffer is full; nothing was accepted.",
            )
            .retry_after(retry_after_seconds),
            StoreError::Closed => {
                Self::new(ErrorCode::ShuttingDown, "Nothing was accepted.").retry_after(5)
            }
            StoreError::Timeout(seconds) => Self::new(
                ErrorCode::Timeout,
                format!("The query took longer than {seconds} s."),
            )
            .fix("Ask for a shorter range, a coarser granularity or fewer dimensions."),
            StoreError::TooMuch(bytes) => Self::new(
                ErrorCode::AnswerTooLarge,
                format!("The rows of this answer take more than {bytes} bytes."),
            )
            .fix("Ask for a shorter range, a coarser granularity or fewer dimensions."),
            StoreError::Full { .. } => Self::storage_full(error),
            StoreError::Database { .. } => Self::internal(error),
        }
    }
}

/// The text with an initial capital and a final full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut whole: String = first.into_iter().flatten().chain(letters).collect();
    if !whole.ends_with(['.', '!', '?']) {
        whole.push('.');
    }
    whole
}

impl From<QueryError> for AppError {
    fn from(error: QueryError) -> Self {
        Self {
            fix: error.fix,
            ..Self::new(ErrorCode::Query(error.code), sentence(&error.detail)).field(error.field)
        }
    }
}

impl From<MetaError> for AppError {
    fn from(error: MetaError) -> Self {
        match error.is_full() {
            true => Self::storage_full(error),
            false => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_code_has_a_unique_word_and_an_error_status() {
        let queries = weir_query::ErrorCode::ALL.iter().map(|code| code.name());
        let words: HashSet<_> = ErrorCode::ALL
            .iter()
            .map(|code| code.name())
            .chain(queries)
            .collect();
        assert_eq!(
            words.len(),
            ErrorCode::ALL.len() + weir_query::ErrorCode::ALL.len()
        );
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| (400..600).contains(&code.status()))
        );
    }

    #[test]
    fn a_full_disk_has_its_own_code_and_a_retry_time() {
        let error = AppError::from(StoreError::Full {
            context: "commit",
            message: "No space left on device".to_owned(),
        });
        assert_eq!(error.code, ErrorCode::StorageFull);
        assert!(error.retry_after.is_some());
    }

    #[test]
    fn database_messages_go_to_the_log_only() {
        let error = AppError::from(StoreError::Database {
            context: "commit",
            message: "disk secrets".to_owned(),
        });
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!error.detail.contains("disk secrets"));
        assert!(error.to_string().contains("disk secrets"));
    }
}
