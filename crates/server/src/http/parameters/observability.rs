//! Parameters of paper 4's observability.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    observability::{Observed, SortBy},
};

use super::given;

parameters! {
    /// Parameters of observability.
    ObservabilityParameters {
        /// A length up to the present: `1h`, `6h`, `24h` (the default), `7d` (today and the 6 days before it), `30d` or any other.
        #[serde(rename = "time_range", alias = "timeRange")]
        time_range: Option<String>,
        /// The first moment of a custom range, RFC 3339.
        #[serde(alias = "start_date", alias = "startDate")]
        from: Option<String>,
        /// The first moment after a custom range, RFC 3339.
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
        /// A length up to the present: `1h`, `6h`, `24h` (the default), `7d` (today and the 6 days before it), `30d` or any other.
        #[serde(rename = "time_range", alias = "timeRange")]
        time_range: Option<String>,
        /// The first moment of a custom range, RFC 3339.
        #[serde(alias = "start_date", alias = "startDate")]
        from: Option<String>,
        /// The first moment after a custom range, RFC 3339.
        #[serde(alias = "end_date", alias = "endDate")]
        to: Option<String>,
        /// The same as `time_range`.
        last: Option<String>,
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// executions (the default), failures, success_rate (lowest first), duration.
        #[serde(rename = "sort_by", alias = "sortBy")]
        sort_by: Option<SortBy>,
        /// How many workflows: 1 to 500, 50 without it.
        limit: Option<u32>,
    }
}

macro_rules! observed {
    ($($name:ident)*) => {$(
        impl $name {
            /// What the view is about.
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
