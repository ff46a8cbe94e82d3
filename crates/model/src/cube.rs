//! Cubes: families of rollup rows, declared once. The writer, the planner, rebuild and verify all
//! read these declarations, and the store adapters create one table per cube and granularity from
//! them.
//!
//! A cube row is an **additive partial**: several rows can have the same key, and readers sum them.
//! Measures are 64-bit integers; money, credits and billed units are in billionths
//! ([`crate::Decimal`]).
//!
//! The table of a cube is `{cube}_{granularity}` (for example `executions_1h`), with the columns
//! `tenant INTEGER, project INTEGER, bucket BIGINT` (start, epoch ms, UTC), then its dimensions
//! (text, nullable), its measures (BIGINT), and `sketch BLOB` (nullable, [`crate::Sketch`]) where
//! the cube has one.
//!
//! Every cube has a raw source, the table function `{family}_facts(tenant, project, from, to)`: one
//! row per fact with `timestamp BIGINT`, every dimension of the family ([`Family::dimensions`]),
//! the same measures, and `value BIGINT` (the value that the sketch counts; null where there is
//! none).

mod declared;
mod dimension;
mod family;

use crate::Granularity;

pub use declared::DECLARED_CUBES;
pub use dimension::Dimension;
pub use family::Family;

/// One family of rollup rows at one choice of dimensions.
#[derive(Debug, PartialEq, Eq)]
pub struct Cube {
    /// The stem of its tables' names.
    pub name: &'static str,
    /// What its rows count.
    pub family: Family,
    /// Its key columns besides tenant, project and bucket.
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

    /// The table function that returns its facts: that of its family, or for declared dimensions,
    /// one with a row for each fact and declared dimension.
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

    /// The finest cube of the family that has all of this cube's dimensions, and from whose rows
    /// this cube's can be summed; the cube itself where there is no finer one.
    pub fn finest(&'static self) -> &'static Cube {
        let has_all = |cube: &Cube| self.dimensions.iter().all(|d| cube.dimensions.contains(d));
        let mut family = CUBES.iter().rev().filter(|cube| cube.family == self.family);
        family.find(|cube| has_all(cube)).unwrap_or(self)
    }
}

/// Every cube, coarser before finer within a family: the planner takes the first one that has the
/// dimensions of a query.
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
