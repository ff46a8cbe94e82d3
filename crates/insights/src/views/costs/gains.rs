//! The value gained for the money spent.

use std::hash::{Hash, Hasher};

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::Metric;

use super::{
    super::{Questions, figures::asking},
    Costs,
};
use crate::{AppError, Reading, figures};

figures! {
    /// The value of successful runs and goals, compared with costs.
    #[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct Gains {
        /// Minutes saved by successful runs, according to the settings of their workflows.
        pub time_saved: f64 = sum("time_saved"),
        /// The value of these minutes, in US dollars.
        pub value_saved: f64 = sum("value_saved"),
        /// The value of the goals reached, in US dollars.
        pub goal_worth: f64 = sum("goal_worth"),
        /// (valueSaved + goalWorth - totalCost) / totalCost, in percent; null if nothing was spent.
        pub return_on_investment: Option<f64> = value("return_on_investment"),
    }
}

impl Gains {
    /// A number that differs for different gains.
    pub(super) fn revision(&self) -> u64 {
        let figures = [self.time_saved, self.value_saved, self.goal_worth];
        let mut hasher = std::hash::DefaultHasher::new();
        for figure in figures.into_iter().chain(self.return_on_investment) {
            figure.to_bits().hash(&mut hasher);
        }
        hasher.finish()
    }
}

impl Reading {
    /// The gains in the range of a view. `None` if the project has set no worths, or if gains cannot be
    /// broken down in the same way as costs: they have no provider, for example. Fails if control data or the
    /// store fails.
    pub(super) async fn gains(
        &self,
        questions: &mut Questions<'_>,
        costs: &Costs,
    ) -> Result<Option<Gains>, AppError> {
        let can_be_broken_down = |metric: &Metric| {
            let mut asked = costs.more_filters();
            asked.all(|(dimension, _)| metric.has(dimension))
        };
        let question = asking::<Gains>(costs.question());
        let mut metrics = question
            .metrics
            .iter()
            .filter_map(|name| Metric::find(name));
        if !metrics.all(can_be_broken_down) || !self.has_worths(questions.scope()).await? {
            return Ok(None);
        }
        Ok(questions.figures(question).await?.only())
    }
}
