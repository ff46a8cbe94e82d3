//! Operations whose only query parameters are common ones. They refuse unknown parameters, as all others
//! do: a misspelt parameter must not be ignored.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use axum::{
    extract::MatchedPath,
    http::{Method, request::Parts},
};
use utoipa::openapi::{
    OpenApi, RefOr,
    path::{Operation, ParameterIn},
};

use super::fault::{INVALID, one_of};
use crate::app::{AppError, ErrorCode};

/// Parameters that the guard or the frame reads, and no handler.
const COMMON: [&str; 2] = ["projectId", REFRESH];
const REFRESH: &str = "refresh";

/// The parameters of each operation that has only common ones, by path and method. The router adds it to
/// the extensions of requests.
#[derive(Clone, Default)]
pub(super) struct Bare(Arc<HashMap<String, Operations>>);

/// The methods of one path, each with the names of its parameters.
type Operations = Vec<(Method, Vec<String>)>;

impl Bare {
    /// Reads them from an OpenAPI document.
    pub fn of(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter().map(|(path, item)| {
            let operations = [
                (Method::GET, &item.get),
                (Method::PUT, &item.put),
                (Method::POST, &item.post),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            let bare = operations.into_iter().filter_map(|(method, operation)| {
                let names = in_query(operation.as_ref()?);
                let is_bare = names.iter().all(|name| COMMON.contains(&name.as_str()));
                is_bare.then_some((method, names))
            });
            (path.clone(), bare.collect())
        });
        Self(Arc::new(paths.collect()))
    }

    fn known(&self, parts: &Parts) -> Option<&[String]> {
        let path = parts.extensions.get::<MatchedPath>()?;
        let method = match &parts.method {
            &Method::HEAD => &Method::GET,
            method => method,
        };
        let mut operations = self.0.get(path.as_str())?.iter();
        let (_, known) = operations.find(|(of, _)| of == method)?;
        Some(known)
    }
}

fn in_query(operation: &Operation) -> Vec<String> {
    let all = operation.parameters.iter().flatten();
    let all = all.filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    });
    let in_query = all.filter(|parameter| parameter.parameter_in == ParameterIn::Query);
    in_query.map(|parameter| parameter.name.clone()).collect()
}

/// Refuses an unknown, malformed or repeated parameter of an operation that has only common ones.
pub(super) fn refuse_unknown(parts: &Parts) -> Result<(), AppError> {
    let known = parts.extensions.get::<Bare>();
    let Some(known) = known.and_then(|bare| bare.known(parts)) else {
        return Ok(());
    };
    let query = parts.uri.query().unwrap_or_default();
    let mut seen = HashSet::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !known.iter().any(|known| *known == name) {
            return Err(unknown(&name, known));
        }
        if name == REFRESH && !["true", "false"].contains(&&*value) {
            return Err(invalid(INVALID, &name).fix("Send true or false."));
        }
        if !seen.insert(name.clone()) {
            let detail = format!("The parameter `{name}` is given twice.");
            return Err(invalid(detail, &name).fix("Send it once, under one name."));
        }
    }
    Ok(())
}

fn invalid(detail: impl Into<String>, name: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(name)
}

fn unknown(name: &str, known: &[String]) -> AppError {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let fix = one_of(name, &known);
    let fix = fix.unwrap_or_else(|| "Remove it: no parameters are accepted here.".to_owned());
    invalid(format!("There is no parameter `{name}` here."), name).fix(fix)
}
