//! Which SLO target applies.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{SliVerdict, Target};
use weir_meta::{SliConfig, SliSettings, SliTarget};
use weir_model::{Scope, Timestamp};
use weir_query::Zone;

use super::DEFAULT_WINDOW;
use crate::{AppError, Reading};

/// The default minimum number of runs. With 30 runs, a single failure changes the rate by 3 percentage
/// points.
const DEFAULT_MINIMUM_RUNS: i64 = 30;

/// Where the target comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SliLevel {
    /// It was set for the workflow.
    Workflow,
    /// It was set for the project.
    Project,
    /// The default: 99 % success, 5,000 ms, 1 % error budget, 7d.
    Default,
}

/// The target that applies to a workflow or project.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// Where the target comes from.
    pub level: SliLevel,
    /// The stored target; `None` for the default.
    pub config: Option<SliConfig>,
    /// Its settings.
    pub settings: SliSettings,
    /// The time zone of days.
    pub zone: Zone,
}

impl InForce {
    /// An SLO target with its origin. Fails if its time zone is unknown.
    pub fn of(level: SliLevel, config: SliConfig) -> Result<Self, AppError> {
        Ok(Self {
            level,
            zone: Zone::parse(&config.settings.timezone)?,
            settings: config.settings.clone(),
            config: Some(config),
        })
    }

    /// The target as used in calculations.
    pub fn target(&self) -> Target {
        let target = &self.settings.target;
        Target {
            success_pct: target.success_pct,
            p95_ms: target.p95_ms as f64,
            error_budget_pct: target.error_budget_pct,
        }
    }

    /// Minimum runs before the target is evaluated.
    pub fn minimum(&self) -> u64 {
        self.settings.minimum_runs.unsigned_abs()
    }

    /// A number that changes with the target.
    pub fn revision(&self) -> u64 {
        let changed = self.config.as_ref().map(|config| config.updated_at.0);
        changed.unwrap_or_default().unsigned_abs()
    }
}

/// An SLO target with its origin.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliConfigView {
    /// UUID; null for the default.
    #[schema(format = "uuid")]
    pub id: Option<String>,
    /// The workflow; null for the whole project.
    pub workflow_id: Option<String>,
    /// Where the target comes from.
    pub level: SliLevel,
    /// The minimum percentage of successful runs.
    pub target_success_pct: f64,
    /// The maximum 95th percentile of durations in milliseconds.
    #[serde(rename = "targetP95Ms")]
    pub target_p95_ms: i64,
    /// The percentage of runs that may fail in addition.
    pub error_budget_pct: f64,
    /// The window: 1d, 7d, 28d or 30d.
    pub window: String,
    /// Minimum runs before the target is evaluated.
    pub minimum_runs: i64,
    /// The time zone of days.
    pub timezone: String,
    /// When it was first set.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
}

impl From<&InForce> for SliConfigView {
    fn from(held: &InForce) -> Self {
        let config = held.config.as_ref();
        let settings = &held.settings;
        Self {
            id: config.map(|config| config.id.to_string()),
            workflow_id: config.and_then(|config| config.workflow.clone()),
            level: held.level,
            target_success_pct: settings.target.success_pct,
            target_p95_ms: settings.target.p95_ms,
            error_budget_pct: settings.target.error_budget_pct,
            window: settings.window.clone(),
            minimum_runs: settings.minimum_runs,
            timezone: settings.timezone.clone(),
            created_at: config.map(|config| config.created_at),
            updated_at: config.map(|config| config.updated_at),
        }
    }
}

impl Reading {
    /// The target that applies to a workflow: its own, its project's, or the default. Fails if control data
    /// cannot be read.
    pub async fn sli_in_force(
        &self,
        scope: Scope,
        workflow: Option<&str>,
    ) -> Result<InForce, AppError> {
        if workflow.is_some()
            && let Some(config) = self.control.sli_config(scope, workflow).await?
        {
            return InForce::of(SliLevel::Workflow, config);
        }
        match self.control.sli_config(scope, None).await? {
            Some(config) => InForce::of(SliLevel::Project, config),
            None => Ok(InForce {
                level: SliLevel::Default,
                config: None,
                settings: default_settings(),
                zone: Zone::utc(),
            }),
        }
    }
}

/// The default settings.
pub(super) fn default_settings() -> SliSettings {
    let target = Target::default();
    SliSettings {
        target: SliTarget {
            success_pct: target.success_pct,
            p95_ms: target.p95_ms as i64,
            error_budget_pct: target.error_budget_pct,
        },
        window: DEFAULT_WINDOW.to_owned(),
        minimum_runs: DEFAULT_MINIMUM_RUNS,
        timezone: "UTC".to_owned(),
    }
}

/// The verdict of a stored word.
pub(super) fn verdict(word: &str) -> Option<SliVerdict> {
    serde_json::from_value(word.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_can_be_stored_and_read() {
        for standing in [
            SliVerdict::NoData,
            SliVerdict::NotEnoughData,
            SliVerdict::Met,
            SliVerdict::Violated,
            SliVerdict::Uncertain,
        ] {
            assert_eq!(verdict(standing.name()), Some(standing));
        }
        assert_eq!(verdict("good"), None);
    }
}
