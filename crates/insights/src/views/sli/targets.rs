//! Which target holds, and setting one.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{SliVerdict, Target};
use weir_meta::{SliConfig, SliSettings, SliTarget};
use weir_model::{Scope, Timestamp};
use weir_query::Zone;

use super::DEFAULT_WINDOW;
use crate::{AppError, Reading};

/// Fewer runs are not judged, unless a target says otherwise. With 30 runs a single failure moves a
/// rate by 3 percent.
const DEFAULT_MINIMUM_RUNS: i64 = 30;

/// Whose target it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SliLevel {
    /// The workflow's own.
    Workflow,
    /// The project's.
    Project,
    /// Nobody set one: 99 %, 5,000 ms, 1 %, 7d.
    Default,
}

/// The target that holds for a workflow or a project.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// Whose target it is.
    pub level: SliLevel,
    /// As it is stored; `None` for the default.
    pub config: Option<SliConfig>,
    /// What it says.
    pub settings: SliSettings,
    /// The zone in which its days begin.
    pub zone: Zone,
}

impl InForce {
    /// A target that was set. Fails if its time zone is none.
    pub fn of(level: SliLevel, config: SliConfig) -> Result<Self, AppError> {
        Ok(Self {
            level,
            zone: Zone::parse(&config.settings.timezone)?,
            settings: config.settings.clone(),
            config: Some(config),
        })
    }

    /// The target in the words of the maths.
    pub fn target(&self) -> Target {
        let target = &self.settings.target;
        Target {
            success_pct: target.success_pct,
            p95_ms: target.p95_ms as f64,
            error_budget_pct: target.error_budget_pct,
        }
    }

    /// Fewer runs are not judged.
    pub fn minimum(&self) -> u64 {
        self.settings.minimum_runs.unsigned_abs()
    }

    /// Another one when the target changes.
    pub fn revision(&self) -> u64 {
        let changed = self.config.as_ref().map(|config| config.updated_at.0);
        changed.unwrap_or_default().unsigned_abs()
    }
}

/// A stored target.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliConfigView {
    /// UUID; null where nobody set a target.
    #[schema(format = "uuid")]
    pub id: Option<String>,
    /// The workflow that it is for; null for the whole project.
    pub workflow_id: Option<String>,
    /// Whose target it is.
    pub level: SliLevel,
    /// The least percentage of runs that succeed.
    pub target_success_pct: f64,
    /// The longest 95th percentile of durations in milliseconds.
    #[serde(rename = "targetP95Ms")]
    pub target_p95_ms: i64,
    /// How many percent more may fail.
    pub error_budget_pct: f64,
    /// The length that it is for: 1d, 7d, 28d, 30d.
    pub window: String,
    /// Fewer runs are not judged.
    pub minimum_runs: i64,
    /// The zone in which its days begin.
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
    /// The target that holds for a workflow: its own, its project's, or the default.
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

/// Paper 5's defaults.
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

/// The word of a verdict, as it is stored and shown.
pub(super) fn verdict(word: &str) -> Option<SliVerdict> {
    serde_json::from_value(word.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_survives_being_stored() {
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
