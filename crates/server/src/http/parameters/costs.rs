//! Parameters of views of costs.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    costs::{Costs, ForecastWanted, Spending},
};

use super::extract::given;

parameters! {
    /// Parameters of costs over time.
    CostParameters of a range {
        /// The length of buckets: minute, five_minutes, hour, day, week, month or auto (the default).
        granularity: Option<String>,
        /// A dimension to group by: action_type, provider, model, workflow, step, user, version, environment.
        group_by: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only this user.
        user_id: Option<String>,
        /// Only this type of action.
        action_type: Option<String>,
        /// Only this provider.
        provider: Option<String>,
        /// Only this model.
        model: Option<String>,
    }
}

parameters! {
    /// Parameters of a cost breakdown.
    BreakdownParameters of a range {
        /// The dimension to break costs down by: action_type (the default), provider, model, workflow, step, user, version or environment.
        #[serde(alias = "groupBy")]
        by: Option<String>,
        /// Maximum number of parts: 1 to 1000; 100 by default.
        limit: Option<u32>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only this user.
        user_id: Option<String>,
        /// Only this type of action.
        action_type: Option<String>,
        /// Only this provider.
        provider: Option<String>,
        /// Only this model.
        model: Option<String>,
    }
}

parameters! {
    /// Parameters of a cost forecast.
    ForecastParameters {
        /// The number of days after today: 1 to 90; 30 by default.
        days: Option<u32>,
        /// What to forecast: cost (the default) or credits.
        metric: Option<Spending>,
        /// Past days that the forecast ignores, such as those of an incident: up to 60 dates separated by commas.
        #[param(example = "2026-11-20,2026-11-21")]
        leave_out: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only this user.
        user_id: Option<String>,
        /// Only this type of action.
        action_type: Option<String>,
        /// Only this provider.
        provider: Option<String>,
        /// Only this model.
        model: Option<String>,
    }
}

impl ForecastParameters {
    /// What to forecast.
    pub(in crate::http) fn wanted(&self) -> ForecastWanted {
        let left_out = given(&self.leave_out).unwrap_or_default();
        let dates = left_out.split(',').map(str::trim);
        ForecastWanted {
            spending: self.metric.unwrap_or_default(),
            days: self.days,
            left_out: dates
                .filter(|date| !date.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }
}

frames! {
    CostParameters: |all| given(&all.workflow_id);
    BreakdownParameters: |all| given(&all.workflow_id);
}

macro_rules! costs {
    ($($name:ident: $frame:expr;)*) => {$(
        impl $name {
            /// Which costs the view covers.
            pub(in crate::http) fn costs(&self) -> Costs {
                let frame: fn(&Self) -> Frame = $frame;
                Costs {
                    frame: frame(self),
                    user: given(&self.user_id),
                    action_type: given(&self.action_type),
                    provider: given(&self.provider),
                    model: given(&self.model),
                }
            }
        }
    )*};
}

costs! {
    CostParameters: |all| all.frame();
    BreakdownParameters: |all| all.frame();
    ForecastParameters: |all| Frame {
        timezone: given(&all.timezone),
        environment: given(&all.environment),
        workflow: given(&all.workflow_id),
        ..Frame::default()
    };
}

/// The parameter of operations that concern a project.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ProjectParameters {
    /// UUID of the project; required only if the caller has access to several.
    #[allow(dead_code, reason = "the guard reads it")]
    pub project_id: Option<String>,
}

never_narrowed! { ProjectParameters WorthParameters }

/// Parameters of the list of worths.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct WorthParameters {
    /// UUID of the project; required only if the caller has access to several.
    #[allow(dead_code, reason = "the guard reads it")]
    pub project_id: Option<String>,
    /// `nextCursor` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of entries: 1 to 1000; 100 by default.
    pub limit: Option<u32>,
}

impl WorthParameters {
    /// The cursor after which the page begins.
    pub(in crate::http) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }
}
