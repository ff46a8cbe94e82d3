//! API keys that are bound to an environment: which operations they can use, and restricting these to it.

use axum::http::request::Parts;

use crate::app::{AppError, access};

/// How much of a project an operation covers.
pub(super) trait Extent {
    /// Whether the operation can be restricted to one environment.
    const OF_ONE_ENVIRONMENT: bool;
}

/// The whole project: keys that are bound to an environment are refused.
pub(super) struct WholeProject;

impl Extent for WholeProject {
    const OF_ONE_ENVIRONMENT: bool = false;
}

/// Only one environment, for keys that are bound to one: the parameter `environment` restricts everything
/// in the answer, or the handler itself does.
pub(super) struct OneEnvironment;

impl Extent for OneEnvironment {
    const OF_ONE_ENVIRONMENT: bool = true;
}

/// The environment that the request is restricted to.
#[derive(Clone)]
struct Bound(String);

/// Restricts a request to this environment. Fails if the operation covers the whole project.
pub(super) fn bind<E: Extent>(parts: &mut Parts, only: &str) -> Result<(), AppError> {
    if !E::OF_ONE_ENVIRONMENT {
        return Err(access::environment_bound(only));
    }
    parts.extensions.insert(Bound(only.to_owned()));
    Ok(())
}

/// Sets the parameter to the environment that the request is restricted to, if any. Fails if it names another
/// environment, or if the operation does not have the parameter.
pub(super) fn keep(parts: &Parts, parameter: Option<&mut Option<String>>) -> Result<(), AppError> {
    let Some(Bound(only)) = parts.extensions.get() else {
        return Ok(());
    };
    match parameter {
        Some(named)
            if named
                .as_ref()
                .is_none_or(|name| name.is_empty() || name == only) =>
        {
            *named = Some(only.clone());
            Ok(())
        }
        _ => Err(access::environment_bound(only)),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::app::ErrorCode;

    fn bound() -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        bind::<OneEnvironment>(&mut parts, "prod").expect("it can be restricted");
        parts
    }

    #[test]
    fn a_request_is_restricted_to_its_environment() {
        for asked in [None, Some(""), Some("prod")] {
            let mut parameter = asked.map(str::to_owned);
            keep(&bound(), Some(&mut parameter)).expect("it does not name another");
            assert_eq!(parameter.as_deref(), Some("prod"), "{asked:?}");
        }
        let (free, ()) = Request::new(()).into_parts();
        let mut parameter = Some("test".to_owned());
        keep(&free, Some(&mut parameter)).expect("it is not restricted");
        assert_eq!(parameter.as_deref(), Some("test"));
    }

    #[test]
    fn a_request_that_covers_more_is_refused() {
        let code = |kept: Result<(), AppError>| kept.map_err(|error| error.code);
        let refused = Err(ErrorCode::EnvironmentBound);
        let mut other = Some("test".to_owned());
        assert_eq!(code(keep(&bound(), Some(&mut other))), refused);
        assert_eq!(code(keep(&bound(), None)), refused);
        assert_eq!(code(bind::<WholeProject>(&mut bound(), "prod")), refused);
    }
}
