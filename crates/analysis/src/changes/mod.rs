//! Detects what changed: shifts of levels, surges of rates, silence, and which of them chance cannot
//! explain.
//!
//! A detector looks at one series of consecutive buckets of time and compares a [`Window`] of it with
//! everything before the window: the series' own past. Which window is not known, so all of them are
//! tried, and the p-value of the best one is multiplied by their number (Bonferroni). That makes it
//! an upper bound, because neighbouring windows share most of their buckets. Where a window has an end,
//! what comes after it counts for neither side: a change may have been undone.
//!
//! | module | series | source |
//! |---|---|---|
//! | [`levels`] | log durations, log costs | Levin, Kline, "The CUSUM test of homogeneity with an application in spontaneous abortion epidemiology", Statistics in Medicine 4 (1985); Olshen et al., "Circular binary segmentation", Biostatistics 5 (2004) |
//! | [`rates`] | failures of runs, errors of executions | Kulldorff, "A spatial scan statistic", Communications in Statistics 26 (1997) |
//! | [`silence`] | runs per hour | the Poisson distribution |
//! | [`edges`] | where exactly a change began | Hinkley, "Inference about the change-point in a sequence of random variables", Biometrika 57 (1970) |
//! | [`discoveries`] | many series at once | Benjamini, Hochberg, JRSS B 57 (1995) |

pub mod discoveries;
pub mod edges;
pub mod levels;
pub mod rates;
pub mod rhythm;
pub mod silence;
pub mod tails;
pub mod windows;

#[cfg(test)]
mod noise;

pub use discoveries::discoveries;
pub use levels::{Level, Rise, rises};
pub use rates::{Law, Surge, Trials, surges};
pub use rhythm::without_rhythm;
pub use silence::{HourlyRuns, Silence, silence};
pub use windows::{Search, Window};
