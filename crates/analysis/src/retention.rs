//! Retention: how many members of a cohort returned, period by period.
//!
//! A cohort consists of those who did something for the first time (or at all) in one calendar
//! bucket. A period is a number of buckets after that one ([`Periods::Calendar`]), or a number of
//! time spans after each member's own time ([`Periods::Rolling`]). Period 0 is the bucket or span
//! of the beginning itself.
//!
//! | mode | retained in column n |
//! |---|---|
//! | N-day | members who returned in period n |
//! | unbounded | members who returned in period n or any later one |
//! | bracket | members who returned in any period of the n-th bracket |
//!
//! The modes are those of Amplitude's and Mixpanel's retention reports.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;

#[cfg(test)]
mod tests;

/// A column of the table: the periods `from` to `to`, both in it; `None` is without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub struct Span {
    /// The first period.
    pub from: usize,
    /// The last period; null if all later ones count.
    pub to: Option<usize>,
}

impl Span {
    /// The columns of N-day retention: each of the periods 0 to `last` on its own.
    pub fn n_day(last: usize) -> Vec<Span> {
        let one = |n| Span {
            from: n,
            to: Some(n),
        };
        (0..=last).map(one).collect()
    }

    /// The columns of unbounded retention: each of the periods 0 to `last`, together with all later
    /// ones.
    pub fn unbounded(last: usize) -> Vec<Span> {
        let onwards = |from| Span { from, to: None };
        (0..=last).map(onwards).collect()
    }

    fn contains(self, period: usize) -> bool {
        self.from <= period && self.to.is_none_or(|to| period <= to)
    }

    /// The period at whose end the column is complete. Unbounded columns are complete after their
    /// first period: by definition, later returns can still raise them.
    fn closes_with(self) -> usize {
        self.to.unwrap_or(self.from)
    }
}

/// A member of a cohort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The position of the cohort, from 0.
    pub cohort: usize,
    /// The periods in which they returned, in any order.
    pub returned: Vec<usize>,
}

/// When periods begin and end.
#[derive(Clone, Copy, Debug)]
pub enum Periods<'a> {
    /// With the calendar buckets. The edges are those of the cohorts' buckets, and of as many
    /// buckets after them as there are periods.
    Calendar {
        /// The beginnings of the buckets, ascending.
        edges: &'a [Timestamp],
    },
    /// Of a fixed length, after each member's own time.
    Rolling {
        /// The beginnings of the cohorts' buckets, ascending, and the end of the last one.
        edges: &'a [Timestamp],
        /// The length of a period in milliseconds.
        width: i64,
    },
}

impl Periods<'_> {
    /// When the period begins for the earliest possible member of a cohort.
    fn begins(self, cohort: usize, period: usize) -> Timestamp {
        match self {
            Self::Calendar { edges } => edge(edges, cohort + period),
            Self::Rolling { edges, width } => edge(edges, cohort).plus(lasts(width, period)),
        }
    }

    /// When the period ends for the latest possible member of a cohort.
    fn ends(self, cohort: usize, period: usize) -> Timestamp {
        match self {
            Self::Calendar { edges } => edge(edges, cohort + period + 1),
            Self::Rolling { edges, width } => {
                edge(edges, cohort + 1).plus(lasts(width, period + 1))
            }
        }
    }
}

/// The edge at a position; what lies beyond the edges has not begun.
fn edge(edges: &[Timestamp], position: usize) -> Timestamp {
    edges.get(position).copied().unwrap_or(Timestamp(i64::MAX))
}

fn lasts(width: i64, periods: usize) -> i64 {
    width.saturating_mul(i64::try_from(periods).unwrap_or(i64::MAX))
}

/// The retention of a cohort in one column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cell {
    /// The number of members who returned.
    pub count: u64,
    /// Their share of the cohort, in percent; null for a cohort without members.
    pub percent: Option<f64>,
    /// Whether the period is still going on for some members, so that the figure can rise.
    pub open: bool,
}

/// A cohort.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cohort {
    /// The number of members.
    pub size: u64,
    /// A cell for each column; null if the period has not begun.
    pub cells: Vec<Option<Cell>>,
}

/// A column over all cohorts for which it is complete.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Total {
    /// The number of members of these cohorts.
    pub size: u64,
    /// The number of them who returned.
    pub count: u64,
    /// Their share in percent; null without members.
    pub percent: Option<f64>,
    /// The number of cohorts with members that it covers; cohorts that are still open are left out.
    pub cohorts: usize,
}

/// The retention table.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Table {
    /// Every cohort, in chronological order.
    pub cohorts: Vec<Cohort>,
    /// The total of every column.
    pub totals: Vec<Total>,
}

/// Counts who returned. Members of cohorts at or after position `cohorts` are ignored.
pub fn retention(
    members: &[Member],
    cohorts: usize,
    columns: &[Span],
    periods: Periods<'_>,
    now: Timestamp,
) -> Table {
    let mut sizes = vec![0_u64; cohorts];
    let mut counts = vec![vec![0_u64; columns.len()]; cohorts];
    for member in members.iter().filter(|member| member.cohort < cohorts) {
        sizes[member.cohort] += 1;
        for (column, count) in columns.iter().zip(&mut counts[member.cohort]) {
            let retained = member
                .returned
                .iter()
                .any(|&period| column.contains(period));
            *count += u64::from(retained);
        }
    }
    let rows = sizes.iter().zip(&counts).enumerate();
    let cohorts: Vec<Cohort> = rows
        .map(|(cohort, (&size, counts))| Cohort {
            size,
            cells: columns
                .iter()
                .zip(counts)
                .map(|(&column, &count)| {
                    let begun = periods.begins(cohort, column.from) < now;
                    begun.then(|| Cell {
                        count,
                        percent: percent(count, size),
                        open: periods.ends(cohort, column.closes_with()) > now,
                    })
                })
                .collect(),
        })
        .collect();
    Table {
        totals: (0..columns.len()).map(|i| total(&cohorts, i)).collect(),
        cohorts,
    }
}

fn total(cohorts: &[Cohort], column: usize) -> Total {
    let closed = cohorts.iter().filter_map(|cohort| {
        let cell = cohort.cells[column].filter(|cell| !cell.open && cohort.size > 0)?;
        Some((cohort.size, cell.count))
    });
    let (mut size, mut count, mut made_of) = (0, 0, 0);
    for (members, returned) in closed {
        size += members;
        count += returned;
        made_of += 1;
    }
    Total {
        size,
        count,
        percent: percent(count, size),
        cohorts: made_of,
    }
}

fn percent(count: u64, size: u64) -> Option<f64> {
    (size > 0).then(|| 100.0 * count as f64 / size as f64)
}
