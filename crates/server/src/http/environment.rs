//! API keys that are bound to an environment: what of the API they may use, and what it is then about.

use axum::http::request::Parts;

use crate::app::{AppError, access};

/// How much of a project an operation is about.
pub(super) trait Extent {
    /// Whether the operation can be about one environment alone.
    const OF_ONE_ENVIRONMENT: bool;
}

/// The whole project: keys that are bound to an environment are refused.
pub(super) struct WholeProject;

impl Extent for WholeProject {
    const OF_ONE_ENVIRONMENT: bool = false;
}

/// One environment, for whoever is bound to one: all that is in the answer is chosen by the parameter
/// `environment`, or the handler sees to it itself.
pub(super) struct OneEnvironment;

impl Extent for OneEnvironment {
    const OF_ONE_ENVIRONMENT: bool = true;
}

/// The environment that the request is bound to: its parameters are read as those of a request about it.
#[derive(Clone)]
struct Bound(String);

/// Makes a request one about this environment, or refuses it.
pub(super) fn bind<E: Extent>(parts: &mut Parts, only: &str) -> Result<(), AppError> {
    if !E::OF_ONE_ENVIRONMENT {
        return Err(access::environment_bound(only));
    }
    parts.extensions.insert(Bound(only.to_owned()));
    Ok(())
}

/// Puts the environment that the request is bound to into its parameter. Refused if the parameter names another,
/// or if there is none.
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
        bind::<OneEnvironment>(&mut parts, "prod").expect("it can be about one");
        parts
    }

    #[test]
    fn a_request_is_kept_to_its_environment() {
        for asked in [None, Some(""), Some("prod")] {
            let mut parameter = asked.map(str::to_owned);
            keep(&bound(), Some(&mut parameter)).expect("it names no other");
            assert_eq!(parameter.as_deref(), Some("prod"), "{asked:?}");
        }
        let (free, ()) = Request::new(()).into_parts();
        let mut parameter = Some("test".to_owned());
        keep(&free, Some(&mut parameter)).expect("it is not bound");
        assert_eq!(parameter.as_deref(), Some("test"));
    }

    #[test]
    fn what_is_about_more_is_refused() {
        let code = |kept: Result<(), AppError>| kept.map_err(|error| error.code);
        let refused = Err(ErrorCode::EnvironmentBound);
        let mut other = Some("test".to_owned());
        assert_eq!(code(keep(&bound(), Some(&mut other))), refused);
        assert_eq!(code(keep(&bound(), None)), refused);
        assert_eq!(code(bind::<WholeProject>(&mut bound(), "prod")), refused);
    }
}
