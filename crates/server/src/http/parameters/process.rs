//! Parameters of the process map, variants and conformance.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    execution_list::statuses,
    process::{ComparisonRequest, MapRequest, ProcessWanted, VariantsRequest},
};
use weir_query::records::executions::ExecutionFilter;

use super::extract::given;
use crate::app::AppError;

/// Declares parameters of views of the executions of a workflow, which the same conditions narrow.
macro_rules! narrowed {
    ($($(#[$doc:meta])* $name:ident { $($fields:tt)* })*) => {$(
        parameters! {
            $(#[$doc])*
            $name of a range {
                /// Only this version of the workflow.
                version: Option<String>,
                /// Only these states, separated by commas: started, waiting, completed, failed, canceled,
                /// crashed, stale; or success, error, running.
                status: Option<String>,
                /// Only this user.
                #[serde(alias = "user", alias = "user_id")]
                user_id: Option<String>,
                /// Only this type of trigger: webhook, schedule, manual, api, ...
                #[serde(alias = "trigger", alias = "trigger_type")]
                trigger_type: Option<String>,
                $($fields)*
            }
        }

        impl $name {
            /// The executions of this workflow that the parameters choose. Fails if a state is unknown.
            pub(in crate::http) fn executions(&self, workflow: &str) -> Result<ProcessWanted, AppError> {
                let statuses = given(&self.status)
                    .map(|words| statuses(&words))
                    .transpose()?
                    .unwrap_or_default();
                Ok(ProcessWanted {
                    frame: Frame {
                        workflow: Some(workflow.to_owned()),
                        ..self.of_range()
                    },
                    filter: ExecutionFilter {
                        stale: statuses.stale,
                        statuses: statuses.of,
                        version: given(&self.version),
                        user: given(&self.user_id),
                        trigger_type: given(&self.trigger_type),
                        ..ExecutionFilter::default()
                    },
                })
            }
        }
    )*};
}

narrowed! {
    /// Parameters of the process map.
    MapParameters {
        /// Maximum number of steps, the most frequent first: 1 to 500; 100 by default.
        nodes: Option<u32>,
        /// Maximum number of arrows between these steps, the most frequent first: 1 to 2000; 300 by default.
        edges: Option<u32>,
    }

    /// Parameters of variants.
    VariantParameters {
        /// Maximum number of variants per page: 1 to 100; 20 by default.
        limit: Option<u32>,
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
    }

    /// Parameters of a comparison of two groups of executions.
    GroupParameters {
        /// The first group: `version:9`, `status:failed`, `period:FROM/TO` (RFC 3339) or `variant:ID`.
        #[param(example = "version:8")]
        a: String,
        /// The second group.
        #[param(example = "version:9")]
        b: String,
    }

    /// Parameters of conformance.
    ConformanceParameters {}
}

impl MapParameters {
    /// The request that the parameters make. Fails if a state is unknown.
    pub(in crate::http) fn request(&self, workflow: &str) -> Result<MapRequest, AppError> {
        Ok(MapRequest {
            wanted: self.executions(workflow)?,
            nodes: self.nodes,
            edges: self.edges,
        })
    }
}

impl VariantParameters {
    /// The request that the parameters make. Fails if a state is unknown.
    pub(in crate::http) fn request(&self, workflow: &str) -> Result<VariantsRequest, AppError> {
        Ok(VariantsRequest {
            wanted: self.executions(workflow)?,
            limit: self.limit,
            cursor: given(&self.cursor),
        })
    }
}

impl GroupParameters {
    /// The request that the parameters make. Fails if a state is unknown.
    pub(in crate::http) fn request(&self, workflow: &str) -> Result<ComparisonRequest, AppError> {
        Ok(ComparisonRequest {
            wanted: self.executions(workflow)?,
            a: self.a.clone(),
            b: self.b.clone(),
        })
    }
}
