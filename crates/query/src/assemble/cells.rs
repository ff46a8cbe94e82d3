//! Query results by group and bucket.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{answer::Key, validate::MAX_DIMENSIONS};

/// Texts as small numbers; 0 is null.
#[derive(Debug, Default)]
pub struct Interner {
    numbers: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Interner {
    /// The number of a text.
    pub fn number(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return 0 };
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        let number = self.texts.len() as u32;
        self.numbers.insert(text, number);
        number
    }

    fn text(&self, number: u32) -> Option<Arc<str>> {
        let position = (number as usize).checked_sub(1)?;
        Some(Arc::clone(&self.texts[position]))
    }
}

/// The groups in the results: combinations of values of the dimensions.
#[derive(Debug, Default)]
pub struct Groups {
    interners: Vec<Interner>,
    positions: FxHashMap<[u32; MAX_DIMENSIONS], u32>,
    numbers: Vec<[u32; MAX_DIMENSIONS]>,
}

impl Groups {
    /// Groups by this many dimensions. Without dimensions, there is always one group.
    pub fn new(dimensions: usize) -> Self {
        let mut groups = Self {
            interners: (0..dimensions).map(|_| Interner::default()).collect(),
            ..Self::default()
        };
        if dimensions == 0 {
            groups.position(std::iter::empty());
        }
        groups
    }

    /// The position of the group with these values; adds it if it is new.
    pub fn position<'a>(&mut self, values: impl Iterator<Item = Option<&'a str>>) -> u32 {
        let mut numbers = [0; MAX_DIMENSIONS];
        for ((number, interner), value) in numbers.iter_mut().zip(&mut self.interners).zip(values) {
            *number = interner.number(value);
        }
        *self.positions.entry(numbers).or_insert_with(|| {
            self.numbers.push(numbers);
            (self.numbers.len() - 1) as u32
        })
    }

    /// The values of every group, by position.
    pub fn keys(&self) -> Vec<Key> {
        let key = |numbers: &[u32; MAX_DIMENSIONS]| {
            let pairs = self.interners.iter().zip(numbers);
            pairs
                .map(|(interner, &number)| interner.text(number))
                .collect()
        };
        self.numbers.iter().map(key).collect()
    }
}

/// The results for one range. A cell is a group in a bucket.
#[derive(Debug, Default)]
pub struct Cells<'a> {
    columns: usize,
    positions: FxHashMap<(u32, u32), u32>,
    /// Group and bucket by cell.
    places: Vec<(u32, u32)>,
    /// As floating point: money sums pass 64 bits, and counts stay exact up to 2^53.
    sums: Vec<f64>,
    /// Encoded sketches: cell, slot, bytes.
    pub blobs: Vec<(u32, u32, &'a [u8])>,
    /// Weights of sketch buckets: cell, slot, bucket, weight.
    pub weights: Vec<(u32, u32, u32, i64)>,
    /// Values counted, by cell and slot.
    pub values: FxHashMap<(u32, u32), FxHashSet<u32>>,
    /// Counts of values, by cell and slot.
    pub counts: FxHashMap<(u32, u32), i64>,
    /// Counts of the values of the whole range, by slot.
    pub totals: FxHashMap<usize, i64>,
}

impl Cells<'_> {
    /// An empty set of cells with this many sums each.
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            ..Self::default()
        }
    }

    /// The cell of a group in a bucket.
    pub fn cell(&mut self, group: u32, bucket: u32) -> u32 {
        *self.positions.entry((group, bucket)).or_insert_with(|| {
            self.places.push((group, bucket));
            self.sums.resize(self.places.len() * self.columns, 0.0);
            (self.places.len() - 1) as u32
        })
    }

    /// The cell of a group in a bucket, if there are results for it.
    pub fn find(&self, group: u32, bucket: u32) -> Option<u32> {
        self.positions.get(&(group, bucket)).copied()
    }

    /// Group and bucket of every cell.
    pub fn places(&self) -> &[(u32, u32)] {
        &self.places
    }

    /// The sums of a cell.
    pub fn sums(&self, cell: u32) -> &[f64] {
        let start = cell as usize * self.columns;
        &self.sums[start..start + self.columns]
    }

    /// The sums of a cell, to add to.
    pub fn sums_mut(&mut self, cell: u32) -> &mut [f64] {
        let start = cell as usize * self.columns;
        &mut self.sums[start..start + self.columns]
    }

    /// Puts sketches and weights in the order of cells, once everything is read.
    pub fn sort(&mut self) {
        self.blobs.sort_by_key(|&(cell, slot, _)| (cell, slot));
        self.weights
            .sort_unstable_by_key(|&(cell, slot, ..)| (cell, slot));
    }

    /// Whether the results of a cell cancel out, because everything counted was
    /// taken back: its counts of facts (in the given columns) are 0 and no values are counted.
    pub fn is_nothing(&self, cell: u32, counts: &[usize], slots: u32) -> bool {
        let sums = self.sums(cell);
        counts.iter().all(|&column| sums[column] == 0.0)
            && (0..slots).all(|slot| {
                !self.values.contains_key(&(cell, slot))
                    && self
                        .counts
                        .get(&(cell, slot))
                        .is_none_or(|&count| count == 0)
            })
    }
}
