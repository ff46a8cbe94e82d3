//! What can be wrong with a query: a closed set of codes.

use std::fmt;

/// A query that can not be answered. The caller can repair it: `field` says where, `fix` how.
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
            /// One sentence on when it is returned.
            pub fn description(self) -> &'static str { match self { $(ErrorCode::$variant => $description,)* } }
        }
    };
}

codes! {
    MissingMetric = "missing_metric", "The query asks for no metric.";
    UnknownMetric = "unknown_metric", "No metric has this name.";
    UnknownDimension = "unknown_dimension", "No dimension has this name.";
    UnknownGranularity = "unknown_granularity", "No granularity has this name.";
    UnknownOperator = "unknown_operator", "A filter's `op` is neither in nor not_in.";
    UnknownTimeZone = "unknown_time_zone", "The IANA time zone database has no zone of this name.";
    UnknownComparison = "unknown_comparison", "`compare` is neither previous_period nor previous_year.";
    UnknownDirection = "unknown_direction", "An order's `direction` is neither asc nor desc.";
    Repeated = "repeated", "A metric, dimension or filter stands in the query twice.";
    DimensionNotAvailable = "dimension_not_available", "A metric does not have this dimension.";
    InvalidTime = "invalid_time", "A time is not RFC 3339 with an offset.";
    InvalidRange = "invalid_range", "The range is not exactly one of from + to, last, all.";
    ReversedRange = "reversed_range", "The range ends before it begins, or is empty.";
    RangeOutOfBounds = "range_out_of_bounds", "The range reaches beyond the years 1900 to 2200.";
    TooManyBuckets = "too_many_buckets", "The range has more buckets of this granularity than can be answered.";
    TooManyMetrics = "too_many_metrics", "The query asks for more metrics than can be answered.";
    TooManyDimensions = "too_many_dimensions", "The query groups by more dimensions than can be answered.";
    TooManyFilters = "too_many_filters", "The query has too many filters, or a filter too many values.";
    EmptyFilter = "empty_filter", "A filter has no values.";
    InvalidOrder = "invalid_order", "An order names a metric or dimension that is not in the query.";
    InvalidLimit = "invalid_limit", "The limit is out of bounds.";
    InvalidThreshold = "invalid_threshold", "The threshold is out of bounds, or no metric of the query has one.";
    UnknownOccurrence = "unknown_event", "A step of a funnel is nothing that happens on a journey.";
    UnknownFunnelOrder = "unknown_order", "The order of a funnel is neither sequential, strict nor any.";
    UnknownUnit = "unknown_unit", "Journeys are neither by execution nor by subject.";
    InvalidFunnel = "invalid_funnel", "The funnel has no steps, too many, or exclusions that lie between none.";
    InvalidWindow = "invalid_window", "A window is not a number of seconds, minutes, hours, days or weeks.";
    TooManyJourneys = "too_many_journeys", "The range has more journeys than can be walked.";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
