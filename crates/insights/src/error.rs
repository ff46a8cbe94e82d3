//! Everything that can go wrong for a caller: a closed set, declared once with its HTTP status and
//! title. Adapters and use cases speak in these; `http` renders them as problem details (RFC 9457).

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::MetaError;
use weir_query::QueryError;
use weir_store::StoreError;

/// When to come back to a full disk, in seconds: somebody has to make room.
const FULL_SECONDS: u32 = 30;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $variant:ident = $word:literal, $status:literal, $title:literal;)*) => {
        /// The stable code of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $doc])* $variant,)*
            /// A query that cannot be answered as it is written; the query crate declares why.
            Query(weir_query::ErrorCode),
        }

        impl ErrorCode {
            /// Every code but those of queries.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];
            /// The word in answers.
            pub fn name(self) -> &'static str {
                match self { $(ErrorCode::$variant => $word,)* ErrorCode::Query(code) => code.name() }
            }
            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(ErrorCode::$variant => $status,)* ErrorCode::Query(_) => 400 }
            }
            /// The sentence for people that is the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(ErrorCode::$variant => $title,)* ErrorCode::Query(code) => code.description() }
            }
        }
    };
}

codes! {
    /// No usable key or session came with the request.
    Unauthenticated = "unauthenticated", 401, "Authentication is required";
    /// E-mail or password is wrong.
    InvalidCredentials = "invalid_credentials", 401, "E-mail or password is wrong";
    /// The password is right; the second factor's code is missing.
    SecondFactorRequired = "second_factor_required", 401, "The second factor is required";
    /// The second factor's code is wrong.
    InvalidCode = "invalid_code", 401, "The code is wrong";
    /// The key may not do this.
    MissingScope = "missing_scope", 403, "The key lacks the scope for this";
    /// No role of the person allows this.
    MissingPermission = "missing_permission", 403, "No role of yours allows this";
    /// The key is bound to an environment, and this is about more than that.
    EnvironmentBound = "environment_bound", 403, "The key is bound to an environment";
    /// A cookie came with a request that another site may have caused.
    CrossSite = "cross_site_request", 403, "Requests from other sites are refused";
    /// No such page or resource.
    NotFound = "not_found", 404, "There is nothing here";
    /// The page does not take this method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The caller sees several projects and named none.
    ProjectRequired = "project_required", 400, "Name the project";
    /// The project named is not one that the caller sees.
    UnknownProject = "unknown_project", 404, "There is no such project";
    /// The tenant named is not one that the caller belongs to.
    UnknownTenant = "unknown_tenant", 404, "There is no such tenant";
    /// The person named is nobody of the tenant.
    UnknownPerson = "unknown_person", 404, "There is no such person";
    /// The key named is none of the project.
    UnknownKey = "unknown_key", 404, "There is no such key";
    /// The link of a set-up, an invitation or a new password is not good.
    UnknownLink = "unknown_link", 404, "The link is not good";
    /// The body is no JSON, or not the JSON that belongs here.
    MalformedJson = "malformed_json", 400, "The body is not valid JSON";
    /// The body's media type is not one of those listed.
    UnsupportedMediaType = "unsupported_media_type", 415, "This media type is not supported";
    /// The body does not have the content encoding that it says.
    InvalidEncoding = "invalid_encoding", 400, "The body cannot be decompressed";
    /// The content encoding is not one of those listed.
    UnsupportedEncoding = "unsupported_encoding", 415, "This content encoding is not supported";
    /// The body is larger than allowed, as sent or after decompression.
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    /// The body did not arrive whole or in time.
    IncompleteBody = "incomplete_body", 400, "The body did not arrive";
    /// The head of the request is larger than allowed.
    HeadTooLarge = "head_too_large", 431, "The head of the request is too large";
    /// The answer would be larger than one answer may be.
    AnswerTooLarge = "answer_too_large", 400, "The answer is too large";
    /// A parameter or field has a value that makes no sense.
    InvalidParameter = "invalid_parameter", 400, "A parameter is not valid";
    /// Another of its kind has the name.
    NameTaken = "name_taken", 409, "The name is taken";
    /// The tenant would be left without an owner.
    LastOwner = "last_owner", 409, "There must be an owner";
    /// Somebody of the tenant has the address.
    AlreadyMember = "already_member", 409, "They belong to the organisation";
    /// The account has a second factor.
    SecondFactorActive = "second_factor_active", 409, "There is a second factor";
    /// The key was revoked, has expired, or was rotated before.
    KeyNotInForce = "key_not_in_force", 409, "The key is not in force";
    /// What was read has been changed by somebody else since; nothing was done.
    ChangedMeanwhile = "changed_meanwhile", 409, "Somebody else changed this meanwhile";
    /// What the request's `If-Match` names is not what there is; nothing was done.
    PreconditionFailed = "precondition_failed", 412, "It is at another version";
    /// Several executions are called this.
    Ambiguous = "ambiguous", 409, "Several executions are called this";
    /// No group of errors has this id.
    UnknownErrorGroup = "unknown_error_group", 404, "There is no such group of errors";
    /// Too much at once; nothing was taken.
    Busy = "busy", 503, "The server is busy";
    /// The caller has made all the requests that one may make for now.
    RateLimited = "rate_limited", 429, "Too many requests in this time";
    /// Too many attempts failed.
    TooManyAttempts = "too_many_attempts", 429, "Too many attempts failed";
    /// Too many requests at once.
    TooManyRequests = "too_many_requests", 429, "Too many requests";
    /// The answer took too long.
    Timeout = "timeout", 504, "This took too long";
    /// The disk is full; nothing was taken.
    StorageFull = "storage_full", 507, "The disk of the server is full";
    /// The server has not opened its stores yet.
    Starting = "starting", 503, "The server is starting";
    /// The server is going down.
    ShuttingDown = "shutting_down", 503, "The server is shutting down";
    /// A fault of the server.
    Internal = "internal", 500, "Something went wrong on the server";
}

/// An execution that could have been meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Its public id.
    pub id: String,
    /// What its producer calls it.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
}

/// Executions that could have been meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates(pub Vec<Candidate>);

/// A refusal: what a caller is told, and apart from it what the log is told.
#[derive(Clone, Debug)]
pub struct AppError {
    /// The stable code.
    pub code: ErrorCode,
    /// What is wrong this time.
    pub detail: String,
    /// The field or parameter at fault.
    pub field: Option<String>,
    /// What would be right.
    pub fix: Option<String>,
    /// When to try again, in seconds.
    pub retry_after: Option<u32>,
    /// What could have been meant.
    pub candidates: Option<Box<Candidates>>,
    /// For the log only.
    pub context: Option<Box<str>>,
}

impl AppError {
    /// A refusal with its detail.
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

    /// Says what would be right.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Says when to try again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Lists what could have been meant.
    pub fn candidates(mut self, candidates: Vec<Candidate>) -> Self {
        self.candidates = Some(Box::new(Candidates(candidates)));
        self
    }

    /// There is no room on the disk; the context is logged and not told.
    pub fn storage_full(context: impl fmt::Display) -> Self {
        let mut error = Self::new(
            ErrorCode::StorageFull,
            "The disk of the server is full; nothing was taken.",
        )
        .fix("Send it again once there is room; nothing that was acknowledged is lost.")
        .retry_after(FULL_SECONDS);
        error.context = Some(context.to_string().into());
        error
    }

    /// A fault of the server; the context is logged and not told.
    pub fn internal(context: impl fmt::Display) -> Self {
        let mut error = Self::new(
            ErrorCode::Internal,
            "The request failed; the server's log has the reason under this request's id.",
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
            } => Self::new(ErrorCode::Busy, "The intake is full; nothing was taken.")
                .retry_after(retry_after_seconds),
            StoreError::Closed => {
                Self::new(ErrorCode::ShuttingDown, "Nothing was taken.").retry_after(5)
            }
            StoreError::Timeout(seconds) => Self::new(
                ErrorCode::Timeout,
                format!("The query was stopped after {seconds} s."),
            )
            .fix("Ask for a shorter range, a coarser granularity or fewer dimensions."),
            StoreError::TooMuch(bytes) => Self::new(
                ErrorCode::AnswerTooLarge,
                format!("The rows for this answer take more than {bytes} bytes."),
            )
            .fix("Ask for a shorter range, a coarser granularity or fewer dimensions."),
            StoreError::Full { .. } => Self::storage_full(error),
            StoreError::Database { .. } => Self::internal(error),
        }
    }
}

/// With a capital at its beginning and a stop at its end.
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
    fn every_code_has_a_word_of_its_own_and_an_error_status() {
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
    fn a_full_disk_has_a_code_of_its_own_and_a_time_to_come_back() {
        let error = AppError::from(StoreError::Full {
            context: "commit",
            message: "No space left on device".to_owned(),
        });
        assert_eq!(error.code, ErrorCode::StorageFull);
        assert!(error.retry_after.is_some());
    }

    #[test]
    fn what_the_database_said_is_for_the_log_only() {
        let error = AppError::from(StoreError::Database {
            context: "commit",
            message: "disk secrets".to_owned(),
        });
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!error.detail.contains("disk secrets"));
        assert!(error.to_string().contains("disk secrets"));
    }
}
