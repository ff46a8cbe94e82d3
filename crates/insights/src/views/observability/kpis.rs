//! Key figures with a sparkline, compared with the previous period.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::{Comparison, Interval};

use super::{
    Observation, Observed, ObservedDeltas, ObservedFigures, TimeRangeView, sparkline_interval,
};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Line, Meta, Questions, RangeView, Versioned},
};

/// The response of `GET /api/v1/observability/kpis`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Kpis {
    /// The time range covered.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// The figures of the range.
    #[serde(flatten)]
    pub figures: ObservedFigures,
    /// Running executions.
    pub running_count: u64,
    /// Waiting executions.
    pub waiting_count: u64,
    /// Executions that have been open for too long: their end may have been lost.
    pub stale_count: u64,
    /// Canceled executions.
    pub canceled_count: u64,
    /// The interval of a point.
    pub sparkline_interval: Interval,
    /// All points of the range, in order.
    pub sparkline_data: Vec<SparklinePoint>,
    /// The changes from the previous period.
    pub delta_vs_previous: ObservedDeltas,
    /// The figures of the previous period.
    pub previous: ObservedFigures,
    /// The previous period: as many calendar months if the range is whole months, otherwise the same length.
    pub previous_range: Option<RangeView>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A point of a sparkline.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct SparklinePoint {
    /// The start of its interval.
    #[schema(format = "date-time")]
    pub timestamp: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ObservedFigures,
}

figures! {
    /// Executions that neither succeeded nor failed.
    #[derive(Default)]
    struct Unjudged {
        running: u64 = count("running"),
        waiting: u64 = count("waiting"),
        stale: u64 = count("stale"),
        canceled: u64 = count("canceled"),
    }
}

impl Reading {
    /// Key figures. Fails if the frame is not valid or the store fails.
    pub async fn observability_kpis(
        &self,
        viewer: Viewer,
        wanted: &Observed,
        freshness: Freshness,
    ) -> Result<Versioned<Kpis>, AppError> {
        let observation = self.observation(viewer, wanted).await?;
        self.kpis(viewer, &observation, freshness).await
    }

    pub(super) async fn kpis(
        &self,
        viewer: Viewer,
        observation: &Observation,
        freshness: Freshness,
    ) -> Result<Versioned<Kpis>, AppError> {
        let Observation { range, frame, .. } = observation;
        let interval = sparkline_interval(range.length());
        let mut questions = Questions::new(self, viewer, freshness);
        let points = questions.figures(frame.question().every(interval)).await?;
        let whole = frame.question().compare(Comparison::PreviousPeriod);
        let whole = questions
            .figures::<(ObservedFigures, Unjudged)>(whole)
            .await?;
        let (figures, unjudged) = whole.only().unwrap_or_default();
        let (previous, _) = whole.only_before().unwrap_or_default();
        let body = Kpis {
            time: observation.view(whole.query().zone.name()),
            delta_vs_previous: figures.against(&previous),
            figures,
            running_count: unjudged.running,
            waiting_count: unjudged.waiting,
            stale_count: unjudged.stale,
            canceled_count: unjudged.canceled,
            sparkline_interval: interval,
            sparkline_data: points.lines().map(point).collect(),
            previous,
            previous_range: whole.query().comparison_range.map(RangeView::from),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(*range, body))
    }
}

fn point(line: Line<'_, ObservedFigures>) -> SparklinePoint {
    SparklinePoint {
        timestamp: line.time().unwrap_or_default(),
        figures: line.figures,
    }
}
