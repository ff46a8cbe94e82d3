//! The common parameters of views: time range, time zone and part of the project.

use weir_model::TimeRange;
use weir_query::{Filter, Query, Range, axis::METADATA};

use crate::AppError;

/// The default range.
const DEFAULT_LAST: &str = "30d";

/// The time range, time zone and filters of a view.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Start of the range, RFC 3339.
    pub from: Option<String>,
    /// End of the range, exclusive, RFC 3339.
    pub to: Option<String>,
    /// The length of a range that ends now, such as `30d`; instead of both.
    pub last: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
    /// Only this workflow.
    pub workflow: Option<String>,
    /// Filters on declared dimensions.
    pub declared: Vec<Filter>,
}

impl Frame {
    /// A query within the frame, without metrics.
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

    /// The same with a fixed range.
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

/// Renames the error's field from a part of the query to the parameter it came from.
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

/// The same for a query that a frame made: a filter is renamed to the parameter it came from.
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

/// The dimension that an API word (`triggerType`, `workflowId`) stands for.
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
    fn the_default_range_is_the_last_thirty_days() {
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
    fn a_frame_filters_by_environment_and_workflow() {
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
    fn api_words_become_dimensions() {
        assert_eq!(dimension_word("triggerType"), "trigger_type");
        assert_eq!(dimension_word("workflowId"), "workflow");
        assert_eq!(dimension_word("workflow"), "workflow");
        assert_eq!(dimension_word("error_type"), "error_type");
        assert_eq!(dimension_word("metadata.clientId"), "metadata.clientId");
    }
}
