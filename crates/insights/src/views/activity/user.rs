//! The activity of one user.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;
use weir_query::{
    Zone,
    records::activity::{lifetime, read_lifetime},
};

use super::{
    Activity, ActivityFilter, Frame, Meta, Questions, Versioned,
    engagement::ScoredUser,
    trail::{Trail, TrailFilter},
};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

/// The activity of a user in a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserActivityReport {
    /// The user's id.
    pub user_id: String,
    /// When the user's first activity of all time started.
    #[schema(value_type = String, format = "date-time")]
    pub first_seen: Timestamp,
    /// When the user's last activity of all time started.
    #[schema(value_type = String, format = "date-time")]
    pub last_seen: Timestamp,
    /// The engagement score in the range; null without activity.
    pub engagement: Option<ScoredUser>,
    /// Figures, features and patterns of the range.
    #[serde(flatten)]
    pub activity: Activity,
    /// The newest activities in the range. `/activity/trail` lists the others.
    pub trail: Trail,
    /// How this answer was computed.
    pub meta: Meta,
}

impl Reading {
    /// The activity of a user. Fails if the user has no activity at any time, if the frame is not valid, or
    /// if the store fails.
    pub async fn user_activity(
        &self,
        viewer: Viewer,
        user: &str,
        frame: &Frame,
        granularity: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<UserActivityReport>, AppError> {
        let filter = ActivityFilter {
            user: Some(user.to_owned()),
            ..ActivityFilter::default()
        };
        let (first_seen, last_seen) = self.lifetime(viewer, user).await?;
        let mut questions = Questions::new(self, viewer, freshness);
        let (activity, range) = self
            .activity_of(&mut questions, frame, &filter, granularity)
            .await?;
        let zone = Zone::parse(&activity.timezone)?;
        let engagement = self
            .engagement_of(&questions, frame, &filter, range, &zone)
            .await?;
        let trail = TrailFilter {
            activity: filter,
            ..TrailFilter::default()
        };
        let body = UserActivityReport {
            user_id: user.to_owned(),
            first_seen,
            last_seen,
            engagement,
            activity,
            trail: self.trail_page(&questions, frame, &trail, range).await?,
            meta: questions.meta().await?,
        };
        let rule = self.engagement_rule(viewer.scope()).await?;
        Ok(questions
            .finish(range, body)
            .revised(rule.version.unsigned_abs()))
    }

    async fn lifetime(
        &self,
        viewer: Viewer,
        user: &str,
    ) -> Result<(Timestamp, Timestamp), AppError> {
        let statement = lifetime(viewer.scope(), user, self.store.dialect());
        let read = |batches: Vec<_>| read_lifetime(&batches);
        let found = self.read_records(viewer, statement, read).await?;
        found.ok_or_else(|| {
            let detail = format!("There is no activity of user `{user}`.");
            AppError::new(ErrorCode::NotFound, detail)
                .field("id")
                .fix("GET /api/v1/analytics/activity/engagement lists the users.")
        })
    }
}
