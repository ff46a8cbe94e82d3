//! Worths: what a successful run of a workflow saves, and what reaching a goal is worth, as set by the
//! project.
//!
//! Each worth has periods that start on given days, like prices: a change does not affect earlier periods
//! unless these are changed too. Queries use the worths that are set when they run.

mod input;
mod periods;

use std::hash::{Hash, Hasher};

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{StoredWorth, WorthKind};
use weir_model::{Scope, Timestamp};
use weir_query::worth::Worths;

use crate::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer};

pub use input::{GoalPeriodInput, GoalWorthInput, WorkflowPeriodInput, WorkflowWorthInput};
pub use periods::WorthPeriod;

/// The default and the maximum number of worths on a page.
const PAGE: u32 = 100;
const MOST_PAGE: u32 = 1_000;

/// What a worth belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorthOf {
    /// A successful run of a workflow.
    Workflow,
    /// Reaching a goal.
    Goal,
}

/// The worth of a successful run of a workflow, or of reaching a goal.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorthView {
    /// Whether it belongs to a workflow or a goal.
    pub kind: WorthOf,
    /// The id of the workflow or goal.
    pub id: String,
    /// The periods, oldest first; empty if none is set.
    pub periods: Vec<WorthPeriod>,
    /// When it was last changed; null if it was never set.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
    /// The `ETag`, for `If-Match`.
    #[serde(skip)]
    pub tag: String,
}

/// A page of a project's worths.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorthPage {
    /// The worths: goals before workflows, each ordered by id.
    pub worths: Vec<WorthView>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// Identifies a worth.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    /// Whether it belongs to a workflow or a goal.
    pub kind: WorthKind,
    /// The id of the workflow or goal.
    pub id: &'a str,
}

impl Reading {
    /// A page of a project's worths. Fails if the page is not valid or control data cannot be read.
    pub async fn worth_page(
        &self,
        viewer: Viewer,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<WorthPage, AppError> {
        let limit = limit.unwrap_or(PAGE);
        if !(1..=MOST_PAGE).contains(&limit) {
            let detail = "The number of worths is out of range.";
            return Err(wrong("limit", detail).fix(format!("1 to {MOST_PAGE}")));
        }
        let mut after = cursor.map(Cursor::parse).transpose()?;
        if let Some(cursor) = &mut after {
            cursor.id = self.stored_text(viewer, &cursor.id).await?;
        }
        let after = after.as_ref().map(|cursor| match cursor.timestamp.0 {
            0 => (WorthKind::Goal, cursor.id.as_str()),
            _ => (WorthKind::Workflow, cursor.id.as_str()),
        });
        // One more than requested, to know whether there are more.
        let scope = viewer.scope();
        let mut found = self
            .control
            .worths(scope, after, limit as usize + 1)
            .await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let ids = found.iter_mut().map(|worth| &mut worth.subject);
        self.veil(viewer, ids.collect()).await?;
        let last = found.last().filter(|_| more);
        let next_cursor = last.map(|worth| {
            let cursor = Cursor {
                timestamp: Timestamp(i64::from(worth.kind == WorthKind::Workflow)),
                id: worth.subject.clone(),
            };
            cursor.encode()
        });
        let worths = found.iter().map(|worth| view(of(worth), Some(worth)));
        Ok(WorthPage {
            worths: worths.collect::<Result<_, _>>()?,
            next_cursor,
        })
    }

    /// One worth; without periods if none is set. Fails if control data cannot be read.
    pub async fn worth(&self, viewer: Viewer, of: Of<'_>) -> Result<WorthView, AppError> {
        let id = self.stored_text(viewer, of.id).await?;
        let stored = self.control.worth(viewer.scope(), of.kind, &id).await?;
        view(of, stored.as_ref())
    }

    /// Whether a project has set any worth. Fails if control data cannot be read.
    pub(crate) async fn has_worths(&self, scope: Scope) -> Result<bool, AppError> {
        Ok(!self.control.worths(scope, None, 1).await?.is_empty())
    }

    /// The worths of a project, for queries. Fails if control data cannot be read.
    pub(crate) async fn worths(&self, scope: Scope) -> Result<Worths, AppError> {
        let mut worths = Worths::default();
        for stored in self.control.worths(scope, None, usize::MAX).await? {
            let into = match stored.kind {
                WorthKind::Workflow => &mut worths.workflows,
                WorthKind::Goal => &mut worths.goals,
            };
            into.extend(periods::holding(&stored.subject, &periods_of(&stored)?));
        }
        Ok(worths)
    }
}

fn of(stored: &StoredWorth) -> Of<'_> {
    Of {
        kind: stored.kind,
        id: &stored.subject,
    }
}

fn periods_of(stored: &StoredWorth) -> Result<Vec<WorthPeriod>, AppError> {
    serde_json::from_str(&stored.periods).map_err(AppError::internal)
}

/// The view of a stored worth. Fails if it cannot be read.
pub fn view(of: Of<'_>, stored: Option<&StoredWorth>) -> Result<WorthView, AppError> {
    let periods = stored.map(periods_of).transpose()?;
    Ok(WorthView {
        kind: match of.kind {
            WorthKind::Workflow => WorthOf::Workflow,
            WorthKind::Goal => WorthOf::Goal,
        },
        id: of.id.to_owned(),
        periods: periods.unwrap_or_default(),
        updated_at: stored.map(|stored| stored.updated_at),
        tag: tag_of(stored),
    })
}

/// Equal worths have equal tags.
pub fn tag_of(stored: Option<&StoredWorth>) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    stored.map(|stored| &stored.periods).hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}
