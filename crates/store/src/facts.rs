//! Turns events into facts: what each stored event adds to each cube.

use weir_model::{
    Decimal, ErrorKey, Event, EventKind, ProjectKey, Scope, Status, TenantKey, Timestamp,
    cube::{Dimension, Family},
    event::{CostEvent, ExecutionEvent, StepEvent},
};

use crate::amounts::{self, Sums};

/// One addition to the cubes of a family.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    /// The tenant that it belongs to.
    pub tenant: TenantKey,
    /// The project that it belongs to.
    pub project: ProjectKey,
    /// The family of cubes that it is added to.
    pub family: Family,
    /// The moment at which it is counted.
    pub timestamp: Timestamp,
    /// The event it is about.
    pub event: &'a Event,
    /// The user who caused it.
    pub user: Option<&'a str>,
    /// Whether the execution has been open for too long.
    pub stale: bool,
    /// 1, or -1 to take another fact back.
    pub weight: i64,
    /// The measures, in the family's order.
    pub measures: [i64; MAX_MEASURES],
    /// The value for the family's sketch.
    pub value: Option<i64>,
}

/// The status of an execution that has been open for too long.
pub const STALE: &str = "stale";

/// The maximum number of measures of any family.
pub const MAX_MEASURES: usize = 12;

/// How an event is counted, beyond its own content.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// The user that the event itself named, if its row names another.
    pub own_user: Option<Option<&'a str>>,
    /// The total of the parts of a cost, if it has any.
    pub covered: Option<&'a Sums>,
    /// Whether it is a copy of another execution's step, which counts only as an arrived event.
    pub copied: bool,
    /// 1, or -1 to take facts back.
    pub weight: i64,
}

impl Default for Counting<'_> {
    fn default() -> Self {
        Self {
            own_user: None,
            covered: None,
            copied: false,
            weight: 1,
        }
    }
}

/// The facts that an event adds on its own: all except those of executions, of which it may be only a part
/// (see [`run`]).
pub fn independent<'a>(
    scope: Scope,
    event: &'a Event,
    counting: Counting<'a>,
    mut emit: impl FnMut(Fact<'a>),
) {
    let weight = counting.weight;
    let user = counting.own_user.unwrap_or(event.user_id.as_deref());
    let mut fact = |family, measures: &[i64], value| {
        let mut fact = fact(scope, event, family, measures, value, weight);
        if family == Family::Activity {
            fact.user = user;
        }
        emit(fact);
    };
    fact(Family::Arrivals, &[1], None);
    if counting.copied {
        return;
    }
    let active_ms = match &event.kind {
        EventKind::Activity(activity) => Some(activity.duration.unwrap_or(0)),
        _ => user.is_some().then_some(0),
    };
    if let Some(duration) = active_ms {
        fact(Family::Activity, &[1, duration], None);
    }
    match &event.kind {
        EventKind::Execution(_) | EventKind::Activity(_) => {}
        EventKind::Step(step) => fact(Family::Steps, &step_measures(step), step.duration),
        EventKind::Cost(cost) => {
            fact(Family::Costs, &cost_measures(cost, counting.covered), None);
        }
        EventKind::Document(d) => {
            let duration = d.duration;
            let measures = [
                1,
                i64::from(duration.is_some()),
                duration.unwrap_or(0),
                d.file_size.unwrap_or(0),
            ];
            fact(Family::Documents, &measures, duration);
        }
        EventKind::Queue(q) => {
            let measures = [1, i64::from(q.wait_ms.is_some()), q.wait_ms.unwrap_or(0)];
            fact(Family::Queues, &measures, q.wait_ms);
        }
        EventKind::Goal(g) => fact(Family::Goals, &[1, billionths(g.value)], None),
    }
}

/// The facts of a run of an execution, counted by `event` with the combined values of the run's events;
/// `weight` -1 takes them back.
pub fn run<'a>(
    scope: Scope,
    event: &'a Event,
    duration: Option<i64>,
    stale: bool,
    weight: i64,
    mut emit: impl FnMut(Fact<'a>),
) {
    let EventKind::Execution(e) = &event.kind else {
        return;
    };
    let steps = match e.status.is_terminal() {
        true => e.step_count.unwrap_or(0),
        false => 0,
    };
    let measures = [
        1,
        i64::from(duration.is_some()),
        duration.unwrap_or(0),
        steps,
    ];
    let executions = fact(
        scope,
        event,
        Family::Executions,
        &measures,
        duration,
        weight,
    );
    emit(Fact {
        stale,
        ..executions
    });
    if is_error(e.status) {
        emit(fact(scope, event, Family::Errors, &[1], None, weight));
    }
}

/// The correction of a cost after its known parts have changed.
pub fn cost_correction<'a>(
    scope: Scope,
    event: &'a Event,
    before: Option<&Sums>,
    after: Option<&Sums>,
) -> Option<Fact<'a>> {
    let EventKind::Cost(cost) = &event.kind else {
        return None;
    };
    let mut measures = cost_measures(cost, after);
    for (measure, before) in measures.iter_mut().zip(cost_measures(cost, before)) {
        *measure -= before;
    }
    Some(fact(scope, event, Family::Costs, &measures, None, 1))
}

impl Fact<'_> {
    /// The fact's value of a dimension.
    pub fn dimension(&self, dimension: Dimension) -> Option<&str> {
        let event = self.event;
        match dimension {
            Dimension::Environment => event.environment.as_deref(),
            Dimension::Workflow => event.workflow_id.as_deref(),
            Dimension::Version => event.workflow_version.as_deref(),
            Dimension::User => self.user,
            Dimension::Status if self.stale => Some(STALE),
            Dimension::EventType => Some(event.event_type().name()),
            Dimension::Source => Some(&event.source),
            _ => of_kind(&event.kind, dimension),
        }
    }
}

/// The value of a dimension that belongs to one type of event.
fn of_kind(kind: &EventKind, dimension: Dimension) -> Option<&str> {
    use Dimension as D;
    match (kind, dimension) {
        (EventKind::Execution(e), D::Called) => Some(called(e)),
        (EventKind::Execution(e), D::TriggerType) => e.trigger_type.as_deref(),
        (EventKind::Execution(e), D::Status) => Some(e.status.name()),
        (EventKind::Execution(e), D::ErrorType) => e.error_type.as_deref(),
        (EventKind::Execution(e), D::ErrorGroup) => group(&e.error_key),
        (EventKind::Execution(e), D::ErrorClass) => class(&e.error_key),
        (EventKind::Execution(e), D::ErrorStep) => e.error_step.as_deref(),
        (EventKind::Step(s), D::Step) => Some(&s.step_id),
        (EventKind::Step(s), D::StepType) => s.step_type.as_deref(),
        (EventKind::Step(s), D::Status) => Some(s.status.name()),
        (EventKind::Step(s), D::ErrorType) => s.error_type.as_deref(),
        (EventKind::Step(s), D::ErrorGroup) => group(&s.error_key),
        (EventKind::Step(s), D::ErrorClass) => class(&s.error_key),
        (EventKind::Activity(a), D::Action) => Some(&a.action),
        (EventKind::Activity(a), D::Resource) => a.resource.as_deref(),
        (EventKind::Cost(c), D::Step) => c.step_id.as_deref(),
        (EventKind::Cost(c), D::ActionType) => c.action_type.as_deref(),
        (EventKind::Cost(c), D::Provider) => c.provider.as_deref(),
        (EventKind::Cost(c), D::Model) => c.model.as_deref(),
        (EventKind::Cost(c), D::BilledUnit) => c.unit.as_deref(),
        (EventKind::Document(d), D::DocumentKind) => Some(&d.document_kind),
        (EventKind::Document(d), D::Status) => Some(d.status.name()),
        (EventKind::Queue(q), D::Queue) => Some(&q.queue),
        (EventKind::Queue(q), D::QueueAction) => Some(q.action.name()),
        (EventKind::Goal(g), D::Goal) => Some(&g.goal_id),
        _ => None,
    }
}

/// Whether an execution was called by another.
fn called(e: &ExecutionEvent) -> &'static str {
    match e.parent_execution_id.is_some() || e.parent_id.is_some() {
        true => "child",
        false => "root",
    }
}

fn group(key: &Option<ErrorKey>) -> Option<&str> {
    key.as_ref().map(|key| &*key.group)
}

fn class(key: &Option<ErrorKey>) -> Option<&str> {
    key.as_ref().map(|key| key.class.name())
}

fn is_error(status: Status) -> bool {
    matches!(status, Status::Failed | Status::Crashed)
}

fn fact<'a>(
    scope: Scope,
    event: &'a Event,
    family: Family,
    measures: &[i64],
    value: Option<i64>,
    weight: i64,
) -> Fact<'a> {
    let mut padded = [0; MAX_MEASURES];
    for (into, measure) in padded.iter_mut().zip(measures) {
        *into = weight * measure;
    }
    Fact {
        tenant: scope.tenant,
        project: scope.project,
        family,
        timestamp: event.timestamp,
        event,
        user: event.user_id.as_deref(),
        stale: false,
        weight,
        measures: padded,
        value,
    }
}

fn step_measures(step: &StepEvent) -> [i64; 12] {
    [
        1,
        i64::from(step.duration.is_some()),
        step.duration.unwrap_or(0),
        step.wait_duration.unwrap_or(0),
        i64::from(step.attempt.is_some_and(|attempt| attempt > 1)),
        step.items_in.unwrap_or(0),
        step.items_out.unwrap_or(0),
        step.input_size.unwrap_or(0),
        step.output_size.unwrap_or(0),
        billionths(step.credits_used),
        i64::from(step.cache_hit.is_some()),
        i64::from(step.cache_hit == Some(true)),
    ]
}

/// The amounts of a cost beyond its parts, in the order of the family's measures.
fn cost_measures(cost: &CostEvent, covered: Option<&Sums>) -> [i64; 11] {
    let own = amounts::own(cost);
    let counted = amounts::counted(&own, covered);
    let [
        amount,
        credits,
        calls,
        input,
        output,
        read,
        write,
        reasoning,
        units,
    ] = counted;
    let is_reported = match covered {
        None => cost.input_tokens.is_some() || cost.output_tokens.is_some() || cost.units.is_some(),
        Some(_) => input > 0 || output > 0 || units > 0,
    };
    let is_unpriced = cost.dollar_amount.is_none() && (is_reported || cost.foreign.is_some());
    [
        1,
        amount,
        credits,
        calls,
        input,
        output,
        read,
        write,
        reasoning,
        units,
        i64::from(is_unpriced),
    ]
}

fn billionths(amount: Option<Decimal>) -> i64 {
    amount.unwrap_or_default().0
}
