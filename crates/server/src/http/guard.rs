//! No handler without a guard: the first argument of every handler states who may call it.
//!
//! A handler with a guard can be registered:
//!
//! ```
//! use weir_server::guard::{Anyone, Routes};
//!
//! async fn hello(_: Anyone) -> &'static str {
//!     "hello"
//! }
//!
//! let routes = Routes::default().page("/hello", hello);
//! ```
//!
//! One without a guard does not compile:
//!
//! ```compile_fail,E0277
//! use weir_server::guard::{Anyone, Routes};
//!
//! async fn hello() -> &'static str {
//!     "hello"
//! }
//!
//! let routes = Routes::default().page("/hello", hello);
//! ```
//!
//! Nor does one that looks at the request before its guard:
//!
//! ```compile_fail,E0277
//! use axum::http::Uri;
//! use weir_server::guard::{Anyone, Routes};
//!
//! async fn hello(_: Uri, _: Anyone) -> &'static str {
//!     "hello"
//! }
//!
//! let routes = Routes::default().page("/hello", hello);
//! ```

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension, Router, extract::FromRequestParts, handler::Handler, http::request::Parts,
    routing::get,
};
use utoipa::openapi::{OpenApi, RefOr, schema::Schema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::{
    Shared,
    bare::Bare,
    cookie, meter,
    problem::{self, Refused},
};

pub(in crate::http) mod sealed {
    /// Only `http` can implement [`super::Guard`].
    pub trait Sealed {}
}

/// The first argument of a handler, which states who may call it.
pub trait Guard: sealed::Sealed {}

/// A handler whose first argument is a [`Guard`].
pub trait Guarded<Arguments> {}

macro_rules! guarded {
    ($($argument:ident)*) => {
        impl<F, Answer, G: Guard, $($argument,)*> Guarded<(G, $($argument,)*)> for F
        where
            F: Fn(G, $($argument,)*) -> Answer,
        {
        }
    };
}

guarded! {}
guarded! { A }
guarded! { A B }
guarded! { A B C }
guarded! { A B C D }
guarded! { A B C D E }
guarded! { A B C D E H }
guarded! { A B C D E H I }

/// Any caller: the handler reveals nothing, or authenticates the caller itself.
#[derive(Clone, Copy, Debug)]
pub struct Anyone;

impl sealed::Sealed for Anyone {}
impl Guard for Anyone {}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        // Requests that change something could be guesses at passwords, links or tokens.
        if !parts.method.is_safe() {
            meter::stranger(parts)?;
        }
        Ok(Anyone)
    }
}

/// Any caller, unless the browser says that another site caused the request: another site must not start or
/// end a user's session.
pub(in crate::http) struct SameSite;

impl sealed::Sealed for SameSite {}
impl Guard for SameSite {}

impl<S: Sync> FromRequestParts<S> for SameSite {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        Anyone::from_request_parts(parts, state).await?;
        cookie::refuse_cross_site(&parts.method, &parts.headers)?;
        Ok(SameSite)
    }
}

/// The proof that a handler has a guard.
pub(in crate::http) struct Stated(());

pub(in crate::http) fn stated<H: Guarded<A>, A>(_: &H) -> Stated {
    Stated(())
}

/// Handlers with guards that the OpenAPI document describes; `routes!` creates it.
pub(in crate::http) struct Described(UtoipaMethodRouter<Shared>);

impl Described {
    pub fn new<const N: usize>(handlers: UtoipaMethodRouter<Shared>, _: [Stated; N]) -> Self {
        Self(handlers)
    }
}

/// The handlers of one path. Does not compile if one has no guard.
macro_rules! routes {
    ($($handler:path),+ $(,)?) => {
        $crate::http::guard::Described::new(
            utoipa_axum::routes!($($handler),+),
            [$($crate::http::guard::stated(&$handler)),+],
        )
    };
}
pub(in crate::http) use routes;

/// Everything that is served. Handlers can be added to the server's router only with these methods.
#[derive(Default)]
pub struct Routes(OpenApiRouter<Shared>);

impl Routes {
    /// No routes, with the document that will describe them.
    pub(in crate::http) fn described_by(document: OpenApi) -> Self {
        Self(OpenApiRouter::with_openapi(document))
    }

    /// Adds the handlers of a path. In debug builds, panics if two types share the name of a schema: the
    /// document would describe one by the other.
    pub(in crate::http) fn routes(self, handlers: Described) -> Self {
        debug_assert_eq!(self.redefined(&handlers.0.0), None, "name of two schemas");
        Self(self.0.routes(handlers.0))
    }

    /// The name of a schema that the document, or another of these, has for another type.
    fn redefined<'a>(&'a self, schemas: &'a [(String, RefOr<Schema>)]) -> Option<&'a str> {
        let components = self.0.get_openapi().components.iter();
        let mut known: HashMap<&str, &RefOr<Schema>> = components
            .flat_map(|components| &components.schemas)
            .map(|(name, schema)| (name.as_str(), schema))
            .collect();
        schemas.iter().find_map(|(name, schema)| {
            let other = known.insert(name, schema)?;
            (other != schema).then_some(name.as_str())
        })
    }

    /// Adds a page that is not part of the API.
    #[must_use]
    pub fn page<H, A, T>(self, path: &str, handler: H) -> Self
    where
        H: Guarded<A> + Handler<T, Shared>,
        T: 'static,
    {
        Self(self.0.route(path, get(handler)))
    }

    /// Changes the document, which describes the routes so far.
    pub(in crate::http) fn documented(mut self, change: impl FnOnce(&mut OpenApi)) -> Self {
        change(self.0.get_openapi_mut());
        self
    }

    /// The document.
    pub(in crate::http) fn into_openapi(self) -> OpenApi {
        self.0.into_openapi()
    }

    /// The router, with a fallback for all other paths.
    pub(in crate::http) fn into_router<H, A, T>(self, fallback: H) -> Router<Shared>
    where
        H: Guarded<A> + Handler<T, ()> + Sync,
        T: 'static,
    {
        let (router, document) = self.0.split_for_parts();
        router
            .layer(Extension(Bare::of(&document)))
            .layer(Extension(Arc::new(document)))
            .fallback_service(get(fallback).fallback(problem::not_found))
            .method_not_allowed_fallback(problem::method_not_allowed)
    }
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder, schema::Object};

    use super::*;

    fn schema(name: &str, about: &str) -> (String, RefOr<Schema>) {
        let mut object = Object::new();
        object.description = Some(about.to_owned());
        (name.to_owned(), RefOr::T(Schema::Object(object)))
    }

    #[test]
    fn two_types_cannot_share_the_name_of_a_schema() {
        let (name, known) = schema("Totals", "of a query");
        let components = ComponentsBuilder::new().schema(name, known).build();
        let document = OpenApiBuilder::new().components(Some(components)).build();
        let routes = Routes::described_by(document);
        let same = [schema("Totals", "of a query"), schema("Step", "")];
        assert_eq!(routes.redefined(&same), None);
        let other = [schema("Totals", "of a workflow")];
        assert_eq!(routes.redefined(&other), Some("Totals"));
        let two = [schema("Step", "of a map"), schema("Step", "of a funnel")];
        assert_eq!(routes.redefined(&two), Some("Step"));
    }
}
