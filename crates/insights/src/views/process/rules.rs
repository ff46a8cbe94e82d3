//! The conformance rules of a workflow: which sequences of steps are as they should be.

mod input;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::StoredProcessRules;
use weir_model::Timestamp;
use weir_query::records::process::conformance::{Rule, Two};

use crate::{AppError, Reading, privacy::Viewer};

pub use input::{ProcessRuleInput, ProcessRulesInput};

/// The kinds of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProcessRuleKind {
    /// `step` does not run before `other`.
    NeverBefore,
    /// After `step`, `other` runs at some time.
    FollowedBy,
    /// After each visit of `step`, `other` starts within `withinMs` of its end.
    FollowedWithin,
    /// Before `step`, `other` ran at some time.
    PrecededBy,
    /// `step` and `other` do not run in the same execution.
    NeverTogether,
    /// `step` runs at most `times` times.
    AtMost,
    /// `step` runs once.
    ExactlyOnce,
    /// `step` is the first step.
    StartsWith,
    /// `step` is the last step.
    EndsWith,
    /// `step` does not run.
    Never,
}

/// A rule about the steps of a workflow. The attempts of a step count as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessRule {
    /// Its id, unique among the workflow's rules.
    pub id: String,
    /// What it demands.
    pub kind: ProcessRuleKind,
    /// The id of the step that it is about.
    pub step: String,
    /// The id of the other step; null if it is about one.
    pub other: Option<String>,
    /// For `followed_within`: milliseconds.
    pub within_ms: Option<i64>,
    /// For `at_most`: how often the step may run.
    pub times: Option<u32>,
}

/// The conformance rules of a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessRules {
    /// The workflow.
    pub workflow_id: String,
    /// The rules, in the order given; empty if none were set.
    pub rules: Vec<ProcessRule>,
    /// When they were last changed; null if they were never set.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
    /// How often they were changed: the `ETag`, for `If-Match`.
    pub version: i64,
}

impl ProcessRules {
    /// The view of stored rules. Fails if they cannot be read.
    pub fn of(workflow: &str, stored: Option<&StoredProcessRules>) -> Result<Self, AppError> {
        let rules = stored.map(|stored| serde_json::from_str(&stored.rules));
        Ok(Self {
            workflow_id: workflow.to_owned(),
            rules: rules
                .transpose()
                .map_err(AppError::internal)?
                .unwrap_or_default(),
            updated_at: stored.map(|stored| stored.updated_at),
            version: stored.map_or(0, |stored| stored.version),
        })
    }
}

impl Reading {
    /// The conformance rules of a workflow, as the viewer is allowed to see them. Fails if control data cannot be
    /// read.
    pub async fn process_rules(
        &self,
        viewer: Viewer,
        workflow: &str,
    ) -> Result<ProcessRules, AppError> {
        let mut found = self.stored_rules(viewer, workflow).await?;
        let steps = found.rules.iter_mut().flat_map(ProcessRule::steps);
        self.veil(viewer, steps.collect()).await?;
        Ok(found)
    }

    /// The same with the ids of steps as they are stored.
    async fn stored_rules(&self, viewer: Viewer, workflow: &str) -> Result<ProcessRules, AppError> {
        let id = self.stored_text(viewer, workflow).await?;
        let stored = self.control.process_rules(viewer.scope(), &id).await?;
        ProcessRules::of(workflow, stored.as_ref())
    }
}

impl ProcessRule {
    /// The ids of the steps that it names.
    pub(super) fn steps(&mut self) -> impl Iterator<Item = &mut String> {
        std::iter::once(&mut self.step).chain(&mut self.other)
    }

    /// The rule as the store judges it.
    pub(super) fn judged(&self) -> Rule {
        let step = self.step.clone();
        let two = || Two {
            step: self.step.clone(),
            other: self.other.clone().unwrap_or_default(),
        };
        match self.kind {
            ProcessRuleKind::NeverBefore => Rule::NeverBefore(two()),
            ProcessRuleKind::FollowedBy => Rule::FollowedBy(two()),
            ProcessRuleKind::FollowedWithin => {
                Rule::FollowedWithin(two(), self.within_ms.unwrap_or_default())
            }
            ProcessRuleKind::PrecededBy => Rule::PrecededBy(two()),
            ProcessRuleKind::NeverTogether => Rule::NeverTogether(two()),
            ProcessRuleKind::AtMost => Rule::AtMost(step, self.times.unwrap_or_default()),
            ProcessRuleKind::ExactlyOnce => Rule::ExactlyOnce(step),
            ProcessRuleKind::StartsWith => Rule::StartsWith(step),
            ProcessRuleKind::EndsWith => Rule::EndsWith(step),
            ProcessRuleKind::Never => Rule::Never(step),
        }
    }
}
