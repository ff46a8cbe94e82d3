//! The system status: what is noteworthy at the moment, in sentences.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;
use weir_query::{Comparison, Direction};

use super::{
    Failures, Observation, Observed, ObservedFigures, TimeRangeView,
    insights::{
        Insight, InsightSeverity, damaged, failing_workflow, overall, rollup_problems,
        silent_sources, unhealthy,
    },
};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::{Completeness, Freshness},
    reconciliation::RollupHealth,
    views::{Questions, Versioned},
};

/// How many workflows are checked: those with the most failures.
const WORKFLOWS: i64 = 20;

/// The overall health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemHealth {
    /// There are no warnings and nothing critical.
    Operational,
    /// There are warnings.
    Degraded,
    /// There is at least one critical insight.
    Critical,
    /// Nothing ran in the range or in the previous period.
    NoData,
}

/// The response of `GET /api/v1/observability/status`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemStatus {
    /// The time range covered.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// The overall health.
    pub status: SystemHealth,
    /// Noteworthy findings, most severe first.
    pub insights: Vec<Insight>,
    /// The figures of the range.
    pub figures: ObservedFigures,
    /// When the status was determined.
    #[schema(value_type = String, format = "date-time")]
    pub checked_at: Timestamp,
    /// Which data has arrived.
    pub completeness: Completeness,
    /// The state of rollups.
    pub rollups: RollupHealth,
}

impl Reading {
    /// The system status. Fails if the frame is not valid or the store fails.
    pub async fn observability_status(
        &self,
        viewer: Viewer,
        wanted: &Observed,
        freshness: Freshness,
    ) -> Result<Versioned<SystemStatus>, AppError> {
        let observation = self.observation(viewer, wanted).await?;
        self.system_status(viewer, &observation, freshness).await
    }

    pub(super) async fn system_status(
        &self,
        viewer: Viewer,
        observation: &Observation,
        freshness: Freshness,
    ) -> Result<Versioned<SystemStatus>, AppError> {
        let Observation { range, frame, .. } = observation;
        let mut questions = Questions::new(self, viewer, freshness);
        let whole = frame.question().compare(Comparison::PreviousPeriod);
        let whole = questions.figures::<ObservedFigures>(whole).await?;
        let now = whole.only().unwrap_or_default();
        let before = whole.only_before().unwrap_or_default();
        let failing = frame
            .question()
            .by(["workflow"])
            .order("errors", Direction::Desc)
            .limit(WORKFLOWS);
        let failing = questions
            .figures::<(ObservedFigures, Failures)>(failing)
            .await?;
        let by_environment = questions
            .figures::<ObservedFigures>(frame.question().by(["environment"]))
            .await?;
        let completeness = self.completeness(viewer).await?;
        let names = self.names(viewer, failing.answer());
        let mut insights = overall(&now, &before);
        let failing = failing.lines();
        insights.extend(
            failing.filter_map(|line| failing_workflow(line.key(0), &line.figures.0, &names)),
        );
        let by_environment = by_environment.lines();
        insights.extend(by_environment.filter_map(|line| unhealthy(line.key(0), &line.figures)));
        insights.extend(silent_sources(&completeness, *range));
        let rollups = self.rollup_health(viewer.scope());
        insights.extend(rollup_problems(&rollups));
        let is_damaged = self.damaged.get();
        insights.extend(damaged(is_damaged));
        insights.sort_by_key(|insight| std::cmp::Reverse(insight.severity));
        let body = SystemStatus {
            time: observation.view(whole.query().zone.name()),
            status: status(&now, &before, &insights),
            insights,
            figures: now,
            checked_at: self.clock.now(),
            completeness,
            rollups,
        };
        let revision = revision(&body.rollups) * 2 + u64::from(is_damaged);
        Ok(questions.finish(*range, body).revised(revision))
    }
}

/// A number that changes with the state of rollups.
fn revision(rollups: &RollupHealth) -> u64 {
    let checked = rollups.reconciliation.as_ref();
    let checked = checked.map_or(0, |found| found.checked_at.0.unsigned_abs());
    checked * 2 + u64::from(rollups.expiry_resting)
}

fn status(now: &ObservedFigures, before: &ObservedFigures, insights: &[Insight]) -> SystemHealth {
    if now.total_executions + before.total_executions == 0 {
        return SystemHealth::NoData;
    }
    match insights.iter().map(|insight| insight.severity).max() {
        Some(InsightSeverity::Critical) => SystemHealth::Critical,
        Some(InsightSeverity::Warning) => SystemHealth::Degraded,
        _ => SystemHealth::Operational,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::insights::insight, *};

    #[test]
    fn overall_health_follows_the_most_severe_insight() {
        let none = ObservedFigures::default();
        let some = ObservedFigures {
            total_executions: 10,
            ..none.clone()
        };
        let of = |severity| insight("x", severity, String::new(), None, None);
        assert_eq!(status(&none, &none, &[]), SystemHealth::NoData);
        assert_eq!(status(&some, &none, &[]), SystemHealth::Operational);
        let insights = [of(InsightSeverity::Info), of(InsightSeverity::Warning)];
        assert_eq!(status(&some, &none, &insights), SystemHealth::Degraded);
        let insights = [of(InsightSeverity::Critical), of(InsightSeverity::Info)];
        assert_eq!(status(&none, &some, &insights), SystemHealth::Critical);
    }
}
