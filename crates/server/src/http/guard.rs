//! No handler without a guard: what is served names, as its first argument, who may call it.
//!
//! A handler that names a guard can be registered:
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
//! One that names none does not compile:
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
//! And neither does one that looks at the request before it is known who may call it:
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

use axum::{
    Extension, Router, extract::FromRequestParts, handler::Handler, http::request::Parts,
    routing::get,
};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::{
    Shared, cookie, meter,
    parameters::bare::Bare,
    problem::{self, Refused},
};

pub(in crate::http) mod sealed {
    /// Only `http` says what a guard is.
    pub trait Sealed {}
}

/// The first argument of a handler: it says who may call it.
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

/// Whoever it is: the handler gives nothing away, or finds out by itself who it is.
#[derive(Clone, Copy, Debug)]
pub struct Anyone;

impl sealed::Sealed for Anyone {}
impl Guard for Anyone {}

impl<S: Sync> FromRequestParts<S> for Anyone {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        // What changes something is worth guessing at: log-ins, links, tokens.
        if !parts.method.is_safe() {
            meter::stranger(parts)?;
        }
        Ok(Anyone)
    }
}

/// Anyone, of whom a browser does not say that another site caused the request: whoever comes in this way gets
/// a session, which nobody else may start or end for them.
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

/// The proof that a handler names its guard.
pub(in crate::http) struct Stated(());

pub(in crate::http) fn stated<H: Guarded<A>, A>(_: &H) -> Stated {
    Stated(())
}

/// Handlers that the OpenAPI document describes and that name their guards; `routes!` makes it.
pub(in crate::http) struct Described(UtoipaMethodRouter<Shared>);

impl Described {
    pub fn new<const N: usize>(handlers: UtoipaMethodRouter<Shared>, _: [Stated; N]) -> Self {
        Self(handlers)
    }
}

/// The handlers of one path, each with its guard.
macro_rules! routes {
    ($($handler:path),+ $(,)?) => {
        $crate::http::guard::Described::new(
            utoipa_axum::routes!($($handler),+),
            [$($crate::http::guard::stated(&$handler)),+],
        )
    };
}
pub(in crate::http) use routes;

/// Everything that is served. There is no other way into the server's router than these methods.
#[derive(Default)]
pub struct Routes(OpenApiRouter<Shared>);

impl Routes {
    /// None yet, with the document that describes them.
    pub(in crate::http) fn described_by(document: OpenApi) -> Self {
        Self(OpenApiRouter::with_openapi(document))
    }

    /// With the handlers of one more path.
    pub(in crate::http) fn routes(self, handlers: Described) -> Self {
        Self(self.0.routes(handlers.0))
    }

    /// With a page that is no part of the API.
    #[must_use]
    pub fn page<H, A, T>(self, path: &str, handler: H) -> Self
    where
        H: Guarded<A> + Handler<T, Shared>,
        T: 'static,
    {
        Self(self.0.route(path, get(handler)))
    }

    /// The document.
    pub(in crate::http) fn into_openapi(self) -> OpenApi {
        self.0.into_openapi()
    }

    /// The router, with what answers every path that nothing else does.
    pub(in crate::http) fn into_router<H, A, T>(self, rest: H) -> Router<Shared>
    where
        H: Guarded<A> + Handler<T, ()> + Sync,
        T: 'static,
    {
        let (router, document) = self.0.split_for_parts();
        router
            .layer(Extension(Bare::of(&document)))
            .fallback_service(get(rest).fallback(problem::not_found))
            .method_not_allowed_fallback(problem::method_not_allowed)
    }
}
