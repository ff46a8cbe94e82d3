//! What can be wrong with a query: a closed set of codes.

use std::fmt;

/// A query that cannot be answered. The caller can repair it: `field` says where, `fix` how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct QueryError {
    /// What kind of mistake it is.
    pub code: ErrorCode,
    /// Where it is, as a path into the request: `metrics[1]`, `filters[0].values`, `range.from`.
    pub field: String,
    /// What is wrong, for people.
    pub detail: String,
    /// What would be right: the nearest valid word or the limit, where there is one.
    pub fix: Option<String>,
}

impl QueryError {
    /// An error without a fix.
    pub fn new(code: ErrorCode, field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            code,
            field: field.into(),
            detail: detail.into(),
            fix: None,
        }
    }

    /// The same error with what would be right, where nothing nearer is known.
    pub fn or_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix.get_or_insert_with(|| fix.into());
        self
    }

    /// The same error with what would be right.
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

macro_rules! codes {
    ($($variant:ident = $name:literal, $description:literal;)*) => {
        /// The kinds of mistake. The word is stable and part of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $(#[doc = $description] $variant,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];
            /// The API's word.
            pub fn name(self) -> &'static str { match self { $(ErrorCode::$variant => $name,)* } }
            /// What is wrong, in the words of a title.
            pub fn description(self) -> &'static str { match self { $(ErrorCode::$variant => $description,)* } }
        }
    };
}

codes! {
    MissingMetric = "missing_metric", "The query asks for no metric";
    UnknownMetric = "unknown_metric", "No metric has this name";
    UnknownDimension = "unknown_dimension", "No dimension has this name";
    UnknownGranularity = "unknown_granularity", "No granularity has this name";
    UnknownOperator = "unknown_operator", "A filter's operator is not known";
    UnknownTimeZone = "unknown_time_zone", "No time zone has this name";
    UnknownComparison = "unknown_comparison", "The comparison is not known";
    UnknownDirection = "unknown_direction", "The direction of an order is not known";
    Repeated = "repeated", "Something stands in the query twice";
    DimensionNotAvailable = "dimension_not_available", "A metric does not have this dimension";
    InvalidTime = "invalid_time", "A time cannot be read";
    InvalidRange = "invalid_range", "The range cannot be read";
    ReversedRange = "reversed_range", "The range is empty or ends before it begins";
    RangeOutOfBounds = "range_out_of_bounds", "The range is too long or too far away";
    TooManyBuckets = "too_many_buckets", "The granularity is too fine for the range";
    TooManyMetrics = "too_many_metrics", "The query asks for too many metrics";
    TooManyDimensions = "too_many_dimensions", "The query groups by too many dimensions";
    TooManyFilters = "too_many_filters", "There are too many filters or values of one";
    EmptyFilter = "empty_filter", "A filter has no values";
    InvalidOrder = "invalid_order", "An order names what the query does not ask for";
    InvalidLimit = "invalid_limit", "The limit is out of bounds";
    InvalidThreshold = "invalid_threshold", "The threshold does not fit";
    UnknownOccurrence = "unknown_event", "Nothing of this name happens on a journey";
    UnknownFunnelOrder = "unknown_order", "The order of a funnel's steps is not known";
    UnknownUnit = "unknown_unit", "The unit of journeys is not known";
    InvalidFunnel = "invalid_funnel", "The funnel does not fit together";
    InvalidWindow = "invalid_window", "The window cannot be read";
    TooManyJourneys = "too_many_journeys", "The range has too many journeys";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
