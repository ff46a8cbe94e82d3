//! What is asked about a funnel.

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

/// Groups of a breakdown, unless the request says how many.
const GROUPS: u32 = 10;
/// The most groups of a breakdown.
pub(super) const MOST_GROUPS: u32 = 100;

/// A funnel. What happens is named `enrolled`, `waiting`, `completed`, `failed`, `crashed`, `canceled`, `goal` (any),
/// `goal:ID`, `step:ID` (completed), `failed_step:ID`, `any_step:ID` (completed or failed), `action:NAME` and
/// `resource:NAME` (activities whose resource is the execution or its subject). In a strict funnel nothing of the
/// kinds named (step runs, goals, activities) may lie between two steps; skipped steps are no runs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FunnelRequest {
    /// The steps in order, 1 to 20. Without any: enrolled, the steps that most completed executions
    /// ran, completed.
    #[serde(default)]
    pub steps: Vec<StepRequest>,
    /// sequential (the default), strict or any.
    #[schema(value_type = Option<FunnelOrder>)]
    pub order: Option<String>,
    /// The longest time from the first to the last step: 90s, 30m, 24h, 7d, 2w. Without it, for ever.
    pub window: Option<String>,
    /// execution (the default) or subject.
    #[schema(value_type = Option<JourneyUnit>)]
    pub unit: Option<String>,
    /// What must not happen in between.
    #[serde(default)]
    pub exclusions: Vec<ExclusionRequest>,
    /// A dimension of the journey's first execution.
    #[schema(value_type = Option<JourneyDimension>)]
    pub breakdown: Option<String>,
    /// How many groups of the breakdown, those with most entered: 1 to 100, 10 without it.
    #[serde(alias = "breakdownLimit")]
    pub breakdown_limit: Option<u32>,
    /// hourly, daily, weekly, monthly or auto (the default): the buckets of the series.
    pub granularity: Option<String>,
    /// When the first was enrolled: RFC 3339, or a date.
    #[serde(alias = "start_date", alias = "startDate")]
    pub from: Option<String>,
    /// The first moment after, RFC 3339; or a date, which is included.
    #[serde(alias = "end_date", alias = "endDate")]
    pub to: Option<String>,
    /// A length up to the present, in place of both. Without any, `30d`.
    pub last: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
}

/// A step of a funnel: what has to happen, or one of several things.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "expected text as `step:pay`, or an object with a list `any` of such texts"
)]
pub enum StepRequest {
    /// One thing: `step:pay`.
    One(String),
    /// Any of several things.
    Any(StepChoice),
}

/// Several things of which one has to happen.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepChoice {
    /// The step's name for people.
    pub label: Option<String>,
    /// What may happen.
    #[schema(example = json!(["step:pay", "goal:paid"]))]
    pub any: Vec<String>,
}

/// Something that must not happen between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExclusionRequest {
    /// What must not happen.
    pub event: String,
    /// The step after which, from 1; without it the first.
    pub after: Option<usize>,
    /// The step before which; without it the last.
    pub before: Option<usize>,
}

/// A step with its words understood.
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

/// A request with its words understood, whose steps may still have to be found.
#[derive(Clone, Debug)]
pub(super) struct Understood {
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

    pub(super) fn understood(&self) -> Result<Understood, AppError> {
        let steps = self.steps.iter().enumerate();
        let steps: Result<_, _> = steps.map(|(i, step)| understood_step(i, step)).collect();
        let groups = self.breakdown_limit.unwrap_or(GROUPS);
        if !(1..=MOST_GROUPS).contains(&groups) {
            let detail = format!("a breakdown of {groups} groups is not possible");
            let error = QueryError::new(ErrorCode::InvalidLimit, "breakdown_limit", detail);
            return Err(error.with_fix(format!("1 to {MOST_GROUPS}")).into());
        }
        Ok(Understood {
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

    /// What is excluded, and between which of the funnel's steps.
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
                    let fix = format!("two steps of 1 to {steps}, the earlier one as `after`");
                    return Err(invalid(&field, fix).into());
                }
                Ok((occurrence, between))
            })
            .collect();
        Ok(pairs?.into_iter().unzip())
    }
}

impl Understood {
    /// The funnel's rule.
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

fn understood_step(position: usize, step: &StepRequest) -> Result<Step, AppError> {
    let field = format!("steps[{position}]");
    let (label, any) = match step {
        StepRequest::One(text) => (None, std::slice::from_ref(text)),
        StepRequest::Any(choice) => (choice.label.clone(), &*choice.any),
    };
    if !(1..=MAX_STEPS).contains(&any.len()) {
        return Err(invalid(&field, format!("1 to {MAX_STEPS} things that may happen")).into());
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
    let detail = "the funnel cannot be walked like this";
    QueryError::new(ErrorCode::InvalidFunnel, field, detail).with_fix(fix)
}

#[cfg(test)]
mod tests;
