//! Parameters of the views of costs.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    costs::{Costs, Spending},
};

use super::given;

parameters! {
    /// Parameters of costs over time.
    CostParameters of a range {
        /// minute, five_minutes, hour, day, week, month or auto (the default).
        granularity: Option<String>,
        /// A dimension of costs: action_type, provider, model, workflow, user, version, environment.
        group_by: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only of this user.
        user_id: Option<String>,
        /// Only for this.
        action_type: Option<String>,
        /// Only paid to this provider.
        provider: Option<String>,
        /// Only for this model.
        model: Option<String>,
    }
}

parameters! {
    /// Parameters of a breakdown of costs.
    BreakdownParameters of a range {
        /// What costs are broken down by: action_type (the default), provider, model, workflow, user, version, environment.
        #[serde(alias = "groupBy")]
        by: Option<String>,
        /// How many parts: 1 to 1000, 100 without it.
        limit: Option<u32>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only of this user.
        user_id: Option<String>,
        /// Only for this.
        action_type: Option<String>,
        /// Only paid to this provider.
        provider: Option<String>,
        /// Only for this model.
        model: Option<String>,
    }
}

parameters! {
    /// Parameters of a forecast of costs.
    ForecastParameters {
        /// How many days after today: 1 to 90, 30 without it.
        days: Option<u32>,
        /// What is forecast: cost (the default) or credits.
        metric: Option<Spending>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only of this user.
        user_id: Option<String>,
        /// Only for this.
        action_type: Option<String>,
        /// Only paid to this provider.
        provider: Option<String>,
        /// Only for this model.
        model: Option<String>,
    }
}

frames! {
    CostParameters: |all| given(&all.workflow_id);
    BreakdownParameters: |all| given(&all.workflow_id);
}

macro_rules! costs {
    ($($name:ident: $frame:expr;)*) => {$(
        impl $name {
            /// Which costs the view is about.
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

/// The parameter of settings of a project.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ProjectParameters {
    /// UUID of the project; needed only where the caller sees several.
    #[allow(dead_code, reason = "the caller's extractor reads it")]
    pub project_id: Option<String>,
}

never_narrowed! { ProjectParameters WorthParameters }

/// The parameters of the list of worths.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct WorthParameters {
    /// UUID of the project; needed only where the caller sees several.
    #[allow(dead_code, reason = "the caller's extractor reads it")]
    pub project_id: Option<String>,
    /// `nextCursor` of the page before.
    pub cursor: Option<String>,
    /// How many: 1 to 1000, 100 without it.
    pub limit: Option<u32>,
}

impl WorthParameters {
    /// After what the page begins.
    pub(in crate::http) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }
}
