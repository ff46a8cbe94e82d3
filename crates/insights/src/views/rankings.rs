//! Workflows in order (paper 2).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_query::{Answer, Direction};

use super::{
    ExecutionFigures, Frame, Meta, Questions, RangeView, Row, Versioned, executions::query,
};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

/// What workflows are ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RankBy {
    /// The 95th percentile of durations.
    #[default]
    Slowest,
    /// The number of failed and crashed executions.
    Failures,
    /// The number of executions.
    Executions,
    /// US dollars spent.
    Cost,
}

impl RankBy {
    /// The metric that ranks, with its unit's word for the answer.
    fn metric(self) -> &'static str {
        match self {
            RankBy::Slowest => "duration_p95",
            RankBy::Failures => "errors",
            RankBy::Executions => "executions",
            RankBy::Cost => "cost",
        }
    }
}

/// The most workflows in a ranking.
const MOST: u32 = 100;
const DEFAULT: u32 = 10;

/// Workflows, the highest value first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rankings {
    /// What ranks them.
    pub by: RankBy,
    /// The metric behind it, as in the catalogue.
    pub metric: &'static str,
    /// What it covers.
    pub range: RangeView,
    /// The workflows.
    pub rankings: Vec<Ranked>,
    /// How it came about.
    pub meta: Meta,
}

/// A workflow in a ranking.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ranked {
    /// 1 for the first.
    pub rank: usize,
    /// The workflow; null for executions that named none.
    pub workflow_id: Option<String>,
    /// Its name.
    pub workflow_name: Option<String>,
    /// The value that ranks it.
    pub value: Option<f64>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

impl Reading {
    /// Workflows in order.
    pub async fn workflow_rankings(
        &self,
        viewer: Viewer,
        frame: &Frame,
        by: RankBy,
        limit: Option<u32>,
        freshness: Freshness,
    ) -> Result<Versioned<Rankings>, AppError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("A ranking has 1 to {MOST} workflows.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let mut query = query(frame, Some("workflow"));
        if !query.metrics.iter().any(|metric| metric == by.metric()) {
            query.metrics.push(by.metric().to_owned());
        }
        let query = query
            .order(by.metric(), Direction::Desc)
            .limit(i64::from(limit));
        let mut questions = Questions::new(self, viewer, freshness);
        let answer = questions.ask(&query).await?;
        let body = Rankings {
            by,
            metric: by.metric(),
            range: answer.query.range.into(),
            rankings: self.ranked(viewer, &answer, by),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(answer.query.range, body))
    }

    fn ranked(&self, viewer: Viewer, answer: &Answer, by: RankBy) -> Vec<Ranked> {
        let names = self.names(viewer, answer);
        let workflows = names.get("workflow");
        Row::all(&answer.rows)
            .enumerate()
            .map(|(position, row)| {
                let workflow_id = row.key(0);
                let name = workflows
                    .zip(workflow_id.as_ref())
                    .and_then(|(names, id)| names.get(id));
                Ranked {
                    rank: position + 1,
                    workflow_name: name.cloned(),
                    workflow_id,
                    value: row.value(by.metric()),
                    figures: row.into(),
                }
            })
            .collect()
    }
}
