//! Setting the conformance rules of workflows.

use weir_insights::views::process::{ProcessRule, ProcessRules};
use weir_meta::{Actor, ProcessRulesSaved, WantedProcessRules};
use weir_model::Scope;

use super::{App, AppError, ErrorCode};

/// The longest id of a workflow, in bytes, as in events.
const ID_BYTES: usize = 256;

impl App {
    /// Replaces the rules of a workflow; with `after`, only if that is their current version, 0 for none. Fails
    /// with `precondition_failed` if it is not, or if too many workflows of the project have rules.
    pub async fn put_process_rules(
        &self,
        scope: Scope,
        workflow: &str,
        rules: &[ProcessRule],
        after: Option<i64>,
        actor: &Actor,
    ) -> Result<ProcessRules, AppError> {
        if workflow.is_empty()
            || workflow.len() > ID_BYTES
            || workflow.chars().any(char::is_control)
        {
            let detail = "This cannot be the id of a workflow.";
            return Err(wrong(detail).fix(format!("1 to {ID_BYTES} bytes of text")));
        }
        let text = serde_json::to_string(rules).map_err(AppError::internal)?;
        let most = self.settings.rule_workflows;
        let wanted = WantedProcessRules {
            workflow,
            rules: &text,
            after,
            most,
        };
        match self.meta.put_process_rules(scope, wanted, actor).await? {
            ProcessRulesSaved::Now(stored) => ProcessRules::of(workflow, Some(&stored)),
            ProcessRulesSaved::Changed => {
                let detail = "The rules are not at the version that you named.";
                Err(AppError::new(ErrorCode::PreconditionFailed, detail)
                    .fix("Read the rules again and apply your change to them."))
            }
            ProcessRulesSaved::TooMany => {
                let detail = format!("{most} workflows of the project have rules.");
                Err(wrong(&detail).fix("Ask the operator to raise `process.workflows`."))
            }
        }
    }
}

fn wrong(detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field("id")
}
