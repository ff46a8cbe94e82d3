//! Declares figures once: one declaration gives the fields of a view, the metrics to query, and how the
//! fields are read from them.

use std::{marker::PhantomData, sync::Arc};

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;
use weir_query::{
    Answer, Query, ResolvedQuery, Rows,
    catalogue::{Metric, find_dimension},
};

/// A row of an answer, with its columns.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a Rows, &'a weir_query::Row);

/// What is read from each row of an answer; implemented by [`figures!`](crate::figures).
pub trait Figures: Sized {
    /// The metrics that each field is read from.
    fn wanted() -> Vec<Wanted>;

    /// Reads the figures from a row that has these metrics.
    fn read(row: Row<'_>) -> Self;
}

/// The metrics of a field.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    metrics: &'static [&'static str],
    where_known: bool,
}

impl Wanted {
    /// Metrics that are always queried.
    pub const fn of(metrics: &'static [&'static str]) -> Self {
        Self {
            metrics,
            where_known: false,
        }
    }

    /// The same, but left out of queries with a dimension that they do not have; the field then has no data.
    #[must_use]
    pub const fn where_known(self) -> Self {
        Self {
            where_known: true,
            ..self
        }
    }
}

/// Declares figures. Each field says how it is read ([`read`]) from which metrics:
///
/// ```ignore
/// figures! {
///     /// Figures of executions.
///     pub struct Runs {
///         /// Failed and crashed executions.
///         pub failed: u64 = count("failed", "crashed"),
///         /// US dollars; null if costs cannot be broken down this way.
///         pub cost: Option<f64> = value("cost").where_known,
///     }
/// }
/// ```
#[macro_export]
macro_rules! figures {
    ($(
        $(#[$about:meta])*
        $visible:vis struct $name:ident {
            $($(#[$of_field:meta])* $field_visible:vis $field:ident: $type:ty
                = $how:ident($($metric:literal),+ $(,)?)$(.$where_known:ident)?,)*
        }
    )*) => {$(
        $(#[$about])*
        $visible struct $name {
            $($(#[$of_field])* $field_visible $field: $type,)*
        }

        impl $crate::views::figures::Figures for $name {
            fn wanted() -> Vec<$crate::views::figures::Wanted> {
                vec![$($crate::views::figures::Wanted::of(&[$($metric),+])$(.$where_known())?),*]
            }

            fn read(row: $crate::views::figures::Row<'_>) -> Self {
                Self {
                    $($field: $crate::views::figures::read::$how(row, [$($metric),+]),)*
                }
            }
        }
    )*};
}

/// Two sets of figures read from one row.
impl<A: Figures, B: Figures> Figures for (A, B) {
    fn wanted() -> Vec<Wanted> {
        [A::wanted(), B::wanted()].concat()
    }

    fn read(row: Row<'_>) -> Self {
        (A::read(row), B::read(row))
    }
}

/// The ways to read a field.
pub mod read {
    use super::Row;

    /// A figure; `None` without data.
    pub fn value(row: Row<'_>, [metric]: [&str; 1]) -> Option<f64> {
        row.0.value(row.1, metric)
    }

    /// A figure; 0 without data.
    pub fn sum(row: Row<'_>, metric: [&str; 1]) -> f64 {
        value(row, metric).unwrap_or(0.0)
    }

    /// The sum of counts; 0 without data.
    pub fn count<const N: usize>(row: Row<'_>, metrics: [&str; N]) -> u64 {
        let counts = metrics.map(|metric| counted(row, [metric]).unwrap_or(0));
        counts.into_iter().sum()
    }

    /// A count; `None` without data.
    pub fn counted(row: Row<'_>, metric: [&str; 1]) -> Option<u64> {
        value(row, metric).map(|value| value.max(0.0).round() as u64)
    }

    /// The sum of whole numbers, which can be negative.
    pub fn whole<const N: usize>(row: Row<'_>, metrics: [&str; N]) -> i64 {
        let numbers = metrics.map(|metric| sum(row, [metric]).round() as i64);
        numbers.into_iter().sum()
    }

    /// A figure in milliseconds, converted to seconds.
    pub fn seconds(row: Row<'_>, metric: [&str; 1]) -> Option<f64> {
        value(row, metric).map(|milliseconds| milliseconds / 1e3)
    }
}

/// The query with the metrics of these figures, in place of its own.
pub(super) fn asking<F: Figures>(query: Query) -> Query {
    wanting(query, &F::wanted())
}

fn wanting(mut query: Query, wanted: &[Wanted]) -> Query {
    let filtered = query.filters.iter().map(|filter| &filter.dimension);
    let dimensions: Vec<_> = query
        .dimensions
        .iter()
        .chain(filtered)
        .filter_map(|name| find_dimension(name))
        .collect();
    let is_known = |metric: &str| {
        let metric = Metric::find(metric);
        metric.is_none_or(|metric| dimensions.iter().all(|&one| metric.has(one)))
    };
    let mut metrics: Vec<String> = Vec::new();
    for wanted in wanted {
        for &metric in wanted.metrics {
            let known = !wanted.where_known || is_known(metric);
            if known && !metrics.iter().any(|asked| asked == metric) {
                metrics.push(metric.to_owned());
            }
        }
    }
    query.metrics = metrics;
    query
}

/// The results of a query for figures.
#[derive(Debug)]
pub struct Results<F> {
    answer: Arc<Answer>,
    figures: PhantomData<fn() -> F>,
}

impl<F> Clone for Results<F> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.answer))
    }
}

impl<F> Results<F> {
    pub(super) fn new(answer: Arc<Answer>) -> Self {
        Self {
            answer,
            figures: PhantomData,
        }
    }

    /// The underlying answer.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The resolved query.
    pub fn query(&self) -> &ResolvedQuery {
        &self.answer.query
    }

    /// Number of groups, regardless of the limit.
    pub fn groups(&self) -> usize {
        self.answer.groups
    }
}

impl<F: Figures> Results<F> {
    /// The rows, in their order.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_, F>> {
        Line::all(&self.answer.rows)
    }

    /// The rows of the comparison range, in the same order.
    pub fn lines_before(&self) -> impl Iterator<Item = Line<'_, F>> {
        self.answer.comparison.iter().flat_map(Line::all)
    }

    /// The figures of an answer with a single row: one without dimensions and granularity.
    pub fn only(&self) -> Option<F> {
        self.lines().next().map(|line| line.figures)
    }

    /// The same for the comparison range.
    pub fn only_before(&self) -> Option<F> {
        self.lines_before().next().map(|line| line.figures)
    }

    /// The sum of what the limit left out; `None` if it left out nothing.
    pub fn rest(&self) -> Option<F> {
        let other = &self.answer.other.as_ref()?.rows;
        Some(F::read(Row(&other.rows, other.rest()?.0)))
    }
}

/// A row of an answer.
#[derive(Debug)]
pub struct Line<'a, F> {
    row: Row<'a>,
    /// Its figures.
    pub figures: F,
}

impl<'a, F: Figures> Line<'a, F> {
    fn all(rows: &'a Rows) -> impl Iterator<Item = Self> {
        rows.iter().map(move |row| {
            let row = Row(rows, row);
            Self {
                row,
                figures: F::read(row),
            }
        })
    }
}

impl<F> Line<'_, F> {
    /// Its value of the query's dimension at this position.
    pub fn key(&self, position: usize) -> Option<String> {
        self.row.1.key.get(position)?.as_deref().map(str::to_owned)
    }

    /// The start of its bucket, in the time zone of the query.
    pub fn time(&self) -> Option<String> {
        self.row.0.time_text(self.row.1).map(str::to_owned)
    }

    /// The day of its bucket, YYYY-MM-DD, in the time zone of the query.
    pub fn day(&self) -> String {
        let time = self.time().unwrap_or_default();
        time.chars().take(10).collect()
    }

    /// The start of its bucket.
    pub fn start(&self) -> Option<Timestamp> {
        self.row.0.time(self.row.1)
    }
}

figures! {
    /// Figures of executions. Durations are in milliseconds, rates in percent; null means no data.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct ExecutionFigures {
        /// All executions; each counts once.
        pub total_executions: u64 = count("executions"),
        /// Completed executions.
        pub successful: u64 = count("completed"),
        /// Failed executions.
        pub failed: u64 = count("failed"),
        /// Crashed executions.
        pub crashed: u64 = count("crashed"),
        /// Canceled executions.
        pub canceled: u64 = count("canceled"),
        /// Running executions.
        pub running: u64 = count("running"),
        /// Waiting executions.
        pub waiting: u64 = count("waiting"),
        /// successful / (successful + failed + crashed).
        pub success_rate: Option<f64> = value("success_rate"),
        /// (failed + crashed) / (successful + failed + crashed).
        pub failure_rate: Option<f64> = value("failure_rate"),
        /// Mean duration.
        pub avg_duration: Option<f64> = value("duration_avg"),
        /// Median duration.
        pub p50_duration: Option<f64> = value("duration_p50"),
        /// 95th percentile of durations.
        pub p95_duration: Option<f64> = value("duration_p95"),
        /// 99th percentile of durations.
        pub p99_duration: Option<f64> = value("duration_p99"),
        /// Credits used; null if credits cannot be broken down this way.
        pub total_credits: Option<f64> = value("credits").where_known,
        /// US dollars spent; null if costs cannot be broken down this way.
        pub total_cost: Option<f64> = value("cost").where_known,
    }
}
