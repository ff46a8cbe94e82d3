//! The enumerations of a budget.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_query::Interval;

use crate::app::AppError;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident as $schema:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The stored name.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $word,)* } }
            /// Parses a stored name. Fails if it is unknown.
            pub(super) fn stored(word: &str) -> Result<Self, AppError> {
                match word {
                    $($word => Ok($name::$variant),)*
                    _ => Err(AppError::internal(format!(concat!("a stored budget has the ", $what, " {:?}"), word))),
                }
            }
        }
    };
}

/// Whose spending a budget limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BudgetLevel)]
pub enum Level {
    /// All projects of the organisation together; only for callers who can see the whole organisation.
    Tenant,
    /// The project.
    Project,
    /// One workflow of the project.
    Workflow,
    /// One user of the project.
    User,
}

words! {
    /// The period of a budget, a calendar period in its time zone.
    Period as BudgetPeriod, "period" {
        /// From midnight.
        Day = "day",
        /// From Monday.
        Week = "week",
        /// From the first of the month.
        Month = "month",
    }
}

words! {
    /// What is compared with a threshold.
    Basis as BudgetBasis, "basis" {
        /// The spending so far.
        Actual = "actual",
        /// The forecast spending at the end of the period, if there is a forecast.
        Forecast = "forecast",
    }
}

impl Period {
    pub(super) fn interval(self) -> Interval {
        match self {
            Period::Day => Interval::Day,
            Period::Week => Interval::Week,
            Period::Month => Interval::Month,
        }
    }
}
