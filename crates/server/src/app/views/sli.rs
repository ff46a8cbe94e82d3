//! Paper 5's overview and time series, in its words:
//!
//! | paper's word | metric |
//! |---|---|
//! | `success`, `runsSuccess` | `completed` |
//! | `failed`, `runsError` | `failed` + `crashed` |
//! | `runs`, `runsCount`, `totalRuns` | success + failed: runs with a verdict, as in the paper's figures |
//! | `successPct`, `successRate` | `success_rate`, one decimal |
//! | `p95Ms`, `durP50`, `durP95` | `duration_p95`, `duration_p50` |
//! | `documents.pdf`, `pdfSuccess`, `pdfError` | `documents_completed`, `documents_failed` of the kind `pdf` |
//! | `errorBudgetBurnPct` | (100 - success rate) / error budget, as a percentage |
//!
//! A figure without data is null, not 100 and not 0. The targets are the paper's defaults.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Scope;
use weir_query::{Answer, Interval};

use super::{Frame, Row, Session, Versioned};
use crate::app::{App, AppError, ErrorCode, query::Freshness};

/// The paper's default targets.
const TARGET_SUCCESS_PCT: f64 = 99.0;
const TARGET_P95_MS: f64 = 5_000.0;
const ERROR_BUDGET_PCT: f64 = 1.0;

/// The windows that may be asked for.
const WINDOWS: [&str; 3] = ["1d", "7d", "30d"];
const DEFAULT_WINDOW: &str = "7d";

/// The buckets that may be asked for.
const BUCKETS: [(&str, Interval); 4] = [
    ("1m", Interval::Minute),
    ("5m", Interval::FiveMinutes),
    ("1h", Interval::Hour),
    ("1d", Interval::Day),
];
const DEFAULT_BUCKET: &str = "5m";

/// `GET /api/workflow-analytics/overview`.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The indicators.
    pub sli: Sli,
    /// Runs of each day of the window, in the zone asked for.
    pub runs_per_day: Vec<DayRuns>,
    /// Generated documents.
    pub documents: Documents,
    /// What it covers.
    pub window: Window,
}

/// Service level indicators.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sli {
    /// Percentage of runs that succeeded.
    pub success_pct: Option<f64>,
    /// 95th percentile of durations in milliseconds.
    pub p95_ms: Option<i64>,
    /// How much of the error budget is used up; over 100 it is broken.
    pub error_budget_burn_pct: Option<f64>,
    /// Runs with a verdict.
    pub total_runs: u64,
    /// Whether a target is missed: 99 % success, 5,000 ms.
    pub violates_target: bool,
}

/// Runs of a day.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayRuns {
    /// The day.
    #[schema(format = "date")]
    pub date: String,
    /// Runs with a verdict.
    pub runs: u64,
    /// Those that succeeded.
    pub success: u64,
    /// Those that failed.
    pub failed: u64,
}

/// Documents by kind.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Documents {
    /// PDF documents.
    pub pdf: DocumentRuns,
    /// Word documents.
    pub docx: DocumentRuns,
}

/// Documents of a kind.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentRuns {
    /// Made.
    pub success: u64,
    /// Not made.
    pub failed: u64,
    /// Percentage made.
    pub success_rate: Option<f64>,
}

/// The window of an overview.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Window {
    /// The first moment.
    #[schema(value_type = String, format = "date-time")]
    pub start: weir_model::Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = "date-time")]
    pub end: weir_model::Timestamp,
    /// Its length: 1d, 7d, 30d.
    pub duration: String,
}

/// `GET /api/workflow-analytics/timeseries`.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Timeseries {
    /// Every bucket of the window in order.
    pub timeseries: Vec<Bucket>,
    /// The width: 1m, 5m, 1h, 1d.
    pub bucket: String,
    /// The length: 1d, 7d, 30d.
    pub window: String,
}

/// A bucket of a time series.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// Its start.
    #[schema(format = "date-time")]
    pub timestamp: String,
    /// Runs with a verdict.
    pub runs_count: u64,
    /// Those that succeeded.
    pub runs_success: u64,
    /// Those that failed.
    pub runs_error: u64,
    /// Median duration in milliseconds.
    pub dur_p50: Option<i64>,
    /// 95th percentile of durations in milliseconds.
    pub dur_p95: Option<i64>,
    /// PDF documents made.
    pub pdf_success: u64,
    /// PDF documents not made.
    pub pdf_error: u64,
    /// Percentage of runs that succeeded.
    pub success_rate: Option<f64>,
}

/// What both views are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// 1d, 7d or 30d.
    pub window: Option<String>,
    /// The rest; its range is the window.
    pub frame: Frame,
}

impl App {
    /// The overview of a window.
    pub async fn sli_overview(
        &self,
        scope: Scope,
        wanted: &Wanted,
        freshness: Freshness,
    ) -> Result<Versioned<Overview>, AppError> {
        let window = one_of(
            "window",
            wanted.window.as_deref().unwrap_or(DEFAULT_WINDOW),
            &WINDOWS,
        )?;
        let frame = in_window(&wanted.frame, window);
        let mut session = Session::new(self, scope, freshness);
        let daily = frame
            .query(["completed", "failed", "crashed"])
            .every(Interval::Day);
        let daily = session.ask(&daily).await?;
        // The same days for every figure, whatever the time is by now.
        let range = daily.query.range;
        let whole = [
            "completed",
            "failed",
            "crashed",
            "success_rate",
            "duration_p95",
        ];
        let whole = session.ask(&frame.query(whole).range(range)).await?;
        let documents = [
            "documents_completed",
            "documents_failed",
            "document_success_rate",
        ];
        let documents = frame.query(documents).by(["document_kind"]).range(range);
        let documents = session.ask(&documents).await?;
        let body = Overview {
            sli: sli(&whole),
            runs_per_day: Row::all(&daily.rows).map(day).collect(),
            documents: by_kind(&documents),
            window: Window {
                start: range.from,
                end: range.to,
                duration: window.to_owned(),
            },
        };
        let version = session.version(range);
        Ok(Versioned { body, version })
    }

    /// The time series of a window.
    pub async fn sli_timeseries(
        &self,
        scope: Scope,
        wanted: &Wanted,
        bucket: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<Timeseries>, AppError> {
        let window = one_of(
            "window",
            wanted.window.as_deref().unwrap_or(DEFAULT_WINDOW),
            &WINDOWS,
        )?;
        let names = BUCKETS.map(|(name, _)| name);
        let bucket = one_of("bucket", bucket.unwrap_or(DEFAULT_BUCKET), &names)?;
        let interval = BUCKETS
            .into_iter()
            .find(|(name, _)| *name == bucket)
            .map(|(_, i)| i);
        let interval = interval.unwrap_or(Interval::FiveMinutes);
        let frame = in_window(&wanted.frame, window);
        let mut session = Session::new(self, scope, freshness);
        let metrics = [
            "completed",
            "failed",
            "crashed",
            "success_rate",
            "duration_p50",
            "duration_p95",
        ];
        let runs = session.ask(&frame.query(metrics).every(interval)).await?;
        let range = runs.query.range;
        let pdf = frame
            .query(["documents_completed", "documents_failed"])
            .filter("document_kind", ["pdf"])
            .every(interval)
            .range(range);
        let pdf = session.ask(&pdf).await?;
        let body = Timeseries {
            timeseries: buckets(&runs, &pdf),
            bucket: bucket.to_owned(),
            window: window.to_owned(),
        };
        let version = session.version(range);
        Ok(Versioned { body, version })
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

fn failures(row: Row<'_>) -> u64 {
    row.count("failed") + row.count("crashed")
}

fn sli(answer: &Answer) -> Sli {
    let Some(row) = Row::all(&answer.rows).next() else {
        return indicators(0, None, None);
    };
    let runs = row.count("completed") + failures(row);
    indicators(runs, row.value("success_rate"), row.value("duration_p95"))
}

fn indicators(total_runs: u64, success_pct: Option<f64>, p95: Option<f64>) -> Sli {
    let missed = success_pct.is_some_and(|rate| rate < TARGET_SUCCESS_PCT);
    let slow = p95.is_some_and(|duration| duration > TARGET_P95_MS);
    Sli {
        success_pct: success_pct.map(one_decimal),
        p95_ms: p95.map(whole),
        error_budget_burn_pct: success_pct
            .map(|rate| one_decimal((100.0 - rate) / ERROR_BUDGET_PCT * 100.0)),
        total_runs,
        violates_target: missed || slow,
    }
}

fn day(row: Row<'_>) -> DayRuns {
    let (success, failed) = (row.count("completed"), failures(row));
    DayRuns {
        date: row
            .time()
            .map_or_else(String::new, |time| time.chars().take(10).collect()),
        runs: success + failed,
        success,
        failed,
    }
}

fn by_kind(answer: &Answer) -> Documents {
    let of = |kind: &str| {
        let row = Row::all(&answer.rows).find(|row| row.key(0).as_deref() == Some(kind));
        row.map_or_else(DocumentRuns::default, |row| DocumentRuns {
            success: row.count("documents_completed"),
            failed: row.count("documents_failed"),
            success_rate: row.value("document_success_rate").map(one_decimal),
        })
    };
    Documents {
        pdf: of("pdf"),
        docx: of("docx"),
    }
}

fn buckets(runs: &Answer, pdf: &Answer) -> Vec<Bucket> {
    let pdf: HashMap<Option<String>, (u64, u64)> = Row::all(&pdf.rows)
        .map(|row| {
            let counts = (
                row.count("documents_completed"),
                row.count("documents_failed"),
            );
            (row.time(), counts)
        })
        .collect();
    let bucket = |row: Row<'_>| {
        let (pdf_success, pdf_error) = pdf.get(&row.time()).copied().unwrap_or_default();
        let (success, failed) = (row.count("completed"), failures(row));
        Bucket {
            timestamp: row.time().unwrap_or_default(),
            runs_count: success + failed,
            runs_success: success,
            runs_error: failed,
            dur_p50: row.value("duration_p50").map(whole),
            dur_p95: row.value("duration_p95").map(whole),
            pdf_success,
            pdf_error,
            success_rate: row.value("success_rate").map(one_decimal),
        }
    };
    Row::all(&runs.rows).map(bucket).collect()
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
    fn a_window_without_runs_has_no_rate_and_breaks_no_target() {
        let found = indicators(0, None, None);
        assert_eq!(
            (found.success_pct, found.error_budget_burn_pct),
            (None, None)
        );
        assert!(!found.violates_target);
    }

    #[test]
    fn either_target_can_be_missed() {
        assert!(!indicators(10, Some(99.0), Some(5_000.0)).violates_target);
        assert!(indicators(10, Some(98.99), Some(100.0)).violates_target);
        assert!(indicators(10, Some(100.0), Some(5_000.4)).violates_target);
    }

    #[test]
    fn a_rate_of_half_the_budget_burns_half_of_it() {
        let found = indicators(1_000, Some(99.5), None);
        assert_eq!(found.error_budget_burn_pct, Some(50.0));
        assert_eq!(
            indicators(12, Some(11.0 / 12.0 * 100.0), None).success_pct,
            Some(91.7)
        );
    }

    #[test]
    fn an_unknown_window_is_answered_with_the_known_ones() {
        let error = one_of("window", "2d", &WINDOWS).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("window"));
        assert_eq!(error.fix.as_deref(), Some("Use one of 1d, 7d, 30d."));
    }
}
