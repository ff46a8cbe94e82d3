//! Parameters of the views of journeys. A range can also be given as dates, and as `start_date` and `end_date`.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    journeys::{EnrolmentRequest, ExclusionRequest, FunnelRequest, StepChoice, StepRequest},
};

use super::extract::given;

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(in crate::http) struct $name {
            /// UUID of the project; required only if the caller has access to several.
            #[serde(rename = "projectId")]
            #[allow(dead_code, reason = "the guard reads it")]
            pub project_id: Option<String>,
            /// Only this environment.
            pub environment: Option<String>,
            /// IANA time zone of buckets, dates and relative ranges; UTC by default.
            #[param(example = "Europe/Amsterdam")]
            pub timezone: Option<String>,
            /// Whether to bypass the cache: true or false.
            #[allow(dead_code, reason = "the frame around every handler reads it")]
            pub refresh: Option<bool>,
            /// Start of the range: an RFC 3339 time (inclusive) or the first date. Also accepted as `start_date`.
            #[serde(alias = "start_date", alias = "startDate")]
            pub from: Option<String>,
            /// End of the range: an RFC 3339 time (exclusive) or the last date. Also accepted as `end_date`.
            #[serde(alias = "end_date", alias = "endDate")]
            pub to: Option<String>,
            /// A range that ends now, instead of `from` and `to`: `24h`, `4w`, or `30d`, which is today and the 29 days before it. The default is `30d`.
            pub last: Option<String>,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        never_narrowed! { $name }

        impl $name {
            /// What the view covers, except the workflow.
            pub(in crate::http) fn frame(&self) -> Frame {
                Frame {
                    from: given(&self.from),
                    to: given(&self.to),
                    last: given(&self.last),
                    timezone: given(&self.timezone),
                    environment: given(&self.environment),
                    ..Frame::default()
                }
            }
        }
    };
}

parameters! {
    /// Parameters of enrolment and conversion.
    EnrolmentParameters {
        /// The length of buckets: hourly, daily, weekly, monthly or auto (the default).
        granularity: Option<String>,
        /// What to count: execution (the default), or subject to count the executions of one subject once.
        unit: Option<String>,
        /// The goal that counts as the conversion; any by default.
        goal: Option<String>,
        /// How long after enrolment a goal counts: `90s`, `30m`, `24h`, `7d`, `2w`. Unlimited by default.
        window: Option<String>,
    }
}

parameters! {
    /// Parameters of a workflow's actions.
    ActionParameters {}
}

parameters! {
    /// Parameters of funnels. For ids that contain commas or bars, and for exclusions between certain steps,
    /// send the request as a body by POST to the same path.
    FunnelParameters {
        /// The steps in order, separated by commas; the alternatives of a step, separated by bars. By default:
        /// enrolled, the steps that most completed executions ran, completed.
        #[param(example = "enrolled,step:quote,step:pay|goal:paid")]
        steps: Option<String>,
        /// The order of the steps: sequential (the default), strict or any.
        order: Option<String>,
        /// The longest time from the first to the last step: `90s`, `30m`, `24h`, `7d`, `2w`.
        window: Option<String>,
        /// What to count: execution (the default), or subject to count the executions of one subject as one journey.
        unit: Option<String>,
        /// What must not happen between the first and the last step, separated by commas.
        #[param(example = "failed_step:pay")]
        exclude: Option<String>,
        /// What to break down by: version, trigger_type, environment, user or source of the first execution.
        breakdown: Option<String>,
        /// Maximum number of groups: 1 to 100; 10 by default.
        #[serde(alias = "breakdownLimit")]
        breakdown_limit: Option<u32>,
        /// The length of buckets: hourly, daily, weekly, monthly or auto (the default).
        granularity: Option<String>,
    }
}

fn listed(parameter: &Option<String>) -> impl Iterator<Item = &str> {
    let text = parameter.as_deref().filter(|text| !text.is_empty());
    text.into_iter().flat_map(|text| text.split(','))
}

impl EnrolmentParameters {
    /// The request that the parameters make.
    pub(in crate::http) fn request(&self) -> EnrolmentRequest {
        EnrolmentRequest {
            frame: self.frame(),
            granularity: given(&self.granularity),
            unit: given(&self.unit),
            goal: given(&self.goal),
            window: given(&self.window),
        }
    }
}

impl FunnelParameters {
    /// The request that the parameters make.
    pub(in crate::http) fn request(&self) -> FunnelRequest {
        let frame = self.frame();
        FunnelRequest {
            steps: listed(&self.steps).map(step).collect(),
            order: given(&self.order),
            window: given(&self.window),
            unit: given(&self.unit),
            exclusions: listed(&self.exclude).map(exclusion).collect(),
            breakdown: given(&self.breakdown),
            breakdown_limit: self.breakdown_limit,
            granularity: given(&self.granularity),
            from: frame.from,
            to: frame.to,
            last: frame.last,
            timezone: frame.timezone,
            environment: frame.environment,
        }
    }
}

fn step(text: &str) -> StepRequest {
    if !text.contains('|') {
        return StepRequest::One(text.to_owned());
    }
    StepRequest::Any(StepChoice {
        label: None,
        any: text.split('|').map(str::to_owned).collect(),
    })
}

fn exclusion(text: &str) -> ExclusionRequest {
    ExclusionRequest {
        event: text.to_owned(),
        ..ExclusionRequest::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_separated_by_commas_and_alternatives_by_bars() {
        let parameters = FunnelParameters {
            project_id: None,
            environment: None,
            timezone: None,
            from: Some("2026-01-01".to_owned()),
            to: Some(String::new()),
            last: None,
            steps: Some("enrolled,step:pay|goal:paid".to_owned()),
            order: None,
            window: None,
            unit: None,
            exclude: Some("failed_step:pay".to_owned()),
            breakdown: None,
            breakdown_limit: None,
            granularity: None,
            refresh: None,
        };
        let request = parameters.request();
        assert_eq!(request.steps[0], StepRequest::One("enrolled".to_owned()));
        let StepRequest::Any(choice) = &request.steps[1] else {
            panic!("{:?} is not a choice", request.steps[1]);
        };
        assert_eq!(choice.any, ["step:pay", "goal:paid"]);
        assert_eq!(request.exclusions[0].event, "failed_step:pay");
        assert_eq!(
            (request.from.as_deref(), request.to),
            (Some("2026-01-01"), None)
        );
    }
}
