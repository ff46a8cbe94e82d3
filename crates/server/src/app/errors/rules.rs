//! Changing the grouping rules of a project.

use serde::Deserialize;
use utoipa::ToSchema;
use weir_analysis::Rule;
use weir_insights::errors::{compiled, version_of};
use weir_meta::{Actor, ErrorChange, NewErrorRules};
use weir_model::Scope;

use super::Regrouped;
use crate::app::{App, AppError};

/// Rules to apply or to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorRulesInput)]
pub struct RulesInput {
    /// All rules; those not listed are removed.
    pub rules: Vec<Rule>,
    /// The reason for the change.
    #[serde(default)]
    pub note: Option<String>,
    /// The version that the change is based on; the change is refused if there is a newer one. If omitted,
    /// the current version.
    #[serde(default)]
    pub version: Option<i64>,
}

impl App {
    /// Applies rules and regroups stored errors. Fails if a rule does not compile, or with
    /// `changed_meanwhile` if there is a newer version.
    pub async fn set_error_rules(
        &self,
        scope: Scope,
        actor: Actor,
        input: RulesInput,
    ) -> Result<Regrouped, AppError> {
        compiled(&input.rules)?;
        let turn = self.grouping.keyings.turn(scope).await?;
        let now = version_of(&turn.settings);
        let change = ErrorChange {
            action: "error_rules.changed",
            subject: "rules".to_owned(),
            rules: Some(NewErrorRules {
                after: input.version.unwrap_or(now),
                rules: serde_json::to_string(&input.rules).map_err(AppError::internal)?,
                note: input.note,
            }),
            write: Vec::new(),
            remove: Vec::new(),
        };
        let rekeyed = self.grouping.change(turn, change, actor).await?;
        Ok(Regrouped::of(None, rekeyed))
    }
}
