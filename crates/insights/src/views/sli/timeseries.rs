//! Runs, durations and documents of a window over time.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::Interval;

use super::{DEFAULT_WINDOW, Runs, WINDOWS, Wanted, in_window, one_decimal, one_of, whole};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Line, Questions, RangeView, Results, Versioned},
};

/// The available bucket widths.
const BUCKETS: [(&str, Interval); 4] = [
    ("1m", Interval::Minute),
    ("5m", Interval::FiveMinutes),
    ("1h", Interval::Hour),
    ("1d", Interval::Day),
];
const DEFAULT_BUCKET: &str = "5m";

/// The response of `GET /api/workflow-analytics/timeseries`.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Timeseries {
    /// All buckets of the window, in order.
    pub timeseries: Vec<Bucket>,
    /// The bucket width: 1m, 5m, 1h or 1d.
    pub bucket: String,
    /// The length of the window: 1d, 7d, 28d or 30d.
    pub window: String,
    /// The time range covered.
    pub range: RangeView,
}

/// A bucket of a time series.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// Its start.
    #[schema(format = "date-time")]
    pub timestamp: String,
    /// Runs that succeeded or failed.
    pub runs_count: u64,
    /// Successful runs.
    pub runs_success: u64,
    /// Failed runs.
    pub runs_error: u64,
    /// Median duration in milliseconds.
    pub dur_p50: Option<i64>,
    /// 95th percentile of durations in milliseconds.
    pub dur_p95: Option<i64>,
    /// PDF documents that were created.
    pub pdf_success: u64,
    /// PDF documents that could not be created.
    pub pdf_error: u64,
    /// Percentage of runs that succeeded.
    pub success_rate: Option<f64>,
}

figures! {
    /// Success rate and durations of runs.
    struct Rates {
        success_rate: Option<f64> = value("success_rate"),
        p50: Option<f64> = value("duration_p50"),
        p95: Option<f64> = value("duration_p95"),
    }

    /// PDF documents.
    #[derive(Clone, Copy, Default)]
    struct Pdf {
        made: u64 = count("documents_completed"),
        not_made: u64 = count("documents_failed"),
    }
}

impl Reading {
    /// The time series of a window. Fails if the request is not valid or the store fails.
    pub async fn sli_timeseries(
        &self,
        viewer: Viewer,
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
        // A fixed range, so that buckets which have not begun have rows too.
        let frame = frame.within(self.range_of(viewer.scope(), &frame).await?);
        let mut questions = Questions::new(self, viewer, freshness);
        let runs = questions.figures(frame.question().every(interval)).await?;
        let range = runs.query().range;
        let pdf = frame
            .question()
            .filter("document_kind", ["pdf"])
            .every(interval)
            .range(range);
        let pdf = questions.figures(pdf).await?;
        let body = Timeseries {
            timeseries: buckets(&runs, &pdf),
            bucket: bucket.to_owned(),
            window: window.to_owned(),
            range: range.into(),
        };
        Ok(questions.finish(range, body))
    }
}

fn buckets(runs: &Results<(Runs, Rates)>, pdf: &Results<Pdf>) -> Vec<Bucket> {
    let pdf: HashMap<_, _> = pdf
        .lines()
        .map(|line| (line.time(), line.figures))
        .collect();
    let bucket = |line: Line<'_, (Runs, Rates)>| {
        let timestamp = line.time();
        let pdf = pdf.get(&timestamp).copied().unwrap_or_default();
        let (runs, rates) = line.figures;
        Bucket {
            timestamp: timestamp.unwrap_or_default(),
            runs_count: runs.total(),
            runs_success: runs.success,
            runs_error: runs.failed,
            dur_p50: rates.p50.map(whole),
            dur_p95: rates.p95.map(whole),
            pdf_success: pdf.made,
            pdf_error: pdf.not_made,
            success_rate: rates.success_rate.map(one_decimal),
        }
    };
    runs.lines().map(bucket).collect()
}
