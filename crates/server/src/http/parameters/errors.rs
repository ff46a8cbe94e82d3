//! Parameters of views of errors.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::{
    errors::{GroupState, TriageFilter},
    views::{Frame, errors::WantedGroups},
};
use weir_model::ErrorClass;

use super::extract::given;
use crate::app::{AppError, ErrorCode};

parameters! {
    /// Parameters of errors by group.
    ErrorParameters of a range {
        /// Only this workflow.
        workflow_id: Option<String>,
        /// Only errors of this class: timeout, network, auth, rate_limit, validation, not_found, server, quota, code or unknown.
        error_class: Option<String>,
        /// Only groups in this state: open (which includes those that came back), came_back, resolved or ignored.
        state: Option<GroupState>,
        /// Only groups that this person looks after: their id.
        assignee_id: Option<String>,
        /// Maximum number of groups: 1 to 500; 100 by default.
        limit: Option<i64>,
    }
}

parameters! {
    /// Parameters of error intelligence.
    IntelligenceParameters {
        /// A range that ends now: `1h`, `6h`, `24h` (the default), `7d` (today and the 6 days before it), `30d` or any other length.
        #[serde(rename = "time_range", alias = "timeRange", alias = "last")]
        #[param(rename = "time_range")]
        time_range: Option<String>,
        /// Start of the range (inclusive), RFC 3339; with `to`, instead of `time_range`.
        #[serde(alias = "start_date", alias = "startDate")]
        from: Option<String>,
        /// End of the range (exclusive), RFC 3339.
        #[serde(alias = "end_date", alias = "endDate")]
        to: Option<String>,
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// Only errors of this class.
        #[serde(alias = "error_class")]
        error_class: Option<String>,
        /// Maximum number of groups: 1 to 500; 100 by default.
        limit: Option<i64>,
    }
}

/// Parameters of error rules.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct RuleParameters {
    /// UUID of the project; required only if the caller has access to several.
    #[allow(dead_code, reason = "the guard reads it")]
    pub project_id: Option<String>,
    /// The version of the rules; by default, the newest.
    pub version: Option<i64>,
}

never_narrowed! { RuleParameters }

impl ErrorParameters {
    /// What the view covers.
    pub(in crate::http) fn frame(&self) -> Frame {
        Frame {
            workflow: given(&self.workflow_id),
            ..self.of_range()
        }
    }

    /// Which groups to return. Fails if there is no such error class, or the person's id is not one.
    pub(in crate::http) fn wanted(&self) -> Result<WantedGroups, AppError> {
        let assignee = given(&self.assignee_id);
        let assignee = assignee.map(|id| id.parse().map_err(|_| no_person(&id)));
        Ok(WantedGroups {
            triage: TriageFilter {
                state: self.state,
                assignee: assignee.transpose()?,
            },
            ..wanted_groups(&self.error_class, self.limit)?
        })
    }
}

impl IntelligenceParameters {
    /// What the view covers: the last 24 hours unless a range is given.
    pub(in crate::http) fn frame(&self) -> Frame {
        let (from, to) = (given(&self.from), given(&self.to));
        let usual = (from.is_none() && to.is_none()).then(|| "24h".to_owned());
        Frame {
            last: given(&self.time_range).or(usual),
            from,
            to,
            timezone: given(&self.timezone),
            environment: given(&self.environment),
            workflow: given(&self.workflow_id),
            declared: self.declared.clone(),
        }
    }

    /// Which groups to return. Fails if there is no such error class.
    pub(in crate::http) fn wanted(&self) -> Result<WantedGroups, AppError> {
        wanted_groups(&self.error_class, self.limit)
    }
}

fn wanted_groups(class: &Option<String>, limit: Option<i64>) -> Result<WantedGroups, AppError> {
    let class = given(class);
    if let Some(word) = &class
        && ErrorClass::from_name(word).is_none()
    {
        let classes: Vec<_> = ErrorClass::ALL.iter().map(|class| class.name()).collect();
        return Err(AppError::new(
            ErrorCode::InvalidParameter,
            format!("There is no error class {word:?}."),
        )
        .field("errorClass")
        .fix(classes.join(", ")));
    }
    Ok(WantedGroups {
        class,
        triage: TriageFilter::default(),
        limit,
    })
}

fn no_person(id: &str) -> AppError {
    let detail = format!("{id:?} is not the id of a person.");
    let error = AppError::new(ErrorCode::InvalidParameter, detail).field("assigneeId");
    error.fix("GET /api/v1/errors/assignees lists the people and their ids.")
}
