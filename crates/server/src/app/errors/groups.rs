//! Groups that people make: merged, split, renamed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Actor, ErrorChange, ErrorGroup};
use weir_model::Scope;
use weir_store::Rekeyed;

use super::membership::without;
use crate::app::{App, AppError, ErrorCode};

/// The most groups that are merged at once.
const MOST: usize = 100;
/// Bytes of a title.
const TITLE: usize = 200;

/// What became of a change of grouping.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorsRegrouped)]
pub struct Regrouped {
    /// The group that was changed; null when rules were.
    pub error_group: Option<String>,
    /// Stored failed and crashed executions that are counted under another group or class now.
    pub executions: u64,
    /// Stored failed steps that are.
    pub steps: u64,
}

/// What is taken out of a group: fingerprints that were merged into it, or messages that match an
/// expression.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorGroupSplit)]
pub struct Split {
    /// Fingerprints among the group's members, which become groups of their own again.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// A regular expression: messages of the group that match it become a group of their own, by a
    /// rule that is added to the project's.
    #[serde(default)]
    pub pattern: Option<String>,
    /// What that group is called.
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
    /// Puts groups into another one, for good: what is like their errors belongs to it from now on.
    pub async fn merge_error_groups(
        &self,
        scope: Scope,
        actor: Actor,
        into: &str,
        groups: &[String],
    ) -> Result<Regrouped, AppError> {
        if groups.is_empty() || groups.len() > MOST || groups.iter().any(|group| group == into) {
            let detail =
                format!("Name 1 to {MOST} groups, and not the one that they are merged into.");
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

    /// Names a group; without a title it is called by its messages again, one that was merged by those of
    /// the group that the others were merged into.
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

    /// Takes errors out of a group.
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
