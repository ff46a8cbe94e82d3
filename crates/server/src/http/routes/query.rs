use std::sync::Arc;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use weir_insights::{query::Names, views::Meta};
use weir_query::{Answer, Query};

use super::super::{
    body::JsonBody,
    environment::OneEnvironment,
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
    /// The names known for the ids that occur, by dimension.
    #[schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>)]
    labels: Names,
    /// How the answer came about, and what it cannot know yet.
    meta: Meta,
}

/// Asks for figures.
///
/// Metrics, by dimensions, of what the filters let through, in a range, at a granularity, beside a
/// comparison range. Every other view is made of such queries. A bucket that ends after
/// `meta.completeness.completeUntil` may still change. `Cache-Control: no-cache` or
/// `refresh=true` has the answer computed anew.
#[utoipa::path(
    post, path = "/api/v1/query", tag = "query", operation_id = "query",
    params(
        ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."),
        ("refresh" = Option<bool>, Query, description = "Whether the answer is computed anew, whatever was answered before."),
    ),
    request_body = Query,
    responses(
        (status = 200, description = "The figures.", body = QueryResult),
        WriteProblems,
        (status = 400, description = "The query is not valid: `unknown_metric`, `unknown_dimension`, `invalid_range`, ...; `field` and `fix` say where and what would be right.", body = Problem, content_type = "application/problem+json"),
        (status = 504, description = "`timeout`.", body = Problem, content_type = "application/problem+json"),
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
