//! One handler a file.

pub(super) mod catalog;
pub(super) mod cost_breakdown;
pub(super) mod cost_forecast;
pub(super) mod costs;
pub(super) mod events;
pub(super) mod execution_detail;
pub(super) mod execution_errors;
pub(super) mod execution_list;
pub(super) mod execution_summary;
pub(super) mod executions;
pub(super) mod healthz;
pub(super) mod metrics;
pub(super) mod openapi;
pub(super) mod projects;
pub(super) mod query;
pub(super) mod readyz;
pub(super) mod reference;
pub(super) mod session_close;
pub(super) mod session_open;
pub(super) mod session_show;
pub(super) mod sli_overview;
pub(super) mod sli_timeseries;
pub(super) mod workflow_performance;
pub(super) mod workflow_rankings;
pub(super) mod workflow_steps;
