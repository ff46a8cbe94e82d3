//! Refusals of requests, and their answers as problem details (RFC 9457).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoResponses, ToSchema};

use crate::app::{AppError, Candidate, ErrorCode};

/// The answer to a refused request, as `application/problem+json`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A URI for the type of problem: `urn:weir:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:weir:problem:unauthenticated")]
    pub kind: String,
    /// A short summary of the type of problem.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// A stable code for the type of problem.
    #[schema(example = "unauthenticated")]
    pub code: String,
    /// What is wrong with this request.
    pub detail: String,
    /// The field or parameter that caused the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How to fix the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What the request might refer to, if it is ambiguous.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// The id of the request, as in the server's log.
    pub request_id: String,
}

/// The answers of every reading operation, apart from 200, for `responses(...)`. An operation that describes
/// its 404 lists it after this.
#[derive(IntoResponses)]
#[allow(
    dead_code,
    reason = "it only documents; refusals are made from AppError"
)]
pub(super) enum ReadProblems {
    /// The answer has not changed: `If-None-Match` matches its `ETag`.
    #[response(status = 304)]
    NotModified,
    /// A parameter is not valid. `field` names it; `fix` describes what to change.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `unauthenticated`: the request has no valid API key or session.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `missing_scope`, `missing_permission`, `environment_bound`: the caller is not allowed to read this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `unknown_project`, or the path names something that does not exist.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// `busy`: too many concurrent queries; try again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
    /// `timeout`: the query took too long; use a shorter range or fewer groups.
    #[response(status = 504, content_type = "application/problem+json")]
    Timeout(Problem),
}

/// The answers of every operation with a body, apart from success, for `responses(...)`. An operation that
/// describes its 404, 409 or 422 lists it after this.
#[derive(IntoResponses)]
#[allow(
    dead_code,
    reason = "it only documents; refusals are made from AppError"
)]
pub(super) enum WriteProblems {
    /// `malformed_json`, `invalid_encoding`, `incomplete_body`, or a field or parameter is not valid:
    /// `field` names it; `fix` describes what to change.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `unauthenticated`: the request has no valid API key or session.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `missing_scope`, `missing_permission`, `environment_bound`: the caller is not allowed to do this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `unknown_project`, or the path names something that does not exist.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// `payload_too_large`: the body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`, `unsupported_encoding`: the format or compression of the body is not
    /// supported.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// `busy`: nothing was stored; try again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
    /// `storage_full`: the server's disk is full, and nothing was stored; try again after `Retry-After`
    /// seconds.
    #[response(status = 507, content_type = "application/problem+json")]
    Full(Problem),
}

/// The answers of operations without a body that concern people, keys or sessions, apart from success.
#[derive(IntoResponses)]
#[allow(
    dead_code,
    reason = "it only documents; refusals are made from AppError"
)]
pub(super) enum PersonProblems {
    /// `unauthenticated`: the request has no valid API key or session.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `missing_scope`, `missing_permission`, `environment_bound`: the caller is not allowed to do this.
    /// `cross_site_request`: another site caused the request.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
}

/// The answers of every operation that logs a user in or redeems a link, apart from success. One that
/// describes its 404 lists it after this.
#[derive(IntoResponses)]
#[allow(
    dead_code,
    reason = "it only documents; refusals are made from AppError"
)]
pub(super) enum EntryProblems {
    /// `malformed_json`, or a field is not valid: `field` names it; `fix` describes what to change.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `invalid_credentials`, `second_factor_required`, `invalid_code`: the user has an account, and its
    /// credentials are wrong or incomplete.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `cross_site_request`: another site caused the request.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `payload_too_large`: the body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`: the body must be JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// `too_many_attempts`, `too_many_requests`: try again after `Retry-After` seconds.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}

/// The answers of every operation that asks the user for their password or a code, apart from success.
#[derive(IntoResponses)]
#[allow(
    dead_code,
    reason = "it only documents; refusals are made from AppError"
)]
pub(super) enum ProofProblems {
    /// `malformed_json`, or a field is not valid: `field` names it; `fix` describes what to change.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `unauthenticated`; `invalid_credentials`: the password is wrong; `invalid_code`: the code is wrong.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `cross_site_request`: another site caused the request.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `payload_too_large`: the body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`: the body must be JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// `too_many_attempts`, `too_many_requests`: try again after `Retry-After` seconds.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}

/// Why a handler or an extractor refuses a request. It travels as an extension of its response to
/// [`render`], which knows the request's id and writes the body.
#[derive(Clone, Debug)]
pub struct Refused(Arc<AppError>);

impl Refused {
    /// The error that caused the refusal.
    pub fn error(&self) -> &AppError {
        &self.0
    }
}

impl<E: Into<AppError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(Arc::new(error.into()))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let error = self.error();
        let status =
            StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = error.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if error.code == ErrorCode::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a refusal, and logs the error's context.
pub(super) fn render(mut response: Response, request_id: &str) -> Response {
    let Some(Refused(error)) = response.extensions_mut().remove::<Refused>() else {
        return response;
    };
    if let Some(context) = &error.context {
        tracing::error!(code = error.code.name(), %context, "a request failed");
    }
    let body = Json(problem(&error, request_id))
        .into_response()
        .into_body();
    let (mut head, _) = response.into_parts();
    head.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, body)
}

/// The fix of an invalid field whose detail already states the broken rule, such as a bound on a number.
fn usual_fix(error: &AppError) -> Option<String> {
    let field = error
        .field
        .as_deref()
        .filter(|_| error.code.status() == 400)?;
    Some(format!("Correct `{field}`; see the detail."))
}

fn problem(error: &AppError, request_id: &str) -> Problem {
    Problem {
        kind: format!("urn:weir:problem:{}", error.code.name()),
        title: error.code.title().to_owned(),
        status: error.code.status(),
        code: error.code.name().to_owned(),
        detail: error.detail.clone(),
        field: error.field.clone(),
        fix: error.fix.clone().or_else(|| usual_fix(error)),
        candidates: error
            .candidates
            .as_ref()
            .map_or_else(Vec::new, |candidates| candidates.0.clone()),
        request_id: request_id.to_owned(),
    }
}

/// The answer to a request for an unknown path.
pub(super) async fn not_found() -> Refused {
    AppError::new(ErrorCode::NotFound, "The API has no such path.")
        .fix("GET /openapi.json lists all paths.")
        .into()
}

/// The answer to a request with a method that its path does not support.
pub(super) async fn method_not_allowed() -> Refused {
    AppError::new(
        ErrorCode::MethodNotAllowed,
        "This path does not support this method.",
    )
    .fix("GET /openapi.json lists the methods of every path.")
    .into()
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn rendered(error: AppError) -> (Response<()>, serde_json::Value) {
        let (head, body) = render(Refused::from(error).into_response(), "request-1").into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (
            Response::from_parts(head, ()),
            serde_json::from_slice(&bytes).unwrap(),
        )
    }

    #[tokio::test]
    async fn a_refusal_has_code_detail_field_fix_and_request_id() {
        let error = AppError::new(
            ErrorCode::Query(weir_query::ErrorCode::UnknownMetric),
            "no metric \"x\"",
        )
        .field("metrics[0]")
        .fix("executions");
        let (response, body) = rendered(error).await;
        assert_eq!(response.status(), 400);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "application/problem+json"
        );
        let expected = serde_json::json!({
            "type": "urn:weir:problem:unknown_metric",
            "title": "No metric has this name",
            "status": 400,
            "code": "unknown_metric",
            "detail": "no metric \"x\"",
            "field": "metrics[0]",
            "fix": "executions",
            "requestId": "request-1",
        });
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn the_default_fix_refers_to_the_detail() {
        let error = AppError::new(
            ErrorCode::InvalidParameter,
            "limit is 0; it must be 1 to 9.",
        );
        let (_, body) = rendered(error.field("limit")).await;
        assert_eq!(body["fix"], "Correct `limit`; see the detail.");
    }

    #[tokio::test]
    async fn an_internal_error_reveals_nothing_internal() {
        let (response, body) = rendered(AppError::internal("the disk at /dev/x is full")).await;
        assert_eq!(response.status(), 500);
        assert!(!body.to_string().contains("/dev/x"));
    }

    #[tokio::test]
    async fn a_busy_server_says_when_to_retry() {
        let busy = AppError::new(ErrorCode::Busy, "Full.").retry_after(3);
        let (response, _) = rendered(busy).await;
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
    }
}
