//! Reads query parameters. An unknown parameter is refused: a misspelt filter must not become "no filter".

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;
use weir_query::Filter;

use crate::{
    app::AppError,
    http::{declared, environment, fault::Misfit, problem::Refused},
};

/// The parameters of a view.
pub(in crate::http) struct Parameters<T>(pub T);

impl<T: DeserializeOwned + Narrowed, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let (uri, declared) = declared::extract(parts)?;
        let mut parameters: T = read(uri.query().unwrap_or_default())?;
        environment::keep(parts, parameters.environment())?;
        parameters.narrow(declared);
        Ok(Self(parameters))
    }
}

/// Reads a query string. Fails if a parameter is unknown, repeated or invalid.
fn read<T: DeserializeOwned>(query: &str) -> Result<T, AppError> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(pairs).map_err(|error| unfit(&error))
}

fn unfit(error: &serde_path_to_error::Error<serde::de::value::Error>) -> AppError {
    let said = error.inner().to_string();
    Misfit::in_parameters(error.path(), &said).refusal()
}

/// Parameters that can be combined with conditions on declared dimensions.
pub(in crate::http) trait Narrowed {
    /// Adds the conditions. A view that does not support any never receives one.
    fn narrow(&mut self, declared: Vec<Filter>);

    /// The parameter that names an environment; `None` if the view does not have it.
    fn environment(&mut self) -> Option<&mut Option<String>>;
}

/// The value of a parameter. An empty one counts as absent: some clients send `workflowId=`.
pub(in crate::http) fn given(parameter: &Option<String>) -> Option<String> {
    parameter.clone().filter(|text| !text.is_empty())
}
