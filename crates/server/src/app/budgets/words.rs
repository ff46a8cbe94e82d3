//! The closed sets of words of a budget.

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
            /// The word in storage.
            pub fn name(self) -> &'static str { match self { $($name::$variant => $word,)* } }
            /// The value of a stored word.
            pub(super) fn stored(word: &str) -> Result<Self, AppError> {
                match word {
                    $($word => Ok($name::$variant),)*
                    _ => Err(AppError::internal(format!(concat!("a stored budget has the ", $what, " {:?}"), word))),
                }
            }
        }
    };
}

/// Whose spending a budget is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BudgetLevel)]
pub enum Level {
    /// Every project of the tenant together; only for those who may see the whole tenant.
    Tenant,
    /// The project.
    Project,
    /// One workflow of the project.
    Workflow,
    /// One user of the project.
    User,
}

words! {
    /// The period of a budget, by the calendar of its time zone.
    Period as BudgetPeriod, "period" {
        /// From midnight.
        Day = "day",
        /// From Monday.
        Week = "week",
        /// From the first.
        Month = "month",
    }
}

words! {
    /// What is held against a threshold.
    Basis as BudgetBasis, "basis" {
        /// What has been spent.
        Actual = "actual",
        /// What will have been spent when the period ends, if a forecast can be made.
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
