//! Parameters of paper 1's analytics.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{Frame, usage::UsageWanted};

use super::given;

parameters! {
    /// Parameters of paper 1's analytics.
    UsageParameters {
        /// So many days up to now: 1 to 3650. Without it and without a range, 7 for workflows and 30
        /// for the rest.
        days: Option<u32>,
        /// How many entries the lists have: 1 to 1000, 10 without it.
        limit: Option<u32>,
        /// Only this user.
        #[serde(alias = "user_id")]
        user_id: Option<String>,
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// The first moment, RFC 3339.
        from: Option<String>,
        /// The first moment after, RFC 3339.
        to: Option<String>,
        /// A length up to the present, in place of both: `24h`, `4w`, or `30d`, which is today and the 29 days before it.
        last: Option<String>,
    }
}

of_range! { UsageParameters }

impl UsageParameters {
    /// What the view is about.
    pub(in crate::http) fn wanted(&self) -> UsageWanted {
        UsageWanted {
            frame: Frame {
                workflow: given(&self.workflow_id),
                ..self.of_range()
            },
            days: self.days,
            user: given(&self.user_id),
            limit: self.limit,
        }
    }
}
