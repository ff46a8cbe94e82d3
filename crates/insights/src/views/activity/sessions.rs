//! The sessions of one user.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::sessions::GAP;
use weir_model::Timestamp;
use weir_query::{
    Query,
    records::activity::{self as records, SessionRow, read_sessions},
};

use super::{ActivityFilter, Frame, Meta, Questions, RangeView, Versioned};
use crate::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer, query::Freshness};

/// The most sessions on a page.
const MOST: u32 = 1_000;
const DEFAULT: u32 = 100;

/// The sessions of a user in a range. A pause of more than 30 minutes separates two sessions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserSessions {
    /// The time range covered.
    pub range: RangeView,
    /// Number of sessions in the range.
    pub total: usize,
    /// A page of sessions, newest first.
    pub sessions: Vec<UserSession>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A session of a user, by the activities that began in the range.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserSession {
    /// When its first activity began.
    #[schema(value_type = String, format = "date-time")]
    pub start: Timestamp,
    /// When its last activity ended.
    #[schema(value_type = String, format = "date-time")]
    pub end: Timestamp,
    /// Milliseconds between them.
    pub duration_ms: i64,
    /// Number of activities.
    pub activities: u64,
}

/// Which page of sessions.
#[derive(Clone, Debug, Default)]
pub struct SessionPage {
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// The maximum number of sessions on the page.
    pub limit: Option<u32>,
}

impl Reading {
    /// The sessions of a user. Fails if the frame or page is not valid, or if the store fails.
    pub async fn user_sessions(
        &self,
        viewer: Viewer,
        user: &str,
        frame: &Frame,
        wanted: &SessionPage,
        freshness: Freshness,
    ) -> Result<Versioned<UserSessions>, AppError> {
        let limit = limit(wanted.limit)?;
        let before = wanted.cursor.as_deref().map(Cursor::parse).transpose()?;
        let filter = ActivityFilter {
            user: Some(user.to_owned()),
            ..ActivityFilter::default()
        };
        let mut questions = Questions::new(self, viewer, freshness);
        let query = Query {
            metrics: vec!["activities".to_owned()],
            ..filter.question(frame)
        };
        let range = questions.resolved(&query).await?.query.range;
        let selection = filter.selection(frame, range);
        let statement = records::sessions(questions.scope(), &selection, GAP, questions.dialect());
        let read = |batches: Vec<_>| read_sessions(&batches);
        let computing = self.walk_records(viewer, statement.clone(), read);
        let rows = questions.recorded(statement, computing).await?;
        questions.read_from("raw activities");
        let (sessions, next) = page(&rows, before.map(|cursor| cursor.timestamp), limit);
        let body = UserSessions {
            range: range.into(),
            total: rows.len(),
            sessions,
            next_cursor: next.map(|timestamp| {
                let id = String::new();
                Cursor { timestamp, id }.encode()
            }),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}

fn limit(asked: Option<u32>) -> Result<usize, AppError> {
    match asked.unwrap_or(DEFAULT) {
        limit @ 1..=MOST => Ok(limit as usize),
        _ => {
            let detail = "The number of sessions is out of range.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("limit");
            Err(error.fix(format!("1 to {MOST}")))
        }
    }
}

/// The newest sessions that began before a moment, and when the last of them began if there are more. No two
/// sessions of a user begin at the same time, because a pause separates them.
fn page(
    rows: &[SessionRow],
    before: Option<Timestamp>,
    limit: usize,
) -> (Vec<UserSession>, Option<Timestamp>) {
    let older = rows
        .iter()
        .rev()
        .filter(|row| before.is_none_or(|before| row.began < before));
    let mut sessions: Vec<_> = older.take(limit + 1).map(UserSession::from).collect();
    let more = sessions.len() > limit;
    sessions.truncate(limit);
    let next = sessions.last().map(|last| last.start).filter(|_| more);
    (sessions, next)
}

impl From<&SessionRow> for UserSession {
    fn from(row: &SessionRow) -> Self {
        Self {
            start: row.began,
            end: row.ended,
            duration_ms: row.ended.0.saturating_sub(row.began.0),
            activities: row.activities,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_back_in_time_without_gap_or_repetition() {
        let rows: Vec<SessionRow> = (0..5)
            .map(|number| SessionRow {
                began: Timestamp(number * 100),
                ended: Timestamp(number * 100 + 7),
                activities: 1,
            })
            .collect();
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let (sessions, next) = page(&rows, before, 2);
            seen.extend(sessions.iter().map(|session| session.start.0));
            before = next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(seen, [400, 300, 200, 100, 0]);
        assert_eq!(page(&[], None, 2), (Vec::new(), None));
    }
}
