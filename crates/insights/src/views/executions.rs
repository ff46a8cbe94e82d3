//! Execution statistics (paper 2): over time, and as a summary.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::cube::Family;
use weir_query::{Answer, Comparison, Interval, Query, catalogue::find_dimension};

use super::{
    ExecutionFigures, Frame, Meta, Questions, RangeView, Row, Versioned,
    figures::{COST_METRICS, EXECUTION_METRICS, only},
    frame::dimension_word,
};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness};

/// Executions over time, by one dimension if asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionStatistics {
    /// What it covers.
    pub range: RangeView,
    /// The width of a bucket.
    pub granularity: Option<Interval>,
    /// The zone of the buckets.
    pub timezone: String,
    /// The dimension.
    pub group_by: Option<String>,
    /// A point for each bucket and group.
    pub data: Vec<ExecutionPoint>,
    /// How it came about.
    pub meta: Meta,
}

/// A bucket of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExecutionPoint {
    /// The start of the bucket, in the zone asked for.
    #[schema(format = "date-time")]
    pub time: Option<String>,
    /// The group's value of the dimension.
    pub group: Option<String>,
    /// The group's name, where it has one.
    pub name: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

/// Executions of a range and of the one before it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionSummary {
    /// What it covers.
    pub range: RangeView,
    /// The range before: of whole calendar months as many months, else of the same length.
    pub previous_range: Option<RangeView>,
    /// The figures of the range.
    pub current: ExecutionFigures,
    /// The figures of the range before.
    pub previous: ExecutionFigures,
    /// How it came about.
    pub meta: Meta,
}

impl Reading {
    /// Execution statistics over time.
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
        let answer = questions.ask(&query).await?;
        let body = ExecutionStatistics {
            range: answer.query.range.into(),
            granularity: answer.query.granularity,
            timezone: answer.query.zone.name().to_owned(),
            data: self.points(viewer, &answer, dimension.as_deref()),
            group_by: dimension,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(answer.query.range, body))
    }

    fn points(
        &self,
        viewer: Viewer,
        answer: &Answer,
        dimension: Option<&str>,
    ) -> Vec<ExecutionPoint> {
        let names = self.names(viewer, answer);
        let named = dimension.and_then(|dimension| names.get(dimension));
        Row::all(&answer.rows)
            .map(|row| {
                let group = row.key(0);
                let name = named
                    .zip(group.as_ref())
                    .and_then(|(names, id)| names.get(id));
                ExecutionPoint {
                    time: row.time(),
                    name: name.cloned(),
                    group,
                    figures: row.into(),
                }
            })
            .collect()
    }

    /// The figures of a range beside those of the range before.
    pub async fn execution_summary(
        &self,
        viewer: Viewer,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<ExecutionSummary>, AppError> {
        let query = query(frame, None).compare(Comparison::PreviousPeriod);
        let mut questions = Questions::new(self, viewer, freshness);
        let answer = questions.ask(&query).await?;
        let body = ExecutionSummary {
            range: answer.query.range.into(),
            previous_range: answer.query.comparison_range.map(RangeView::from),
            current: only(&answer.rows),
            previous: answer.comparison.as_ref().map(only).unwrap_or_default(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(answer.query.range, body))
    }
}

/// Execution figures by at most one dimension; with those of money where they have that dimension.
pub(super) fn query(frame: &Frame, dimension: Option<&str>) -> Query {
    let known = dimension.and_then(find_dimension);
    let priced = known.is_none_or(|d| Family::Costs.dimensions().contains(&d));
    let cost = COST_METRICS.into_iter().filter(|_| priced);
    frame
        .query(EXECUTION_METRICS.into_iter().chain(cost))
        .by(dimension)
}
