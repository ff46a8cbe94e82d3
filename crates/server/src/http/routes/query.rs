use std::sync::Arc;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use weir_insights::{query::Names, views::Meta};
use weir_query::{Answer, Query};

use super::super::{
    body::JsonBody,
    environment::OneEnvironment,
    parameters::ProjectParameters,
    problem::{Problem, Refused, WriteProblems},
    read::Read,
    visit::Visit,
};

/// The answer to a query.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct QueryResult {
    /// The query as resolved, and the rows.
    #[serde(flatten)]
    #[schema(value_type = Answer)]
    answer: Arc<Answer>,
    /// The known names of the ids in the rows, by dimension.
    #[schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>)]
    labels: Names,
    /// How the answer was computed, and how complete it is.
    meta: Meta,
}

/// Runs a query.
///
/// A query selects metrics, dimensions, filters, a range, a granularity and a comparison. Every other view is
/// made of such queries. A bucket that ends after `meta.completeness.completeUntil` can still change.
/// `Cache-Control: no-cache` or `refresh=true` bypasses the cache.
#[utoipa::path(
    post, path = "/api/v1/query", tag = "query", operation_id = "query",
    params(
        ProjectParameters,
        ("refresh" = Option<bool>, Query, description = "Whether to bypass the cache: true or false."),
    ),
    request_body = Query,
    responses(
        (status = 200, description = "The answer.", body = QueryResult),
        WriteProblems,
        (status = 400, description = "The query is not valid: `unknown_metric`, `unknown_dimension`, `invalid_range`, ...; `field` names the field, `fix` describes what to change.", body = Problem, content_type = "application/problem+json"),
        (status = 504, description = "`timeout`: the query took too long; use a shorter range or fewer groups.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn query(
    read: Read<OneEnvironment>,
    visit: Visit,
    JsonBody(mut query): JsonBody<Query>,
) -> Result<Json<QueryResult>, Refused> {
    if let Some(only) = read.principal.environment() {
        query = query.filter("environment", [only]);
    }
    let asked = read
        .reading
        .ask(read.viewer, &query, read.freshness)
        .await?;
    visit.reads(asked.answer.query.range.into());
    Ok(Json(QueryResult {
        labels: read.reading.names(read.viewer, &asked.answer),
        meta: read
            .reading
            .meta_of(read.viewer, std::slice::from_ref(&asked))
            .await?,
        answer: asked.answer,
    }))
}
