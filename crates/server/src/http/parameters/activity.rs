//! Parameters of the views of activity.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::{
    segments::MemberPage,
    views::{
        Frame,
        activity::{ActivityFilter, engagement::Page, trail::TrailFilter},
    },
};

use super::given;

parameters! {
    /// Parameters of what users did.
    ActivityParameters of a range {
        /// minute, five_minutes, hour, day, week, month or auto (the default).
        granularity: Option<String>,
        /// Only on this workflow.
        workflow_id: Option<String>,
        /// Only of this user.
        user_id: Option<String>,
        /// Only this action.
        action: Option<String>,
        /// Only on this kind of resource.
        resource: Option<String>,
    }
}

parameters! {
    /// Parameters of what one user did.
    UserActivityParameters of a range {
        /// minute, five_minutes, hour, day, week, month or auto (the default).
        granularity: Option<String>,
        /// Only on this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of engagement.
    EngagementParameters of a range {
        /// Only on this workflow.
        workflow_id: Option<String>,
        /// `nextCursor` of the page before.
        cursor: Option<String>,
        /// How many users: 1 to 1000, 50 without it.
        limit: Option<u32>,
    }
}

parameters! {
    /// Parameters of the audit trail.
    TrailParameters of a range {
        /// Only on this workflow.
        workflow_id: Option<String>,
        /// Only of this user.
        user_id: Option<String>,
        /// Only this action.
        action: Option<String>,
        /// Only on this kind of resource.
        resource: Option<String>,
        /// Only to this one thing.
        resource_id: Option<String>,
        /// Only in this session, as its producer named it.
        session_id: Option<String>,
        /// `nextCursor` of the page before.
        cursor: Option<String>,
        /// How many entries: 1 to 500, 50 without it.
        limit: Option<u32>,
    }
}

/// Parameters of the members of a segment.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct MemberParameters {
    /// UUID of the project; needed only where the caller sees several.
    #[serde(rename = "projectId")]
    #[allow(dead_code, reason = "the caller's extractor reads it")]
    pub project_id: Option<String>,
    /// `nextCursor` of the page before.
    pub cursor: Option<String>,
    /// How many members: 1 to 1000, 100 without it.
    pub limit: Option<u32>,
    /// Whether they are looked up anew, whatever was answered before: true or false.
    #[allow(dead_code, reason = "the frame around every handler reads it")]
    pub refresh: Option<bool>,
}

never_narrowed! { MemberParameters }

impl MemberParameters {
    /// Which members.
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
}

impl ActivityParameters {
    /// Which activities, beside the frame.
    pub(in crate::http) fn filter(&self) -> ActivityFilter {
        ActivityFilter {
            user: given(&self.user_id),
            action: given(&self.action),
            resource: given(&self.resource),
        }
    }
}

impl TrailParameters {
    /// Which part of the trail, beside the frame.
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

impl EngagementParameters {
    /// Which users.
    pub(in crate::http) fn page(&self) -> Page {
        Page {
            cursor: given(&self.cursor),
            limit: self.limit,
        }
    }
}
