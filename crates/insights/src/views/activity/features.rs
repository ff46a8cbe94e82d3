//! Feature usage: actions on kinds of resources.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::TimeRange;
use weir_query::{Direction, Order};

use super::{ActivityFigures, ActivityFilter, Frame, Questions};
use crate::{AppError, figures};

/// How many features are listed, the most used first.
const LISTED: i64 = 50;

/// The usage of a feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeatureUse {
    /// The action.
    pub action: Option<String>,
    /// The kind of resource; null for activities that name none.
    pub resource: Option<String>,
    /// How often it was used.
    pub uses: u64,
    /// Percentage of all activities.
    pub share_pct: Option<f64>,
    /// Number of distinct users.
    pub users: u64,
    /// Percentage of the active users.
    pub adoption_pct: Option<f64>,
    /// Sum of reported durations, in milliseconds.
    pub reported_time_ms: u64,
}

figures! {
    /// How much a feature was used.
    struct Uses {
        uses: u64 = count("activities"),
        users: u64 = count("users"),
        reported_time_ms: u64 = count("activity_duration_sum"),
    }
}

pub(super) async fn ask(
    questions: &mut Questions<'_>,
    frame: &Frame,
    filter: &ActivityFilter,
    range: TimeRange,
    all: &ActivityFigures,
) -> Result<Vec<FeatureUse>, AppError> {
    let mut query = filter
        .question(frame)
        .by(["action", "resource"])
        .range(range)
        .order("activities", Direction::Desc)
        .limit(LISTED);
    // Ties are ordered by name, so that the list is always the same.
    for dimension in ["action", "resource"] {
        query.order_by.push(Order {
            dimension: Some(dimension.to_owned()),
            ..Order::default()
        });
    }
    let results = questions.figures::<Uses>(query).await?;
    let features = results.lines().map(|line| FeatureUse {
        action: line.key(0),
        resource: line.key(1),
        uses: line.figures.uses,
        share_pct: percent(line.figures.uses, all.activities),
        users: line.figures.users,
        adoption_pct: percent(line.figures.users, all.active_users),
        reported_time_ms: line.figures.reported_time_ms,
    });
    Ok(features.collect())
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}
