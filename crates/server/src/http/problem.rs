//! Problem details (RFC 9457).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoResponses, ToSchema};

use crate::app::{AppError, Candidate, ErrorCode};

/// What a refused request is answered with, as `application/problem+json`.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A URI for the kind of problem: `urn:weir:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:weir:problem:unauthenticated")]
    pub kind: String,
    /// The kind of problem in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The kind of problem for programs; stable.
    #[schema(example = "unauthenticated")]
    pub code: String,
    /// What is wrong this time.
    pub detail: String,
    /// The field or parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What could have been meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    /// The request's id; the server's log has it.
    pub request_id: String,
}

/// What every reading operation may be answered with beside 200, for `responses(...)`. An operation
/// that knows a 404 lists it after this.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it documents; refusals are made of AppError")]
pub(super) enum ReadProblems {
    /// The caller has it: `If-None-Match` is the `ETag`.
    #[response(status = 304)]
    NotModified,
    /// A parameter is not valid; `field` names it, `fix` says what would be right.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `unauthenticated`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `missing_scope`, `missing_permission`, `environment_bound`: the key or person may not read this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `unknown_project`, or what the path names is not there.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// `busy`: too many questions at once; try again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
    /// `timeout`: the question takes too long; a shorter range or fewer groups are quicker.
    #[response(status = 504, content_type = "application/problem+json")]
    Timeout(Problem),
}

/// What every operation that takes a body may be answered with beside success, for
/// `responses(...)`. An operation that knows a 404, 409 or 422 lists it after this.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it documents; refusals are made of AppError")]
pub(super) enum WriteProblems {
    /// `malformed_json`, `invalid_encoding`, `incomplete_body`, or a field or parameter is not
    /// valid: `field` names it, `fix` says what would be right.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `unauthenticated`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `missing_scope`, `missing_permission`, `environment_bound`: the key or person may not do this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `unknown_project`, or what the path names is not there.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// `payload_too_large`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`, `unsupported_encoding`.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// `busy`: nothing was taken; try again after `Retry-After` seconds.
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(Problem),
    /// `storage_full`: the server's disk is full, and nothing was taken; try again after `Retry-After` seconds.
    #[response(status = 507, content_type = "application/problem+json")]
    Full(Problem),
}

/// What an operation without a body, about people, keys or sessions, may be answered with beside success.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it documents; refusals are made of AppError")]
pub(super) enum PersonProblems {
    /// `unauthenticated`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `missing_scope`, `missing_permission`, `environment_bound`, `cross_site_request`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
}

/// What every way in may be answered with beside success. One that knows a 404 lists it after this.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it documents; refusals are made of AppError")]
pub(super) enum EntryProblems {
    /// `malformed_json`, or a field is not valid: `field` names it, `fix` says what would be right.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `invalid_credentials`, `second_factor_required`, `invalid_code`: of somebody with an account.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `cross_site_request`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `payload_too_large`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// `too_many_attempts`, `too_many_requests`: try again after `Retry-After` seconds.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}

/// What every operation that asks a person for their password or a code may be answered with beside
/// success.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "it documents; refusals are made of AppError")]
pub(super) enum ProofProblems {
    /// `malformed_json`, or a field is not valid: `field` names it, `fix` says what would be right.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalid(Problem),
    /// `unauthenticated`; `invalid_credentials`: the password is wrong; `invalid_code`.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// `cross_site_request`.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// `payload_too_large`.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// `unsupported_media_type`.
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// `too_many_attempts`, `too_many_requests`: try again after `Retry-After` seconds.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}

/// A refusal on its way out; [`render`] gives it its body where the request's id is known.
#[derive(Clone)]
pub(super) struct Refusal(Arc<AppError>);

/// What a handler or an extractor refuses with.
#[derive(Debug)]
pub struct Refused(AppError);

impl Refused {
    /// Why.
    pub fn into_error(self) -> AppError {
        self.0
    }
}

impl<E: Into<AppError>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(error) = self;
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
        response.extensions_mut().insert(Refusal(Arc::new(error)));
        response
    }
}

/// Gives a refusal its body, and writes the log's part of it to the log.
pub(super) fn render(mut response: Response, request_id: &str) -> Response {
    let Some(Refusal(error)) = response.extensions_mut().remove::<Refusal>() else {
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

/// What is right where the detail is the rule that was broken, as with a bound on a number.
fn usual_fix(error: &AppError) -> Option<String> {
    let field = error
        .field
        .as_deref()
        .filter(|_| error.code.status() == 400)?;
    Some(format!("Correct `{field}` as the detail says."))
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

/// The answer to a request for what is not there.
pub(super) async fn not_found() -> Refused {
    AppError::new(ErrorCode::NotFound, "No page of the API has this address.")
        .fix("GET /openapi.json lists the API.")
        .into()
}

/// The answer to a request with another method than a page takes.
pub(super) async fn method_not_allowed() -> Refused {
    AppError::new(
        ErrorCode::MethodNotAllowed,
        "This address does not take this method.",
    )
    .fix("GET /openapi.json lists the methods of every address.")
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
    async fn a_refusal_tells_code_detail_field_fix_and_request() {
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
    async fn where_the_detail_is_the_rule_the_fix_says_so() {
        let error = AppError::new(
            ErrorCode::InvalidParameter,
            "limit is 0; it must be 1 to 9.",
        );
        let (_, body) = rendered(error.field("limit")).await;
        assert_eq!(body["fix"], "Correct `limit` as the detail says.");
    }

    #[tokio::test]
    async fn a_fault_of_the_server_tells_nothing_about_its_inside() {
        let (response, body) = rendered(AppError::internal("the disk at /dev/x is full")).await;
        assert_eq!(response.status(), 500);
        assert!(!body.to_string().contains("/dev/x"));
    }

    #[tokio::test]
    async fn who_is_to_come_again_is_told_when() {
        let busy = AppError::new(ErrorCode::Busy, "Full.").retry_after(3);
        let (response, _) = rendered(busy).await;
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
    }
}
