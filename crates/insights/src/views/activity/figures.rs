//! Figures of activity: metrics of the catalogue, and sessions from records.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::sessions::{ActivitySession, GAP, SessionFigures, session_figures};
use weir_model::TimeRange;
use weir_query::{
    Comparison, ResolvedQuery,
    buckets::Buckets,
    records::activity::{self as records, Selection, SessionRow, read_sessions},
    resolve::MAX_BUCKETS,
};

use super::{
    super::Results, ActiveUsers, Activity, ActivityFilter, Acts, Frame, Questions, RangeView,
};
use crate::{AppError, Reading};

/// Counts of activities.
type Counts = (Acts, ActiveUsers);

/// Figures of activity. Times are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityFigures {
    /// Activity events.
    pub activities: u64,
    /// Distinct users with an activity event.
    pub active_users: u64,
    /// Activity events whose action is a login.
    pub logins: u64,
    /// Logins per active user; null without active users.
    pub logins_per_user: Option<f64>,
    /// Sum of reported durations.
    pub reported_time_ms: u64,
    /// Sessions: runs of activity without a pause of more than 30 minutes.
    #[serde(flatten)]
    pub sessions: SessionFigures,
}

/// A bucket of activity.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityPoint {
    /// The start of the bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: Option<String>,
    /// Activity events.
    pub activities: u64,
    /// Distinct users with an activity event.
    pub active_users: u64,
    /// Activity events whose action is a login.
    pub logins: u64,
    /// Sessions that started in the bucket.
    pub sessions: u64,
    /// Total length of these sessions, in milliseconds.
    pub active_time_ms: i64,
}

/// A summary of sessions, of the same size however many there are.
#[derive(Clone, Debug)]
struct SessionSummary {
    all: SessionFigures,
    by_bucket: Vec<(u64, i64)>,
}

impl Reading {
    /// The activity of a frame, with its range. Fails if the frame is not valid or the store fails.
    pub(super) async fn activity_of(
        &self,
        questions: &mut Questions<'_>,
        frame: &Frame,
        filter: &ActivityFilter,
        granularity: Option<&str>,
    ) -> Result<(Activity, TimeRange), AppError> {
        let mut timed = filter.question(frame);
        timed.granularity = Some(granularity.unwrap_or("auto").to_owned());
        let timed = questions.figures::<Counts>(timed).await?;
        let range = timed.query().range;
        let whole = filter
            .question(frame)
            .range(range)
            .compare(Comparison::PreviousPeriod);
        let whole = questions.figures::<Counts>(whole).await?;
        let before = whole.query().comparison_range;
        let buckets = buckets_of(timed.query());
        let now = filter.selection(frame, range);
        let now = self.session_summary(questions, now, buckets).await?;
        let then = match before {
            Some(before) => {
                let then = filter.selection(frame, before);
                let then = self.session_summary(questions, then, Buckets::whole(before));
                then.await?.all
            }
            None => SessionFigures::default(),
        };
        let summary = figures(whole.only(), now.all);
        let features = super::features::ask(questions, frame, filter, range, &summary).await?;
        let patterns = super::patterns::ask(questions, frame, filter, range).await?;
        let activity = Activity {
            range: range.into(),
            granularity: timed.query().granularity,
            timezone: timed.query().zone.name().to_owned(),
            summary,
            previous_range: before.map(RangeView::from),
            previous: figures(whole.only_before(), then),
            data: points(&timed, &now.by_bucket),
            features,
            patterns,
        };
        Ok((activity, range))
    }

    async fn session_summary(
        &self,
        questions: &mut Questions<'_>,
        selection: Selection,
        buckets: Buckets,
    ) -> Result<SessionSummary, AppError> {
        let statement = records::sessions(questions.scope(), &selection, GAP, questions.dialect());
        let question = (statement.clone(), buckets.clone());
        let read = move |batches: Vec<_>| Ok(summary(&read_sessions(&batches)?, &buckets));
        let computing = self.walk_records(questions.viewer(), statement, read);
        questions.recorded(question, computing).await
    }
}

fn summary(rows: &[SessionRow], buckets: &Buckets) -> SessionSummary {
    let sessions: Vec<ActivitySession> = rows
        .iter()
        .map(|row| ActivitySession {
            began: row.began,
            ended: row.ended,
            activities: row.activities,
        })
        .collect();
    let mut by_bucket = vec![(0, 0); buckets.len()];
    for session in &sessions {
        let (count, time) = &mut by_bucket[buckets.index_of(session.began)];
        *count += 1;
        *time += session.length();
    }
    SessionSummary {
        all: session_figures(&sessions),
        by_bucket,
    }
}

/// The buckets of an answered query, which never has too many.
fn buckets_of(query: &ResolvedQuery) -> Buckets {
    let buckets = query
        .granularity
        .and_then(|interval| Buckets::of(interval, query.range, &query.zone, MAX_BUCKETS));
    buckets.unwrap_or_else(|| Buckets::whole(query.range))
}

fn figures(counts: Option<Counts>, sessions: SessionFigures) -> ActivityFigures {
    let (acts, ActiveUsers { users }) = counts.unwrap_or_default();
    ActivityFigures {
        activities: acts.activities,
        active_users: users,
        logins: acts.logins,
        logins_per_user: (users > 0).then(|| acts.logins as f64 / users as f64),
        reported_time_ms: acts.reported_time_ms,
        sessions,
    }
}

fn points(timed: &Results<Counts>, sessions: &[(u64, i64)]) -> Vec<ActivityPoint> {
    let buckets = timed.answer().rows.iter().map(|row| row.bucket);
    timed
        .lines()
        .zip(buckets)
        .map(|(line, bucket)| {
            let (sessions, active_time_ms) = sessions.get(bucket).copied().unwrap_or_default();
            let (acts, ActiveUsers { users }) = &line.figures;
            ActivityPoint {
                time: line.time(),
                activities: acts.activities,
                active_users: *users,
                logins: acts.logins,
                sessions,
                active_time_ms,
            }
        })
        .collect()
}
