//! Wasted costs: those of executions that failed or were retried.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::billionths;
use weir_model::TimeRange;
use weir_query::records::costs::{Outcome, Request, Spent, decode, statement};

use super::Costs;
use crate::{AppError, Reading, privacy::Viewer};

/// How many workflows are listed.
const LISTED: usize = 10;

/// The costs of a range by outcome of the executions they belong to. The parts add up to all costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waste {
    /// failed + retried, in US dollars.
    pub cost: f64,
    /// failed + retried, in credits.
    pub credits: f64,
    /// The share of all costs, in percent; null if nothing was spent.
    pub share: Option<f64>,
    /// Executions that failed or crashed and were not retried.
    pub failed: WastedBy,
    /// Executions that were retried by another (`retryOf`).
    pub retried: WastedBy,
    /// Executions that completed.
    pub successful: WastedBy,
    /// Executions that were canceled.
    pub canceled: WastedBy,
    /// Executions that have not ended.
    pub open: WastedBy,
    /// Costs that name no execution.
    pub unattributed: WastedBy,
    /// The workflows with the most wasted costs, at most ten.
    pub workflows: Vec<WorkflowWaste>,
}

/// A part of the costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct WastedBy {
    /// Executions with costs.
    pub executions: u64,
    /// US dollars.
    pub cost: f64,
    /// Credits.
    pub credits: f64,
}

/// The wasted costs of a workflow.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowWaste {
    /// The workflow; null for costs that name none.
    pub workflow_id: Option<String>,
    /// US dollars.
    pub cost: f64,
    /// Executions that failed or were retried.
    pub executions: u64,
    /// Its share of the workflow's costs, in percent.
    pub share: Option<f64>,
}

impl Reading {
    /// The costs of a range by outcome. Fails if the store does.
    pub(super) async fn waste(
        &self,
        viewer: Viewer,
        costs: &Costs,
        range: TimeRange,
    ) -> Result<Waste, AppError> {
        let request = Request {
            range,
            filters: costs.filters(),
        };
        let statement = statement(viewer.scope(), &request, self.store.dialect());
        let read = |batches: Vec<_>| Ok(summary(&decode(&batches)?));
        self.walk_records(viewer, statement, read).await
    }
}

fn summary(spent: &[Spent]) -> Waste {
    let part = |outcome| {
        let rows = spent.iter().filter(|row| row.outcome == outcome);
        rows.fold(WastedBy::default(), |sum, row| WastedBy {
            executions: sum.executions + row.executions,
            cost: billionths(sum.cost + row.cost),
            credits: billionths(sum.credits + row.credits),
        })
    };
    let (failed, retried) = (part(Outcome::Failed), part(Outcome::Retried));
    let all: f64 = spent.iter().map(|row| row.cost).sum();
    let cost = billionths(failed.cost + retried.cost);
    Waste {
        cost,
        credits: billionths(failed.credits + retried.credits),
        share: percent(cost, all),
        failed,
        retried,
        successful: part(Outcome::Completed),
        canceled: part(Outcome::Canceled),
        open: part(Outcome::Open),
        unattributed: part(Outcome::Unattributed),
        workflows: workflows(spent),
    }
}

fn workflows(spent: &[Spent]) -> Vec<WorkflowWaste> {
    let mut sums: BTreeMap<&Option<String>, (f64, f64, u64)> = BTreeMap::new();
    for row in spent {
        let (wasted, all, executions) = sums.entry(&row.workflow).or_default();
        *all += row.cost;
        if matches!(row.outcome, Outcome::Failed | Outcome::Retried) {
            *wasted += row.cost;
            *executions += row.executions;
        }
    }
    let mut workflows: Vec<WorkflowWaste> = sums
        .into_iter()
        .filter(|(_, (wasted, ..))| *wasted > 0.0)
        .map(|(workflow, (wasted, all, executions))| WorkflowWaste {
            workflow_id: workflow.clone(),
            cost: billionths(wasted),
            executions,
            share: percent(wasted, all),
        })
        .collect();
    workflows.sort_by(|a, b| b.cost.total_cmp(&a.cost));
    workflows.truncate(LISTED);
    workflows
}

fn percent(part: f64, all: f64) -> Option<f64> {
    (all > 0.0).then(|| 100.0 * part / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waste_is_the_cost_of_failed_and_retried_executions() {
        let row = |workflow: Option<&str>, outcome, executions, cost| Spent {
            workflow: workflow.map(str::to_owned),
            outcome,
            executions,
            cost,
            credits: 2.0 * cost,
        };
        let found = summary(&[
            row(Some("a"), Outcome::Completed, 3, 6.0),
            row(Some("a"), Outcome::Failed, 1, 2.0),
            row(Some("b"), Outcome::Retried, 2, 3.0),
            row(Some("b"), Outcome::Canceled, 1, 1.0),
            row(Some("c"), Outcome::Open, 1, 4.0),
            row(None, Outcome::Unattributed, 0, 4.0),
        ]);
        assert_eq!(
            (found.cost, found.credits, found.share),
            (5.0, 10.0, Some(25.0))
        );
        let most_expensive_first: Vec<_> = found
            .workflows
            .iter()
            .map(|w| (w.workflow_id.as_deref(), w.cost, w.share, w.executions))
            .collect();
        let expected = [
            (Some("b"), 3.0, Some(75.0), 2),
            (Some("a"), 2.0, Some(25.0), 1),
        ];
        assert_eq!(most_expensive_first, expected);
        assert_eq!(summary(&[]).share, None);
    }
}
