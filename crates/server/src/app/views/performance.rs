//! The performance of one workflow (paper 2): figures, trend, versions beside each other, bottleneck.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Scope;
use weir_query::{Comparison, Interval};

use super::{
    ExecutionFigures, Frame, Meta, RangeView, Row, Session, Versioned,
    executions::{ExecutionPoint, query},
    figures::only,
    steps::{StepFigures, ask_steps, steps},
};
use crate::app::{App, AppError, query::Freshness};

/// One workflow in figures.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowPerformance {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// What it covers.
    pub range: RangeView,
    /// The width of a bucket of the trend.
    pub granularity: Option<Interval>,
    /// The zone of the buckets.
    pub timezone: String,
    /// The figures of the range.
    pub current: ExecutionFigures,
    /// The figures of the range before, of the same length.
    pub previous: ExecutionFigures,
    /// The figures over time.
    pub trend: Vec<ExecutionPoint>,
    /// The versions beside each other, the busiest first.
    pub versions: Vec<VersionFigures>,
    /// The step that takes most time.
    pub bottleneck: Option<StepFigures>,
    /// How it came about.
    pub meta: Meta,
}

/// A version of a workflow in figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionFigures {
    /// The version; null for executions that named none.
    pub version: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

impl App {
    /// The performance of a workflow.
    pub async fn workflow_performance(
        &self,
        scope: Scope,
        workflow: &str,
        frame: &Frame,
        granularity: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowPerformance>, AppError> {
        let mut session = Session::new(self, scope, freshness);
        let mut over_time = query(frame, None);
        over_time.granularity = Some(granularity.unwrap_or("auto").to_owned());
        let trend = session.ask(&over_time).await?;
        // The same time for every part, whatever the bucket's width made of a relative range.
        let frame = &frame.within(trend.query.range);
        let whole = query(frame, None).compare(Comparison::PreviousPeriod);
        let whole = session.ask(&whole).await?;
        let by_version = session.ask(&query(frame, Some("version"))).await?;
        let by_step = ask_steps(&mut session, frame).await?;
        let body = WorkflowPerformance {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(scope, workflow),
            range: whole.query.range.into(),
            granularity: trend.query.granularity,
            timezone: trend.query.zone.name().to_owned(),
            current: only(&whole.rows),
            previous: whole.comparison.as_ref().map(only).unwrap_or_default(),
            trend: Row::all(&trend.rows).map(point).collect(),
            versions: Row::all(&by_version.rows).map(version).collect(),
            bottleneck: steps(&by_step, &self.names(scope, &by_step))
                .into_iter()
                .find(|step| step.is_bottleneck),
            meta: session.meta().await?,
        };
        let version = session.version(whole.query.range);
        Ok(Versioned { body, version })
    }
}

fn point(row: Row<'_>) -> ExecutionPoint {
    ExecutionPoint {
        time: row.time(),
        group: None,
        name: None,
        figures: row.into(),
    }
}

fn version(row: Row<'_>) -> VersionFigures {
    VersionFigures {
        version: row.key(0),
        figures: row.into(),
    }
}
