//! Query parameters of paper 3's views. Ranges may also be named as the paper names them, and be dates.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    journeys::{EnrolmentRequest, ExclusionRequest, FunnelRequest, StepChoice, StepRequest},
};

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            /// UUID of the project; needed only where the caller sees several.
            #[serde(rename = "projectId")]
            #[allow(dead_code, reason = "the caller's extractor reads it")]
            pub project_id: Option<String>,
            /// Only this environment.
            pub environment: Option<String>,
            /// IANA time zone of buckets, dates and relative ranges; UTC without it.
            #[param(example = "Europe/Amsterdam")]
            pub timezone: Option<String>,
            /// Whether figures are computed anew, whatever was answered before: true or false.
            #[allow(dead_code, reason = "the frame around every handler reads it")]
            pub refresh: Option<bool>,
            /// The first moment, RFC 3339, or a date. Also `start_date`.
            #[serde(alias = "start_date", alias = "startDate")]
            pub from: Option<String>,
            /// The first moment after, RFC 3339, or the last date. Also `end_date`.
            #[serde(alias = "end_date", alias = "endDate")]
            pub to: Option<String>,
            /// A length up to the present, in place of both: `24h`, `4w`, or `30d`, which is today and the 29 days before it. Without any, `30d`.
            pub last: Option<String>,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        never_narrowed! { $name }

        impl $name {
            /// The time and the place that the view is about.
            pub(super) fn frame(&self) -> Frame {
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
        /// hourly, daily, weekly, monthly or auto (the default).
        granularity: Option<String>,
        /// execution (the default) or subject: whether the executions of one subject count once.
        unit: Option<String>,
        /// The goal that is the conversion; any without it.
        goal: Option<String>,
        /// How long after enrolment a goal counts: `90s`, `30m`, `24h`, `7d`, `2w`. Without it, for ever.
        window: Option<String>,
    }
}

parameters! {
    /// Parameters of actions.
    ActionParameters {}
}

parameters! {
    /// Parameters of funnels. The same path takes a POST with everything in a body, for ids with commas
    /// and bars and for exclusions between certain steps.
    FunnelParameters {
        /// The steps in order, parted by commas; alternatives of one step by bars. Without it: enrolled,
        /// the steps that most completed executions ran, completed.
        #[param(example = "enrolled,step:quote,step:pay|goal:paid")]
        steps: Option<String>,
        /// sequential (the default), strict or any.
        order: Option<String>,
        /// The longest time from the first to the last step: `90s`, `30m`, `24h`, `7d`, `2w`.
        window: Option<String>,
        /// execution (the default) or subject: whether the executions of one subject are one journey.
        unit: Option<String>,
        /// What must not happen between the first and the last step, parted by commas.
        #[param(example = "failed_step:pay")]
        exclude: Option<String>,
        /// version, trigger_type, environment, user or source of the first execution.
        breakdown: Option<String>,
        /// How many groups: 1 to 100, 10 without it.
        #[serde(alias = "breakdownLimit")]
        breakdown_limit: Option<u32>,
        /// hourly, daily, weekly, monthly or auto (the default).
        granularity: Option<String>,
    }
}

/// An empty parameter is one that was not given.
fn given(parameter: &Option<String>) -> Option<String> {
    parameter.clone().filter(|text| !text.is_empty())
}

fn parted(parameter: &Option<String>) -> impl Iterator<Item = &str> {
    let text = parameter.as_deref().filter(|text| !text.is_empty());
    text.into_iter().flat_map(|text| text.split(','))
}

impl EnrolmentParameters {
    /// What is asked.
    pub(super) fn request(&self) -> EnrolmentRequest {
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
    /// What is asked.
    pub(super) fn request(&self) -> FunnelRequest {
        let frame = self.frame();
        FunnelRequest {
            steps: parted(&self.steps).map(step).collect(),
            order: given(&self.order),
            window: given(&self.window),
            unit: given(&self.unit),
            exclusions: parted(&self.exclude).map(exclusion).collect(),
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
    fn steps_are_parted_by_commas_and_alternatives_by_bars() {
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
            panic!("{:?} is no choice", request.steps[1]);
        };
        assert_eq!(choice.any, ["step:pay", "goal:paid"]);
        assert_eq!(request.exclusions[0].event, "failed_step:pay");
        assert_eq!(
            (request.from.as_deref(), request.to),
            (Some("2026-01-01"), None)
        );
    }
}
