//! Parameters of views of executions and workflows over a range.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::rankings::RankBy;

use super::extract::given;

parameters! {
    /// Parameters of execution statistics.
    SeriesParameters of a range {
        /// The length of buckets: minute, five_minutes, half_hour, hour, half_day, day, week, month or auto (the default).
        granularity: Option<String>,
        /// A dimension to group by: workflow, trigger_type, status, version, environment, error_type, ...
        group_by: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of views of a range.
    RangeParameters of a range {
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of what changed.
    ChangeParameters of a range {
        /// Only what concerns this workflow.
        workflow_id: Option<String>,
        /// Maximum number of changes: 1 to 50; 5 by default.
        limit: Option<i64>,
    }
}

parameters! {
    /// Parameters of views of one workflow.
    WorkflowParameters of a range {
        /// The length of buckets: minute, five_minutes, half_hour, hour, half_day, day, week, month or auto (the default).
        granularity: Option<String>,
    }
}

parameters! {
    /// Parameters of rankings.
    RankingParameters of a range {
        /// What to rank by: slowest (the default), failures, executions or cost.
        by: Option<RankBy>,
        /// Maximum number of workflows: 1 to 100; 10 by default.
        limit: Option<u32>,
    }
}

frames! {
    SeriesParameters: |all| given(&all.workflow_id);
    ChangeParameters: |all| given(&all.workflow_id);
    RangeParameters: |all| given(&all.workflow_id);
    WorkflowParameters: |_| None;
    RankingParameters: |_| None;
}
