//! Pure computations on figures that queries return.
//!
//! What belongs here: functions from plain values to plain values, each with the source of its
//! rule. What does not: I/O, a clock, queries, a database.

pub mod actives;
pub mod alignment;
pub mod binomial;
pub mod burn;
pub mod change;
pub mod changes;
pub mod compare;
pub mod durations;
pub mod engagement;
pub mod enrolment;
pub mod fingerprint;
pub mod forecast;
pub mod funnel;
pub mod gaps;
pub mod nesting;
pub mod retention;
pub mod round;
pub mod sequence;
pub mod sessions;
pub mod sli;
pub mod steps;
pub mod trend;
pub mod unusual;
pub mod waterfall;

pub use alignment::{Pair, align};
pub use binomial::{Bounds, clopper_pearson};
pub use burn::{
    BurnAlert, BurnState, BurnTable, Counted, burn_rate, burn_state, burn_table, days_left,
    least_burn_rate,
};
pub use change::{Better, Change, Verdict, change};
pub use compare::{Difference, Estimate, Finding, difference, finding};
pub use durations::{Bin, Durations, SortedDurations};
pub use enrolment::{Enrolment, EnrolmentTally, Standing, percent};
pub use fingerprint::{Fingerprint, Fingerprinter, Rule, RuleError};
pub use forecast::{Forecast, forecast};
pub use gaps::{CountedBucket, gaps};
pub use nesting::{Effort, Nested, containers, effort};
pub use round::billionths;
pub use sli::{Share, Sli, SliVerdict, Target, TargetCheck, budget_burn_pct, share, verify};
pub use steps::{
    StepShare, StepTime, coefficient_of_variation, share_of_total, step_shares, vital_few,
};
pub use trend::{Heading, Trend, trend};
pub use unusual::Usual;
pub use waterfall::{Bar, Span, Waterfall, alone_at, waterfall};
