//! Documents by kind: how many were made, how surely, how fast.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::Direction;

use super::{OutputWanted, OutputWindow};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, Row, Versioned},
};

/// Kinds in an answer.
const MOST: i64 = 100;

const METRICS: [&str; 8] = [
    "documents",
    "documents_completed",
    "documents_failed",
    "document_success_rate",
    "document_duration_avg",
    "document_duration_p50",
    "document_duration_p95",
    "document_size_sum",
];

/// `GET /api/workflow-analytics/documents`.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentReport {
    /// What it covers.
    pub window: OutputWindow,
    /// Documents of every kind.
    pub total: DocumentFigures,
    /// By kind, the most first.
    pub kinds: Vec<DocumentKindFigures>,
    /// Every bucket of the window in order.
    pub timeseries: Vec<DocumentBucket>,
    /// How it came about.
    pub meta: Meta,
}

/// Documents in figures. Durations are milliseconds, sizes bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentFigures {
    /// Those that were to be made.
    pub documents: u64,
    /// Made.
    pub success: u64,
    /// Not made.
    pub failed: u64,
    /// Percentage made.
    pub success_rate: Option<f64>,
    /// Mean duration.
    pub avg_ms: Option<f64>,
    /// Median duration.
    pub p50_ms: Option<f64>,
    /// 95th percentile of durations.
    pub p95_ms: Option<f64>,
    /// All sizes together.
    pub total_bytes: u64,
}

/// Documents of a kind.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentKindFigures {
    /// pdf, docx, ...
    pub kind: String,
    /// Their figures.
    #[serde(flatten)]
    pub figures: DocumentFigures,
}

/// Documents of a bucket.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentBucket {
    /// Its start.
    #[schema(format = "date-time")]
    pub timestamp: String,
    /// Their figures.
    #[serde(flatten)]
    pub figures: DocumentFigures,
}

impl From<Row<'_>> for DocumentFigures {
    fn from(row: Row<'_>) -> Self {
        Self {
            documents: row.count("documents"),
            success: row.count("documents_completed"),
            failed: row.count("documents_failed"),
            success_rate: row.value("document_success_rate"),
            avg_ms: row.value("document_duration_avg"),
            p50_ms: row.value("document_duration_p50"),
            p95_ms: row.value("document_duration_p95"),
            total_bytes: row.count("document_size_sum"),
        }
    }
}

impl Reading {
    /// Documents by kind.
    pub async fn document_report(
        &self,
        viewer: Viewer,
        wanted: &OutputWanted,
        freshness: Freshness,
    ) -> Result<Versioned<DocumentReport>, AppError> {
        let framed = self.output_frame(viewer, wanted).await?;
        let frame = &framed.frame;
        let mut questions = Questions::new(self, viewer, freshness);
        let whole = questions.ask(&frame.query(METRICS)).await?;
        let kinds = frame
            .query(METRICS)
            .by(["document_kind"])
            .order("documents", Direction::Desc)
            .limit(MOST);
        let kinds = questions.ask(&kinds).await?;
        let series = frame.query(METRICS).every(framed.view.bucket);
        let series = questions.ask(&series).await?;
        let body = DocumentReport {
            window: framed.view,
            total: Row::all(&whole.rows)
                .next()
                .map(DocumentFigures::from)
                .unwrap_or_default(),
            kinds: Row::all(&kinds.rows)
                .map(|row| DocumentKindFigures {
                    kind: row.key(0).unwrap_or_default(),
                    figures: row.into(),
                })
                .collect(),
            timeseries: Row::all(&series.rows)
                .map(|row| DocumentBucket {
                    timestamp: row.time().unwrap_or_default(),
                    figures: row.into(),
                })
                .collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(framed.range, body))
    }
}
