//! Plans what to read for a query, by family, and how to compute its metrics from that.

use weir_model::cube::{Dimension, Family};

use crate::{
    axis::Axis,
    buckets::Buckets,
    catalogue::{Bound, Formula, Metric, Term},
    cover::{Holdings, Piece, Source, Step, cover, cube_of},
    resolve::{Resolution, ResolvedQuery},
};

/// What the metrics of one family need.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    /// The family.
    pub family: Family,
    /// The sums; the first is always the count of facts, which identifies empty groups.
    pub terms: Vec<Term>,
    /// The position of its first sum among the sums of all families.
    pub first_column: usize,
    /// The slot of the family's sketch among all sketches, if a metric needs it.
    pub sketch: Option<usize>,
    /// Dimensions whose distinct values are counted, each with its slot among all of them.
    pub distinct: Vec<(Dimension, usize)>,
    /// Whether sums or the sketch are needed, and not only distinct values.
    pub additive: bool,
}

/// How a metric is computed from columns of sums, slots of sketches and slots of counted values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Compute {
    /// A column divided by a constant.
    Sum(usize, f64),
    /// A column minus another, divided by a constant.
    Difference(usize, usize, f64),
    /// A column divided by another, times a constant.
    Ratio(usize, usize, f64),
    /// A column minus another, divided by a third, times a constant.
    RatioOfDifference([usize; 2], usize, f64),
    /// A column divided by a constant and by another column.
    PerFact(usize, usize, f64),
    /// 100 times (the sum of two columns - a third) / the third.
    Return([usize; 2], usize),
    /// A quantile of a sketch.
    Quantile(usize, f64),
    /// The standard deviation of a sketch.
    Deviation(usize),
    /// A bound of a quantile of a sketch.
    QuantileBound(usize, f64, Bound),
    /// The largest value of a sketch.
    Max(usize),
    /// The number of distinct values.
    Distinct(usize),
    /// The number of values in a sketch up to a threshold.
    Within(usize, i64),
    /// The percentage of values in a sketch up to a threshold.
    WithinPercent(usize, i64),
}

/// The range that a statement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The range of the query.
    Main,
    /// The range to compare with.
    Comparison,
}

/// What a statement's rows contain after the step (if timed) and the dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The family's sums, then a sketch if the family needs one.
    Measures,
    /// A bucket of the sketch and its weight, from raw facts.
    RawSketch,
    /// A distinct value, for the slot.
    DistinctValues(Dimension, usize),
    /// The number of distinct values, for the slot.
    DistinctCount(Dimension, usize),
    /// The number of distinct values of the whole range, for the slot: its rows have neither a step nor
    /// dimensions.
    DistinctTotal(Dimension, usize),
}

/// One statement, not yet written as SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The range that it reads.
    pub side: Side,
    /// The position of its family in the plan.
    pub family: usize,
    /// What its rows contain.
    pub kind: Kind,
    /// The pieces that it reads; never empty.
    pub pieces: Vec<Piece>,
    /// Whether its rows begin with the start of a step.
    pub timed: bool,
}

/// Everything to read for a query, and how to compute the metrics from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The needs of each family, in the order in which the metrics name them.
    pub families: Vec<Needs>,
    /// How to compute each metric of the query.
    pub metrics: Vec<Compute>,
    /// The number of columns of sums over all families.
    pub columns: usize,
    /// The statements.
    pub reads: Vec<Read>,
}

/// Plans a resolved query.
pub fn plan(resolution: &Resolution, holdings: Holdings) -> Plan {
    let mut families = needs(&resolution.query.metrics);
    let mut columns = 0;
    for need in &mut families {
        need.first_column = columns;
        columns += need.terms.len();
    }
    let metrics = resolution.query.metrics.iter();
    let metrics = metrics
        .filter_map(|metric| compute(metric, &families, resolution.query.threshold))
        .collect();
    let mut reads = Vec::new();
    let sides = [
        (Side::Main, Some(&resolution.buckets)),
        (Side::Comparison, resolution.comparison.as_ref()),
    ];
    for (side, buckets) in sides {
        let Some(buckets) = buckets else { continue };
        for (family, needs) in families.iter().enumerate() {
            let reader = Reader {
                query: &resolution.query,
                needs,
                family,
                side,
                buckets,
                holdings,
            };
            reader.reads(&mut reads);
        }
    }
    Plan {
        families,
        metrics,
        columns,
        reads,
    }
}

fn needs(metrics: &[&'static Metric]) -> Vec<Needs> {
    let mut families: Vec<Needs> = Vec::new();
    let mut sketches = 0..;
    let mut values = 0..;
    for metric in metrics {
        let position = position_of(metric.family, &mut families);
        let need = &mut families[position];
        metric.formula.terms().for_each(|term| need.sum(term));
        match metric.formula {
            Formula::Distinct(dimension) => {
                if !need.distinct.iter().any(|&(known, _)| known == dimension) {
                    need.distinct
                        .extend(values.next().map(|slot| (dimension, slot)));
                }
            }
            formula => {
                need.additive = true;
                if formula.needs_sketch() && need.sketch.is_none() {
                    need.sketch = sketches.next();
                }
            }
        }
        for (family, term) in metric.formula.elsewhere() {
            let position = position_of(family, &mut families);
            families[position].sum(term);
            families[position].additive = true;
        }
    }
    families
}

fn position_of(family: Family, families: &mut Vec<Needs>) -> usize {
    let known = families.iter().position(|need| need.family == family);
    known.unwrap_or_else(|| {
        families.push(Needs::of(family));
        families.len() - 1
    })
}

fn compute(metric: &Metric, families: &[Needs], threshold: Option<i64>) -> Option<Compute> {
    let need = families.iter().find(|need| need.family == metric.family)?;
    let column = |term| need.column(term);
    let of = |(family, term): (Family, Term)| {
        let need = families.iter().find(|need| need.family == family)?;
        need.column(term)
    };
    Some(match metric.formula {
        Formula::Sum(term) => Compute::Sum(column(term)?, term.divisor()),
        Formula::Difference(a, b) => Compute::Difference(column(a)?, column(b)?, a.divisor()),
        Formula::Percent(a, b) => Compute::Ratio(column(a)?, column(b)?, 100.0),
        Formula::Mean(a, b) => Compute::Ratio(column(a)?, column(b)?, 1.0 / a.divisor()),
        Formula::MeanDifference([a, b], count) => {
            let difference = [column(a)?, column(b)?];
            Compute::RatioOfDifference(difference, column(count)?, 1.0 / a.divisor())
        }
        Formula::Return {
            saved,
            reached,
            spent,
        } => Compute::Return([column(saved)?, of(reached)?], of(spent)?),
        Formula::PerFact(sum, count) => Compute::PerFact(of(sum)?, column(count)?, sum.1.divisor()),
        Formula::Quantile(q) => Compute::Quantile(need.sketch?, q),
        Formula::Max => Compute::Max(need.sketch?),
        Formula::Deviation => Compute::Deviation(need.sketch?),
        Formula::QuantileBound(q, bound) => Compute::QuantileBound(need.sketch?, q, bound),
        Formula::Within => Compute::Within(need.sketch?, threshold?),
        Formula::WithinPercent => Compute::WithinPercent(need.sketch?, threshold?),
        Formula::Distinct(dimension) => {
            let counted = need.distinct.iter().find(|&&(known, _)| known == dimension);
            Compute::Distinct(counted?.1)
        }
    })
}

impl Needs {
    fn of(family: Family) -> Self {
        Self {
            family,
            terms: vec![Term::all("count")],
            first_column: 0,
            sketch: None,
            distinct: Vec::new(),
            additive: false,
        }
    }

    fn sum(&mut self, term: Term) {
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }

    fn column(&self, term: Term) -> Option<usize> {
        let position = self.terms.iter().position(|&known| known == term)?;
        Some(self.first_column + position)
    }
}

struct Reader<'a> {
    query: &'a ResolvedQuery,
    needs: &'a Needs,
    family: usize,
    side: Side,
    buckets: &'a Buckets,
    holdings: Holdings,
}

impl Reader<'_> {
    fn reads(&self, reads: &mut Vec<Read>) {
        if self.needs.additive {
            let terms = self.needs.terms.iter();
            let pieces = self.pieces(terms.flat_map(|term| term.dimensions()));
            let raw: Vec<_> = pieces.iter().copied().filter(is_raw).collect();
            reads.push(self.read(Kind::Measures, pieces));
            if self.needs.sketch.is_some() && !raw.is_empty() {
                reads.push(self.read(Kind::RawSketch, raw));
            }
        }
        for &(dimension, slot) in &self.needs.distinct {
            let pieces = self.pieces([dimension].into_iter());
            let kind = if self.counts_in_sql(&pieces) {
                Kind::DistinctCount(dimension, slot)
            } else {
                Kind::DistinctValues(dimension, slot)
            };
            reads.push(self.read(kind, pieces));
            if self.query.totals {
                reads.push(self.total(dimension, slot));
            }
        }
    }

    /// Distinct values of buckets do not add up to those of the range, so these are counted by themselves.
    fn total(&self, dimension: Dimension, slot: usize) -> Read {
        let buckets = Buckets::whole(self.buckets.range());
        let whole = Reader {
            query: self.query,
            needs: self.needs,
            family: self.family,
            side: self.side,
            buckets: &buckets,
            holdings: self.holdings,
        };
        let pieces = whole.pieces([dimension].into_iter());
        whole.read(Kind::DistinctTotal(dimension, slot), pieces)
    }

    fn pieces(&self, more: impl Iterator<Item = Dimension>) -> Vec<Piece> {
        let axes = self.query.axes().cloned();
        let needed: Vec<Axis> = axes.chain(more.map(Axis::Common)).collect();
        let family = self.needs.family;
        cover(
            family,
            cube_of(family, &needed),
            self.buckets,
            self.holdings,
        )
    }

    fn read(&self, kind: Kind, pieces: Vec<Piece>) -> Read {
        Read {
            side: self.side,
            family: self.family,
            kind,
            pieces,
            timed: self.buckets.len() > 1,
        }
    }

    /// Distinct counts can be computed in SQL only if every bucket is one step of one piece, and no
    /// total over buckets (to choose groups) or over groups is needed.
    fn counts_in_sql(&self, pieces: &[Piece]) -> bool {
        if self.query.other || self.query.limit_each.is_some() {
            return false;
        }
        let [piece] = pieces else { return false };
        match piece.step {
            Step::Whole => true,
            Step::Every { origin, width } => {
                let steps = (piece.range.to.0 - origin.0 + width - 1) / width;
                self.query.dimensions.is_empty() && steps == self.buckets.len() as i64
            }
        }
    }
}

fn is_raw(piece: &Piece) -> bool {
    matches!(piece.source, Source::Facts(_))
}

#[cfg(test)]
mod tests;
