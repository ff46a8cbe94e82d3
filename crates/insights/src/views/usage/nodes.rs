//! Usage and success of node types.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::Direction;

use super::{NodeRuns, Ordered, UsageWanted, ask_nodes, failure_rate, name};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Line, Meta, Questions, RangeView, Versioned},
};

const DEFAULT_DAYS: u32 = 30;

/// The response of `GET /analytics/nodes`.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeUsage {
    /// The time range covered.
    pub range: RangeView,
    /// Runs by node type, most used first.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub node_usage: Ordered,
    /// The most used node types, most used first.
    pub nodes: Vec<NodeFigures>,
    /// The least used node types, least used first.
    pub least_used: Vec<NodeFigures>,
    /// Number of node types used.
    pub total_node_types: usize,
    /// Runs of all node types.
    pub total_node_executions: u64,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Figures of a node type.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NodeFigures {
    /// The node type.
    pub node_type: String,
    /// How often it ran.
    pub executions: u64,
    /// How often it completed.
    pub completed: u64,
    /// How often it failed.
    pub failed: u64,
    /// How often it was retried.
    pub retries: u64,
    /// completed / (completed + failed), in percent.
    pub success_rate: Option<f64>,
    /// failed / (completed + failed), in percent.
    pub failure_rate: Option<f64>,
    /// Mean duration in seconds.
    pub avg_duration: Option<f64>,
    /// 95th percentile of durations in seconds.
    pub p95_duration: Option<f64>,
    /// Runs with a cache lookup.
    pub cache_lookups: u64,
    /// Runs with a cache hit.
    pub cache_hits: u64,
    /// cache_hits / cache_lookups, in percent; null without lookups.
    pub cache_hit_rate: Option<f64>,
}

impl From<Line<'_, NodeRuns>> for NodeFigures {
    fn from(line: Line<'_, NodeRuns>) -> Self {
        let (runs, times) = &line.figures;
        Self {
            node_type: name(&line),
            executions: runs.executions,
            completed: runs.completed,
            failed: runs.failed,
            retries: runs.retries,
            success_rate: runs.success_rate,
            failure_rate: failure_rate(runs),
            avg_duration: times.avg_duration,
            p95_duration: times.p95_duration,
            cache_lookups: times.cache_lookups,
            cache_hits: times.cache_hits,
            cache_hit_rate: times.cache_hit_rate,
        }
    }
}

impl Reading {
    /// Usage of node types. Fails if the request is not valid or the store fails.
    pub async fn node_usage(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<NodeUsage>, AppError> {
        let frame = wanted.framed(DEFAULT_DAYS)?;
        let mut questions = Questions::new(self, viewer, freshness);
        let most = ("steps", Direction::Desc);
        let most = ask_nodes(&mut questions, wanted, &frame, most).await?;
        let least = ("steps", Direction::Asc);
        let least = ask_nodes(&mut questions, wanted, &frame, least).await?;
        let nodes: Vec<_> = most.lines().map(NodeFigures::from).collect();
        let listed: u64 = nodes.iter().map(|node| node.executions).sum();
        let range = most.query().range;
        let body = NodeUsage {
            range: range.into(),
            node_usage: Ordered(
                nodes
                    .iter()
                    .map(|node| (node.node_type.clone(), node.executions))
                    .collect(),
            ),
            least_used: least.lines().map(NodeFigures::from).collect(),
            total_node_types: most.groups(),
            total_node_executions: listed + most.rest().map_or(0, |(runs, _)| runs.executions),
            nodes,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}
