//! Documents by kind: number, success and speed.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::Direction;

use super::{OutputWanted, OutputWindow};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, Versioned},
};

/// The most kinds in an answer.
const MOST: i64 = 100;

/// The response of `GET /api/workflow-analytics/documents`.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentReport {
    /// The window covered.
    pub window: OutputWindow,
    /// Documents of all kinds.
    pub total: DocumentFigures,
    /// By kind, most first.
    pub kinds: Vec<DocumentKindFigures>,
    /// All buckets of the window, in order.
    pub timeseries: Vec<DocumentBucket>,
    /// How this answer was computed.
    pub meta: Meta,
}

figures! {
    /// Figures of documents. Durations are in milliseconds, sizes in bytes.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct DocumentFigures {
        /// All documents, successful or not.
        pub documents: u64 = count("documents"),
        /// Documents that were created.
        pub success: u64 = count("documents_completed"),
        /// Documents that could not be created.
        pub failed: u64 = count("documents_failed"),
        /// Percentage that was created.
        pub success_rate: Option<f64> = value("document_success_rate"),
        /// Mean duration.
        pub avg_ms: Option<f64> = value("document_duration_avg"),
        /// Median duration.
        pub p50_ms: Option<f64> = value("document_duration_p50"),
        /// 95th percentile of durations.
        pub p95_ms: Option<f64> = value("document_duration_p95"),
        /// Total size.
        pub total_bytes: u64 = count("document_size_sum"),
    }
}

/// Figures of documents of one kind.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentKindFigures {
    /// The kind: pdf, docx, ...
    pub kind: String,
    /// Their figures.
    #[serde(flatten)]
    pub figures: DocumentFigures,
}

/// Figures of documents in a bucket.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentBucket {
    /// Its start.
    #[schema(format = "date-time")]
    pub timestamp: String,
    /// Their figures.
    #[serde(flatten)]
    pub figures: DocumentFigures,
}

impl Reading {
    /// Documents by kind. Fails if the request is not valid or the store fails.
    pub async fn document_report(
        &self,
        viewer: Viewer,
        wanted: &OutputWanted,
        freshness: Freshness,
    ) -> Result<Versioned<DocumentReport>, AppError> {
        let framed = self.output_frame(viewer, wanted).await?;
        let frame = &framed.frame;
        let mut questions = Questions::new(self, viewer, freshness);
        let whole = questions.figures(frame.question()).await?;
        let kinds = frame
            .question()
            .by(["document_kind"])
            .order("documents", Direction::Desc)
            .limit(MOST);
        let kinds = questions.figures(kinds).await?;
        let series = frame.question().every(framed.view.bucket);
        let series = questions.figures(series).await?;
        let body = DocumentReport {
            window: framed.view,
            total: whole.only().unwrap_or_default(),
            kinds: kinds
                .lines()
                .map(|line| DocumentKindFigures {
                    kind: line.key(0).unwrap_or_default(),
                    figures: line.figures,
                })
                .collect(),
            timeseries: series
                .lines()
                .map(|line| DocumentBucket {
                    timestamp: line.time().unwrap_or_default(),
                    figures: line.figures,
                })
                .collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(framed.range, body))
    }
}
