//! Conditions on declared dimensions among the parameters of a view: `metadata.client=acme`.

use std::collections::BTreeMap;

use axum::{
    extract::MatchedPath,
    http::{Uri, request::Parts, uri::PathAndQuery},
};
use weir_query::{Filter, Operator, axis::METADATA, words::Word};

use crate::app::{AppError, ErrorCode};

/// The views that support conditions on declared dimensions: every figure in their answers comes from a
/// query, and every record belongs to an execution. All other views refuse such conditions, which they
/// would ignore.
const SUPPORTED: [&str; 20] = [
    "/api/v1/executions",
    "/api/v1/executions/histogram",
    "/api/v1/analytics/executions/errors",
    "/api/v1/errors/groups/{id}",
    "/api/v1/observability/errors",
    "/api/v1/analytics/executions",
    "/api/v1/analytics/executions/summary",
    "/api/v1/analytics/workflows/rankings",
    "/api/v1/analytics/workflows/{id}/performance",
    "/api/v1/analytics/workflows/{id}/steps",
    "/api/v1/analytics/workflows/{id}/grid",
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

/// Separates conditions on declared dimensions from the address. Several values of one dimension mean any of
/// them; an empty value is ignored. Fails if the view does not support conditions.
pub(super) fn extract(parts: &Parts) -> Result<(Uri, Vec<Filter>), AppError> {
    let (rest, conditions) = split(parts.uri.query().unwrap_or_default());
    let Some(name) = conditions.keys().next() else {
        return Ok((parts.uri.clone(), Vec::new()));
    };
    let path = parts.extensions.get::<MatchedPath>();
    if !path.is_some_and(|path| SUPPORTED.contains(&path.as_str())) {
        let detail = "This view does not support declared dimensions, because not all of its data belongs to executions.";
        return Err(AppError::new(ErrorCode::InvalidParameter, detail)
            .field(name)
            .fix("Use POST /api/v1/query, which can group and filter by all of them."));
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
    fn conditions_are_separated_from_other_parameters_in_any_encoding() {
        let (rest, conditions) =
            split("last=7d&metadata.client=a%26b&metadata%2Eclient=c+d&environment=x&metadata.e=");
        assert_eq!(rest, "last=7d&environment=x");
        assert_eq!(conditions["metadata.client"], ["a&b", "c d"]);
        assert!(conditions["metadata.e"].is_empty());
    }
}
