//! Rankings of workflows.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_model::TimeRange;
use weir_query::{Direction, Query};

use super::{ExecutionFigures, Figures, Frame, Meta, Questions, RangeView, Versioned};
use crate::{AppError, ErrorCode, Reading, figures, privacy::Viewer, query::Freshness};

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
    /// The metric that ranks.
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

/// Workflows, highest value first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rankings {
    /// What the workflows are ranked by.
    pub by: RankBy,
    /// The metric of the catalogue that ranks them.
    pub metric: &'static str,
    /// The time range covered.
    pub range: RangeView,
    /// The workflows, highest value first.
    pub rankings: Vec<Ranked>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A workflow in a ranking.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ranked {
    /// The rank, starting at 1.
    pub rank: usize,
    /// The workflow; null for executions that name none.
    pub workflow_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The value that ranks it.
    pub value: Option<f64>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

figures! {
    /// Figures of executions that can rank; null without data.
    struct Common {
        executions: Option<f64> = value("executions"),
        duration: Option<f64> = value("duration_p95"),
        cost: Option<f64> = value("cost"),
    }

    /// Errors come from other facts, so they are only queried when they rank.
    struct Failures {
        errors: Option<f64> = value("errors"),
    }
}

impl Reading {
    /// A ranking of workflows. Fails if the frame or limit is not valid, or if the store fails.
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
            let detail = format!("A ranking can have 1 to {MOST} workflows.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let query = frame
            .question()
            .by(["workflow"])
            .order(by.metric(), Direction::Desc)
            .limit(i64::from(limit));
        let mut questions = Questions::new(self, viewer, freshness);
        let asked = &mut questions;
        let (range, rankings) = match by {
            RankBy::Failures => self.ranked(asked, query, |of: &Failures| of.errors).await,
            RankBy::Slowest => self.ranked(asked, query, |of: &Common| of.duration).await,
            RankBy::Executions => self.ranked(asked, query, |of: &Common| of.executions).await,
            RankBy::Cost => self.ranked(asked, query, |of: &Common| of.cost).await,
        }?;
        let body = Rankings {
            by,
            metric: by.metric(),
            range: range.into(),
            rankings,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }

    async fn ranked<V: Figures>(
        &self,
        questions: &mut Questions<'_>,
        query: Query,
        value: fn(&V) -> Option<f64>,
    ) -> Result<(TimeRange, Vec<Ranked>), AppError> {
        let results = questions.figures::<(ExecutionFigures, V)>(query).await?;
        let names = self.names(questions.viewer(), results.answer());
        let ranked = results
            .lines()
            .enumerate()
            .map(|(position, line)| {
                let workflow_id = line.key(0);
                Ranked {
                    rank: position + 1,
                    workflow_name: names.of("workflow", workflow_id.as_deref()),
                    workflow_id,
                    value: value(&line.figures.1),
                    figures: line.figures.0,
                }
            })
            .collect();
        Ok((results.query().range, ranked))
    }
}
