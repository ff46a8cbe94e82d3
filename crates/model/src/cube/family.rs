//! The families of facts: their dimensions and measures.

use super::Dimension;

/// A family of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Every execution once: open ones at their newest event, finished ones at their end.
    Executions,
    /// Work items: finished executions that no other execution retried. They have no cube, because which
    /// ones count changes when a retry arrives.
    Work,
    /// Step runs.
    Steps,
    /// Cost records.
    Costs,
    /// User activity: every event with a user, and every activity event.
    Activity,
    /// Failed and crashed executions.
    Errors,
    /// Generated documents.
    Documents,
    /// Items added to and removed from queues.
    Queues,
    /// Goals reached.
    Goals,
    /// Every stored event by source, for completeness.
    Arrivals,
}

impl Family {
    /// Every family.
    pub const ALL: &'static [Family] = &[
        Family::Executions,
        Family::Work,
        Family::Steps,
        Family::Costs,
        Family::Activity,
        Family::Errors,
        Family::Documents,
        Family::Queues,
        Family::Goals,
        Family::Arrivals,
    ];

    /// The family's name; its raw source is `{name}_facts`.
    pub fn name(self) -> &'static str {
        match self {
            Family::Executions => "executions",
            Family::Work => "work",
            Family::Steps => "steps",
            Family::Costs => "costs",
            Family::Activity => "activity",
            Family::Errors => "errors",
            Family::Documents => "documents",
            Family::Queues => "queues",
            Family::Goals => "goals",
            Family::Arrivals => "arrivals",
        }
    }

    /// Every dimension of the family's raw source: those of its cubes and more.
    pub fn dimensions(self) -> &'static [Dimension] {
        use Dimension as D;
        match self {
            Family::Executions | Family::Work => &[
                D::Environment,
                D::Workflow,
                D::Version,
                D::TriggerType,
                D::Called,
                D::Status,
                D::ErrorType,
                D::ErrorStep,
                D::User,
                D::Source,
            ],
            Family::Steps => &[
                D::Environment,
                D::Workflow,
                D::Version,
                D::Step,
                D::StepType,
                D::Status,
                D::ErrorType,
                D::ErrorGroup,
                D::ErrorClass,
                D::User,
                D::Source,
            ],
            Family::Costs => &[
                D::Environment,
                D::Workflow,
                D::Version,
                D::Step,
                D::User,
                D::ActionType,
                D::Provider,
                D::Model,
                D::BilledUnit,
                D::Source,
            ],
            Family::Activity => &[
                D::Environment,
                D::Workflow,
                D::User,
                D::EventType,
                D::Action,
                D::Resource,
                D::Source,
            ],
            Family::Errors => &[
                D::Environment,
                D::Workflow,
                D::Version,
                D::TriggerType,
                D::Called,
                D::Status,
                D::ErrorType,
                D::ErrorGroup,
                D::ErrorClass,
                D::ErrorStep,
                D::User,
                D::Source,
            ],
            Family::Documents => &[
                D::Environment,
                D::Workflow,
                D::DocumentKind,
                D::Status,
                D::User,
                D::Source,
            ],
            Family::Queues => &[
                D::Environment,
                D::Workflow,
                D::Queue,
                D::QueueAction,
                D::Source,
            ],
            Family::Goals => &[D::Environment, D::Workflow, D::Goal, D::User, D::Source],
            Family::Arrivals => &[D::Environment, D::Source, D::EventType],
        }
    }

    /// The additive measures of the family, which are columns of its cubes and of its raw source.
    pub fn measures(self) -> &'static [&'static str] {
        match self {
            Family::Executions => &["count", "duration_count", "duration_sum", "step_count"],
            Family::Steps => &[
                "count",
                "duration_count",
                "duration_sum",
                "wait_sum",
                "retries",
                "items_in",
                "items_out",
                "input_size",
                "output_size",
                "credits",
                "cache_lookups",
                "cache_hits",
            ],
            Family::Costs => &[
                "count",
                "amount",
                "credits",
                "api_calls",
                "input_tokens",
                "output_tokens",
                "cache_read_tokens",
                "cache_write_tokens",
                "reasoning_tokens",
                "units",
                "unpriced",
            ],
            Family::Activity => &["count", "duration_sum"],
            Family::Work | Family::Errors | Family::Arrivals => &["count"],
            Family::Documents => &["count", "duration_count", "duration_sum", "file_size"],
            Family::Queues => &["count", "duration_count", "duration_sum"],
            Family::Goals => &["count", "goal_value"],
        }
    }

    /// Whether facts of the family have a duration that a sketch counts.
    pub fn has_sketch(self) -> bool {
        matches!(
            self,
            Family::Executions | Family::Steps | Family::Documents | Family::Queues
        )
    }
}
