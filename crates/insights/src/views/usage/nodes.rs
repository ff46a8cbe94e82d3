//! Which types of nodes are used, how often, and how well they do.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::{Answer, Direction};

use super::{Ordered, UsageWanted, ask_nodes, name, seconds};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Row, Versioned, figures::rest_of},
};

const DEFAULT_DAYS: u32 = 30;

/// `GET /analytics/nodes`.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeUsage {
    /// What it covers.
    pub range: RangeView,
    /// Runs by type, the most used first.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    pub node_usage: Ordered,
    /// The most used types.
    pub nodes: Vec<NodeFigures>,
    /// The least used types, the least used first.
    pub least_used: Vec<NodeFigures>,
    /// How many types were used.
    pub total_node_types: usize,
    /// How many runs there were, of all types.
    pub total_node_executions: u64,
    /// How it came about.
    pub meta: Meta,
}

/// A type of node in figures.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NodeFigures {
    /// The type.
    pub node_type: String,
    /// How often it ran.
    pub executions: u64,
    /// How often it completed.
    pub completed: u64,
    /// How often it failed.
    pub failed: u64,
    /// How often it was tried again.
    pub retries: u64,
    /// completed / (completed + failed), in percent.
    pub success_rate: Option<f64>,
    /// failed / (completed + failed), in percent.
    pub failure_rate: Option<f64>,
    /// Mean duration in seconds.
    pub avg_duration: Option<f64>,
    /// 95th percentile of durations in seconds.
    pub p95_duration: Option<f64>,
    /// Runs that asked a cache.
    pub cache_lookups: u64,
    /// Runs that a cache answered.
    pub cache_hits: u64,
    /// cache_hits / cache_lookups, in percent; null where no cache was asked.
    pub cache_hit_rate: Option<f64>,
}

impl From<Row<'_>> for NodeFigures {
    fn from(row: Row<'_>) -> Self {
        let success_rate = row.value("step_success_rate");
        Self {
            node_type: name(row),
            executions: row.count("steps"),
            completed: row.count("steps_completed"),
            failed: row.count("steps_failed"),
            retries: row.count("step_retries"),
            success_rate,
            failure_rate: success_rate.map(|rate| 100.0 - rate),
            avg_duration: seconds(row, "step_duration_avg"),
            p95_duration: seconds(row, "step_duration_p95"),
            cache_lookups: row.count("cache_lookups"),
            cache_hits: row.count("cache_hits"),
            cache_hit_rate: row.value("cache_hit_rate"),
        }
    }
}

impl Reading {
    /// Which types of nodes are used.
    pub async fn node_usage(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<NodeUsage>, AppError> {
        let frame = wanted.framed(DEFAULT_DAYS)?;
        let mut questions = Questions::new(self, viewer, freshness);
        let most = ("steps", Direction::Desc);
        let answer = ask_nodes(&mut questions, wanted, &frame, most).await?;
        let least = ("steps", Direction::Asc);
        let least = ask_nodes(&mut questions, wanted, &frame, least).await?;
        let figures = |answer: &Answer| -> Vec<NodeFigures> {
            Row::all(&answer.rows).map(NodeFigures::from).collect()
        };
        let nodes = figures(&answer);
        let listed: u64 = nodes.iter().map(|node| node.executions).sum();
        let body = NodeUsage {
            range: answer.query.range.into(),
            node_usage: Ordered(
                nodes
                    .iter()
                    .map(|node| (node.node_type.clone(), node.executions))
                    .collect(),
            ),
            least_used: figures(&least),
            total_node_types: answer.groups,
            total_node_executions: listed + rest_of(&answer, "steps") as u64,
            nodes,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(answer.query.range, body))
    }
}
