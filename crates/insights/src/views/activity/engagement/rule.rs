//! The rule that scores engagement.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::engagement::{EngagementRule, Targets, Weights};
use weir_model::{Scope, Timestamp};

use crate::{AppError, Reading};

/// The rule of a project.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// The weight of each part of the score.
    pub weights: Weights,
    /// The values that give each part its full score.
    pub targets: Targets,
    /// 0 for the default rule; each change adds 1.
    pub version: i64,
    /// When it was last changed; null for the default rule.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
}

impl RuleView {
    /// The view of a rule.
    pub fn of(rule: EngagementRule, version: i64, updated_at: Option<Timestamp>) -> Self {
        Self {
            weights: rule.weights,
            targets: rule.targets,
            version,
            updated_at,
        }
    }

    /// The rule without its version.
    pub fn rule(&self) -> EngagementRule {
        EngagementRule {
            weights: self.weights,
            targets: self.targets,
        }
    }
}

impl Reading {
    /// The rule that scores the users of a project. Fails if control data cannot be read.
    pub async fn engagement_rule(&self, scope: Scope) -> Result<RuleView, AppError> {
        let Some(stored) = self.control.engagement_rule(scope).await? else {
            return Ok(RuleView::of(EngagementRule::default(), 0, None));
        };
        let rule = serde_json::from_str(&stored.rule).map_err(AppError::internal)?;
        Ok(RuleView::of(rule, stored.version, Some(stored.updated_at)))
    }
}
