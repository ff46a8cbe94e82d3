//! A change of an SLO target, checked field by field.

use serde::Deserialize;
use utoipa::ToSchema;
use weir_meta::SliSettings;
use weir_model::sketch::MAX_VALUE;
use weir_query::Zone;

use super::{WINDOWS, one_of};
use crate::{AppError, ErrorCode, views::frame};

/// The longest workflow id in a target, in bytes.
const WORKFLOW_BYTES: usize = 256;

/// A target to set. Fields that are left out keep their value; when a target is set for the first time, they
/// come from the project's target or the default.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SliConfigInput {
    /// UUID of the project; only required if the caller has access to several.
    pub project_id: Option<String>,
    /// The workflow; by default, the target is for the whole project.
    pub workflow_id: Option<String>,
    /// The minimum percentage of successful runs: above 0, at most 100.
    #[schema(example = 99.5)]
    pub target_success_pct: Option<f64>,
    /// The maximum 95th percentile of durations in milliseconds: 1 to 2^48 - 1.
    #[serde(rename = "targetP95Ms")]
    #[schema(example = 5_000)]
    pub target_p95_ms: Option<i64>,
    /// The percentage of runs that may fail in addition: 0 to 100.
    #[schema(example = 1)]
    pub error_budget_pct: Option<f64>,
    /// The window: 1d, 7d, 28d or 30d.
    #[schema(example = "7d")]
    pub window: Option<String>,
    /// Minimum runs before the target is evaluated: 1 to 1,000,000.
    #[schema(example = 30)]
    pub minimum_runs: Option<i64>,
    /// The IANA time zone of days.
    #[schema(example = "Europe/Amsterdam")]
    pub timezone: Option<String>,
}

impl SliConfigInput {
    /// The id of the project, if there is one.
    pub fn project(&self) -> Option<&str> {
        self.project_id.as_deref().filter(|id| !id.is_empty())
    }
}

/// The settings changed by the input. Fails if a value is not valid.
pub fn changed(mut settings: SliSettings, input: &SliConfigInput) -> Result<SliSettings, AppError> {
    let length = input.workflow_id.as_ref().map_or(0, String::len);
    check(length <= WORKFLOW_BYTES, "workflowId", "at most 256 bytes")?;
    if let Some(pct) = input.target_success_pct {
        check(
            pct > 0.0 && pct <= 100.0,
            "targetSuccessPct",
            "above 0, at most 100",
        )?;
        settings.target.success_pct = pct;
    }
    if let Some(milliseconds) = input.target_p95_ms {
        let fits = (1..=MAX_VALUE).contains(&milliseconds);
        check(fits, "targetP95Ms", "1 to 2^48 - 1 milliseconds")?;
        settings.target.p95_ms = milliseconds;
    }
    if let Some(pct) = input.error_budget_pct {
        check((0.0..=100.0).contains(&pct), "errorBudgetPct", "0 to 100")?;
        settings.target.error_budget_pct = pct;
    }
    if let Some(window) = &input.window {
        one_of("window", window, &WINDOWS)?.clone_into(&mut settings.window);
    }
    if let Some(runs) = input.minimum_runs {
        check(
            (1..=1_000_000).contains(&runs),
            "minimumRuns",
            "1 to 1,000,000",
        )?;
        settings.minimum_runs = runs;
    }
    if let Some(name) = &input.timezone {
        let zone = Zone::parse(name).map_err(|error| frame::in_parameters(error.into()))?;
        zone.name().clone_into(&mut settings.timezone);
    }
    Ok(settings)
}

fn check(fits: bool, field: &str, fix: &str) -> Result<(), AppError> {
    if fits {
        return Ok(());
    }
    let detail = "The value is out of range.";
    Err(AppError::new(ErrorCode::InvalidParameter, detail)
        .field(field)
        .fix(fix))
}

#[cfg(test)]
mod tests {
    use weir_meta::SliTarget;

    use super::*;
    use crate::views::sli::targets::default_settings;

    fn field_of(input: SliConfigInput) -> String {
        let error = changed(default_settings(), &input).unwrap_err();
        error.field.expect("the field is named")
    }

    #[test]
    fn fields_that_are_left_out_keep_their_value() {
        let input = SliConfigInput {
            target_success_pct: Some(99.95),
            timezone: Some("asia/kolkata".to_owned()),
            ..SliConfigInput::default()
        };
        let expected = SliSettings {
            target: SliTarget {
                success_pct: 99.95,
                ..default_settings().target
            },
            timezone: "Asia/Kolkata".to_owned(),
            ..default_settings()
        };
        assert_eq!(changed(default_settings(), &input).unwrap(), expected);
    }

    #[test]
    fn a_value_out_of_range_is_refused_with_its_field() {
        let with = SliConfigInput::default;
        for pct in [0.0, -1.0, 100.1, f64::NAN] {
            let input = SliConfigInput {
                target_success_pct: Some(pct),
                ..with()
            };
            assert_eq!(field_of(input), "targetSuccessPct");
        }
        for pct in [-0.1, 100.1] {
            let input = SliConfigInput {
                error_budget_pct: Some(pct),
                ..with()
            };
            assert_eq!(field_of(input), "errorBudgetPct");
        }
        for p95 in [0, -5, i64::MAX] {
            let input = SliConfigInput {
                target_p95_ms: Some(p95),
                ..with()
            };
            assert_eq!(field_of(input), "targetP95Ms");
        }
        for runs in [0, 1_000_001] {
            let input = SliConfigInput {
                minimum_runs: Some(runs),
                ..with()
            };
            assert_eq!(field_of(input), "minimumRuns");
        }
        let input = SliConfigInput {
            window: Some("2d".to_owned()),
            ..with()
        };
        assert_eq!(field_of(input), "window");
        let input = SliConfigInput {
            timezone: Some("Mars/Olympus".to_owned()),
            ..with()
        };
        assert_eq!(field_of(input), "timezone");
    }
}
