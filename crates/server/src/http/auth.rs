//! The guards of handlers, whose first argument states who may call them: [`Authorized`], [`InProject`],
//! [`Somewhere`], [`LoggedIn`], [`Authenticated`], [`SameSite`] or [`Anyone`].

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, Query},
    http::{HeaderMap, header, request::Parts},
};
use serde::Deserialize;
use weir_insights::privacy::Viewer;
use weir_meta::{Actor, Origin, Permission, Person, Principal};
use weir_model::Scope;

pub(super) use super::guard::{Anyone, SameSite};
use super::{
    bare, cookie,
    environment::{self, Extent, WholeProject},
    guard::{Guard, sealed::Sealed},
    meter::{self, Counted},
    origin::CameFrom,
    problem::Refused,
    visit::Visit,
};
use crate::app::{App, AppError, ErrorCode, access, profile::Oneself};

/// What a handler demands of its caller.
pub(super) trait Demand: Send + Sync + 'static {
    /// The permission.
    const PERMISSION: Permission;
    /// How its requests count against limits.
    const COUNTED: Counted = Counted::by(Self::PERMISSION);
}

/// A type for each permission, so that signatures can name it.
macro_rules! demands {
    ($($permission:ident)*) => {$(
        #[doc = concat!("Demands [`Permission::", stringify!($permission), "`].")]
        #[allow(dead_code, reason = "every permission has a type, whether or not a handler demands it")]
        pub(super) struct $permission;

        impl Demand for $permission {
            const PERMISSION: Permission = Permission::$permission;
        }
    )*};
}

demands! {
    SendEvents ReadAnalytics IdentifyUsers ManageSegments Annotate ManageAnnotations TriageErrors ShareViews ManageSettings ManageKeys ManagePrivacy
    ReadAudit ManageProjects ManagePeople ManageTenant OperateServer
}

/// Demands [`Permission::ReadAnalytics`], for streams, which have a separate limit.
pub(super) struct Follow;

impl Demand for Follow {
    const PERMISSION: Permission = Permission::ReadAnalytics;
    const COUNTED: Counted = Counted::Apart;
}

/// An authenticated caller, whatever their permissions.
pub(super) struct Authenticated {
    /// The caller.
    pub principal: Principal,
}

/// A person with a session, whatever their permissions: for operations on their own account.
pub(super) struct LoggedIn {
    /// The session.
    pub principal: Principal,
    /// The caller.
    pub person: Person,
    origin: Origin,
}

impl LoggedIn {
    /// The person, their session, and where the request came from.
    pub fn oneself(&self) -> Oneself<'_> {
        Oneself {
            principal: &self.principal,
            person: &self.person,
            origin: &self.origin,
        }
    }
}

/// A caller with the permission that `D` demands in the whole tenant.
pub(super) struct Authorized<D> {
    /// The caller.
    pub principal: Principal,
    origin: Origin,
    demand: PhantomData<D>,
}

/// A caller with the permission that `D` demands in the project that the request is about: the one in the
/// parameter `projectId`, or the only one that they have access to. If the caller is an API key that is bound
/// to an environment, the request is restricted to that environment or refused ([`environment`]).
pub(super) struct InProject<D, E = WholeProject> {
    /// The project.
    pub scope: Scope,
    /// How the caller sees the users in it.
    pub viewer: Viewer,
    /// The caller.
    pub principal: Principal,
    origin: Origin,
    demand: PhantomData<(D, E)>,
}

/// A caller with the permission that `D` demands in some project. The handler checks which, with
/// [`Somewhere::in_project`] or [`Principal::permissions_in`].
pub(super) struct Somewhere<D> {
    /// The caller.
    pub principal: Principal,
    origin: Origin,
    visit: Visit,
    demand: PhantomData<D>,
}

/// Gives guards the caller's name for the audit log.
macro_rules! actors {
    ($($guard:ident<$($kind:ident),+>)*) => {$(
        impl<$($kind),+> $guard<$($kind),+> {
            /// The caller as named in the audit log, and the origin of the request.
            #[allow(dead_code, reason = "every guard can name its caller, whether or not a handler needs it")]
            pub fn actor(&self) -> Actor {
                self.principal.actor(&self.origin)
            }
        }
    )*};
}

actors! { Authorized<D> InProject<D, E> Somewhere<D> }

impl<D: Demand> Somewhere<D> {
    /// The named project, or the caller's only one. Fails if the caller does not have the permission that `D`
    /// demands there.
    pub async fn in_project(&self, app: &App, id: Option<&str>) -> Result<Scope, AppError> {
        let scope = project(app, &self.principal, id, D::PERMISSION).await?;
        self.visit.by(&self.principal, D::PERMISSION, Some(scope));
        Ok(scope)
    }
}

impl Sealed for Authenticated {}
impl Guard for Authenticated {}
impl<D> Sealed for Authorized<D> {}
impl<D: Demand> Guard for Authorized<D> {}
impl<D, E> Sealed for InProject<D, E> {}
impl<D: Demand, E: Extent> Guard for InProject<D, E> {}
impl Sealed for LoggedIn {}
impl Guard for LoggedIn {}
impl<D> Sealed for Somewhere<D> {}
impl<D: Demand> Guard for Somewhere<D> {}

impl FromRequestParts<Arc<App>> for Authenticated {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let principal = authenticate(parts, app, Counted::Other).await?;
        Ok(Self { principal })
    }
}

impl<D: Demand> FromRequestParts<Arc<App>> for Authorized<D> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let principal = authenticate(parts, app, D::COUNTED).await?;
        Visit::of(parts).by(&principal, D::PERMISSION, None);
        access::demand_everywhere(&principal, D::PERMISSION)?;
        Ok(Self {
            principal,
            origin: origin(parts),
            demand: PhantomData,
        })
    }
}

impl<D: Demand> FromRequestParts<Arc<App>> for Somewhere<D> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let principal = authenticate(parts, app, somewhere(D::COUNTED)).await?;
        Visit::of(parts).by(&principal, D::PERMISSION, None);
        access::demand(&principal, principal.permissions_anywhere(), D::PERMISSION)?;
        access::demand_unbound(&principal)?;
        Ok(Self {
            principal,
            origin: origin(parts),
            visit: Visit::of(parts),
            demand: PhantomData,
        })
    }
}

#[derive(Deserialize)]
struct ProjectParameter {
    #[serde(rename = "projectId")]
    project_id: Option<String>,
}

impl<D: Demand, E: Extent> FromRequestParts<Arc<App>> for InProject<D, E> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let principal = authenticate(parts, app, D::COUNTED).await?;
        let project_id = Query::<ProjectParameter>::try_from_uri(&parts.uri)
            .ok()
            .and_then(|Query(parameter)| parameter.project_id)
            .filter(|id| !id.is_empty());
        Visit::of(parts).by(&principal, D::PERMISSION, None);
        let scope = project(app, &principal, project_id.as_deref(), D::PERMISSION).await?;
        if let Some(only) = principal.environment() {
            environment::bind::<E>(parts, only)?;
        }
        Visit::of(parts).by(&principal, D::PERMISSION, Some(scope));
        let granted = principal.permissions_in(scope);
        let identifies = granted.contains(Permission::IdentifyUsers);
        let viewer = app.reading.viewer(scope, identifies).await?;
        Ok(Self {
            viewer: match principal.environment() {
                Some(only) => viewer.bound(only),
                None => viewer,
            },
            scope,
            principal,
            origin: origin(parts),
            demand: PhantomData,
        })
    }
}

/// The project that a request is about. Fails as [`App::scope`] does, and says how to name a project.
async fn project(
    app: &App,
    principal: &Principal,
    id: Option<&str>,
    needed: Permission,
) -> Result<Scope, AppError> {
    let found = app.scope(principal, id, needed).await;
    found.map_err(|error| match error.code {
        ErrorCode::ProjectRequired => {
            error.fix("Add ?projectId= with the id of one; GET /api/v1/projects lists them.")
        }
        _ => error,
    })
}

/// The origin of the request, which the frame determined.
fn origin(parts: &Parts) -> Origin {
    let found = parts.extensions.get::<CameFrom>();
    found.map(|from| from.0.clone()).unwrap_or_default()
}

impl FromRequestParts<Arc<App>> for LoggedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let principal = authenticate(parts, app, Counted::Other).await?;
        let person = principal.person().cloned().ok_or_else(no_person)?;
        Ok(Self {
            principal,
            person,
            origin: origin(parts),
        })
    }
}

/// The refusal of an API key where a person is required.
pub(super) fn no_person() -> AppError {
    let detail = "An API key does not have a session.";
    AppError::new(ErrorCode::Unauthenticated, detail).fix("Log in with POST /api/v1/session.")
}

/// The count of requests without a project, which do not read metrics.
fn somewhere(counted: Counted) -> Counted {
    match counted {
        Counted::Read => Counted::Other,
        other => other,
    }
}

/// Authenticates the caller and counts the request against their limit. If authentication fails, it counts
/// against the limit of their address.
async fn authenticate(parts: &Parts, app: &App, counted: Counted) -> Result<Principal, AppError> {
    match identify(parts, app).await {
        Ok(principal) => {
            meter::caller(parts, &principal, counted)?;
            bare::refuse_unknown(parts)?;
            Ok(principal)
        }
        Err(error) => {
            meter::stranger(parts)?;
            Err(error)
        }
    }
}

async fn identify(parts: &Parts, app: &App) -> Result<Principal, AppError> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let key = value.to_str().ok().and_then(bearer).ok_or_else(|| {
            unauthenticated("The Authorization header is not of the form \"Bearer KEY\".")
        })?;
        let found = app.authenticate_key(key).await?;
        return found.ok_or_else(|| unauthenticated("The API key is unknown or was revoked."));
    }
    match session(&parts.headers, app).await? {
        Some(principal) => {
            cookie::refuse_cross_site(&parts.method, &parts.headers)?;
            Ok(principal)
        }
        None => Err(unauthenticated(
            "The request has neither an API key nor a session.",
        )),
    }
}

/// The person whose session the cookie contains, if any.
async fn session(headers: &HeaderMap, app: &App) -> Result<Option<Principal>, AppError> {
    match cookie::token(headers) {
        Some(token) => app.authenticate_session(token).await,
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
        .fix("Send an API key as Authorization: Bearer KEY, or log in.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bearer_scheme_is_not_case_sensitive() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for bad in ["", "abc", "Basic abc", "Bearer ", "Bearer"] {
            assert_eq!(bearer(bad), None, "{bad:?}");
        }
    }
}
