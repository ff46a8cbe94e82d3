//! Performance of node types: duration, failures, total time and cache hits.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::share_of_total;
use weir_query::Direction;

use super::{NodeRuns, UsageWanted, ask_nodes, failure_rate, name};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Results, Versioned},
};

const DEFAULT_DAYS: u32 = 30;

/// The response of `GET /analytics/performance`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PerformanceInsights {
    /// The time range covered.
    pub range: RangeView,
    /// Node types in several rankings.
    pub performance: NodePerformance,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Node types in several rankings.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct NodePerformance {
    /// By mean duration, longest first.
    pub slowest_nodes: Vec<SlowNode>,
    /// By failure rate, highest first; without types that never failed.
    pub most_failed_nodes: Vec<FailedNode>,
    /// By total duration, longest first.
    pub bottlenecks: Vec<BottleneckNode>,
    /// By cache lookups, most first; without types that have none.
    pub cache_efficiency: Vec<CachedNode>,
}

/// The durations of a node type, in seconds.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct SlowNode {
    /// The node type.
    pub node_type: String,
    /// Mean duration.
    pub avg_duration: f64,
    /// 95th percentile of durations.
    pub p95_duration: Option<f64>,
    /// How often it ran.
    pub executions: u64,
}

/// The failures of a node type.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct FailedNode {
    /// The node type.
    pub node_type: String,
    /// failed / (completed + failed), in percent.
    pub failure_rate: f64,
    /// How often it failed.
    pub failed: u64,
    /// How often it ran.
    pub executions: u64,
}

/// The total duration of a node type, in seconds.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct BottleneckNode {
    /// The node type.
    pub node_type: String,
    /// Sum of all durations.
    pub total_duration: f64,
    /// Its share of the time of all nodes, in percent.
    pub share_of_time: Option<f64>,
    /// How often it ran.
    pub executions: u64,
}

/// The cache hits of a node type.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct CachedNode {
    /// The node type.
    pub node_type: String,
    /// cache_hits / cache_lookups, in percent.
    pub cache_hit_rate: Option<f64>,
    /// Runs with a cache hit.
    pub cache_hits: u64,
    /// Runs with a cache lookup.
    pub cache_lookups: u64,
}

impl Reading {
    /// Performance of node types. Fails if the request is not valid or the store fails.
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
        let range = slow.query().range;
        let body = PerformanceInsights {
            range: range.into(),
            performance: NodePerformance {
                slowest_nodes: slowest(&slow),
                most_failed_nodes: most_failed(&failing),
                bottlenecks: bottlenecks(&long),
                cache_efficiency: cached(&cache),
            },
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}

fn slowest(results: &Results<NodeRuns>) -> Vec<SlowNode> {
    let nodes = results.lines().filter_map(|line| {
        let (runs, times) = &line.figures;
        Some(SlowNode {
            node_type: name(&line),
            avg_duration: times.avg_duration?,
            p95_duration: times.p95_duration,
            executions: runs.executions,
        })
    });
    nodes.collect()
}

fn most_failed(results: &Results<NodeRuns>) -> Vec<FailedNode> {
    let failed = results.lines().filter(|line| line.figures.0.failed > 0);
    let failed = failed.map(|line| {
        let (runs, _) = &line.figures;
        FailedNode {
            node_type: name(&line),
            failure_rate: failure_rate(runs).unwrap_or(0.0),
            failed: runs.failed,
            executions: runs.executions,
        }
    });
    failed.collect()
}

fn bottlenecks(results: &Results<NodeRuns>) -> Vec<BottleneckNode> {
    let total = |(_, times): &NodeRuns| times.total_duration.unwrap_or(0.0);
    let totals: Vec<f64> = results.lines().map(|line| total(&line.figures)).collect();
    let rest = results.rest().map_or(0.0, |rest| total(&rest));
    let lines = results.lines().zip(share_of_total(&totals, rest));
    let lines = lines.filter(|(line, _)| total(&line.figures) > 0.0);
    let nodes = lines.map(|(line, share)| BottleneckNode {
        node_type: name(&line),
        total_duration: total(&line.figures),
        share_of_time: share,
        executions: line.figures.0.executions,
    });
    nodes.collect()
}

fn cached(results: &Results<NodeRuns>) -> Vec<CachedNode> {
    let cached = results
        .lines()
        .filter(|line| line.figures.1.cache_lookups > 0);
    let cached = cached.map(|line| {
        let (_, times) = &line.figures;
        CachedNode {
            node_type: name(&line),
            cache_hit_rate: times.cache_hit_rate,
            cache_hits: times.cache_hits,
            cache_lookups: times.cache_lookups,
        }
    });
    cached.collect()
}
