//! What one user did.

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

/// What a user did in a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserActivityReport {
    /// The user.
    pub user_id: String,
    /// When the user's first activity of all began.
    #[schema(value_type = String, format = "date-time")]
    pub first_seen: Timestamp,
    /// When the user's last activity of all began.
    #[schema(value_type = String, format = "date-time")]
    pub last_seen: Timestamp,
    /// The score of the range; null without activity in it.
    pub engagement: Option<ScoredUser>,
    /// Figures, points, features and patterns.
    #[serde(flatten)]
    pub activity: Activity,
    /// The newest activities of the range. `/activity/trail` lists the others.
    pub trail: Trail,
    /// How this answer was computed.
    pub meta: Meta,
}

impl Reading {
    /// What a user did. A user without any activity at any time is not found.
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
            let detail = format!("No activity of a user `{user}` is stored.");
            AppError::new(ErrorCode::NotFound, detail)
                .field("id")
                .fix("GET /api/v1/analytics/activity/engagement lists the users.")
        })
    }
}
