//! How a read of a project begins and ends.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
};
use serde::Serialize;
use weir_insights::{privacy::Viewer, query::Freshness, views::Versioned};
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

/// A read of the figures of the project that the request is about, by a caller who may.
pub(super) struct Read<E = WholeProject> {
    /// What is read from.
    pub reading: Arc<Reading>,
    /// Whose figures, and how the caller sees the users in them.
    pub viewer: Viewer,
    /// Who reads.
    pub principal: Principal,
    /// Whether an answer computed before will do.
    pub freshness: Freshness,
    /// What was asked for.
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

    /// The answer, or 304 if the caller has it.
    pub fn answer<T: Serialize>(&self, found: Versioned<T>) -> Response {
        conditional::answer(&self.app.tags, self.viewer, &self.uri, &self.headers, found)
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
