//! Changing the rule that scores engagement.

use weir_analysis::engagement::{EngagementRule, fault};
use weir_insights::views::activity::engagement::RuleView;
use weir_meta::Actor;
use weir_model::Scope;

use super::{App, AppError, ErrorCode};

impl App {
    /// Replaces the rule. Fails if the rule is invalid or cannot be stored.
    pub async fn put_engagement_rule(
        &self,
        scope: Scope,
        rule: EngagementRule,
        actor: &Actor,
    ) -> Result<RuleView, AppError> {
        if let Some((field, right)) = fault(&rule) {
            let detail = format!("The rule gives no score with this {field}.");
            let error = AppError::new(ErrorCode::InvalidParameter, detail);
            return Err(error.field(field).fix(right));
        }
        let text = serde_json::to_string(&rule).map_err(AppError::internal)?;
        let stored = self.meta.put_engagement_rule(scope, &text, actor).await?;
        Ok(RuleView::of(rule, stored.version, Some(stored.updated_at)))
    }
}
