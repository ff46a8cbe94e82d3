//! Sums facts into the rollup partials that are appended to the cubes.

use rustc_hash::FxHashMap;
use weir_model::{
    Granularity, Scope, TimeRange, Timestamp,
    cube::{CUBES, Cube},
    sketch::SketchBuilder,
    time::Retention,
};

use crate::facts::{Fact, MAX_MEASURES};

/// A rollup row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Partial {
    /// The sums of the family's measures, in their order. They are held at the bounds of 64 bits; beyond these, a sum of
    /// payments and refunds depends on their order.
    pub measures: [i64; MAX_MEASURES],
    /// The durations counted.
    pub sketch: SketchBuilder,
}

impl Partial {
    fn add_fact(&mut self, fact: &Fact) {
        for (sum, measure) in self.measures.iter_mut().zip(&fact.measures) {
            *sum = sum.saturating_add(*measure);
        }
        if let Some(value) = fact.value {
            self.sketch.add(value, fact.weight);
        }
    }

    fn add(&mut self, other: &Partial) {
        for (sum, measure) in self.measures.iter_mut().zip(&other.measures) {
            *sum = sum.saturating_add(*measure);
        }
        self.sketch.extend(&other.sketch);
    }

    /// Whether the row is empty, because everything counted was taken back.
    pub fn is_zero(&self) -> bool {
        self.measures.iter().all(|&measure| measure == 0) && self.sketch.is_empty()
    }
}

/// The scope of a row and its values of the cube's dimensions, in the cube's order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The tenant and project.
    pub scope: Scope,
    /// The values.
    pub dimensions: Vec<Option<String>>,
}

/// The rows of one cube.
struct CubeRows {
    cube: &'static Cube,
    /// Whether facts are added to this cube directly, as the finest of its family.
    is_finest: bool,
    /// Encoded key -> its position in `keys`.
    numbers: FxHashMap<Box<[u8]>, u32>,
    keys: Vec<Key>,
    /// By granularity: (key, bucket) -> row.
    rows: [FxHashMap<(u32, i64), Partial>; 4],
}

/// Sums facts into partials for every cube and granularity that has not expired, over one commit or
/// several.
pub struct PartialBuilder {
    cubes: Vec<CubeRows>,
    oldest: [Timestamp; 4],
    scratch: Vec<u8>,
    facts: usize,
    span: Option<TimeRange>,
    rolled_up: bool,
}

impl PartialBuilder {
    /// A builder for a commit at `now`: buckets that have expired by then are omitted.
    pub fn new(retention: Retention, now: Timestamp) -> Self {
        let cubes = CUBES.iter().map(|cube| CubeRows {
            cube,
            is_finest: cube.finest() == cube,
            numbers: FxHashMap::default(),
            keys: Vec::new(),
            rows: Default::default(),
        });
        Self {
            cubes: cubes.collect(),
            oldest: Granularity::ALL.map(|g| retention.oldest_bucket(g, now)),
            scratch: Vec::with_capacity(256),
            facts: 0,
            span: None,
            rolled_up: false,
        }
    }

    /// The number of facts added.
    pub fn facts(&self) -> usize {
        self.facts
    }

    /// The time range of the facts; `None` before the first.
    pub fn span(&self) -> Option<TimeRange> {
        self.span
    }

    /// Adds a fact to the cubes of its family.
    pub fn add(&mut self, fact: &Fact) {
        self.facts += 1;
        let (at, next) = (fact.timestamp, fact.timestamp.plus(1));
        let span = self.span.get_or_insert(TimeRange { from: at, to: next });
        span.from = span.from.min(at);
        span.to = span.to.max(next);
        // Coarser rows are summed from finer ones at the end, so a fact is added to the finest cube at the
        // finest granularity that is still retained for its time.
        let entry = Granularity::ALL
            .iter()
            .position(|&g| g.bucket(fact.timestamp) >= self.oldest[g as usize]);
        let Some(entry) = entry else { return };
        let bucket = Granularity::ALL[entry].bucket(fact.timestamp).0;
        for rows in &mut self.cubes {
            if rows.cube.family == fact.family && rows.is_finest {
                let key = rows.number_of(fact, &mut self.scratch);
                let row = rows.rows[entry].entry((key, bucket)).or_default();
                row.add_fact(fact);
            }
        }
    }

    /// Passes on the rows of each cube and granularity, without empty rows. Nothing can be
    /// added afterwards, but it can be called again.
    pub fn rows(
        &mut self,
        mut emit: impl FnMut(&'static Cube, Granularity, Vec<(&Key, i64, &Partial)>),
    ) {
        if !std::mem::replace(&mut self.rolled_up, true) {
            self.sum_coarser_cubes();
            for cube in &mut self.cubes {
                cube.roll_up(self.oldest);
            }
        }
        for cube in &self.cubes {
            for (granularity, rows) in Granularity::ALL.into_iter().zip(&cube.rows) {
                let said = rows.iter().filter(|(_, row)| !row.is_zero());
                let rows: Vec<_> = said
                    .map(|(&(key, bucket), row)| (&cube.keys[key as usize], bucket, row))
                    .collect();
                if !rows.is_empty() {
                    emit(cube.cube, granularity, rows);
                }
            }
        }
    }

    /// Fills the other cubes of a family from the finest one, which comes after them.
    fn sum_coarser_cubes(&mut self) {
        for position in 0..self.cubes.len() {
            let (before, finer) = self.cubes.split_at_mut(position + 1);
            let cube = &mut before[position];
            let finest = cube.cube.finest();
            if let Some(finest) = finer.iter().find(|rows| rows.cube == finest) {
                cube.sum(finest);
            }
        }
    }

    /// Whether [`PartialBuilder::rows`] was called, so that nothing can be added.
    pub fn is_closed(&self) -> bool {
        self.rolled_up
    }
}

impl CubeRows {
    /// Adds the rows of a cube with more dimensions.
    fn sum(&mut self, finer: &CubeRows) {
        let places = self.cube.dimensions.iter().map(|wanted| {
            let mut dimensions = finer.cube.dimensions.iter();
            dimensions.position(|dimension| dimension == wanted)
        });
        let places: Vec<usize> = places.flatten().collect();
        let mut known: FxHashMap<Key, u32> = FxHashMap::default();
        let numbers = finer.keys.iter().map(|key| {
            let dimensions = places.iter().map(|&place| key.dimensions[place].clone());
            let key = Key {
                scope: key.scope,
                dimensions: dimensions.collect(),
            };
            *known.entry(key).or_insert_with_key(|key| {
                self.keys.push(key.clone());
                (self.keys.len() - 1) as u32
            })
        });
        let numbers: Vec<u32> = numbers.collect();
        for (sums, rows) in self.rows.iter_mut().zip(&finer.rows) {
            for (&(key, bucket), row) in rows {
                let number = numbers[key as usize];
                sums.entry((number, bucket)).or_default().add(row);
            }
        }
    }

    /// Sums the rows of each granularity into the next coarser one.
    fn roll_up(&mut self, oldest: [Timestamp; 4]) {
        for finer in 0..3 {
            let coarser = Granularity::ALL[finer + 1];
            let (fine, coarse) = self.rows.split_at_mut(finer + 1);
            for (&(key, bucket), row) in &fine[finer] {
                let bucket = coarser.bucket(Timestamp(bucket)).0;
                if Timestamp(bucket) >= oldest[finer + 1] {
                    coarse[0].entry((key, bucket)).or_default().add(row);
                }
            }
        }
    }

    /// The number of the fact's key in this commit.
    fn number_of(&mut self, fact: &Fact, scratch: &mut Vec<u8>) -> u32 {
        scratch.clear();
        scratch.extend_from_slice(&fact.project.0.to_le_bytes());
        for &dimension in self.cube.dimensions {
            match fact.dimension(dimension) {
                None => scratch.extend_from_slice(&u32::MAX.to_le_bytes()),
                Some(text) => {
                    scratch.extend_from_slice(&(text.len() as u32).to_le_bytes());
                    scratch.extend_from_slice(text.as_bytes());
                }
            }
        }
        if let Some(&number) = self.numbers.get(scratch.as_slice()) {
            return number;
        }
        let number = self.keys.len() as u32;
        let dimensions = self.cube.dimensions.iter();
        self.keys.push(Key {
            scope: Scope {
                tenant: fact.tenant,
                project: fact.project,
            },
            dimensions: dimensions
                .map(|&dimension| fact.dimension(dimension).map(str::to_owned))
                .collect(),
        });
        self.numbers.insert(scratch.as_slice().into(), number);
        number
    }
}
