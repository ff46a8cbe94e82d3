//! Errors in a query: a closed set of codes.

use std::fmt;

/// A query that cannot be answered. The caller can fix it: `field` says where, `fix` says how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct QueryError {
    /// What kind of mistake it is.
    pub code: ErrorCode,
    /// Where it is, as a path into the request: `metrics[1]`, `filters[0].values`, `range.from`.
    pub field: String,
    /// What is wrong, in a sentence for people.
    pub detail: String,
    /// How to fix it: the nearest valid word, the limit, or a hint.
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

    /// The same error with a fix, unless it already has one.
    pub fn or_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix.get_or_insert_with(|| fix.into());
        self
    }

    /// The same error with a fix.
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

macro_rules! codes {
    ($($variant:ident = $name:literal, $description:literal;)*) => {
        /// The kinds of error. The names are stable and part of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $(#[doc = $description] $variant,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];
            /// The name in the API.
            pub fn name(self) -> &'static str { match self { $(ErrorCode::$variant => $name,)* } }
            /// What is wrong, as a title.
            pub fn description(self) -> &'static str { match self { $(ErrorCode::$variant => $description,)* } }
        }
    };
}

codes! {
    MissingMetric = "missing_metric", "The query names no metric";
    UnknownMetric = "unknown_metric", "No metric has this name";
    UnknownDimension = "unknown_dimension", "No dimension has this name";
    UnknownGranularity = "unknown_granularity", "No granularity has this name";
    UnknownOperator = "unknown_operator", "The filter operator is unknown";
    UnknownTimeZone = "unknown_time_zone", "No time zone has this name";
    UnknownComparison = "unknown_comparison", "The comparison is unknown";
    UnknownDirection = "unknown_direction", "The sort direction is unknown";
    Repeated = "repeated", "The query contains something twice";
    DimensionNotAvailable = "dimension_not_available", "A metric does not have this dimension";
    InvalidTime = "invalid_time", "A time is invalid";
    InvalidRange = "invalid_range", "The range is invalid";
    ReversedRange = "reversed_range", "The range is empty or ends before it begins";
    RangeOutOfBounds = "range_out_of_bounds", "The range is too long or outside the supported years";
    TooManyBuckets = "too_many_buckets", "The granularity is too fine for the range";
    TooManyMetrics = "too_many_metrics", "The query asks for too many metrics";
    TooManyDimensions = "too_many_dimensions", "The query groups by too many dimensions";
    TooManyFilters = "too_many_filters", "The query has too many filters, or a filter has too many values";
    EmptyFilter = "empty_filter", "A filter has no values";
    InvalidOrder = "invalid_order", "The sort order names something that the query does not contain";
    InvalidLimit = "invalid_limit", "The limit is invalid or does not apply";
    InvalidTotals = "invalid_totals", "The query has no buckets that totals could be of";
    InvalidThreshold = "invalid_threshold", "The threshold is invalid or does not apply";
    UnknownOccurrence = "unknown_event", "No journey event has this name";
    UnknownFunnelOrder = "unknown_order", "The funnel order is unknown";
    UnknownUnit = "unknown_unit", "The journey unit is unknown";
    InvalidFunnel = "invalid_funnel", "The funnel is inconsistent";
    InvalidWindow = "invalid_window", "The window is invalid";
    TooManyJourneys = "too_many_journeys", "The range has too many journeys";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
