//! Which types of nodes are slow, which fail, which take the time, and what caches do for them.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::share_of_total;
use weir_query::{Answer, Direction};

use super::{UsageWanted, ask_nodes, name, nodes::NodeFigures, seconds};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Row, Versioned, figures::rest_of},
};

const DEFAULT_DAYS: u32 = 30;

/// `GET /analytics/performance`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PerformanceInsights {
    /// What it covers.
    pub range: RangeView,
    /// The insights.
    pub performance: NodePerformance,
    /// How it came about.
    pub meta: Meta,
}

/// Types of nodes by what is noteworthy about them.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct NodePerformance {
    /// By mean duration, the longest first.
    pub slowest_nodes: Vec<SlowNode>,
    /// By failure rate, the highest first; types that never failed are left out.
    pub most_failed_nodes: Vec<FailedNode>,
    /// By time taken altogether, the most first.
    pub bottlenecks: Vec<BottleneckNode>,
    /// By lookups in a cache, the most first; types that asked no cache are left out.
    pub cache_efficiency: Vec<CachedNode>,
}

/// A type of node by its durations, in seconds.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct SlowNode {
    /// The type.
    pub node_type: String,
    /// Mean duration.
    pub avg_duration: f64,
    /// 95th percentile of durations.
    pub p95_duration: Option<f64>,
    /// How often it ran.
    pub executions: u64,
}

/// A type of node by its failures.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct FailedNode {
    /// The type.
    pub node_type: String,
    /// failed / (completed + failed), in percent.
    pub failure_rate: f64,
    /// How often it failed.
    pub failed: u64,
    /// How often it ran.
    pub executions: u64,
}

/// A type of node by the time it takes, in seconds.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct BottleneckNode {
    /// The type.
    pub node_type: String,
    /// All durations together.
    pub total_duration: f64,
    /// Its part of the time of all nodes, in percent.
    pub share_of_time: Option<f64>,
    /// How often it ran.
    pub executions: u64,
}

/// A type of node by what its cache does.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CachedNode {
    /// The type.
    pub node_type: String,
    /// cache_hits / cache_lookups, in percent.
    pub cache_hit_rate: Option<f64>,
    /// Runs that a cache answered.
    pub cache_hits: u64,
    /// Runs that asked a cache.
    pub cache_lookups: u64,
}

impl Reading {
    /// What is noteworthy about types of nodes.
    pub async fn node_performance(
        &self,
        viewer: Viewer,
        wanted: &UsageWanted,
        freshness: Freshness,
    ) -> Result<Versioned<PerformanceInsights>, AppError> {
        let frame = wanted.framed(DEFAULT_DAYS)?;
        let mut questions = Questions::new(self, viewer, freshness);
        let by = ("step_duration_avg", Direction::Desc);
        let slow = ask_nodes(&mut questions, wanted, &frame, by).await?;
        let by = ("step_success_rate", Direction::Asc);
        let failing = ask_nodes(&mut questions, wanted, &frame, by).await?;
        let by = ("step_duration_sum", Direction::Desc);
        let long = ask_nodes(&mut questions, wanted, &frame, by).await?;
        let by = ("cache_lookups", Direction::Desc);
        let cache = ask_nodes(&mut questions, wanted, &frame, by).await?;
        let body = PerformanceInsights {
            range: slow.query.range.into(),
            performance: NodePerformance {
                slowest_nodes: slowest(&slow),
                most_failed_nodes: most_failed(&failing),
                bottlenecks: bottlenecks(&long),
                cache_efficiency: cached(&cache),
            },
            meta: questions.meta().await?,
        };
        Ok(questions.finish(slow.query.range, body))
    }
}

fn slowest(answer: &Answer) -> Vec<SlowNode> {
    let node = |row: Row<'_>| {
        Some(SlowNode {
            node_type: name(row),
            avg_duration: seconds(row, "step_duration_avg")?,
            p95_duration: seconds(row, "step_duration_p95"),
            executions: row.count("steps"),
        })
    };
    Row::all(&answer.rows).filter_map(node).collect()
}

fn most_failed(answer: &Answer) -> Vec<FailedNode> {
    let nodes = Row::all(&answer.rows).map(NodeFigures::from);
    let failed = nodes.filter(|node| node.failed > 0);
    let failed = failed.map(|node| FailedNode {
        failure_rate: node.failure_rate.unwrap_or(0.0),
        failed: node.failed,
        executions: node.executions,
        node_type: node.node_type,
    });
    failed.collect()
}

fn bottlenecks(answer: &Answer) -> Vec<BottleneckNode> {
    let totals: Vec<f64> = Row::all(&answer.rows)
        .map(|row| seconds(row, "step_duration_sum").unwrap_or(0.0))
        .collect();
    let rest = rest_of(answer, "step_duration_sum") / 1e3;
    let rows = Row::all(&answer.rows)
        .zip(share_of_total(&totals, rest))
        .zip(&totals);
    let nodes = rows.filter(|(_, total)| **total > 0.0);
    let nodes = nodes.map(|((row, share), &total)| BottleneckNode {
        node_type: name(row),
        total_duration: total,
        share_of_time: share,
        executions: row.count("steps"),
    });
    nodes.collect()
}

fn cached(answer: &Answer) -> Vec<CachedNode> {
    let nodes = Row::all(&answer.rows).map(NodeFigures::from);
    let cached = nodes.filter(|node| node.cache_lookups > 0);
    let cached = cached.map(|node| CachedNode {
        node_type: node.node_type,
        cache_hit_rate: node.cache_hit_rate,
        cache_hits: node.cache_hits,
        cache_lookups: node.cache_lookups,
    });
    cached.collect()
}
