//! SLOs: overview, time series and service levels. They have their own field names:
//!
//! | field | metric |
//! |---|---|
//! | `success`, `runsSuccess` | `completed` |
//! | `failed`, `runsError` | `failed` + `crashed` |
//! | `runs`, `runsCount`, `totalRuns` | success + failed |
//! | `successPct`, `successRate` | `success_rate`, one decimal |
//! | `p95Ms`, `durP50`, `durP95` | `duration_p95`, `duration_p50` |
//! | `documents.pdf`, `pdfSuccess`, `pdfError` | `documents_completed`, `documents_failed` of the kind `pdf` |
//! | `errorBudgetBurnPct`, `violatesTarget` | `weir_analysis::verify` of those |
//!
//! A figure without data is null, not 100 or 0. The target is that of the workflow, that of its project, or
//! the default ([`SliLevel`]).

mod burning;
mod change;
mod history;
mod measure;
mod overview;
mod report;
mod standings;
mod targets;
mod timeseries;
pub mod windows;

pub use burning::{BurnAlertView, BurnRates, BurnWindow, Objective};
pub use change::{SliConfigInput, changed};
pub use history::{HistoryWindow, TargetView};
pub use measure::{BoundsView, Latency};
pub use overview::Overview;
pub use report::{CurrentSli, SliReport};
pub use standings::{SliStanding, SliStandings, StandingsWanted};
pub use targets::{InForce, SliConfigView, SliLevel};
pub use timeseries::Timeseries;

use super::Frame;
use crate::{AppError, ErrorCode, figures};

/// The available windows. In 28 days, each weekday occurs equally often.
const WINDOWS: [&str; 4] = ["1d", "7d", "28d", "30d"];
const DEFAULT_WINDOW: &str = "7d";

/// The parameters of both views.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// 1d, 7d, 28d or 30d.
    pub window: Option<String>,
    /// Time zone and filters; the window replaces its range.
    pub frame: Frame,
}

figures! {
    /// Runs that succeeded or failed.
    #[derive(Clone, Copy, Default)]
    struct Runs {
        success: u64 = count("completed"),
        failed: u64 = count("failed", "crashed"),
    }
}

impl Runs {
    fn total(self) -> u64 {
        self.success + self.failed
    }
}

fn one_of<'a>(parameter: &str, word: &'a str, words: &[&str]) -> Result<&'a str, AppError> {
    if words.contains(&word) {
        return Ok(word);
    }
    let detail = format!("There is no {parameter} {word:?}.");
    Err(AppError::new(ErrorCode::InvalidParameter, detail)
        .field(parameter)
        .fix(format!("Use one of {}.", words.join(", "))))
}

fn in_window(frame: &Frame, window: &str) -> Frame {
    Frame {
        from: None,
        to: None,
        last: Some(window.to_owned()),
        ..frame.clone()
    }
}

/// A frame for a whole project, or for one of its workflows.
fn in_workflow(workflow: Option<&str>) -> Frame {
    Frame {
        workflow: workflow.map(str::to_owned),
        ..Frame::default()
    }
}

fn one_decimal(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn whole(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_window_is_refused_with_the_available_ones() {
        let error = one_of("window", "2d", &WINDOWS).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("window"));
        assert_eq!(error.fix.as_deref(), Some("Use one of 1d, 7d, 28d, 30d."));
    }
}
