//! The answer of a comparison.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Better, Difference, Finding, compare::rate, difference, finding};
use weir_query::records::process::variants::Pair;

use super::super::{MapStep, PathStep, VariantId, share, steps::StepNames};
use crate::views::{Meta, RangeView};

/// Two groups of ended executions of a workflow. Times are in milliseconds, shares in percent of the group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantComparison {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// The time that both groups lie in.
    pub range: RangeView,
    /// The confidence of all bounds, in percent.
    pub confidence: f64,
    /// The number of executions that each group needs before a difference is reported.
    pub enough: u64,
    /// The first group.
    pub a: VariantGroup,
    /// The second group.
    pub b: VariantGroup,
    /// The variants whose shares differ most, at most 50.
    pub rows: Vec<ComparedVariant>,
    /// The most frequent pairs of steps that directly follow each other, at most 500.
    pub edges: Vec<ComparedEdge>,
    /// The most frequent steps, at most 200.
    pub nodes: Vec<ComparedNode>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A group.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VariantGroup {
    /// What was asked for, such as `version:9`.
    pub label: String,
    /// Number of executions.
    pub executions: u64,
}

/// A part of a group.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct GroupShare {
    /// Number of executions.
    pub executions: u64,
    /// These in percent of the group.
    pub share: Option<f64>,
}

/// A variant in both groups.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparedVariant {
    /// Its id.
    pub id: String,
    /// The steps in order, those that repeat in a row once.
    pub steps: Vec<PathStep>,
    /// Its executions in the first group.
    pub a: GroupShare,
    /// Its executions in the second group.
    pub b: GroupShare,
    /// The share in the first group minus that in the second; null without executions in one of them.
    pub difference: Option<ShareDifference>,
    /// One of `different`, `no_difference` and `not_enough_data`.
    #[schema(value_type = String)]
    pub finding: Finding,
}

/// A difference of two shares in percentage points, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct ShareDifference {
    /// The difference.
    pub value: f64,
    /// The smallest true difference that is consistent with the counts.
    pub lower: f64,
    /// The largest such difference.
    pub upper: f64,
}

/// A pair of steps in both groups.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparedEdge {
    /// The first step.
    pub from: String,
    /// The step directly after it.
    pub to: String,
    /// In the first group.
    pub a: EdgeShare,
    /// In the second group.
    pub b: EdgeShare,
}

/// A pair of steps in a group.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EdgeShare {
    /// Number of executions.
    pub executions: u64,
    /// These in percent of the group.
    pub share: Option<f64>,
    /// Median time between the steps.
    pub wait_p50: Option<i64>,
}

/// A step in both groups.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct ComparedNode {
    /// The step.
    pub step: MapStep,
    /// In the first group.
    pub a: NodeShare,
    /// In the second group.
    pub b: NodeShare,
}

/// A step in a group.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeShare {
    /// Number of executions.
    pub executions: u64,
    /// These in percent of the group.
    pub share: Option<f64>,
    /// Median time of a visit.
    pub duration_p50: Option<i64>,
}

pub(super) fn variant(
    pair: &Pair<(u64, Vec<String>)>,
    totals: [u64; 2],
    names: &StepNames,
) -> ComparedVariant {
    let (path, steps) = &pair.of;
    let rates = [0, 1].map(|side| rate(pair.executions[side], totals[side]));
    let found = rates[0].zip(rates[1]).map(|(a, b)| difference(a, b));
    let [a, b] = [0, 1].map(|side| GroupShare {
        executions: pair.executions[side],
        share: share(pair.executions[side], totals[side]),
    });
    ComparedVariant {
        id: VariantId(*path).to_string(),
        steps: names.path(steps),
        a,
        b,
        difference: found.map(ShareDifference::from),
        finding: finding(found, Better::Neither, totals[0].min(totals[1])),
    }
}

impl From<Difference> for ShareDifference {
    fn from(found: Difference) -> Self {
        Self {
            value: found.value,
            lower: found.lower,
            upper: found.upper,
        }
    }
}

pub(super) fn edge(pair: &Pair<(String, String)>, totals: [u64; 2]) -> ComparedEdge {
    let [a, b] = [0, 1].map(|side| EdgeShare {
        executions: pair.executions[side],
        share: share(pair.executions[side], totals[side]),
        wait_p50: pair.p50[side],
    });
    let (from, to) = pair.of.clone();
    ComparedEdge { from, to, a, b }
}

pub(super) fn node(
    pair: &Pair<(String, Option<String>)>,
    totals: [u64; 2],
    names: &StepNames,
) -> ComparedNode {
    let [a, b] = [0, 1].map(|side| NodeShare {
        executions: pair.executions[side],
        share: share(pair.executions[side], totals[side]),
        duration_p50: pair.p50[side],
    });
    ComparedNode {
        step: names.step(&pair.of.0, pair.of.1.clone()),
        a,
        b,
    }
}
