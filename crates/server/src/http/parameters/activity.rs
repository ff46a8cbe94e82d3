//! Parameters of views of user activity and segments.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::{
    segments::MemberPage,
    views::activity::{
        ActivityFilter, engagement::Page, sessions::SessionPage, trail::TrailFilter,
    },
};

use super::extract::given;

parameters! {
    /// Parameters of user activity.
    ActivityParameters of a range {
        /// The length of buckets: minute, five_minutes, hour, day, week, month or auto (the default).
        granularity: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only this user.
        user_id: Option<String>,
        /// Only this action.
        action: Option<String>,
        /// Only this kind of resource.
        resource: Option<String>,
    }
}

parameters! {
    /// Parameters of one user's activity.
    UserActivityParameters of a range {
        /// The length of buckets: minute, five_minutes, hour, day, week, month or auto (the default).
        granularity: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of engagement.
    EngagementParameters of a range {
        /// Only this workflow.
        workflow_id: Option<String>,
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
        /// Maximum number of users: 1 to 1000; 50 by default.
        limit: Option<u32>,
    }
}

parameters! {
    /// Parameters of the sessions of a user.
    SessionParameters of a range {
        /// Only this workflow.
        workflow_id: Option<String>,
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
        /// Maximum number of sessions: 1 to 1000; 100 by default.
        limit: Option<u32>,
    }
}

parameters! {
    /// Parameters of the activity trail.
    TrailParameters of a range {
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only this user.
        user_id: Option<String>,
        /// Only this action.
        action: Option<String>,
        /// Only this kind of resource.
        resource: Option<String>,
        /// Only the resource with this id.
        resource_id: Option<String>,
        /// Only this session, by the id that the producer sent.
        session_id: Option<String>,
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
        /// Maximum number of entries: 1 to 500; 50 by default.
        limit: Option<u32>,
    }
}

/// Parameters of the members of a segment.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct MemberParameters {
    /// UUID of the project; required only if the caller has access to several.
    #[serde(rename = "projectId")]
    #[allow(dead_code, reason = "the guard reads it")]
    pub project_id: Option<String>,
    /// `nextCursor` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of members: 1 to 1000; 100 by default.
    pub limit: Option<u32>,
    /// Whether to bypass the cache: true or false.
    #[allow(dead_code, reason = "the frame around every handler reads it")]
    pub refresh: Option<bool>,
}

never_narrowed! { MemberParameters }

impl MemberParameters {
    /// Which page of members to return.
    pub(in crate::http) fn page(&self) -> MemberPage {
        MemberPage {
            cursor: given(&self.cursor),
            limit: self.limit,
        }
    }
}

frames! {
    ActivityParameters: |all| given(&all.workflow_id);
    UserActivityParameters: |all| given(&all.workflow_id);
    EngagementParameters: |all| given(&all.workflow_id);
    TrailParameters: |all| given(&all.workflow_id);
    SessionParameters: |all| given(&all.workflow_id);
}

impl ActivityParameters {
    /// Which activities to count, apart from the frame.
    pub(in crate::http) fn filter(&self) -> ActivityFilter {
        ActivityFilter {
            user: given(&self.user_id),
            action: given(&self.action),
            resource: given(&self.resource),
        }
    }
}

impl TrailParameters {
    /// Which part of the trail to return, apart from the frame.
    pub(in crate::http) fn filter(&self) -> TrailFilter {
        TrailFilter {
            activity: ActivityFilter {
                user: given(&self.user_id),
                action: given(&self.action),
                resource: given(&self.resource),
            },
            resource_id: given(&self.resource_id),
            session_id: given(&self.session_id),
            cursor: given(&self.cursor),
            limit: self.limit,
        }
    }
}

impl SessionParameters {
    /// Which page of sessions to return.
    pub(in crate::http) fn page(&self) -> SessionPage {
        SessionPage {
            cursor: given(&self.cursor),
            limit: self.limit,
        }
    }
}

impl EngagementParameters {
    /// Which page of users to return.
    pub(in crate::http) fn page(&self) -> Page {
        Page {
            cursor: given(&self.cursor),
            limit: self.limit,
        }
    }
}
