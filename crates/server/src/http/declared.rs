//! Conditions on declared dimensions among the parameters of a view: `metadata.client=acme`.

use std::collections::BTreeMap;

use axum::{
    extract::MatchedPath,
    http::{Uri, request::Parts, uri::PathAndQuery},
};
use weir_query::{Filter, Operator, axis::METADATA, words::Word};

use crate::app::{AppError, ErrorCode};

/// What can be narrowed by declared dimensions: every figure in the answer is one of a query, and every record
/// one of executions. Whatever is not here refuses such a condition, because it would not keep it.
const NARROWED: [&str; 18] = [
    "/api/v1/executions",
    "/api/v1/analytics/executions/errors",
    "/api/v1/errors/groups/{id}",
    "/api/v1/observability/errors",
    "/api/v1/analytics/executions",
    "/api/v1/analytics/executions/summary",
    "/api/v1/analytics/workflows/rankings",
    "/api/v1/analytics/workflows/{id}/performance",
    "/api/v1/analytics/workflows/{id}/steps",
    "/analytics/nodes",
    "/analytics/workflows",
    "/analytics/performance",
    "/analytics/costs",
    "/api/workflow-analytics/documents",
    "/api/workflow-analytics/queues",
    "/api/v1/observability/kpis",
    "/api/v1/observability/status",
    "/api/v1/observability/overview",
];

/// The address without conditions on declared dimensions, and the conditions. Several values of one
/// dimension mean any of them; an empty one means nothing.
pub(super) fn taken_out(parts: &Parts) -> Result<(Uri, Vec<Filter>), AppError> {
    let (rest, conditions) = split(parts.uri.query().unwrap_or_default());
    let Some(name) = conditions.keys().next() else {
        return Ok((parts.uri.clone(), Vec::new()));
    };
    let path = parts.extensions.get::<MatchedPath>();
    if !path.is_some_and(|path| NARROWED.contains(&path.as_str())) {
        let detail = "This view cannot be narrowed by declared dimensions: not all that it shows is of executions that have them.";
        return Err(AppError::new(ErrorCode::InvalidParameter, detail)
            .field(name)
            .fix("Ask by POST /api/v1/query, which groups and filters by all of them."));
    }
    let path = format!("{}?{rest}", parts.uri.path());
    let mut uri = parts.uri.clone().into_parts();
    uri.path_and_query = Some(PathAndQuery::try_from(path).map_err(AppError::internal)?);
    let uri = Uri::from_parts(uri).map_err(AppError::internal)?;
    let filters = conditions.into_iter().map(|(dimension, values)| Filter {
        dimension,
        op: Operator::In.name().to_owned(),
        values: values.into_iter().map(Some).collect(),
    });
    Ok((uri, filters.filter(|f| !f.values.is_empty()).collect()))
}

/// The other parameters, and the values of each condition.
fn split(query: &str) -> (String, BTreeMap<String, Vec<String>>) {
    let mut rest = form_urlencoded::Serializer::new(String::new());
    let mut conditions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !name.starts_with(METADATA) {
            rest.append_pair(&name, &value);
            continue;
        }
        let values = conditions.entry(name.into_owned()).or_default();
        values.extend(Some(value.into_owned()).filter(|value| !value.is_empty()));
    }
    (rest.finish(), conditions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_told_from_other_parameters_however_they_are_written() {
        let (rest, conditions) =
            split("last=7d&metadata.client=a%26b&metadata%2Eclient=c+d&environment=x&metadata.e=");
        assert_eq!(rest, "last=7d&environment=x");
        assert_eq!(conditions["metadata.client"], ["a&b", "c d"]);
        assert!(conditions["metadata.e"].is_empty());
    }
}
