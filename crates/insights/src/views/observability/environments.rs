//! The environments and how well they are.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Timestamp, cube::Dimension};
use weir_query::records::last_runs::LastRuns;

use super::{Observation, Observed, ObservedFigures, TimeRangeView};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, Versioned},
};

/// An environment with a lower success rate is degraded, in percent.
const DEGRADED_BELOW: f64 = 95.0;
/// An environment with a lower success rate is unhealthy, in percent.
const UNHEALTHY_BELOW: f64 = 80.0;
/// Executions with a verdict that it takes to judge.
const ENOUGH: u64 = 5;

/// How well an environment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// At least 95 % of the executions with a verdict succeeded.
    Healthy,
    /// Less than 95 %.
    Degraded,
    /// Less than 80 %.
    Unhealthy,
    /// Fewer than 5 executions have a verdict.
    NotEnoughData,
    /// Nothing ran.
    Idle,
}

/// `GET /api/v1/observability/environments`.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnvironmentHealth {
    /// The time range covered.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// Every environment that ever sent anything, in order of name; events that named none come last.
    pub environments: Vec<EnvironmentLine>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// An environment in figures.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EnvironmentLine {
    /// Its name; null for executions that named none.
    pub environment: Option<String>,
    /// How well it is.
    pub status: Health,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ObservedFigures,
    /// Between which rates the true success rate lies (exact binomial bounds at 95 %).
    pub success_rate_bounds: Option<SuccessRateBounds>,
    /// Workflows that ran.
    pub active_workflows: u64,
    /// Executions that have started and not ended.
    pub running_count: u64,
    /// When it last said anything, within the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_execution_at: Option<Timestamp>,
    /// When it last had a failure, within the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_failure_at: Option<Timestamp>,
}

/// Bounds of a rate, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct SuccessRateBounds {
    /// The lowest rate that what was counted does not contradict.
    pub lower: f64,
    /// The highest one.
    pub upper: f64,
}

figures! {
    /// What is in an environment.
    #[derive(Default)]
    struct Inside {
        running: u64 = count("running"),
        workflows: u64 = count("workflows"),
    }
}

impl Reading {
    /// The environments and how well they are.
    pub async fn observability_environments(
        &self,
        viewer: Viewer,
        wanted: &Observed,
        freshness: Freshness,
    ) -> Result<Versioned<EnvironmentHealth>, AppError> {
        let observation = self.observation(viewer, wanted).await?;
        self.environment_health(viewer, &observation, freshness)
            .await
    }

    pub(super) async fn environment_health(
        &self,
        viewer: Viewer,
        observation: &Observation,
        freshness: Freshness,
    ) -> Result<Versioned<EnvironmentHealth>, AppError> {
        let Observation { range, frame, .. } = observation;
        let mut questions = Questions::new(self, viewer, freshness);
        let told = questions
            .figures::<(ObservedFigures, Inside)>(frame.question().by(["environment"]))
            .await?;
        let last = LastRuns {
            by: Dimension::Environment,
            range: *range,
            environment: frame.environment.as_deref(),
            keys: &told.answer().ids(&[Dimension::Environment])[&Dimension::Environment],
        };
        let statement = last.statement(viewer.scope(), self.store.dialect());
        let last = self
            .range_records(viewer, *range, statement, |rows| LastRuns::read(&rows))
            .await?;
        let mut lines: BTreeMap<Option<String>, EnvironmentLine> = BTreeMap::new();
        let wanted_one = frame.environment.as_ref();
        let mut known = self.store.environments(viewer.scope());
        self.veil(viewer, known.iter_mut().collect()).await?;
        for name in known
            .into_iter()
            .filter(|name| wanted_one.is_none_or(|one| one == name))
        {
            lines.insert(Some(name.clone()), line(Some(name), Default::default()));
        }
        for found in told.lines() {
            let mut line = line(found.key(0), found.figures);
            let key = line.environment.as_deref().unwrap_or_default();
            if let Some(last) = last.get(key) {
                line.last_execution_at = Some(last.at);
                line.last_failure_at = last.failure_at;
            }
            lines.insert(line.environment.clone(), line);
        }
        let unnamed = lines.remove(&None);
        let body = EnvironmentHealth {
            time: observation.view(told.query().zone.name()),
            environments: lines.into_values().chain(unnamed).collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(*range, body))
    }
}

fn line(
    environment: Option<String>,
    (figures, inside): (ObservedFigures, Inside),
) -> EnvironmentLine {
    let bounds = weir_analysis::clopper_pearson(figures.success_count, figures.judged());
    EnvironmentLine {
        environment,
        status: health(&figures),
        success_rate_bounds: bounds.map(|bounds| SuccessRateBounds {
            lower: 100.0 * bounds.lower,
            upper: 100.0 * bounds.upper,
        }),
        active_workflows: inside.workflows,
        running_count: inside.running,
        figures,
        last_execution_at: None,
        last_failure_at: None,
    }
}

pub(super) fn health(figures: &ObservedFigures) -> Health {
    match figures.success_rate {
        _ if figures.total_executions == 0 => Health::Idle,
        Some(_) | None if figures.judged() < ENOUGH => Health::NotEnoughData,
        Some(rate) if rate < UNHEALTHY_BELOW => Health::Unhealthy,
        Some(rate) if rate < DEGRADED_BELOW => Health::Degraded,
        _ => Health::Healthy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_follows_the_success_rate_once_there_is_enough_to_judge() {
        let of = |success: u64, failure: u64, total: u64| {
            let judged = success + failure;
            health(&ObservedFigures {
                total_executions: total,
                success_count: success,
                failure_count: failure,
                success_rate: (judged > 0).then(|| 100.0 * success as f64 / judged as f64),
                ..ObservedFigures::default()
            })
        };
        assert_eq!(of(0, 0, 0), Health::Idle);
        assert_eq!(of(0, 0, 9), Health::NotEnoughData);
        assert_eq!(of(0, 4, 4), Health::NotEnoughData);
        assert_eq!(of(0, 5, 5), Health::Unhealthy);
        assert_eq!(of(8, 2, 10), Health::Degraded);
        assert_eq!(of(79, 21, 100), Health::Unhealthy);
        assert_eq!(of(95, 5, 100), Health::Healthy);
    }
}
