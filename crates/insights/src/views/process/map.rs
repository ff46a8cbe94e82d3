//! The process map: the directly-follows graph of a workflow's steps.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::records::process::{
    ProcessMap, map as statement_of,
    map::{Edge, MapSize, Node},
    read_map,
};

use super::{Chosen, MapStep, ProcessWanted, bounded, share, steps::StepNames};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Versioned},
};

/// The default and the largest number of nodes.
const NODES: (usize, usize) = (100, 500);
/// The default and the largest number of edges.
const EDGES: (usize, usize) = (300, 2_000);

/// A request for a process map.
#[derive(Clone, Debug, Default)]
pub struct MapRequest {
    /// Which executions.
    pub wanted: ProcessWanted,
    /// The maximum number of steps: 1 to 500; 100 by default.
    pub nodes: Option<u32>,
    /// The maximum number of arrows between them: 1 to 2,000; 300 by default.
    pub edges: Option<u32>,
}

/// The process map of a workflow. Times are in milliseconds, costs in US dollars, shares in percent of all
/// executions. The attempts of a step count as one visit of it; skipped steps, and steps that contain others,
/// do not count.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowMap {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// Number of executions, with those that have not ended.
    pub executions: u64,
    /// Number of executions that have not ended.
    pub open: u64,
    /// What the executions cost, including what no step is known for; null if they have no costs.
    pub cost: Option<f64>,
    /// The steps, the one that most executions ran first.
    pub nodes: Vec<MapNode>,
    /// The steps that directly follow each other, the most frequent first.
    pub edges: Vec<MapEdge>,
    /// What is not listed.
    pub omitted: MapOmitted,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A step of a process map.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MapNode {
    /// The step.
    pub step: MapStep,
    /// Number of executions that ran it.
    pub executions: u64,
    /// Number of visits: how often it ran, with its attempts counted as one.
    pub runs: u64,
    /// How often it ran, with every attempt.
    pub attempts: u64,
    /// Median time of a visit: the sum of its attempts, by nearest rank.
    pub duration_p50: Option<i64>,
    /// 95th percentile of the time of a visit.
    pub duration_p95: Option<i64>,
    /// Sum of the time of all visits.
    pub duration_sum: Option<f64>,
    /// How much of this sum the step waited for a person or for a time.
    pub waiting_sum: f64,
    /// How much of this sum it worked; null if no time is known.
    pub working_sum: Option<f64>,
    /// Number of visits whose last attempt failed.
    pub failed_runs: u64,
    /// The costs that name this step, and those that name none and arose while only this step of its execution was
    /// running; null if the executions have no costs.
    pub cost: Option<f64>,
    /// Its repetitions.
    pub rework: MapRework,
    /// The executions whose last step this is.
    pub ends: MapEnds,
}

/// The visits of a step beyond the first in an execution.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MapRework {
    /// Number of executions that visited it more than once.
    pub executions: u64,
    /// Number of visits beyond the first.
    pub runs: u64,
    /// How long they took.
    pub duration_ms: f64,
    /// What was spent on them; null if the executions have no costs.
    pub cost: Option<f64>,
}

/// The executions whose last step is this one, by their state.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MapEnds {
    /// They completed.
    pub completed: u64,
    /// They failed or crashed.
    pub failed: u64,
    /// They were canceled.
    pub canceled: u64,
    /// They have not ended.
    pub open: u64,
}

/// Two steps that directly follow each other.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MapEdge {
    /// The first step; null is the start.
    pub from: Option<String>,
    /// The step after it; null is the end of executions that completed.
    pub to: Option<String>,
    /// Number of executions in which this happened.
    pub executions: u64,
    /// How often it happened.
    pub runs: u64,
    /// The executions in percent of all.
    pub share: Option<f64>,
    /// How often the second step began before the first had ended: they ran in parallel.
    pub overlaps: u64,
    /// Median time from the end of the first step to the start of the second, at least 0; from the start, since
    /// the execution began. Null if unknown.
    pub wait_p50: Option<i64>,
    /// 95th percentile of this time.
    pub wait_p95: Option<i64>,
    /// Sum of this time.
    pub wait_sum: Option<f64>,
}

/// The number of steps and arrows that are not listed.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MapOmitted {
    /// Steps.
    pub nodes: u64,
    /// Arrows, including those from and to such steps.
    pub edges: u64,
}

impl Reading {
    /// The process map of a workflow. Fails if the request is not valid or the store fails.
    pub async fn workflow_map(
        &self,
        viewer: Viewer,
        request: &MapRequest,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowMap>, AppError> {
        let size = MapSize {
            nodes: bounded(request.nodes, "nodes", NODES.0, NODES.1)?,
            edges: bounded(request.edges, "edges", EDGES.0, EDGES.1)?,
        };
        let mut questions = Questions::new(self, viewer, freshness);
        let chosen = self.chosen(&mut questions, &request.wanted, None).await?;
        let map = self.map_of(&mut questions, &chosen, size).await?;
        let ids = map.nodes.iter().map(|node| node.step.as_str());
        let names = self.path_names(viewer, ids);
        let workflow = request.wanted.workflow();
        let total = chosen.reach.executions;
        let nodes = map.nodes.iter();
        let body = WorkflowMap {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: chosen.range.into(),
            executions: total,
            open: chosen.reach.open,
            cost: map.cost.map(|cost| cost.as_f64()),
            nodes: nodes
                .map(|of| node(of, map.cost.is_some(), &names))
                .collect(),
            edges: map.edges.iter().map(|of| edge(of, total)).collect(),
            omitted: MapOmitted {
                nodes: map.all_nodes - map.nodes.len() as u64,
                edges: map.all_edges - map.edges.len() as u64,
            },
            meta: questions.meta().await?,
        };
        Ok(questions.finish(chosen.range, body))
    }

    async fn map_of(
        &self,
        questions: &mut Questions<'_>,
        chosen: &Chosen,
        size: MapSize,
    ) -> Result<ProcessMap, AppError> {
        if chosen.reach.executions == 0 {
            return Ok(ProcessMap::default());
        }
        let statement = statement_of(&chosen.taken(questions), size, questions.dialect());
        let (viewer, question) = (questions.viewer(), statement.clone());
        let reading = self.range_records(viewer, chosen.steps(), statement, |rows| read_map(&rows));
        questions.read_from("raw steps");
        questions.recorded(question, reading).await
    }
}

fn node(of: &Node, has_costs: bool, names: &StepNames) -> MapNode {
    let cost = |amount: weir_model::Decimal| has_costs.then(|| amount.as_f64());
    let [completed, failed, canceled, open] = of.ends;
    MapNode {
        step: names.step(&of.step, of.step_type.clone()),
        executions: of.executions,
        runs: of.runs,
        attempts: of.attempts,
        duration_p50: of.durations.p50,
        duration_p95: of.durations.p95,
        duration_sum: of.durations.sum,
        waiting_sum: of.waited,
        working_sum: of.durations.sum.map(|sum| sum - of.waited),
        failed_runs: of.failed,
        cost: cost(of.cost),
        rework: MapRework {
            executions: of.rework.executions,
            runs: of.rework.runs,
            duration_ms: of.rework.duration,
            cost: cost(of.rework.cost),
        },
        ends: MapEnds {
            completed,
            failed,
            canceled,
            open,
        },
    }
}

fn edge(of: &Edge, total: u64) -> MapEdge {
    MapEdge {
        from: of.from.clone(),
        to: of.to.clone(),
        executions: of.executions,
        runs: of.runs,
        share: share(of.executions, total),
        overlaps: of.overlaps,
        wait_p50: of.waits.p50,
        wait_p95: of.waits.p95,
        wait_sum: of.waits.sum,
    }
}
