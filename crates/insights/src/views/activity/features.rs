//! The use of features: actions on kinds of resources.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::TimeRange;
use weir_query::{Direction, Order};

use super::{ActivityFigures, ActivityFilter, Frame, Questions};
use crate::{AppError, figures};

/// Features listed, the most used first.
const LISTED: i64 = 50;

/// How much a feature was used.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeatureUse {
    /// What was done.
    pub action: Option<String>,
    /// To what kind of thing; null where activities named none.
    pub resource: Option<String>,
    /// How often.
    pub uses: u64,
    /// Percentage of all activities.
    pub share_pct: Option<f64>,
    /// By how many different users.
    pub users: u64,
    /// Percentage of the active users.
    pub adoption_pct: Option<f64>,
    /// Durations that producers reported, in milliseconds.
    pub reported_time_ms: u64,
}

figures! {
    /// What is asked about a feature.
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
    // Equals in the order of their names, so that the list is the same every time.
    for dimension in ["action", "resource"] {
        query.order_by.push(Order {
            dimension: Some(dimension.to_owned()),
            ..Order::default()
        });
    }
    let told = questions.figures::<Uses>(query).await?;
    let features = told.lines().map(|line| FeatureUse {
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
