//! Who may call a handler, said by its first argument: [`Authorized`], [`InProject`],
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
    cookie,
    environment::{self, Extent, WholeProject},
    guard::{Guard, sealed::Sealed},
    meter::{self, Counted},
    origin::CameFrom,
    parameters::bare,
    problem::Refused,
    visit::Visit,
};
use crate::app::{App, AppError, ErrorCode, access, profile::Oneself};

/// What a handler demands of its caller.
pub(super) trait Demand: Send + Sync + 'static {
    /// The permission.
    const PERMISSION: Permission;
    /// How its requests are counted.
    const COUNTED: Counted = Counted::by(Self::PERMISSION);
}

/// A type for each permission, so that signatures can name it.
macro_rules! demands {
    ($($permission:ident)*) => {$(
        #[doc = concat!("Demands [`Permission::", stringify!($permission), "`].")]
        #[allow(dead_code, reason = "every permission has its type, whether a handler demands it or not")]
        pub(super) struct $permission;

        impl Demand for $permission {
            const PERMISSION: Permission = Permission::$permission;
        }
    )*};
}

demands! {
    SendEvents ReadAnalytics IdentifyUsers ManageSegments ManageSettings ManageKeys ManagePrivacy
    ReadAudit ManageProjects ManagePeople ManageTenant
}

/// Demands [`Permission::ReadAnalytics`], for streams, whose number has a bound of its own.
pub(super) struct Follow;

impl Demand for Follow {
    const PERMISSION: Permission = Permission::ReadAnalytics;
    const COUNTED: Counted = Counted::Apart;
}

/// A caller who proved who they are, whatever they may do.
pub(super) struct Authenticated {
    /// Who it is.
    pub principal: Principal,
}

/// A person with a session, whatever they may do: for what concerns their own account.
pub(super) struct LoggedIn {
    /// The session.
    pub principal: Principal,
    /// Who it is.
    pub person: Person,
}

impl LoggedIn {
    /// The person, and from where.
    pub fn oneself<'a>(&'a self, origin: &'a Origin) -> Oneself<'a> {
        Oneself {
            principal: &self.principal,
            person: &self.person,
            origin,
        }
    }
}

/// A caller who may do what `D` demands in their whole tenant.
pub(super) struct Authorized<D> {
    /// Who it is.
    pub principal: Principal,
    origin: Origin,
    demand: PhantomData<D>,
}

/// A caller who may do what `D` demands in the project that the request is about: the one that the
/// parameter `projectId` names, or the only one that they see. Of an API key that is bound to an
/// environment, the request is about that one, or refused ([`environment`]).
pub(super) struct InProject<D, E = WholeProject> {
    /// The project.
    pub scope: Scope,
    /// How they see the users in it.
    pub viewer: Viewer,
    /// Who it is.
    pub principal: Principal,
    origin: Origin,
    demand: PhantomData<(D, E)>,
}

/// A caller who may do what `D` demands in some project: the handler finds out in which, by
/// [`Somewhere::in_project`] or by [`Principal::permissions_in`].
pub(super) struct Somewhere<D> {
    /// Who it is.
    pub principal: Principal,
    origin: Origin,
    visit: Visit,
    demand: PhantomData<D>,
}

/// How the audit log names a caller, and where they are.
macro_rules! actors {
    ($($guard:ident<$($kind:ident),+>)*) => {$(
        impl<$($kind),+> $guard<$($kind),+> {
            /// How the audit log names them, and where they are.
            #[allow(dead_code, reason = "every guard can name its caller, whether a handler asks or not")]
            pub fn actor(&self) -> Actor {
                self.principal.actor(&self.origin)
            }
        }
    )*};
}

actors! { Authorized<D> InProject<D, E> Somewhere<D> }

impl<D: Demand> Somewhere<D> {
    /// The project named, or the only one, if the caller may do there what `D` demands.
    pub async fn in_project(&self, app: &App, id: Option<&str>) -> Result<Scope, AppError> {
        let scope = app.scope(&self.principal, id, D::PERMISSION).await?;
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
        let scope = app
            .scope(&principal, project_id.as_deref(), D::PERMISSION)
            .await?;
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

/// Where the request came from; the frame around every handler found out.
fn origin(parts: &Parts) -> Origin {
    let found = parts.extensions.get::<CameFrom>();
    found.map(|from| from.0.clone()).unwrap_or_default()
}

impl FromRequestParts<Arc<App>> for LoggedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let principal = authenticate(parts, app, Counted::Other).await?;
        let person = principal.person().cloned().ok_or_else(no_person)?;
        Ok(Self { principal, person })
    }
}

/// The refusal of a key where a person is asked for.
pub(super) fn no_person() -> AppError {
    let detail = "An API key is no person and has no session.";
    AppError::new(ErrorCode::Unauthenticated, detail).fix("Log in with POST /api/v1/session.")
}

/// What is not about a project reads no figures.
fn somewhere(counted: Counted) -> Counted {
    match counted {
        Counted::Read => Counted::Other,
        other => other,
    }
}

/// Who it is; counted against their limit, or against their address's if that is not known.
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
