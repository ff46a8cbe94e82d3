//! Cubes: families of rollup rows, declared once. The writer, the planner, rebuild and verify all
//! read these declarations, and the adapters make one table per cube and granularity of them.
//!
//! A cube row is an **additive partial**: the same key may stand in many rows, and a reader sums
//! them. Measures are 64-bit integers; money, credits and billed units are in
//! billionths ([`crate::Decimal`]).
//!
//! Table of a cube: `{cube}_{granularity}` (for example `executions_1h`) with the columns
//! `tenant INTEGER, project INTEGER, bucket BIGINT` (start, epoch ms, UTC), then its dimensions
//! (text, nullable), its measures (BIGINT), and `sketch BLOB` (nullable, [`crate::Sketch`]) where
//! the cube has one.
//!
//! Beside every cube stands its raw source, the table function
//! `{family}_facts(tenant, project, from, to)`: one row per fact with `timestamp BIGINT`, every
//! dimension of the family ([`Family::dimensions`]), the same measures, and `value BIGINT` (what
//! the sketch counts; null where there is none).

use crate::Granularity;

macro_rules! dimensions {
    (
        hidden { $($own:ident = $own_name:literal, $own_label:literal, $own_description:literal;)* }
        $($variant:ident = $name:literal, $label:literal, $description:literal;)*
    ) => {
        /// A property by which facts are grouped and filtered. Its name is both the API's word and
        /// the column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Dimension { $(#[doc = $description] $variant,)* $(#[doc = $own_description] $own,)* }

        impl Dimension {
            /// Every dimension that can be asked by, in the order of the catalogue.
            pub const ALL: &'static [Dimension] = &[$(Dimension::$variant,)*];
            /// The API's word and the column's name.
            pub fn name(self) -> &'static str { match self { $(Dimension::$variant => $name,)* $(Dimension::$own => $own_name,)* } }
            /// The word for people.
            pub fn label(self) -> &'static str { match self { $(Dimension::$variant => $label,)* $(Dimension::$own => $own_label,)* } }
            /// One sentence for the catalogue.
            pub fn description(self) -> &'static str { match self { $(Dimension::$variant => $description,)* $(Dimension::$own => $own_description,)* } }
        }
    };
}

dimensions! {
    hidden {
        DeclaredKey = "declared_key", "Declared key", "In cubes of declared dimensions: which of them a row is by.";
        DeclaredValue = "declared_value", "Declared value", "In cubes of declared dimensions: the value of it.";
    }
    Environment = "environment", "Environment", "Where the workflow ran, for example production.";
    Workflow = "workflow", "Workflow", "The workflow's id.";
    Version = "version", "Version", "The workflow's version.";
    TriggerType = "trigger_type", "Trigger type", "What started the execution: webhook, schedule, manual, api, ...";
    Called = "called", "Called by", "Whether an execution was called by another (child) or by nobody (root).";
    Status = "status", "Status", "The state of an execution, step or document.";
    ErrorType = "error_type", "Error type", "The error's class as the producer named it.";
    ErrorGroup = "error_group", "Error group", "The group of errors that fingerprints, rules and merges put it into.";
    ErrorClass = "error_class", "Error class", "timeout, network, auth, rate_limit, validation, not_found, server, quota, code or unknown.";
    ErrorStep = "error_step", "Failed step", "The step at which an execution failed.";
    User = "user", "User", "The user who caused the event.";
    Step = "step", "Step", "The step's id within its workflow.";
    StepType = "step_type", "Step type", "The kind of step: httpRequest, postgres, openai, ...";
    EventType = "event_type", "Event type", "The type of the ingested event.";
    Action = "action", "Action", "What a user did.";
    Resource = "resource", "Resource", "What it was done to.";
    ActionType = "action_type", "Action type", "What was paid for.";
    Provider = "provider", "Provider", "Who was paid.";
    Model = "model", "Model", "The model that was used.";
    BilledUnit = "unit", "Unit", "What a cost's units are: image, second, ...";
    DocumentKind = "document_kind", "Document kind", "pdf, docx, ...";
    Queue = "queue", "Queue", "The queue's name.";
    QueueAction = "queue_action", "Queue action", "enqueued or dequeued.";
    Goal = "goal", "Goal", "The goal that was reached.";
    Source = "source", "Source", "The door an event came in by.";
}

/// What a family of facts is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Every execution once: open ones at their newest event, finished ones at their end.
    Executions,
    /// Pieces of work: executions that ended and that no other execution did again. No cube holds them: what
    /// counts changes when a retry arrives.
    Work,
    /// Step runs.
    Steps,
    /// Cost records.
    Costs,
    /// Who did what: every event with a user, and every activity event.
    Activity,
    /// Failed and crashed executions.
    Errors,
    /// Generated documents.
    Documents,
    /// Queue movements.
    Queues,
    /// Goals reached.
    Goals,
    /// Every stored event by source: what has arrived.
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

    /// The family's word; its raw source is `{name}_facts`.
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

    /// Every dimension that the raw source of the family carries: those of its cubes and more.
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

    /// The additive measures of the family: columns of its cubes and of its raw source.
    pub fn measures(self) -> &'static [&'static str] {
        match self {
            Family::Executions => &["count", "duration_count", "duration_sum", "step_count"],
            Family::Steps => &[
                "count",
                "duration_count",
                "duration_sum",
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

/// One family of rollup rows at one choice of dimensions.
#[derive(Debug, PartialEq, Eq)]
pub struct Cube {
    /// The table's stem.
    pub name: &'static str,
    /// What its rows count.
    pub family: Family,
    /// The key beside tenant, project and bucket.
    pub dimensions: &'static [Dimension],
}

impl Cube {
    /// Whether it is one of [`DECLARED_CUBES`].
    pub fn is_declared(&self) -> bool {
        self.dimensions.contains(&Dimension::DeclaredKey)
    }

    /// The granularities at which it has rows.
    pub fn granularities(&self) -> &'static [Granularity] {
        match self.is_declared() {
            true => &[Granularity::Hour, Granularity::Day],
            false => &Granularity::ALL,
        }
    }

    /// The table function of its facts: its family's, or with a row of each fact for each declared
    /// dimension.
    pub fn facts(&self) -> String {
        match self.is_declared() {
            true => format!("declared_{}_facts", self.family.name()),
            false => format!("{}_facts", self.family.name()),
        }
    }

    /// The table at a granularity, for example `executions_1h`.
    pub fn table(&self, granularity: Granularity) -> String {
        format!("{}_{}", self.name, granularity.name())
    }

    /// The finest cube of the family with all of this one's dimensions, from whose rows this one's can
    /// be summed; the cube itself where there is no finer one.
    pub fn finest(&'static self) -> &'static Cube {
        let has_all = |cube: &Cube| self.dimensions.iter().all(|d| cube.dimensions.contains(d));
        let mut family = CUBES.iter().rev().filter(|cube| cube.family == self.family);
        family.find(|cube| has_all(cube)).unwrap_or(self)
    }
}

/// Every cube, coarser before finer within a family: a planner takes the first that holds what a
/// query needs.
pub const CUBES: &[Cube] = &[
    Cube {
        name: "executions_total",
        family: Family::Executions,
        dimensions: &[Dimension::Status],
    },
    Cube {
        name: "executions_environments",
        family: Family::Executions,
        dimensions: &[Dimension::Environment, Dimension::Status],
    },
    Cube {
        name: "executions_workflows",
        family: Family::Executions,
        dimensions: &[Dimension::Workflow, Dimension::Status],
    },
    Cube {
        name: "executions",
        family: Family::Executions,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Version,
            Dimension::TriggerType,
            Dimension::Called,
            Dimension::Status,
        ],
    },
    Cube {
        name: "steps",
        family: Family::Steps,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Version,
            Dimension::Step,
            Dimension::StepType,
            Dimension::Status,
        ],
    },
    Cube {
        name: "costs",
        family: Family::Costs,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::User,
            Dimension::ActionType,
            Dimension::Provider,
            Dimension::Model,
        ],
    },
    Cube {
        name: "activity",
        family: Family::Activity,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::User,
            Dimension::EventType,
            Dimension::Action,
            Dimension::Resource,
        ],
    },
    Cube {
        name: "errors",
        family: Family::Errors,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Version,
            Dimension::Status,
            Dimension::ErrorType,
            Dimension::ErrorGroup,
            Dimension::ErrorClass,
            Dimension::ErrorStep,
        ],
    },
    Cube {
        name: "documents",
        family: Family::Documents,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::DocumentKind,
            Dimension::Status,
        ],
    },
    Cube {
        name: "queues",
        family: Family::Queues,
        dimensions: &[
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Queue,
            Dimension::QueueAction,
        ],
    },
    Cube {
        name: "goals",
        family: Family::Goals,
        dimensions: &[Dimension::Environment, Dimension::Workflow, Dimension::Goal],
    },
    Cube {
        name: "arrivals",
        family: Family::Arrivals,
        dimensions: &[
            Dimension::Environment,
            Dimension::Source,
            Dimension::EventType,
        ],
    },
];

/// The cubes of declared dimensions: a fact has a row for each of them that is marked fast. They are not
/// summed while events are committed, but hours at a time from raw facts, behind the commits; what they lack
/// is known.
pub const DECLARED_CUBES: &[Cube] = &[
    Cube {
        name: "declared_executions",
        family: Family::Executions,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Status,
        ],
    },
    Cube {
        name: "declared_errors",
        family: Family::Errors,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Status,
            Dimension::ErrorType,
        ],
    },
    Cube {
        name: "declared_steps",
        family: Family::Steps,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Status,
        ],
    },
    Cube {
        name: "declared_costs",
        family: Family::Costs,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Provider,
            Dimension::Model,
        ],
    },
    Cube {
        name: "declared_documents",
        family: Family::Documents,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Status,
        ],
    },
    Cube {
        name: "declared_queues",
        family: Family::Queues,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Queue,
            Dimension::QueueAction,
        ],
    },
    Cube {
        name: "declared_goals",
        family: Family::Goals,
        dimensions: &[
            Dimension::DeclaredKey,
            Dimension::DeclaredValue,
            Dimension::Environment,
            Dimension::Workflow,
            Dimension::Goal,
        ],
    },
];
