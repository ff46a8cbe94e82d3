//! A request for a funnel.

use serde::Deserialize;
use utoipa::ToSchema;
use weir_analysis::funnel::{Exclusion, Funnel, MAX_STEPS, Order};
use weir_model::cube::Dimension;
use weir_query::{
    ErrorCode, QueryError,
    catalogue::find_dimension,
    records::journeys::{Occurrence, window},
    words::{FunnelOrder, JourneyDimension, JourneyUnit, Word},
};

use crate::{
    AppError,
    views::{Frame, frame::dimension_word},
};

/// The default number of groups of a breakdown.
const GROUPS: u32 = 10;
/// The most groups of a breakdown.
pub(super) const MOST_GROUPS: u32 = 100;

/// A funnel. Its events are `enrolled`, `waiting`, `completed`, `failed`, `crashed`, `canceled`, `goal`
/// (any), `goal:ID`, `step:ID` (completed), `failed_step:ID`, `any_step:ID` (completed or failed),
/// `action:NAME` and `resource:NAME` (activities whose resource is the execution or its subject). In a strict
/// funnel, no other event of the kinds used (step runs, goals, activities) may occur between two steps;
/// skipped steps do not count as runs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelRequest {
    /// The steps in order, 1 to 20. By default: enrolled, the steps of the most common path of completed
    /// executions, completed.
    #[serde(default)]
    pub steps: Vec<StepRequest>,
    /// The required order of the steps: sequential (the default), strict or any.
    #[schema(value_type = Option<FunnelOrder>)]
    pub order: Option<String>,
    /// The longest time allowed from the first to the last step: 90s, 30m, 24h, 7d, 2w. No limit by default.
    pub window: Option<String>,
    /// What is counted: execution (the default) or subject.
    #[schema(value_type = Option<JourneyUnit>)]
    pub unit: Option<String>,
    /// Events that must not occur between steps.
    #[serde(default)]
    pub exclusions: Vec<ExclusionRequest>,
    /// The dimension to break down by: its value in the journey's first execution.
    #[schema(value_type = Option<JourneyDimension>)]
    pub breakdown: Option<String>,
    /// How many groups of the breakdown to list, those with the most that entered: 1 to 100, 10 by default.
    #[serde(alias = "breakdownLimit")]
    pub breakdown_limit: Option<u32>,
    /// The buckets of the series: hourly, daily, weekly, monthly or auto (the default).
    pub granularity: Option<String>,
    /// Start of the range of enrolment: RFC 3339, or a date.
    #[serde(alias = "start_date", alias = "startDate")]
    pub from: Option<String>,
    /// End of the range: RFC 3339, exclusive; or a date, inclusive.
    #[serde(alias = "end_date", alias = "endDate")]
    pub to: Option<String>,
    /// The length of a range that ends now, instead of both. `30d` by default.
    pub last: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
}

/// A step of a funnel: one event, or a choice of several.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "expected a string such as `step:pay`, or an object with a list `any` of such strings"
)]
pub enum StepRequest {
    /// One event: `step:pay`.
    One(String),
    /// Any of several events.
    Any(StepChoice),
}

/// Several events, one of which has to occur.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepChoice {
    /// The step's label for people.
    pub label: Option<String>,
    /// The events that count as this step.
    #[schema(example = json!(["step:pay", "goal:paid"]))]
    pub any: Vec<String>,
}

/// An event that must not occur between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExclusionRequest {
    /// The event that must not occur.
    pub event: String,
    /// The number of the step before it, starting at 1; the first by default.
    pub after: Option<usize>,
    /// The number of the step after it; the last by default.
    pub before: Option<usize>,
}

/// A parsed step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub label: Option<String>,
    pub any: Vec<Occurrence>,
}

impl From<Occurrence> for Step {
    fn from(occurrence: Occurrence) -> Self {
        Self {
            label: None,
            any: vec![occurrence],
        }
    }
}

/// A parsed request. Without steps, these still have to be found.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub steps: Vec<Step>,
    pub order: FunnelOrder,
    pub window: Option<i64>,
    pub unit: JourneyUnit,
    pub breakdown: Option<Dimension>,
    pub groups: usize,
}

impl FunnelRequest {
    pub(super) fn frame(&self, workflow: &str) -> Frame {
        Frame {
            from: self.from.clone(),
            to: self.to.clone(),
            last: self.last.clone(),
            timezone: self.timezone.clone(),
            environment: self.environment.clone(),
            workflow: Some(workflow.to_owned()),
            ..Frame::default()
        }
    }

    pub(super) fn parsed(&self) -> Result<Parsed, AppError> {
        let steps = self.steps.iter().enumerate();
        let steps: Result<_, _> = steps.map(|(i, step)| parsed_step(i, step)).collect();
        let groups = self.breakdown_limit.unwrap_or(GROUPS);
        if !(1..=MOST_GROUPS).contains(&groups) {
            let detail = format!("a breakdown cannot have {groups} groups");
            let error = QueryError::new(ErrorCode::InvalidLimit, "breakdown_limit", detail);
            return Err(error.with_fix(format!("1 to {MOST_GROUPS}")).into());
        }
        Ok(Parsed {
            steps: steps?,
            order: word(&self.order, "order", FunnelOrder::Sequential)?,
            window: self
                .window
                .as_deref()
                .map(|text| window(text, "window"))
                .transpose()?,
            unit: word(&self.unit, "unit", JourneyUnit::Execution)?,
            breakdown: breakdown(&self.breakdown)?,
            groups: groups as usize,
        })
    }

    /// The excluded events, and between which of the funnel's steps. Fails if one of them is not valid.
    pub(super) fn excluded(
        &self,
        steps: usize,
    ) -> Result<(Vec<Occurrence>, Vec<Exclusion>), AppError> {
        if self.exclusions.len() > MAX_STEPS {
            return Err(invalid("exclusions", format!("at most {MAX_STEPS} exclusions")).into());
        }
        let numbered = self.exclusions.iter().enumerate();
        let pairs: Result<Vec<_>, AppError> = numbered
            .map(|(i, exclusion)| {
                let field = format!("exclusions[{i}]");
                let occurrence = Occurrence::parse(&exclusion.event, &field)?;
                let between = Exclusion {
                    after: exclusion.after.unwrap_or(1),
                    before: exclusion.before.unwrap_or(steps),
                };
                let fits = 1 <= between.after && between.after < between.before;
                if !fits || between.before > steps {
                    let fix = format!("two steps from 1 to {steps}, `after` lower than `before`");
                    return Err(invalid(&field, fix).into());
                }
                Ok((occurrence, between))
            })
            .collect();
        Ok(pairs?.into_iter().unzip())
    }
}

impl Parsed {
    /// The rules of the funnel. Fails if it has no steps or too many.
    pub(super) fn funnel(&self, exclusions: Vec<Exclusion>) -> Result<Funnel, AppError> {
        if !(1..=MAX_STEPS).contains(&self.steps.len()) {
            return Err(invalid("steps", format!("1 to {MAX_STEPS} steps")).into());
        }
        Ok(Funnel {
            steps: self.steps.len(),
            order: match self.order {
                FunnelOrder::Sequential => Order::Sequential,
                FunnelOrder::Strict => Order::Strict,
                FunnelOrder::Any => Order::Any,
            },
            window: self.window,
            exclusions,
        })
    }
}

fn parsed_step(position: usize, step: &StepRequest) -> Result<Step, AppError> {
    let field = format!("steps[{position}]");
    let (label, any) = match step {
        StepRequest::One(text) => (None, std::slice::from_ref(text)),
        StepRequest::Any(choice) => (choice.label.clone(), &*choice.any),
    };
    if !(1..=MAX_STEPS).contains(&any.len()) {
        return Err(invalid(&field, format!("1 to {MAX_STEPS} events")).into());
    }
    let any: Result<_, _> = any
        .iter()
        .map(|text| Occurrence::parse(text, &field))
        .collect();
    Ok(Step { label, any: any? })
}

fn word<W: Word>(text: &Option<String>, field: &str, otherwise: W) -> Result<W, QueryError> {
    text.as_deref()
        .map_or(Ok(otherwise), |text| W::parse(text, field))
}

fn breakdown(text: &Option<String>) -> Result<Option<Dimension>, QueryError> {
    let Some(text) = text else { return Ok(None) };
    let word = JourneyDimension::parse(&dimension_word(text), "breakdown")?;
    Ok(find_dimension(word.name()))
}

fn invalid(field: &str, fix: String) -> QueryError {
    let detail = "the funnel is not valid";
    QueryError::new(ErrorCode::InvalidFunnel, field, detail).with_fix(fix)
}

#[cfg(test)]
mod tests;
