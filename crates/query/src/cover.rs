//! Chooses the tables for a range: cubes where their buckets fit, raw facts elsewhere.

use weir_model::{
    Granularity, TimeRange, Timestamp,
    cube::{CUBES, Cube, DECLARED_CUBES, Dimension, Family},
    time::Retention,
};

use crate::{axis::Axis, buckets::Buckets, described};

/// Where rows are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A cube at a granularity.
    Cube(&'static Cube, Granularity),
    /// The raw facts of a family.
    Facts(Family),
}

impl Source {
    /// A description for people: `cube executions 1d`, `raw executions`.
    pub fn describe(self) -> String {
        match self {
            Self::Cube(cube, granularity) => format!("cube {} {}", cube.name, granularity.name()),
            Self::Facts(family) => format!("raw {}", family.name()),
        }
    }
}

/// A part of the range and the source of its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where its facts are read from.
    pub source: Source,
    /// The part of the range.
    pub range: TimeRange,
    /// How its rows are grouped in time.
    pub step: Step,
}

/// How a statement groups rows in time. Every step lies within one bucket of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The whole piece is one step: it lies within one bucket.
    Whole,
    /// Steps of this width from an origin at or before the beginning of the piece.
    Every {
        /// The start of a step.
        origin: Timestamp,
        /// The width in milliseconds.
        width: i64,
    },
}

/// The first cube of the family that has all the dimensions, and the time ranges missing from it. A cube
/// of declared dimensions has one of them.
pub fn cube_of(family: Family, needed: &[Axis]) -> Option<(&'static Cube, &[TimeRange])> {
    let common: Vec<Dimension> = needed.iter().filter_map(Axis::common).collect();
    let has_all =
        |cube: &&Cube| cube.family == family && common.iter().all(|d| cube.dimensions.contains(d));
    match described::declared(needed.iter())[..] {
        [] => Some((CUBES.iter().find(has_all)?, &[])),
        [only] => Some((DECLARED_CUBES.iter().find(has_all)?, only.lacking()?)),
        _ => None,
    }
}

/// What the store holds, for choosing tables.
#[derive(Clone, Copy, Debug)]
pub struct Holdings {
    /// How long partials are kept.
    pub retention: Retention,
    /// The moment by which partials may have expired: the present, or later if a clock was ahead.
    pub now: Timestamp,
}

/// Cuts the range of the buckets into pieces: the coarsest cube whose edges fit all edges of
/// buckets takes the middle; finer cubes and finally raw facts take the remainders on both sides. Time ranges
/// missing from the cube are read from raw facts.
pub fn cover(
    family: Family,
    cube: Option<(&'static Cube, &[TimeRange])>,
    buckets: &Buckets,
    holdings: Holdings,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (cube, lacking) = cube.unzip();
    let cutter = Cutter {
        family,
        cube,
        buckets,
        holdings,
    };
    let mut rest = buckets.range();
    for lacked in lacking.unwrap_or_default() {
        let lacked = TimeRange {
            from: lacked.from.clamp(rest.from, rest.to),
            to: lacked.to.clamp(rest.from, rest.to),
        };
        let held = TimeRange {
            to: lacked.from,
            ..rest
        };
        if lacked.length() > 0 {
            cutter.cut(held, &mut pieces);
            cutter.facts(lacked, &mut pieces);
            rest.from = lacked.to;
        }
    }
    cutter.cut(rest, &mut pieces);
    pieces
}

struct Cutter<'a> {
    family: Family,
    cube: Option<&'static Cube>,
    buckets: &'a Buckets,
    holdings: Holdings,
}

impl Cutter<'_> {
    fn cut(&self, range: TimeRange, pieces: &mut Vec<Piece>) {
        if range.length() == 0 {
            return;
        }
        let edges = edges_within(self.buckets, range);
        let Some((source, middle)) = self.middle(range, edges) else {
            self.facts(range, pieces);
            return;
        };
        self.cut(
            TimeRange {
                to: middle.from,
                ..range
            },
            pieces,
        );
        pieces.push(piece(source, middle, edges_within(self.buckets, middle)));
        self.cut(
            TimeRange {
                from: middle.to,
                ..range
            },
            pieces,
        );
    }

    fn facts(&self, range: TimeRange, pieces: &mut Vec<Piece>) {
        let edges = edges_within(self.buckets, range);
        pieces.push(piece(Source::Facts(self.family), range, edges));
    }

    /// The coarsest granularity that can answer for part of the range, and that part.
    fn middle(&self, range: TimeRange, edges: &[Timestamp]) -> Option<(Source, TimeRange)> {
        let cube = self.cube?;
        let coarsest_first = cube.granularities().iter().copied().rev();
        coarsest_first
            .filter(|granularity| edges.iter().all(|&edge| granularity.bucket(edge) == edge))
            .map(|granularity| (granularity, self.whole_buckets(granularity, range)))
            .find(|(_, middle)| middle.from < middle.to)
            .map(|(granularity, middle)| (Source::Cube(cube, granularity), middle))
    }

    fn whole_buckets(&self, granularity: Granularity, range: TimeRange) -> TimeRange {
        let Holdings { retention, now, .. } = self.holdings;
        let up = granularity.bucket(range.from.plus(granularity.width() - 1));
        TimeRange {
            from: up.max(retention.oldest_bucket(granularity, now)),
            to: granularity.bucket(range.to),
        }
    }
}

fn edges_within(buckets: &Buckets, range: TimeRange) -> &[Timestamp] {
    let edges = buckets.inner_edges();
    let first = edges.partition_point(|&edge| edge <= range.from);
    let end = edges.partition_point(|&edge| edge < range.to);
    &edges[first..end]
}

fn piece(source: Source, range: TimeRange, edges: &[Timestamp]) -> Piece {
    Piece {
        source,
        range,
        step: step(range, edges),
    }
}

/// The widest steps that fit all edges: as wide as the greatest common divisor of the distances
/// between them, so a calendar without clock changes needs one step per bucket.
fn step(range: TimeRange, edges: &[Timestamp]) -> Step {
    let Some(&first) = edges.first() else {
        return Step::Whole;
    };
    let distances = edges.windows(2).map(|pair| pair[1].0 - pair[0].0);
    let before = first.0 - range.from.0;
    let after = range.to.0 - edges[edges.len() - 1].0;
    let width = match distances.reduce(gcd) {
        Some(width) => width,
        None => before.max(after),
    };
    let steps_before = (before + width - 1) / width;
    Step::Every {
        origin: first.plus(-steps_before * width),
        width,
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests;
