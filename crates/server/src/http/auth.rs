//! Who may call a handler, said by its signature: every handler takes [`Authorized`], [`InProject`]
//! or [`Anyone`].

use std::{convert::Infallible, marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, Query},
    http::{HeaderMap, header, request::Parts},
};
use serde::Deserialize;
use weir_meta::{Permission, Principal};
use weir_model::Scope;

use super::cookie;
use crate::app::{App, AppError, ErrorCode};

/// What a handler demands of its caller.
pub(super) trait Demand: Send + Sync + 'static {
    /// The permission; `None` if it is enough to be known.
    const PERMISSION: Option<Permission>;
}

/// Demands the right to send events.
pub(super) struct Ingest;
/// Demands the right to read figures.
pub(super) struct Read;
/// Demands the right to change settings: what the papers' owners and builders have.
pub(super) struct Manage;
/// Demands to know who it is.
pub(super) struct Known;

impl Demand for Ingest {
    const PERMISSION: Option<Permission> = Some(Permission::Ingest);
}
impl Demand for Read {
    const PERMISSION: Option<Permission> = Some(Permission::Read);
}
impl Demand for Manage {
    const PERMISSION: Option<Permission> = Some(Permission::Manage);
}
impl Demand for Known {
    const PERMISSION: Option<Permission> = None;
}

/// A caller who may do what `D` demands.
pub(super) struct Authorized<D> {
    /// Who it is.
    pub principal: Principal,
    demand: PhantomData<D>,
}

/// A caller who may do what `D` demands, in the project that the request is about.
pub(super) struct InProject<D> {
    /// The project.
    pub scope: Scope,
    /// Who it is.
    pub principal: Principal,
    demand: PhantomData<D>,
}

/// Whoever it is: the handler gives nothing away.
pub(super) struct Anyone;

impl<D: Demand> FromRequestParts<Arc<App>> for Authorized<D> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, AppError> {
        let principal = authenticate(parts, app).await?;
        if let Some(needed) = D::PERMISSION {
            demand(&principal, needed)?;
        }
        Ok(Self {
            principal,
            demand: PhantomData,
        })
    }
}

#[derive(Deserialize)]
struct ProjectParameter {
    #[serde(rename = "projectId")]
    project_id: Option<String>,
}

impl<D: Demand> FromRequestParts<Arc<App>> for InProject<D> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, AppError> {
        let caller = Authorized::<D>::from_request_parts(parts, app).await?;
        let project_id = Query::<ProjectParameter>::try_from_uri(&parts.uri)
            .ok()
            .and_then(|Query(parameter)| parameter.project_id)
            .filter(|id| !id.is_empty());
        let scope = app.scope(&caller.principal, project_id.as_deref()).await?;
        Ok(Self {
            scope,
            principal: caller.principal,
            demand: PhantomData,
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Anyone)
    }
}

async fn authenticate(parts: &Parts, app: &App) -> Result<Principal, AppError> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let key = value.to_str().ok().and_then(bearer).ok_or_else(|| {
            unauthenticated("The Authorization header is not of the form \"Bearer KEY\".")
        })?;
        let found = app.meta.authenticate_key(key).await?;
        return found.ok_or_else(|| unauthenticated("The API key is unknown or was revoked."));
    }
    match session(&parts.headers, app).await? {
        Some(principal) => {
            cookie::refuse_cross_site(&parts.method, &parts.headers)?;
            Ok(principal)
        }
        None => Err(unauthenticated(
            "Neither an API key nor a session came with the request.",
        )),
    }
}

/// Whose session the request's cookie opens.
async fn session(headers: &HeaderMap, app: &App) -> Result<Option<Principal>, AppError> {
    match cookie::token(headers) {
        Some(token) => Ok(app.meta.authenticate_session(token).await?),
        None => Ok(None),
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

fn unauthenticated(detail: &str) -> AppError {
    AppError::new(ErrorCode::Unauthenticated, detail)
        .fix("Send Authorization: Bearer with an API key, or log in.")
}

fn demand(principal: &Principal, needed: Permission) -> Result<(), AppError> {
    if principal.permissions().contains(needed) {
        return Ok(());
    }
    let have: Vec<_> = principal
        .permissions()
        .iter()
        .map(Permission::name)
        .collect();
    let detail = format!(
        "This takes the scope {:?}; yours are: {}.",
        needed.name(),
        have.join(", ")
    );
    Err(AppError::new(ErrorCode::MissingScope, detail).fix(format!(
        "Use an API key with the scope {:?}.",
        needed.name()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_key_is_read_whatever_the_case_of_the_scheme() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for bad in ["", "abc", "Basic abc", "Bearer ", "Bearer"] {
            assert_eq!(bearer(bad), None, "{bad:?}");
        }
    }
}
