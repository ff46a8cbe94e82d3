//! Parameters of the operations dashboard.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    observability::{Observed, SortBy},
};

use super::extract::given;

parameters! {
    /// Parameters of the dashboard.
    ObservabilityParameters {
        /// A range that ends now: `1h`, `6h`, `24h` (the default), `7d` (today and the 6 days before it), `30d` or any other length.
        #[serde(rename = "time_range", alias = "timeRange")]
        time_range: Option<String>,
        /// Start of the range (inclusive), RFC 3339.
        #[serde(alias = "start_date", alias = "startDate")]
        from: Option<String>,
        /// End of the range (exclusive), RFC 3339.
        #[serde(alias = "end_date", alias = "endDate")]
        to: Option<String>,
        /// The same as `time_range`.
        last: Option<String>,
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of the table of workflows.
    WorkflowTableParameters {
        /// A range that ends now: `1h`, `6h`, `24h` (the default), `7d` (today and the 6 days before it), `30d` or any other length.
        #[serde(rename = "time_range", alias = "timeRange")]
        time_range: Option<String>,
        /// Start of the range (inclusive), RFC 3339.
        #[serde(alias = "start_date", alias = "startDate")]
        from: Option<String>,
        /// End of the range (exclusive), RFC 3339.
        #[serde(alias = "end_date", alias = "endDate")]
        to: Option<String>,
        /// The same as `time_range`.
        last: Option<String>,
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// What to sort by: executions (the default), failures, success_rate (lowest first) or duration.
        #[serde(rename = "sort_by", alias = "sortBy")]
        sort_by: Option<SortBy>,
        /// Maximum number of workflows: 1 to 500; 50 by default.
        limit: Option<u32>,
    }
}

macro_rules! observed {
    ($($name:ident)*) => {$(
        impl $name {
            /// What the view covers.
            pub(in crate::http) fn observed(&self) -> Observed {
                Observed {
                    time_range: given(&self.time_range),
                    frame: Frame { workflow: given(&self.workflow_id), ..self.of_range() },
                }
            }
        }
    )*};
}

of_range! { ObservabilityParameters WorkflowTableParameters }
observed! { ObservabilityParameters WorkflowTableParameters }
