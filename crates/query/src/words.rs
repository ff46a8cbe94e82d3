//! The words of a query: closed sets.

use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{
    error::{ErrorCode, QueryError},
    nearest::nearest,
};

/// A closed set of words.
pub trait Word: Copy + 'static {
    /// Every word of the set.
    const ALL: &'static [Self];
    /// The error code for an unknown word.
    const UNKNOWN: ErrorCode;
    /// The name of the set in error messages: "granularity".
    const KIND: &'static str;
    /// The word in the API.
    fn name(self) -> &'static str;

    /// Parses the word at `field` of a request. Fails if the set does not contain it.
    fn parse(word: &str, field: impl Into<String>) -> Result<Self, QueryError> {
        match Self::ALL.iter().find(|known| known.name() == word) {
            Some(&known) => Ok(known),
            None => Err(unknown::<Self>(word, field.into())),
        }
    }
}

fn unknown<W: Word>(word: &str, field: String) -> QueryError {
    let names: Vec<&str> = W::ALL.iter().map(|known| known.name()).collect();
    let error = QueryError::new(
        W::UNKNOWN,
        field,
        format!("there is no {} `{word}`", W::KIND),
    );
    match nearest(word, names.iter().copied()) {
        Some(near) => error.with_fix(near),
        None => error.with_fix(format!("one of {}", names.join(", "))),
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $set:ident, $code:ident, $kind:literal, $($variant:ident = $name:literal, $description:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $set { $(#[doc = $description] $variant,)* }

        impl Word for $set {
            const ALL: &'static [Self] = &[$($set::$variant,)*];
            const UNKNOWN: ErrorCode = ErrorCode::$code;
            const KIND: &'static str = $kind;
            fn name(self) -> &'static str { match self { $($set::$variant => $name,)* } }
        }
    };
}

words! {
    /// The width of a bucket in the answer, in the query's time zone.
    Interval, UnknownGranularity, "granularity",
    Minute = "minute", "One minute.";
    FiveMinutes = "five_minutes", "Five minutes, aligned to the full hour.";
    HalfHour = "half_hour", "Half an hour by the zone's clock.";
    Hour = "hour", "One hour by the zone's clock.";
    HalfDay = "half_day", "From midnight to noon, or from noon to midnight.";
    Day = "day", "A calendar day.";
    Week = "week", "A calendar week, starting on Monday.";
    Month = "month", "A calendar month.";
}

words! {
    /// The range to compare with.
    Comparison, UnknownComparison, "comparison",
    PreviousPeriod = "previous_period", "The range that ends where this one begins. For whole calendar months (a quarter is three, a year twelve), it has the same number of months; for whole days, the same number of days; otherwise, the same length.";
    PreviousYear = "previous_year", "The year before, at every granularity: whole months are compared with the same months of the year before, other ranges with the same weekdays 52 weeks before; ranges longer than 52 weeks with the same dates.";
}

words! {
    /// How a filter uses its values.
    Operator, UnknownOperator, "operator",
    In = "in", "The dimension has one of the values.";
    NotIn = "not_in", "The dimension has none of the values.";
}

words! {
    /// A sort direction.
    Direction, UnknownDirection, "direction",
    Asc = "asc", "Smallest first.";
    Desc = "desc", "Largest first.";
}

words! {
    /// The order in which the steps of a funnel must occur.
    FunnelOrder, UnknownFunnelOrder, "funnel order",
    Sequential = "sequential", "One after the other; anything can happen in between.";
    Strict = "strict", "One directly after the other.";
    Any = "any", "In any order.";
}

words! {
    /// What counts as one journey.
    JourneyUnit, UnknownUnit, "unit",
    Execution = "execution", "Each execution is a journey.";
    Subject = "subject", "All executions of a subject are one journey.";
}

words! {
    /// A dimension by which journeys can be grouped: that of their first execution.
    JourneyDimension, UnknownDimension, "journey dimension",
    Version = "version", "The workflow's version.";
    TriggerType = "trigger_type", "What started the execution.";
    Environment = "environment", "Where it ran.";
    User = "user", "The user who caused it.";
    Source = "source", "The source that reported it.";
}

/// The granularity in a request: an interval, or `auto`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GranularityWord {
    /// An interval.
    Of(Interval),
    /// The interval that suits the length of the range: minutes up to 2 hours, five minutes up to 12
    /// hours, hours up to 7 days, days up to 120 days, weeks up to 731 days, then months.
    Auto,
}

impl Word for GranularityWord {
    const ALL: &'static [Self] = &{
        let mut all = [Self::Auto; Interval::ALL.len() + 1];
        let mut i = 0;
        while i < Interval::ALL.len() {
            all[i] = Self::Of(Interval::ALL[i]);
            i += 1;
        }
        all
    };
    const UNKNOWN: ErrorCode = Interval::UNKNOWN;
    const KIND: &'static str = Interval::KIND;

    fn name(self) -> &'static str {
        match self {
            Self::Of(interval) => interval.name(),
            Self::Auto => "auto",
        }
    }
}

impl PartialSchema for GranularityWord {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The granularity: an interval, or `auto`."))
            .enum_values(Some(Self::ALL.iter().map(|word| word.name())))
            .into()
    }
}

impl ToSchema for GranularityWord {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_serialises_to_its_name() {
        for interval in Interval::ALL {
            let json = serde_json::to_value(interval).unwrap();
            assert_eq!(json, interval.name());
        }
        assert_eq!(
            serde_json::to_value(Comparison::PreviousYear).unwrap(),
            "previous_year"
        );
    }

    #[test]
    fn a_request_accepts_every_interval_and_auto() {
        let (auto, intervals) = GranularityWord::ALL.split_last().unwrap();
        let expected = Interval::ALL
            .iter()
            .map(|&interval| GranularityWord::Of(interval));
        assert_eq!(intervals, expected.collect::<Vec<_>>());
        assert_eq!(
            auto,
            &GranularityWord::parse("auto", "granularity").unwrap()
        );
    }

    #[test]
    fn the_error_for_an_unknown_word_names_the_nearest_or_all() {
        let error = Interval::parse("hourly", "granularity").unwrap_err();
        assert_eq!(error.code, ErrorCode::UnknownGranularity);
        assert_eq!(error.fix.as_deref(), Some("hour"));
        let error = Operator::parse("contains", "filters[0].op").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("one of in, not_in"));
    }
}
