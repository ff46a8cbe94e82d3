//! Execution statistics, over time and as a summary.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::{Comparison, Interval, Query};

use super::{
    ExecutionFigures, Frame, Line, Meta, Questions, RangeView, Results, Versioned,
    frame::dimension_word,
};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness};

/// Executions over time, optionally by one dimension.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionStatistics {
    /// The time range covered.
    pub range: RangeView,
    /// The bucket width.
    pub granularity: Option<Interval>,
    /// The time zone of the buckets.
    pub timezone: String,
    /// The dimension of the groups; null without groups.
    pub group_by: Option<String>,
    /// One point per bucket and group.
    pub data: Vec<ExecutionPoint>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A bucket of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionPoint {
    /// The start of the bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: Option<String>,
    /// The group's value of the dimension.
    pub group: Option<String>,
    /// The group's name, if it has one.
    pub name: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

/// Executions of a range and of the previous period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionSummary {
    /// The time range covered.
    pub range: RangeView,
    /// The previous period: as many calendar months if the range is whole months, otherwise the same length.
    pub previous_range: Option<RangeView>,
    /// The figures of the range.
    pub current: ExecutionFigures,
    /// The figures of the previous period.
    pub previous: ExecutionFigures,
    /// How this answer was computed.
    pub meta: Meta,
}

impl Reading {
    /// Execution statistics over time. Fails if the frame is not valid or the store fails.
    pub async fn execution_statistics(
        &self,
        viewer: Viewer,
        frame: &Frame,
        granularity: Option<&str>,
        group_by: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<ExecutionStatistics>, AppError> {
        let dimension = group_by.map(dimension_word);
        let mut query = query(frame, dimension.as_deref());
        query.granularity = Some(granularity.unwrap_or("auto").to_owned());
        let mut questions = Questions::new(self, viewer, freshness);
        let results = questions.figures(query).await?;
        let asked = results.query();
        let body = ExecutionStatistics {
            range: asked.range.into(),
            granularity: asked.granularity,
            timezone: asked.zone.name().to_owned(),
            data: self.points(viewer, &results, dimension.as_deref()),
            group_by: dimension,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(asked.range, body))
    }

    fn points(
        &self,
        viewer: Viewer,
        results: &Results<ExecutionFigures>,
        dimension: Option<&str>,
    ) -> Vec<ExecutionPoint> {
        let names = self.names(viewer, results.answer());
        let point = |line: Line<'_, ExecutionFigures>| {
            let group = line.key(0);
            ExecutionPoint {
                time: line.time(),
                name: names.of(dimension.unwrap_or_default(), group.as_deref()),
                group,
                figures: line.figures,
            }
        };
        results.lines().map(point).collect()
    }

    /// The figures of a range and of the previous period. Fails if the frame is not valid or the store fails.
    pub async fn execution_summary(
        &self,
        viewer: Viewer,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<ExecutionSummary>, AppError> {
        let query = query(frame, None).compare(Comparison::PreviousPeriod);
        let mut questions = Questions::new(self, viewer, freshness);
        let results = questions.figures::<ExecutionFigures>(query).await?;
        let asked = results.query();
        let body = ExecutionSummary {
            range: asked.range.into(),
            previous_range: asked.comparison_range.map(RangeView::from),
            current: results.only().unwrap_or_default(),
            previous: results.only_before().unwrap_or_default(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(asked.range, body))
    }
}

/// A query by at most one dimension.
pub(super) fn query(frame: &Frame, dimension: Option<&str>) -> Query {
    frame.question().by(dimension)
}
