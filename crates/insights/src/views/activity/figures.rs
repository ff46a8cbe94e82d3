//! Activity in figures: the metrics of the catalogue beside the sessions of the records.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::sessions::{GAP, Session as Stretch, SessionFigures, session_figures};
use weir_model::TimeRange;
use weir_query::{
    Answer, Comparison, Dialect, Rows,
    buckets::Buckets,
    records::activity::{self as records, Selection, SessionRow, read_sessions},
    resolve::MAX_BUCKETS,
};

use super::{Activity, ActivityFilter, Frame, Questions, RangeView, Row};
use crate::{AppError, Reading};

/// The metrics of activity.
pub(super) const METRICS: [&str; 4] = ["activities", "users", "logins", "activity_duration_sum"];

/// Activity in figures. Times are milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityFigures {
    /// Activity events.
    pub activities: u64,
    /// Different users with an activity event.
    pub active_users: u64,
    /// Activity events whose action is a login.
    pub logins: u64,
    /// Logins over active users; null without active users.
    pub logins_per_user: Option<f64>,
    /// Durations that producers reported, added up.
    pub reported_time_ms: u64,
    /// Sessions: activity without a pause of more than 30 minutes.
    #[serde(flatten)]
    pub sessions: SessionFigures,
}

/// A bucket of activity.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityPoint {
    /// The start of the bucket, in the zone asked for.
    #[schema(format = "date-time")]
    pub time: Option<String>,
    /// Activity events.
    pub activities: u64,
    /// Different users with an activity event.
    pub active_users: u64,
    /// Activity events whose action is a login.
    pub logins: u64,
    /// Sessions that began in the bucket.
    pub sessions: u64,
    /// Their lengths added up.
    pub active_time_ms: i64,
}

/// What is kept of sessions: few figures, however many there are.
#[derive(Clone, Debug)]
struct SessionSummary {
    all: SessionFigures,
    by_bucket: Vec<(u64, i64)>,
}

impl Reading {
    /// The activity of a frame, with its range.
    pub(super) async fn activity_of(
        &self,
        questions: &mut Questions<'_>,
        frame: &Frame,
        filter: &ActivityFilter,
        granularity: Option<&str>,
    ) -> Result<(Activity, TimeRange), AppError> {
        let mut timed = filter.query(frame, METRICS);
        timed.granularity = Some(granularity.unwrap_or("auto").to_owned());
        let timed = questions.ask(&timed).await?;
        let range = timed.query.range;
        let whole = filter
            .query(frame, METRICS)
            .range(range)
            .compare(Comparison::PreviousPeriod);
        let whole = questions.ask(&whole).await?;
        let before = whole.query.comparison_range;
        let buckets = buckets_of(&timed);
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
        let summary = figures(&whole.rows, now.all);
        let features = super::features::ask(questions, frame, filter, range, &summary).await?;
        let patterns = super::patterns::ask(questions, frame, filter, &timed).await?;
        let activity = Activity {
            range: range.into(),
            granularity: timed.query.granularity,
            timezone: timed.query.zone.name().to_owned(),
            summary,
            previous_range: before.map(RangeView::from),
            previous: whole
                .comparison
                .as_ref()
                .map(|rows| figures(rows, then))
                .unwrap_or_default(),
            data: points(&timed.rows, &now.by_bucket),
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
        let question = format!("sessions {selection:?} {:?}", buckets.starts());
        let statement = records::sessions(questions.scope(), &selection, GAP, Dialect::default());
        let read = move |batches: Vec<_>| Ok(summary(&read_sessions(&batches)?, &buckets));
        let computing = self.walk_records(questions.viewer(), statement, read);
        questions.recorded(question, computing).await
    }
}

fn summary(rows: &[SessionRow], buckets: &Buckets) -> SessionSummary {
    let stretches: Vec<Stretch> = rows
        .iter()
        .map(|row| Stretch {
            began: row.began,
            ended: row.ended,
            activities: row.activities,
        })
        .collect();
    let mut by_bucket = vec![(0, 0); buckets.len()];
    for stretch in &stretches {
        let (sessions, time) = &mut by_bucket[buckets.index_of(stretch.began)];
        *sessions += 1;
        *time += stretch.length();
    }
    SessionSummary {
        all: session_figures(&stretches),
        by_bucket,
    }
}

/// The buckets of an answer over time. A query that was answered has no more than can be.
pub(super) fn buckets_of(answer: &Answer) -> Buckets {
    let query = &answer.query;
    let buckets = query
        .granularity
        .and_then(|interval| Buckets::of(interval, query.range, &query.zone, MAX_BUCKETS));
    buckets.unwrap_or_else(|| Buckets::whole(query.range))
}

fn figures(rows: &Rows, sessions: SessionFigures) -> ActivityFigures {
    let row = Row::all(rows).next();
    let count = |metric: &str| row.map_or(0, |row| row.count(metric));
    let (active_users, logins) = (count("users"), count("logins"));
    ActivityFigures {
        activities: count("activities"),
        active_users,
        logins,
        logins_per_user: (active_users > 0).then(|| logins as f64 / active_users as f64),
        reported_time_ms: count("activity_duration_sum"),
        sessions,
    }
}

fn points(rows: &Rows, sessions: &[(u64, i64)]) -> Vec<ActivityPoint> {
    rows.iter()
        .map(|row| {
            let figures = Row(rows, row);
            let (sessions, active_time_ms) = sessions.get(row.bucket).copied().unwrap_or_default();
            ActivityPoint {
                time: figures.time(),
                activities: figures.count("activities"),
                active_users: figures.count("users"),
                logins: figures.count("logins"),
                sessions,
                active_time_ms,
            }
        })
        .collect()
}
