//! What was gained for the money.

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
    /// What successful runs and goals were worth beside what was spent.
    #[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct Gains {
        /// Minutes that successful runs saved, as their workflows are set to.
        pub time_saved: f64 = sum("time_saved"),
        /// What these minutes are worth, in US dollars.
        pub value_saved: f64 = sum("value_saved"),
        /// What the goals reached are worth, in US dollars.
        pub goal_worth: f64 = sum("goal_worth"),
        /// (valueSaved + goalWorth - totalCost) / totalCost in percent; null where nothing was spent.
        pub return_on_investment: Option<f64> = value("return_on_investment"),
    }
}

impl Gains {
    /// Others have another one.
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
    /// What was gained in the range of a view. `None` where the project has set nothing to be worth anything, or
    /// where gains cannot be told apart as the costs are: they have no provider.
    pub(super) async fn gains(
        &self,
        questions: &mut Questions<'_>,
        costs: &Costs,
    ) -> Result<Option<Gains>, AppError> {
        let told_apart = |metric: &Metric| {
            let mut asked = costs.more_filters();
            asked.all(|(dimension, _)| metric.has(dimension))
        };
        let question = asking::<Gains>(costs.question());
        let mut metrics = question
            .metrics
            .iter()
            .filter_map(|name| Metric::find(name));
        if !metrics.all(told_apart) || !self.has_worths(questions.scope()).await? {
            return Ok(None);
        }
        Ok(questions.figures(question).await?.only())
    }
}
