//! Costs: over time, broken down, wasted, and forecast.

mod breakdown;
mod figures;
mod forecast;
mod gains;
mod outlook;
mod waste;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Better, change};
use weir_model::cube::Dimension;
use weir_query::{Comparison, Direction, Interval, Query};

pub use breakdown::{Breakdown, BreakdownRow};
pub use figures::CostFigures;
pub use forecast::{Accuracy, CostForecast, DayEstimate, ForecastBounds, ForecastWanted};
pub use gains::Gains;
pub use outlook::Spending;
pub use waste::{Waste, WastedBy};

pub use outlook::Outlook;

use super::{Frame, Meta, Questions, RangeView, Results, Versioned, frame::dimension_word};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness};

/// Which costs a view is about.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    /// Time range, time zone, environment and workflow.
    pub frame: Frame,
    /// Only costs of this user.
    pub user: Option<String>,
    /// Only costs of this action type.
    pub action_type: Option<String>,
    /// Only costs of this provider.
    pub provider: Option<String>,
    /// Only costs of this model.
    pub model: Option<String>,
}

impl Costs {
    /// The filters besides environment and workflow.
    fn more_filters(&self) -> impl Iterator<Item = (Dimension, &str)> {
        [
            (Dimension::User, &self.user),
            (Dimension::ActionType, &self.action_type),
            (Dimension::Provider, &self.provider),
            (Dimension::Model, &self.model),
        ]
        .into_iter()
        .filter_map(|(dimension, value)| Some((dimension, value.as_deref()?)))
    }

    fn filters(&self) -> Vec<(Dimension, String)> {
        let frame = [
            (Dimension::Environment, &self.frame.environment),
            (Dimension::Workflow, &self.frame.workflow),
        ];
        let of_frame = frame
            .into_iter()
            .filter_map(|(dimension, value)| Some((dimension, value.as_deref()?)));
        of_frame
            .chain(self.more_filters())
            .map(|(dimension, value)| (dimension, value.to_owned()))
            .collect()
    }

    /// A query for these costs.
    fn question(&self) -> Query {
        let mut query = self.frame.question();
        for (dimension, value) in self.more_filters() {
            query = query.filter(dimension.name(), [value]);
        }
        query
    }
}

/// A change from the previous period.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct CostChange {
    /// Current minus previous.
    pub absolute: f64,
    /// In percent of the previous figure; null if that is 0.
    pub percent: Option<f64>,
}

/// Costs of a range, of the previous period, and over time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostStatistics {
    /// The time range covered.
    pub range: RangeView,
    /// The previous period: as many calendar months if the range is whole months, otherwise the same length.
    pub previous_range: Option<RangeView>,
    /// The bucket width.
    pub granularity: Option<Interval>,
    /// The time zone of the buckets.
    pub timezone: String,
    /// The dimension of the groups in `data`.
    pub group_by: Option<String>,
    /// The figures of the range.
    pub current: CostFigures,
    /// The figures of the previous period.
    pub previous: CostFigures,
    /// The change in costs.
    pub cost_change: Option<CostChange>,
    /// The change in costs per execution.
    pub cost_per_execution_change: Option<CostChange>,
    /// Wasted costs.
    pub waste: Waste,
    /// The value gained; null if the project has set no worths, or if gains cannot be broken down in the same
    /// way as costs.
    pub gains: Option<Gains>,
    /// One point per bucket and group.
    pub data: Vec<CostPoint>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A bucket of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostPoint {
    /// The start of the bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: Option<String>,
    /// The group's value of the dimension.
    pub group: Option<String>,
    /// The group's name, if it has one.
    pub name: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub figures: CostFigures,
}

impl Reading {
    /// Costs of a range and of the previous period, over time, and wasted costs. Fails if the request is not
    /// valid or the store fails.
    pub async fn cost_statistics(
        &self,
        viewer: Viewer,
        costs: &Costs,
        granularity: Option<&str>,
        group_by: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<CostStatistics>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let sums = costs.question().compare(Comparison::PreviousPeriod);
        let sums = questions.figures::<CostFigures>(sums).await?;
        let range = sums.query().range;
        let dimension = group_by.map(dimension_word);
        let mut series = costs.question().by(dimension.as_deref());
        series.granularity = Some(granularity.unwrap_or("auto").to_owned());
        let series = questions.figures(series).await?;
        let current = sums.only().unwrap_or_default();
        let previous = sums.only_before().unwrap_or_default();
        let waste = self.waste(viewer, costs, range).await?;
        let gains = self.gains(&mut questions, costs).await?;
        let body = CostStatistics {
            range: range.into(),
            previous_range: sums.query().comparison_range.map(RangeView::from),
            granularity: series.query().granularity,
            timezone: series.query().zone.name().to_owned(),
            cost_change: cost_change(Some(current.total_cost), Some(previous.total_cost)),
            cost_per_execution_change: cost_change(
                current.cost_per_execution,
                previous.cost_per_execution,
            ),
            current,
            previous,
            waste,
            gains,
            data: self.cost_points(viewer, &series, dimension.as_deref()),
            group_by: dimension,
            meta: questions.meta().await?,
        };
        // Changes when worths change.
        let revision = body.gains.as_ref().map_or(0, Gains::revision);
        Ok(questions.finish(range, body).revised(revision))
    }

    fn cost_points(
        &self,
        viewer: Viewer,
        series: &Results<CostFigures>,
        dimension: Option<&str>,
    ) -> Vec<CostPoint> {
        let names = self.names(viewer, series.answer());
        series
            .lines()
            .map(|line| {
                let group = line.key(0);
                CostPoint {
                    time: line.time(),
                    name: names.of(dimension.unwrap_or_default(), group.as_deref()),
                    group,
                    figures: line.figures,
                }
            })
            .collect()
    }
}

fn cost_change(current: Option<f64>, previous: Option<f64>) -> Option<CostChange> {
    let change = change(current, previous, Better::Less)?;
    Some(CostChange {
        absolute: change.absolute,
        percent: change.percent,
    })
}

/// The query, ordered by cost, highest first.
fn most_expensive_first(query: Query) -> Query {
    query.order("cost", Direction::Desc)
}

#[cfg(test)]
mod tests {
    use super::{super::figures::asking, *};

    fn metrics(costs: &Costs, dimension: Option<&str>) -> Vec<String> {
        asking::<CostFigures>(costs.question().by(dimension)).metrics
    }

    #[test]
    fn executions_are_counted_if_they_can_be_broken_down_like_costs() {
        let all = Costs::default();
        let of_user = Costs {
            user: Some("ada".to_owned()),
            ..Costs::default()
        };
        let of_provider = Costs {
            provider: Some("openai".to_owned()),
            ..Costs::default()
        };
        let counts =
            |costs: &Costs, dimension| metrics(costs, dimension).contains(&"executions".to_owned());
        assert!(counts(&all, None) && counts(&all, Some("workflow")));
        assert!(counts(&of_user, Some("user")));
        assert!(!counts(&all, Some("provider")) && !counts(&of_provider, None));
    }

    #[test]
    fn costs_are_filtered_by_what_was_requested() {
        let costs = Costs {
            frame: Frame {
                workflow: Some("loan".to_owned()),
                ..Frame::default()
            },
            model: Some("small".to_owned()),
            ..Costs::default()
        };
        let names: Vec<_> = costs
            .filters()
            .into_iter()
            .map(|(dimension, _)| dimension.name())
            .collect();
        assert_eq!(names, ["workflow", "model"]);
        let asked = costs.question().filters.into_iter();
        let asked: Vec<_> = asked.map(|filter| filter.dimension).collect();
        assert_eq!(asked, ["workflow", "model"]);
    }
}
