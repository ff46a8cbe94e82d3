//! Rows of variants as values.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{Decimal, Timestamp};

use super::{ALL, REMAINING, STEP, VARIANT};
use crate::records::{Cell, RecordError, Table};

/// A page of variants.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VariantPage {
    /// The number of executions that have ended.
    pub executions: u64,
    /// The number of variants.
    pub variants: u64,
    /// The variants of this page.
    pub rows: Vec<Variant>,
    /// The number of variants on this page and after it, and of their executions.
    pub remaining: (u64, u64),
}

/// A path, and the executions that took it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variant {
    /// Its number.
    pub path: u64,
    /// The steps in order; at most [`super::LONGEST`].
    pub steps: Vec<String>,
    /// The number of all steps; for paths that are cut, of the longest.
    pub length: u64,
    /// The number of executions.
    pub executions: u64,
    /// The number of those that completed.
    pub completed: u64,
    /// The number of those that failed or crashed.
    pub failed: u64,
    /// Median duration of the executions, in milliseconds.
    pub p50: Option<i64>,
    /// 95th percentile of their durations, in milliseconds.
    pub p95: Option<i64>,
    /// What they cost; `None` if they have no costs.
    pub cost: Option<Decimal>,
    /// When the first of them ended.
    pub first_seen: Timestamp,
    /// When the last of them ended.
    pub last_seen: Timestamp,
}

/// Reads the rows of [`super::Variants::statement`]. Fails if they have another shape.
pub fn read_variants(batches: &[RecordBatch]) -> Result<VariantPage, RecordError> {
    let mut page = VariantPage::default();
    let mut places: HashMap<u64, usize> = HashMap::new();
    for batch in batches {
        let table = Table(batch);
        let (kinds, paths, steps) = (table.integers(0)?, table.hashes(1)?, table.texts(2)?);
        let numbers: Vec<_> = (3..13)
            .map(|column| table.integers(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let number = |column: usize| numbers[column - 3].at(row);
            let count = |column: usize| number(column).unwrap_or(0).max(0) as u64;
            let path = paths.at(row).unwrap_or_default();
            match kinds.value(row) {
                ALL => (page.executions, page.variants) = (count(3), count(4)),
                REMAINING => page.remaining = (count(4), count(3)),
                VARIANT => {
                    places.insert(path, page.rows.len());
                    page.rows.push(Variant {
                        path,
                        steps: Vec::new(),
                        length: count(12),
                        executions: count(3),
                        completed: count(5),
                        failed: count(6),
                        p50: number(7),
                        p95: number(8),
                        cost: number(9).map(Decimal),
                        first_seen: Timestamp(number(10).unwrap_or_default()),
                        last_seen: Timestamp(number(11).unwrap_or_default()),
                    });
                }
                STEP => {
                    if let Some(&at) = places.get(&path) {
                        let step = steps.at(row).unwrap_or_default();
                        page.rows[at].steps.push(step);
                    }
                }
                _ => {}
            }
        }
    }
    Ok(page)
}
