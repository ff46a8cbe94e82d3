//! The alignment of two sequences of steps: which run of one execution corresponds to which run of another.
//!
//! It is a longest common subsequence (D. S. Hirschberg, "A linear space algorithm for computing maximal
//! common subsequences", CACM 18(6), 1975, defines the problem): as many runs as possible are paired with a
//! run of the same step, and pairs never cross. Its length is computed bit-parallel, 64 columns at a time (M.
//! Crochemore, C. Iliopoulos, Y. Pinzon, J. Reid, "A fast and practical bit-vector algorithm for the longest
//! common subsequence problem", IPL 80(6), 2001; here in the form of H. Hyyrö, "Bit-parallel LCS-length
//! computation revisited", AWOCA 2004). All rows of bits are kept to walk back through them: two sequences of
//! 5,000 take 400,000 word operations and 3 MiB, whatever they contain.

use std::collections::HashMap;

/// A place in the alignment. At least one of both is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The position in the first sequence.
    pub a: Option<usize>,
    /// The position in the second sequence.
    pub b: Option<usize>,
}

impl Pair {
    fn swapped(self) -> Self {
        Self {
            a: self.b,
            b: self.a,
        }
    }
}

/// Aligns two sequences. Every position of both occurs exactly once, in order. Exchanging the sequences
/// exchanges the sides of the pairs and changes nothing else.
pub fn align<T: AsRef<str>>(a: &[T], b: &[T]) -> Vec<Pair> {
    // Of several best alignments, one is taken. So that it is the same both ways, the sequence that sorts
    // first is always the first.
    let by_text = || a.iter().map(T::as_ref).cmp(b.iter().map(T::as_ref));
    let is_first = a.len().cmp(&b.len()).then_with(by_text).is_le();
    let (one, other) = if is_first { (a, b) } else { (b, a) };
    let pairs = merged(&matches(one, other), one.len(), other.len());
    match is_first {
        true => pairs,
        false => pairs.into_iter().map(Pair::swapped).collect(),
    }
}

/// For each pair of positions that lies between two matches: everything of the first, then of the second.
fn merged(matches: &[(usize, usize)], length_a: usize, length_b: usize) -> Vec<Pair> {
    let (mut pairs, mut next) = (Vec::new(), (0, 0));
    let end = (length_a, length_b);
    for &(a, b) in matches.iter().chain([&end]) {
        pairs.extend((next.0..a).map(|a| Pair {
            a: Some(a),
            b: None,
        }));
        pairs.extend((next.1..b).map(|b| Pair {
            a: None,
            b: Some(b),
        }));
        if (a, b) != end {
            pairs.push(Pair {
                a: Some(a),
                b: Some(b),
            });
        }
        next = (a + 1, b + 1);
    }
    pairs
}

/// The positions that a longest common subsequence pairs, ascending.
fn matches<T: AsRef<str>>(a: &[T], b: &[T]) -> Vec<(usize, usize)> {
    let rows = Rows::of(a, b);
    let (mut i, mut j) = (a.len(), b.len());
    let mut found = Vec::new();
    while i > 0 && j > 0 {
        if a[i - 1].as_ref() == b[j - 1].as_ref() {
            (i, j) = (i - 1, j - 1);
            found.push((i, j));
        } else if rows.grows_at(i, j) {
            // The last column is needed, so the last row is not.
            i -= 1;
        } else {
            j -= 1;
        }
    }
    found.reverse();
    found
}

/// The rows of the table of lengths as differences of neighbours: in row `i`, the bit of column `j` is clear if
/// the first `i` of one sequence and the first `j` of the other have a longer common subsequence than with
/// `j - 1`.
struct Rows {
    bits: Vec<u64>,
    words: usize,
}

impl Rows {
    fn of<T: AsRef<str>>(a: &[T], b: &[T]) -> Self {
        let words = b.len().div_ceil(64);
        let mut places: HashMap<&str, Vec<u64>> = HashMap::new();
        for (j, one) in b.iter().enumerate() {
            let places = places.entry(one.as_ref());
            places.or_insert_with(|| vec![0; words])[j / 64] |= 1 << (j % 64);
        }
        let mut bits = vec![u64::MAX; words];
        bits.reserve(words * a.len());
        for (i, one) in a.iter().enumerate() {
            let before = i * words;
            let places = places.get(one.as_ref());
            let mut carry = false;
            for word in 0..words {
                let row = bits[before + word];
                let matched = row & places.map_or(0, |places| places[word]);
                let (sum, first) = row.overflowing_add(matched);
                let (sum, second) = sum.overflowing_add(u64::from(carry));
                carry = first || second;
                bits.push(sum | (row & !matched));
            }
        }
        Self { bits, words }
    }

    /// Whether column `j`, from 1, makes the common subsequence of the first `i` longer.
    fn grows_at(&self, i: usize, j: usize) -> bool {
        let word = self.bits[i * self.words + (j - 1) / 64];
        word & (1 << ((j - 1) % 64)) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator of numbers that depend only on the seed (Knuth's MMIX constants).
    struct Draw(u64);

    impl Draw {
        fn below(&mut self, bound: u64) -> u64 {
            let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
            self.0 = next.wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % bound
        }

        fn steps(&mut self, most: u64, kinds: u64) -> Vec<String> {
            let length = self.below(most + 1);
            (0..length)
                .map(|_| format!("s{}", self.below(kinds)))
                .collect()
        }
    }

    /// The length of a longest common subsequence, by the textbook's table.
    fn length(a: &[String], b: &[String]) -> usize {
        let mut row = vec![0; b.len() + 1];
        for one in a {
            let before = row.clone();
            for (j, other) in b.iter().enumerate() {
                row[j + 1] = match one == other {
                    true => before[j] + 1,
                    false => before[j + 1].max(row[j]),
                };
            }
        }
        row[b.len()]
    }

    #[test]
    fn an_alignment_is_longest_keeps_both_orders_has_every_step_once_and_is_symmetric() {
        let mut draw = Draw(11);
        for round in 0..400 {
            let kinds = 1 + draw.below(9);
            let (a, b) = (draw.steps(150, kinds), draw.steps(150, kinds));
            let pairs = align(&a, &b);
            let firsts: Vec<usize> = pairs.iter().filter_map(|pair| pair.a).collect();
            let seconds: Vec<usize> = pairs.iter().filter_map(|pair| pair.b).collect();
            assert_eq!(firsts, (0..a.len()).collect::<Vec<_>>(), "round {round}");
            assert_eq!(seconds, (0..b.len()).collect::<Vec<_>>(), "round {round}");
            let both: Vec<_> = pairs.iter().filter_map(|pair| pair.a.zip(pair.b)).collect();
            assert!(both.iter().all(|&(i, j)| a[i] == b[j]), "round {round}");
            assert_eq!(both.len(), length(&a, &b), "round {round}: {a:?} {b:?}");
            let other: Vec<Pair> = align(&b, &a).into_iter().map(Pair::swapped).collect();
            assert_eq!(pairs, other, "round {round}");
        }
    }

    #[test]
    fn what_only_one_has_stands_between_its_neighbours() {
        let pair = |a, b| Pair { a, b };
        let found = align(&["fetch", "retry", "store"], &["fetch", "store", "notify"]);
        let expected = [
            pair(Some(0), Some(0)),
            pair(Some(1), None),
            pair(Some(2), Some(1)),
            pair(None, Some(2)),
        ];
        assert_eq!(found, expected);
        assert_eq!(align::<&str>(&[], &[]), []);
        assert_eq!(align(&[], &["x"]), [pair(None, Some(0))]);
    }

    #[test]
    fn two_executions_of_5000_steps_are_aligned_whatever_they_have_in_common() {
        let steps = |from: usize| -> Vec<String> {
            (from..from + 5_000).map(|n| format!("s{n}")).collect()
        };
        let both = |pairs: &[Pair]| {
            pairs
                .iter()
                .filter(|p| p.a.is_some() && p.b.is_some())
                .count()
        };
        assert_eq!(both(&align(&steps(0), &steps(1_000))), 4_000);
        assert_eq!(both(&align(&steps(0), &steps(5_000))), 0);
        let loops = vec!["loop".to_owned(); 5_000];
        assert_eq!(both(&align(&loops, &loops[..4_999])), 4_999);
    }
}
