//! The beginning and end of every handler that reads metrics.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, Uri, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;
use weir_insights::{
    privacy::Viewer,
    query::Freshness,
    views::{Versioned, execution_detail::Found},
};
use weir_meta::Principal;
use weir_model::Scope;

use super::{
    auth::{InProject, ReadAnalytics},
    conditional,
    environment::{Extent, WholeProject},
    guard::{Guard, sealed::Sealed},
    problem::Refused,
};
use crate::app::{App, Reading};

/// A read of metrics of the project that the request is about, by a caller with the permission.
pub(super) struct Read<E = WholeProject> {
    /// Answers the queries.
    pub reading: Arc<Reading>,
    /// The project, and how the caller sees its users.
    pub viewer: Viewer,
    /// Who reads.
    pub principal: Principal,
    /// Whether a cached answer is accepted.
    pub freshness: Freshness,
    /// The address of the request.
    pub uri: Uri,
    headers: HeaderMap,
    app: Arc<App>,
    extent: PhantomData<E>,
}

impl<E> Sealed for Read<E> {}
impl<E: Extent> Guard for Read<E> {}

impl<E> Read<E> {
    /// The project.
    pub fn scope(&self) -> Scope {
        self.viewer.scope()
    }

    /// The answer, or 304 if the caller already has it.
    pub fn answer<T: Serialize>(&self, found: Versioned<T>) -> Response {
        conditional::answer(&self.app.tags, self.viewer, &self.uri, &self.headers, found)
    }

    /// The answer about one execution, or a redirection to the same `part` of its address under its new id.
    pub fn found<T: Serialize>(&self, found: Found<Box<Versioned<T>>>, part: &str) -> Response {
        match found {
            Found::Here(found) => self.answer(*found),
            Found::Moved(id) => {
                let query = self.uri.query().map(|query| format!("?{query}"));
                let query = query.unwrap_or_default();
                Redirect::permanent(&format!("/api/v1/executions/{id}{part}{query}"))
                    .into_response()
            }
        }
    }
}

impl<E: Extent> FromRequestParts<Arc<App>> for Read<E> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let caller = InProject::<ReadAnalytics, E>::from_request_parts(parts, app).await?;
        let asked = parts.extensions.get::<OriginalUri>();
        Ok(Self {
            reading: Arc::clone(&app.reading),
            viewer: caller.viewer,
            principal: caller.principal,
            freshness: conditional::freshness(&parts.headers),
            uri: asked.map_or_else(|| parts.uri.clone(), |asked| asked.0.clone()),
            headers: parts.headers.clone(),
            app: Arc::clone(app),
            extent: PhantomData,
        })
    }
}
