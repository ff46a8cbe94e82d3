//! How metrics are computed from the sums and sketches of their families.

use weir_model::cube::{Dimension, Family};

/// A sum of one measure of a family, over all facts or those with certain values of a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The measure: a column of the family's cubes and raw source.
    pub measure: &'static str,
    /// Only facts whose dimension has one of the values.
    pub only: Option<(Dimension, &'static [&'static str])>,
    /// How each fact is weighted by its worth, instead of by the measure alone.
    pub weight: Option<Weight>,
}

impl Term {
    /// A measure summed over all facts.
    pub const fn all(measure: &'static str) -> Self {
        Self {
            measure,
            only: None,
            weight: None,
        }
    }

    /// A measure summed over facts with one of the values.
    pub const fn only(
        measure: &'static str,
        dimension: Dimension,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            measure,
            only: Some((dimension, values)),
            weight: None,
        }
    }

    /// The same facts, weighted by their worth.
    pub const fn weighed(self, weight: Weight) -> Self {
        Self {
            weight: Some(weight),
            ..self
        }
    }

    /// Whether its sums can exceed 64 bits: money, credits and billed units, which are stored in
    /// billionths, and weighted facts.
    pub fn is_large(self) -> bool {
        self.weight.is_some()
            || matches!(self.measure, "amount" | "credits" | "goal_value" | "units")
    }

    /// What the stored integer is divided by.
    pub fn divisor(self) -> f64 {
        match self.weight {
            Some(Weight::Time) => 60_000.0,
            _ if self.is_large() => 1e9,
            _ => 1.0,
        }
    }

    /// The dimensions that its rows must carry.
    pub fn dimensions(self) -> impl Iterator<Item = Dimension> {
        let only = self.only.map(|(dimension, _)| dimension);
        only.into_iter().chain(self.weight.map(Weight::dimension))
    }
}

/// What facts are weighted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// The time saved, by the workflow.
    Time,
    /// The money value of the time saved, by the workflow.
    Money,
    /// The money value of a goal; for goals without a worth, the fact's own measure.
    GoalMoney,
}

impl Weight {
    /// The dimension that the worth depends on.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Time | Self::Money => Dimension::Workflow,
            Self::GoalMoney => Dimension::Goal,
        }
    }
}

/// An end of a confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The lower bound.
    Lower,
    /// The upper bound.
    Upper,
}

/// How a metric is computed from the sums and sketches of its family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Formula {
    /// A sum; 0 without facts.
    Sum(Term),
    /// The first sum minus the second; 0 without facts.
    Difference(Term, Term),
    /// 100 times the first sum divided by the second; null if the second is 0.
    Percent(Term, Term),
    /// The first sum divided by the second; null if the second is 0.
    Mean(Term, Term),
    /// The first sum minus the second, divided by the third; null if the third is 0.
    MeanDifference([Term; 2], Term),
    /// The quantile (0 to 1) of the family's durations; null without durations.
    Quantile(f64),
    /// The largest of the family's durations within the sketch's error; null without durations.
    Max,
    /// The standard deviation of the family's durations; null without durations.
    Deviation,
    /// A 95 % confidence bound of the quantile; null if there are too few durations.
    QuantileBound(f64, Bound),
    /// 100 times (saved + reached - spent) / spent, from sums of three families; null if nothing
    /// was spent.
    Return {
        /// The value saved, a sum of the metric's family.
        saved: Term,
        /// The worth of the goals reached.
        reached: (Family, Term),
        /// The money spent.
        spent: (Family, Term),
    },
    /// A sum of another family divided by a sum of the metric's family; null if that is 0.
    PerFact((Family, Term), Term),
    /// The number of distinct values of a dimension; 0 without facts.
    Distinct(Dimension),
    /// The number of the family's durations up to the query's threshold, within the
    /// sketch's error; 0 without durations.
    Within,
    /// 100 times [`Formula::Within`] divided by the number of durations; null without durations.
    WithinPercent,
}

impl Formula {
    /// Whether the values of parts add up to the value of the whole.
    pub fn is_additive(self) -> bool {
        matches!(self, Self::Sum(_) | Self::Difference(..) | Self::Within)
    }

    /// The sums it needs.
    pub fn terms(self) -> impl Iterator<Item = Term> {
        let terms = match self {
            Self::Sum(term) | Self::Return { saved: term, .. } | Self::PerFact(_, term) => {
                [Some(term), None, None]
            }
            Self::Difference(a, b) | Self::Percent(a, b) | Self::Mean(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::MeanDifference([a, b], count) => [Some(a), Some(b), Some(count)],
            Self::Quantile(_)
            | Self::Max
            | Self::Distinct(_)
            | Self::Deviation
            | Self::QuantileBound(..)
            | Self::Within
            | Self::WithinPercent => [None; 3],
        };
        terms.into_iter().flatten()
    }

    /// The sums that it needs from families other than the metric's own.
    pub fn elsewhere(self) -> impl Iterator<Item = (Family, Term)> {
        let (first, second) = match self {
            Self::Return { reached, spent, .. } => (Some(reached), Some(spent)),
            Self::PerFact(sum, _) => (Some(sum), None),
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }

    /// Whether it depends on the worths that the project has configured.
    pub fn needs_worth(self) -> bool {
        let elsewhere = self.elsewhere().map(|(_, term)| term);
        self.terms()
            .chain(elsewhere)
            .any(|term| term.weight.is_some())
    }

    /// Whether it needs the sketch.
    pub fn needs_sketch(self) -> bool {
        let of_durations = matches!(
            self,
            Self::Quantile(_) | Self::Max | Self::Deviation | Self::QuantileBound(..)
        );
        of_durations || self.needs_threshold()
    }

    /// Whether it depends on the query's threshold.
    pub fn needs_threshold(self) -> bool {
        matches!(self, Self::Within | Self::WithinPercent)
    }
}
