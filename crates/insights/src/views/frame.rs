//! What the parameters of a view say: which time, which zone, which part of the project.

use weir_model::TimeRange;
use weir_query::{Filter, Query, Range, axis::METADATA};

use crate::AppError;

/// The range without parameters.
const DEFAULT_LAST: &str = "30d";

/// What a view is about.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The first moment, RFC 3339.
    pub from: Option<String>,
    /// The first moment after, RFC 3339.
    pub to: Option<String>,
    /// A length up to the present, in place of both.
    pub last: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
    /// Only this workflow.
    pub workflow: Option<String>,
    /// What declared dimensions must be.
    pub declared: Vec<Filter>,
}

impl Frame {
    /// A question within the frame, for figures that are to be named.
    pub(super) fn question(&self) -> Query {
        let mut query = Query::metrics([]);
        query.range = self.range();
        query.timezone.clone_from(&self.timezone);
        if let Some(environment) = &self.environment {
            query = query.filter("environment", [environment.as_str()]);
        }
        if let Some(workflow) = &self.workflow {
            query = query.filter("workflow", [workflow.as_str()]);
        }
        query.filters.extend(self.declared.iter().cloned());
        query
    }

    /// The same, with a fixed range.
    pub(super) fn within(&self, range: TimeRange) -> Self {
        Self {
            from: Some(range.from.to_string()),
            to: Some(range.to.to_string()),
            last: None,
            ..self.clone()
        }
    }

    fn range(&self) -> Range {
        let nothing = self.from.is_none() && self.to.is_none() && self.last.is_none();
        Range {
            from: self.from.clone(),
            to: self.to.clone(),
            last: self
                .last
                .clone()
                .or_else(|| nothing.then(|| DEFAULT_LAST.to_owned())),
            all: None,
        }
    }
}

/// Names the parameter in place of the part of the query that it became.
pub fn in_parameters(mut error: AppError) -> AppError {
    let parameter = error.field.as_deref().map(|field| match field {
        "range" => "from",
        _ if field.starts_with("range.") => &field["range.".len()..],
        _ if field.starts_with("dimensions") => "groupBy",
        other => other,
    });
    error.field = parameter.map(str::to_owned);
    error
}

/// The same for an error in a query that a frame made: of a filter the parameter is named that became it.
pub(super) fn in_parameters_of(query: &Query, error: AppError) -> AppError {
    let field = error.field.as_deref().unwrap_or_default();
    let place = field
        .strip_prefix("filters[")
        .and_then(|rest| rest.split(']').next());
    let filter = place.and_then(|place| query.filters.get(place.parse::<usize>().ok()?));
    match filter {
        Some(filter) if filter.dimension == "workflow" => error.field("workflowId"),
        Some(filter) => error.field(filter.dimension.clone()),
        None => in_parameters(error),
    }
}

/// A word of the papers (`triggerType`, `workflowId`) as a dimension's name.
pub fn dimension_word(word: &str) -> String {
    if word.starts_with(METADATA) {
        return word.to_owned();
    }
    let word = match word {
        "workflowId" => "workflow",
        "userId" => "user",
        "stepId" => "step",
        other => other,
    };
    let mut snake = String::with_capacity(word.len() + 4);
    for letter in word.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    #[test]
    fn without_parameters_it_is_about_the_last_thirty_days() {
        let range = Frame::default().range();
        assert_eq!(range.last.as_deref(), Some("30d"));
        let half = Frame {
            from: Some("x".to_owned()),
            ..Frame::default()
        }
        .range();
        assert_eq!((half.last, half.from.as_deref()), (None, Some("x")));
    }

    #[test]
    fn filters_are_of_the_parts_named() {
        let frame = Frame {
            environment: Some("production".to_owned()),
            workflow: Some("loan".to_owned()),
            ..Frame::default()
        };
        let dimensions: Vec<_> = frame
            .question()
            .filters
            .into_iter()
            .map(|filter| filter.dimension)
            .collect();
        assert_eq!(dimensions, ["environment", "workflow"]);
    }

    #[test]
    fn an_error_names_the_parameter() {
        let field = |field: &str| {
            let error = AppError::new(ErrorCode::InvalidParameter, "").field(field);
            in_parameters(error).field.unwrap()
        };
        assert_eq!(field("range.from"), "from");
        assert_eq!(field("range"), "from");
        assert_eq!(field("dimensions[0]"), "groupBy");
        assert_eq!(field("timezone"), "timezone");
        let query = Query::metrics(["executions"])
            .filter("workflow", ["w"])
            .filter("metadata.client", ["acme"]);
        let field = |field: &str| {
            let error = AppError::new(ErrorCode::InvalidParameter, "").field(field);
            in_parameters_of(&query, error).field.unwrap()
        };
        assert_eq!(field("filters[0].values"), "workflowId");
        assert_eq!(field("filters[1].dimension"), "metadata.client");
        assert_eq!(field("filters"), "filters");
        assert_eq!(field("range.to"), "to");
    }

    #[test]
    fn words_of_the_papers_become_dimensions() {
        assert_eq!(dimension_word("triggerType"), "trigger_type");
        assert_eq!(dimension_word("workflowId"), "workflow");
        assert_eq!(dimension_word("workflow"), "workflow");
        assert_eq!(dimension_word("error_type"), "error_type");
        assert_eq!(dimension_word("metadata.clientId"), "metadata.clientId");
    }
}
