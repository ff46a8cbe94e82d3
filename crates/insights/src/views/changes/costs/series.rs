//! The daily costs of payees, and what a window of them cost beyond the usual.

use std::collections::BTreeMap;

use weir_analysis::changes::{Level, Window, rhythm::median, without_rhythm};

use super::super::axis::Series;
use crate::figures;

/// What is added to a day's cost before its logarithm is taken, so that cents do not count: in dollars,
/// and as a share of what a day costs.
const NEGLIGIBLE: (f64, f64) = (0.5, 0.01);
/// A workflow with this share of the additional cost is the only one that is named.
const MOSTLY: f64 = 0.8;
/// The workflows that are named have this share of the additional cost together.
const NAMED: f64 = 0.95;

figures! {
    /// What was spent.
    #[derive(Clone, Copy, Debug, Default)]
    pub(super) struct Spent {
        pub cost: f64 = sum("cost"),
        pub records: u64 = count("cost_records"),
    }
}

/// Who is paid: provider and model.
pub(super) type Payee = (Option<String>, Option<String>);

/// The costs of a payee, of one workflow or of all.
#[derive(Clone, Debug)]
pub(super) struct Costs {
    pub payee: Payee,
    pub workflow: Option<String>,
    /// Of all workflows.
    pub pooled: bool,
    pub series: Series<Spent>,
}

/// What a window cost beyond the usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Excess {
    pub cost: f64,
    pub expected: f64,
}

impl Excess {
    /// What it cost beyond the usual.
    pub fn extra(self) -> f64 {
        self.cost - self.expected
    }
}

/// The costs of each workflow by payee, and of payees that several workflows use.
pub(super) fn costs(single: Vec<Series<Spent>>) -> Vec<Costs> {
    let mut by_payee: BTreeMap<Payee, Vec<Series<Spent>>> = BTreeMap::new();
    for series in single {
        let payee = (series.key[1].clone(), series.key[2].clone());
        by_payee.entry(payee).or_default().push(series);
    }
    let mut costs = Vec::new();
    for (payee, series) in by_payee {
        if series.len() > 1 {
            costs.push(Costs {
                payee: payee.clone(),
                workflow: None,
                pooled: true,
                series: pooled(&series),
            });
        }
        costs.extend(series.into_iter().map(|series| Costs {
            payee: payee.clone(),
            workflow: series.key[0].clone(),
            pooled: false,
            series,
        }));
    }
    costs
}

fn pooled(series: &[Series<Spent>]) -> Series<Spent> {
    let days = series.first().map_or(0, |series| series.buckets.len());
    let of_day = |day: usize| {
        let spent = series.iter().filter_map(|series| series.buckets[day]);
        spent.reduce(|a, b| Spent {
            cost: a.cost + b.cost,
            records: a.records + b.records,
        })
    };
    Series {
        key: Vec::new(),
        buckets: (0..days).map(of_day).collect(),
    }
}

/// What each day cost.
pub(super) fn daily(single: &[Series<Spent>], days: usize) -> Vec<f64> {
    let of_day = |day: usize| {
        let spent = single.iter().filter_map(|series| series.buckets[day]);
        spent.map(|spent| spent.cost).sum()
    };
    (0..days).map(of_day).collect()
}

/// The logarithms of the daily costs from the first day with costs on, without their weekly rhythm.
pub(super) fn levels(of: &Costs, usual: f64, begun: usize) -> Vec<Option<Level>> {
    let negligible = NEGLIGIBLE.0.max(NEGLIGIBLE.1 * usual);
    let days = of.series.buckets.iter().enumerate();
    let levels: Vec<_> = days
        .map(|(day, spent)| {
            let cost = spent.map_or(0.0, |spent| spent.cost).max(0.0);
            (day >= begun).then(|| Level {
                value: (cost + negligible).ln(),
                weight: 1.0,
            })
        })
        .collect();
    without_rhythm(&levels)
}

/// The cost of a window against the medians of the same weekdays before it.
pub(super) fn excess(series: &Series<Spent>, window: Window, begun: usize) -> Excess {
    let cost = |day: usize| series.buckets[day].map_or(0.0, |spent| spent.cost);
    let expected = |day: usize| {
        let same = (begun..window.from).filter(|before| before % 7 == day % 7);
        let same: Vec<f64> = same.map(cost).collect();
        let all = (begun..window.from).map(cost);
        let usual = if same.len() < 2 { all.collect() } else { same };
        median(usual).unwrap_or(0.0)
    };
    Excess {
        cost: (window.from..window.to).map(cost).sum(),
        expected: (window.from..window.to).map(expected).sum(),
    }
}

/// The workflows that caused the additional cost, the largest part first.
pub(super) fn payers(costs: &Costs, window: Window, excess: Excess, all: &[Costs]) -> Vec<String> {
    if !costs.pooled {
        return costs.workflow.iter().cloned().collect();
    }
    let parts = all
        .iter()
        .filter(|one| !one.pooled && one.payee == costs.payee);
    let mut parts: Vec<(f64, &String)> = parts
        .filter_map(|one| {
            Some((
                self::excess(&one.series, window, 0).extra(),
                one.workflow.as_ref()?,
            ))
        })
        .filter(|(extra, _)| *extra > 0.0)
        .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0));
    if parts
        .first()
        .is_some_and(|(most, _)| *most >= MOSTLY * excess.extra())
    {
        parts.truncate(1);
    }
    let mut named = 0.0;
    let needed = parts.into_iter().take_while(|(extra, _)| {
        let more = named < NAMED * excess.extra();
        named += extra;
        more
    });
    needed.map(|(_, workflow)| workflow.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(workflow: &str, cost: impl Fn(usize) -> f64) -> Series<Spent> {
        let model = ("openai".to_owned(), "o1".to_owned());
        let of_day = |day| {
            Some(Spent {
                cost: cost(day),
                records: 1,
            })
        };
        Series {
            key: vec![Some(workflow.to_owned()), Some(model.0), Some(model.1)],
            buckets: (0..28).map(of_day).collect(),
        }
    }

    #[test]
    fn the_usual_cost_is_that_of_the_same_weekday() {
        let weekly = series("a", |day| match day {
            26 => 40.0,
            _ if day % 7 == 5 => 10.0,
            _ => 2.0,
        });
        let window = Window { from: 26, to: 27 };
        let found = excess(&weekly, window, 0);
        assert_eq!(
            (found.cost, found.expected, found.extra()),
            (40.0, 10.0, 30.0)
        );
        // With a single day of that weekday before it, all days count.
        let young = excess(&weekly, window, 15);
        assert_eq!(young.expected, 2.0);
    }

    #[test]
    fn the_workflows_that_cost_more_are_named_and_the_others_are_not() {
        let window = Window { from: 20, to: 21 };
        let spike = |day: usize, cost: f64| if day == 20 { cost } else { 1.0 };
        let named = |parts: [f64; 3]| {
            let ids = ["a", "b", "c"].iter().zip(parts);
            let all = costs(
                ids.map(|(id, cost)| series(id, move |day| spike(day, cost)))
                    .collect(),
            );
            let pool = all.iter().find(|one| one.pooled).unwrap();
            payers(pool, window, excess(&pool.series, window, 0), &all)
        };
        assert_eq!(named([30.0, 40.0, 1.0]), ["b", "a"]);
        assert_eq!(named([100.0, 3.0, 3.0]), ["a"]);
        assert_eq!(named([30.0, 40.0, 35.0]), ["b", "c", "a"]);
    }

    #[test]
    fn cents_are_no_spike() {
        let few = costs(vec![series("a", |day| if day == 20 { 0.2 } else { 0.01 })]);
        let levels = levels(&few[0], 0.01, 0);
        let values: Vec<f64> = levels.iter().flatten().map(|level| level.value).collect();
        assert!(values[20] - values[19] < 0.4);
        assert_eq!(
            daily(&[series("a", |_| 1.0), series("b", |_| 2.0)], 28),
            [3.0; 28]
        );
    }
}
