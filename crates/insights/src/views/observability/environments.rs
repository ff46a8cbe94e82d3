//! The health of environments.

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

/// An environment is degraded below this success rate, in percent.
const DEGRADED_BELOW: f64 = 95.0;
/// An environment is unhealthy below this success rate, in percent.
const UNHEALTHY_BELOW: f64 = 80.0;
/// Minimum finished executions before health is reported.
const ENOUGH: u64 = 5;

/// The health of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// At least 95 % of finished executions succeeded.
    Healthy,
    /// Less than 95 % succeeded.
    Degraded,
    /// Less than 80 % succeeded.
    Unhealthy,
    /// Fewer than 5 executions succeeded or failed.
    NotEnoughData,
    /// Nothing ran.
    Idle,
}

/// The response of `GET /api/v1/observability/environments`.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnvironmentHealth {
    /// The time range covered.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// Every environment that has ever sent events, ordered by name; executions that name none come last.
    pub environments: Vec<EnvironmentLine>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Figures of an environment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct EnvironmentLine {
    /// Its name; null for executions that name none.
    pub environment: Option<String>,
    /// Its health.
    pub status: Health,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ObservedFigures,
    /// The range of the true success rate (exact binomial bounds at 95 % confidence).
    pub success_rate_bounds: Option<SuccessRateBounds>,
    /// Number of workflows that ran.
    pub active_workflows: u64,
    /// Running executions.
    pub running_count: u64,
    /// Time of the last execution in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_execution_at: Option<Timestamp>,
    /// Time of the last failure in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_failure_at: Option<Timestamp>,
}

/// Bounds of a rate, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct SuccessRateBounds {
    /// The lowest rate consistent with the counts.
    pub lower: f64,
    /// The highest rate consistent with the counts.
    pub upper: f64,
}

figures! {
    /// Running executions and workflows of an environment.
    #[derive(Default)]
    struct Inside {
        running: u64 = count("running"),
        workflows: u64 = count("workflows"),
    }
}

impl Reading {
    /// The health of environments. Fails if the frame is not valid or the store fails.
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
        let results = questions
            .figures::<(ObservedFigures, Inside)>(frame.question().by(["environment"]))
            .await?;
        let last = LastRuns {
            by: Dimension::Environment,
            range: *range,
            environment: frame.environment.as_deref(),
            keys: &results.answer().ids(&[Dimension::Environment])[&Dimension::Environment],
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
        for found in results.lines() {
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
            time: observation.view(results.query().zone.name()),
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
    fn health_follows_the_success_rate_once_there_is_enough_data() {
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
