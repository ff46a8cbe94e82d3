//! Merging, splitting and renaming groups of errors.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Actor, ErrorChange, ErrorGroup};
use weir_model::Scope;
use weir_store::Rekeyed;

use super::membership::without;
use crate::app::{App, AppError, ErrorCode};

/// The most groups that can be merged at once.
const MOST: usize = 100;
/// The longest title, in bytes.
const TITLE: usize = 200;

/// The outcome of a change to the grouping.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorsRegrouped)]
pub struct Regrouped {
    /// The group that was changed; null if rules were changed.
    pub error_group: Option<String>,
    /// Stored failed and crashed executions that moved to another group or class.
    pub executions: u64,
    /// Stored failed steps that moved.
    pub steps: u64,
}

/// What to split off a group: fingerprints that were merged into it, or messages that match an expression.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorGroupSplit)]
pub struct Split {
    /// Fingerprints of the group, each of which becomes a separate group again.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// A regular expression. Messages of the group that match it move to a new group, by a rule that is added
    /// to the project's rules.
    #[serde(default)]
    pub pattern: Option<String>,
    /// The title of the new group.
    #[serde(default)]
    pub title: Option<String>,
}

impl Regrouped {
    pub(super) fn of(group: Option<&str>, rekeyed: Rekeyed) -> Self {
        Self {
            error_group: group.map(str::to_owned),
            executions: rekeyed.executions,
            steps: rekeyed.steps,
        }
    }
}

impl App {
    /// Merges groups into another one permanently: future and stored errors move to the group `into`. Fails
    /// if a group is unknown, or if `groups` is empty, too long or contains `into`.
    pub async fn merge_error_groups(
        &self,
        scope: Scope,
        actor: Actor,
        into: &str,
        groups: &[String],
    ) -> Result<Regrouped, AppError> {
        if groups.is_empty() || groups.len() > MOST || groups.iter().any(|group| group == into) {
            let detail = format!(
                "Name 1 to {MOST} groups, not including the one that they are merged into."
            );
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("groups"));
        }
        let turn = self.grouping.keyings.turn(scope).await?;
        let mut merged = self.grouping.keyings.group(&turn, into).await?;
        for id in groups {
            let group = self
                .grouping
                .keyings
                .group(&turn, id)
                .await
                .map_err(|error| error.field("groups"))?;
            merged.examples.extend(group.examples);
        }
        let change = ErrorChange {
            action: "error_groups.merged",
            subject: into.to_owned(),
            rules: None,
            write: vec![merged],
            remove: groups.to_vec(),
        };
        let rekeyed = self.grouping.change(turn, change, actor).await?;
        Ok(Regrouped::of(Some(into), rekeyed))
    }

    /// Renames a group. Without a title it is named after its messages again; a merged group is named after
    /// the messages of the group that the others were merged into. Fails if the group is unknown or the title
    /// is too long.
    pub async fn rename_error_group(
        &self,
        scope: Scope,
        actor: Actor,
        id: &str,
        title: Option<String>,
    ) -> Result<Regrouped, AppError> {
        let title = title
            .map(|title| title.trim().to_owned())
            .filter(|title| !title.is_empty());
        if title.as_ref().is_some_and(|title| title.len() > TITLE) {
            let detail = format!("A title has at most {TITLE} bytes.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("title"));
        }
        let turn = self.grouping.keyings.turn(scope).await?;
        let group = ErrorGroup {
            title,
            ..self.grouping.keyings.group(&turn, id).await?
        };
        let change = ErrorChange {
            action: "error_group.renamed",
            subject: id.to_owned(),
            rules: None,
            write: vec![group],
            remove: Vec::new(),
        };
        let rekeyed = self.grouping.change(turn, change, actor).await?;
        Ok(Regrouped::of(Some(id), rekeyed))
    }

    /// Splits errors off a group. Fails if the group or a fingerprint is unknown, the pattern does not
    /// compile, or nothing would stay in the group.
    pub async fn split_error_group(
        &self,
        scope: Scope,
        actor: Actor,
        id: &str,
        split: Split,
    ) -> Result<Regrouped, AppError> {
        let turn = self.grouping.keyings.turn(scope).await?;
        let group = self.grouping.keyings.group(&turn, id).await?;
        let change = match (split.pattern, split.title) {
            (None, None) => without(&turn, group, &split.fingerprints)?,
            (Some(pattern), Some(title)) if split.fingerprints.is_empty() => {
                self.grouping.by_rule(&turn, group, pattern, title).await?
            }
            _ => {
                let detail = "Give either fingerprints, or a pattern with a title.";
                return Err(
                    AppError::new(ErrorCode::InvalidParameter, detail).field("fingerprints")
                );
            }
        };
        let rekeyed = self.grouping.change(turn, change, actor).await?;
        Ok(Regrouped::of(Some(id), rekeyed))
    }
}
