//! Parameters of usage analytics.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{Frame, usage::UsageWanted};

use super::extract::given;

parameters! {
    /// Parameters of usage analytics.
    UsageParameters {
        /// The number of days up to now: 1 to 3650. If no range is given either, the default is 7 for
        /// workflows and 30 for the rest.
        days: Option<u32>,
        /// Maximum number of entries per list: 1 to 1000; 10 by default.
        limit: Option<u32>,
        /// Only this user.
        #[serde(alias = "user_id")]
        user_id: Option<String>,
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// Start of the range (inclusive), RFC 3339.
        from: Option<String>,
        /// End of the range (exclusive), RFC 3339.
        to: Option<String>,
        /// A range that ends now, instead of `from` and `to`: `24h`, `4w`, or `30d`, which is today and the 29 days before it.
        last: Option<String>,
    }
}

of_range! { UsageParameters }

impl UsageParameters {
    /// What the view covers.
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
