//! The rule by which engagement is judged.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::engagement::{EngagementRule, Targets, Weights};
use weir_model::{Scope, Timestamp};

use crate::{AppError, Reading};

/// The rule of a project.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// How much each part counts.
    pub weights: Weights,
    /// What is as much as can be asked for.
    pub targets: Targets,
    /// 0 for the default; each change adds 1.
    pub version: i64,
    /// When it was changed; null for the default.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
}

impl RuleView {
    /// A version of the rule.
    pub fn of(rule: EngagementRule, version: i64, updated_at: Option<Timestamp>) -> Self {
        Self {
            weights: rule.weights,
            targets: rule.targets,
            version,
            updated_at,
        }
    }

    /// The rule alone.
    pub fn rule(&self) -> EngagementRule {
        EngagementRule {
            weights: self.weights,
            targets: self.targets,
        }
    }
}

impl Reading {
    /// The rule that scores the users of a project.
    pub async fn engagement_rule(&self, scope: Scope) -> Result<RuleView, AppError> {
        let Some(stored) = self.control.engagement_rule(scope).await? else {
            return Ok(RuleView::of(EngagementRule::default(), 0, None));
        };
        let rule = serde_json::from_str(&stored.rule).map_err(AppError::internal)?;
        Ok(RuleView::of(rule, stored.version, Some(stored.updated_at)))
    }
}
