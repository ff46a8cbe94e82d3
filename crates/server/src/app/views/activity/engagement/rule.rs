//! The rule by which engagement is judged.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::engagement::{EngagementRule, Targets, Weights, fault};
use weir_meta::Actor;
use weir_model::{Scope, Timestamp};

use crate::app::{App, AppError, ErrorCode, Reading};

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
    fn of(rule: EngagementRule, version: i64, updated_at: Option<Timestamp>) -> Self {
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

impl App {
    /// Puts a rule in place of the one before.
    pub async fn put_engagement_rule(
        &self,
        scope: Scope,
        rule: EngagementRule,
        actor: &Actor,
    ) -> Result<RuleView, AppError> {
        if let Some((field, right)) = fault(&rule) {
            let detail = format!("The rule has no score with this {field}.");
            let error = AppError::new(ErrorCode::InvalidParameter, detail);
            return Err(error.field(field).fix(right));
        }
        let text = serde_json::to_string(&rule).map_err(AppError::internal)?;
        let stored = self.meta.put_engagement_rule(scope, &text, actor).await?;
        Ok(RuleView::of(rule, stored.version, Some(stored.updated_at)))
    }
}
