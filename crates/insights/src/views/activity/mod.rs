//! User activity: logins, feature usage, sessions, time spent, patterns, engagement.
//!
//! Figures are metrics of the catalogue over activity events (`event_type`). What no metric covers (sessions,
//! trailing windows, single activities) is read from records.

mod actives;
pub mod engagement;
mod features;
mod figures;
mod patterns;
pub mod sessions;
pub mod trail;
pub mod user;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::TimeRange;
use weir_query::{
    Direction, Interval, Query,
    records::activity::{Column, Selection},
};

use super::{Frame, Meta, Questions, RangeView, Versioned};
use crate::{AppError, Reading, figures, privacy::Viewer, query::Freshness};

pub use features::FeatureUse;
pub use figures::{ActivityFigures, ActivityPoint};
pub use patterns::Patterns;

/// How many users the report lists; all are counted.
const USERS_LISTED: i64 = 10;

/// Which activities within the frame.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    /// Only activities of this user.
    pub user: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only on this kind of resource.
    pub resource: Option<String>,
}

impl ActivityFilter {
    /// A query for activity events.
    fn question(&self, frame: &Frame) -> Query {
        let mut query = frame.question().filter("event_type", ["activity"]);
        for (dimension, value) in [
            ("user", &self.user),
            ("action", &self.action),
            ("resource", &self.resource),
        ] {
            if let Some(value) = value {
                query = query.filter(dimension, [value.as_str()]);
            }
        }
        query
    }

    /// The same activities, as a selection of records.
    fn selection(&self, frame: &Frame, range: TimeRange) -> Selection {
        let filters = [
            (Column::Environment, &frame.environment),
            (Column::Workflow, &frame.workflow),
            (Column::User, &self.user),
            (Column::Action, &self.action),
            (Column::Resource, &self.resource),
        ];
        let given = filters.into_iter().filter_map(|(column, value)| {
            let value = value.clone()?;
            Some((column, value))
        });
        Selection {
            range,
            filters: given.collect(),
        }
    }
}

/// User activity in a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActivityReport {
    /// The activity of all users.
    #[serde(flatten)]
    pub activity: Activity,
    /// The users with the most activities.
    pub top_users: Vec<TopUser>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Activity in total, over time, by feature, by hour of the day and by day of the week.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// The time range covered.
    pub range: RangeView,
    /// The bucket width.
    pub granularity: Option<Interval>,
    /// The time zone of buckets and patterns.
    pub timezone: String,
    /// The figures of the range.
    pub summary: ActivityFigures,
    /// The previous period: as many calendar months if the range is whole months, otherwise the same length.
    pub previous_range: Option<RangeView>,
    /// The figures of the previous period.
    pub previous: ActivityFigures,
    /// One point per bucket.
    pub data: Vec<ActivityPoint>,
    /// The features used, the most used first.
    pub features: Vec<FeatureUse>,
    /// Activity by hour of the day and by day of the week.
    pub patterns: Patterns,
}

/// A user with many activities.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TopUser {
    /// The user's id.
    pub user_id: String,
    /// Activity events.
    pub activities: u64,
    /// Logins among them.
    pub logins: u64,
    /// Sum of reported durations, in milliseconds.
    pub reported_time_ms: u64,
}

figures! {
    /// Counts of activities.
    #[derive(Default)]
    struct Acts {
        activities: u64 = count("activities"),
        logins: u64 = count("logins"),
        reported_time_ms: u64 = count("activity_duration_sum"),
    }

    /// Number of active users.
    #[derive(Default)]
    struct ActiveUsers {
        users: u64 = count("users"),
    }
}

impl Reading {
    /// User activity. Fails if the frame is not valid or the store fails.
    pub async fn activity(
        &self,
        viewer: Viewer,
        frame: &Frame,
        filter: &ActivityFilter,
        granularity: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<ActivityReport>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let (activity, range) = self
            .activity_of(&mut questions, frame, filter, granularity)
            .await?;
        let body = ActivityReport {
            activity,
            top_users: top_users(&mut questions, frame, filter, range).await?,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }
}

async fn top_users(
    questions: &mut Questions<'_>,
    frame: &Frame,
    filter: &ActivityFilter,
    range: TimeRange,
) -> Result<Vec<TopUser>, AppError> {
    let mut query = filter
        .question(frame)
        .by(["user"])
        .range(range)
        .order("activities", Direction::Desc)
        .limit(USERS_LISTED + 1);
    query.order_by.push(weir_query::Order {
        dimension: Some("user".to_owned()),
        ..weir_query::Order::default()
    });
    let results = questions.figures::<Acts>(query).await?;
    let users = results.lines().filter_map(|line| {
        Some(TopUser {
            user_id: line.key(0)?,
            activities: line.figures.activities,
            logins: line.figures.logins,
            reported_time_ms: line.figures.reported_time_ms,
        })
    });
    Ok(users.take(USERS_LISTED as usize).collect())
}
