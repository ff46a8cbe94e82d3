//! How engaged users are, and the rule that scores them.

mod ranking;
mod rule;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::sessions::GAP;
use weir_model::TimeRange;
use weir_query::{
    Interval, Query, Zone,
    buckets::Buckets,
    records::activity::{read_users, users},
    resolve::MAX_BUCKETS,
};

use super::{
    ActivityFilter, Frame, Meta, Questions, RangeView, Versioned,
    actives::{Actives, present},
};
use crate::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer, query::Freshness};

pub use ranking::{ScoredUser, Scores};
pub use rule::RuleView;

use ranking::{Ranking, place, rank, scored};

/// The most users on a page.
const MOST: u32 = 1_000;
const DEFAULT: u32 = 50;

/// Engagement of the users of a project.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EngagementReport {
    /// The time range covered.
    pub range: RangeView,
    /// The time zone of days.
    pub timezone: String,
    /// The rule for scoring.
    pub rule: RuleView,
    /// Daily, weekly and monthly active users.
    pub actives: Actives,
    /// A summary of the scores of all users with activity in the range.
    pub scores: Scores,
    /// A page of users, the highest score first.
    pub users: Vec<ScoredUser>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Which page of users.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// The maximum number of users on the page.
    pub limit: Option<u32>,
}

impl Reading {
    /// Engagement of all users. Fails if the frame or page is not valid, or if the store fails.
    pub async fn engagement(
        &self,
        viewer: Viewer,
        frame: &Frame,
        page: &Page,
        freshness: Freshness,
    ) -> Result<Versioned<EngagementReport>, AppError> {
        let limit = limit(page.limit)?;
        let after = page.cursor.as_deref().map(Cursor::parse).transpose()?;
        let rule = self.engagement_rule(viewer.scope()).await?;
        let mut questions = Questions::new(self, viewer, freshness);
        let days = Query {
            metrics: vec!["users".to_owned()],
            ..ActivityFilter::default().question(frame)
        };
        let asked = questions.resolved(&days.every(Interval::Day)).await?.query;
        let (range, zone) = (asked.range, &asked.zone);
        questions.read_from("raw activities");
        let ranking = self
            .ranking(&mut questions, frame, range, zone, &rule, (after, limit))
            .await?;
        let last = ranking.page.last().filter(|_| ranking.more);
        let body = EngagementReport {
            range: range.into(),
            timezone: zone.name().to_owned(),
            actives: self.actives(&mut questions, frame, range, zone).await?,
            next_cursor: last.map(|user| place(user).encode()),
            scores: ranking.scores,
            users: ranking.page,
            meta: questions.meta().await?,
            rule,
        };
        let revision = body.rule.version.unsigned_abs();
        Ok(questions.finish(range, body).revised(revision))
    }

    async fn ranking(
        &self,
        questions: &mut Questions<'_>,
        frame: &Frame,
        range: TimeRange,
        zone: &Zone,
        rule: &RuleView,
        (after, limit): (Option<Cursor>, usize),
    ) -> Result<Ranking, AppError> {
        let range = present(range, self.clock.now());
        let selection = ActivityFilter::default().selection(frame, range);
        let Some(days) = days(range, zone) else {
            return Ok(rank(&[], range, &rule.rule(), after, limit));
        };
        let statement = users(
            questions.scope(),
            &selection,
            &days,
            GAP,
            questions.dialect(),
        );
        let version = (rule.version, rule.updated_at);
        let question = (statement.clone(), days, version, after.clone(), limit);
        let rule = rule.rule();
        let read =
            move |batches: Vec<_>| Ok(rank(&read_users(&batches)?, range, &rule, after, limit));
        let computing = self.walk_records(questions.viewer(), statement, read);
        questions.recorded(question, computing).await
    }

    /// The score of one user; `None` without activity in the range.
    pub(super) async fn engagement_of(
        &self,
        questions: &Questions<'_>,
        frame: &Frame,
        filter: &ActivityFilter,
        range: TimeRange,
        zone: &Zone,
    ) -> Result<Option<ScoredUser>, AppError> {
        let rule = self.engagement_rule(questions.scope()).await?.rule();
        let range = present(range, self.clock.now());
        let Some(days) = days(range, zone) else {
            return Ok(None);
        };
        let selection = filter.selection(frame, range);
        let statement = users(
            questions.scope(),
            &selection,
            &days,
            GAP,
            questions.dialect(),
        );
        let read = |batches: Vec<_>| read_users(&batches);
        let rows = self
            .walk_records(questions.viewer(), statement, read)
            .await?;
        Ok(rows.first().map(|row| scored(row, range, &rule)))
    }
}

fn limit(asked: Option<u32>) -> Result<usize, AppError> {
    match asked.unwrap_or(DEFAULT) {
        limit @ 1..=MOST => Ok(limit as usize),
        _ => Err(AppError::new(
            ErrorCode::InvalidParameter,
            "The number of users is out of range.",
        )
        .field("limit")
        .fix(format!("1 to {MOST}"))),
    }
}

/// The days of a range; `None` if it has none or too many.
fn days(range: TimeRange, zone: &Zone) -> Option<Buckets> {
    let some = range.from < range.to;
    some.then(|| Buckets::of(Interval::Day, range, zone, MAX_BUCKETS))?
}
