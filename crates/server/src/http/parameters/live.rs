//! Parameters of live streams.

use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::given;
use crate::app::live::Watched;

parameters! {
    /// Parameters of the stream of an organisation.
    FollowParameters {
        /// The range that counts cover: `24h` (the default), `7d` or any other length.
        last: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// The types of events to send, separated by commas; all by default.
        #[param(example = "counts.update,execution.completed")]
        events: Option<String>,
        /// The id of the last event received, for clients that cannot send `Last-Event-ID`.
        last_event_id: Option<String>,
    }
}

parameters! {
    /// Parameters of the stream of a workflow.
    FollowWorkflowParameters {
        /// The id of the last event received, for clients that cannot send `Last-Event-ID`.
        last_event_id: Option<String>,
    }
}

impl FollowParameters {
    /// Which executions to follow.
    pub(in crate::http) fn watched(&self) -> Watched {
        Watched {
            last: given(&self.last),
            timezone: given(&self.timezone),
            environment: given(&self.environment),
            workflow: given(&self.workflow_id),
        }
    }

    /// The id of the last event received.
    pub(in crate::http) fn last_id(&self) -> Option<String> {
        given(&self.last_event_id)
    }
}

impl FollowWorkflowParameters {
    /// Which executions to follow.
    pub(in crate::http) fn watched(&self, workflow: &str) -> Watched {
        Watched {
            last: None,
            timezone: given(&self.timezone),
            environment: given(&self.environment),
            workflow: Some(workflow.to_owned()),
        }
    }

    /// The id of the last event received.
    pub(in crate::http) fn last_id(&self) -> Option<String> {
        given(&self.last_event_id)
    }
}
