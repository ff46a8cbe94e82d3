//! The cubes of declared dimensions.

use super::{Cube, Dimension, Family};

/// The cubes of declared dimensions: a fact has one row for each declared dimension that is marked as fast.
/// They are not updated by commits but later, some hours at a time, from raw facts; the store keeps track of
/// which parts are missing.
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
