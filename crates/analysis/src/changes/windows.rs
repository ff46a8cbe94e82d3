//! Windows of consecutive buckets, and the search for the one that stands out most.

/// Windows up to this many buckets are all tried; of longer ones, every length that is a quarter
/// longer than the one before.
const EVERY_LENGTH: usize = 24;
/// How often the edges of the best window are moved.
const MOST_MOVES: usize = 10_000;

/// Consecutive buckets: `from` is included, `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first bucket.
    pub from: usize,
    /// The first bucket after the window.
    pub to: usize,
}

impl Window {
    /// The number of buckets.
    pub fn len(self) -> usize {
        self.to.saturating_sub(self.from)
    }

    /// Whether it has no buckets.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether both have a bucket in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Whether it only says that the other began or ended in the middle of a bucket: it touches the
    /// other and has one bucket outside it, or it is the other without one bucket.
    pub fn is_edge_of(self, other: Self) -> bool {
        let ends = (self.to.min(other.to), self.from.max(other.from));
        let common = ends.0.saturating_sub(ends.1);
        let (outside, missing) = (self.len() - common, other.len() - common);
        ends.0 >= ends.1 && (outside == 1 || (outside == 0 && missing == 1))
    }
}

/// The windows to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// The number of buckets.
    pub buckets: usize,
    /// No window begins earlier than this, so that there is a past to compare with.
    pub first: usize,
    /// No window has more buckets than this, unless it lasts to the end of the series.
    pub longest: usize,
}

impl Search {
    /// Windows of any length.
    pub fn all(buckets: usize, first: usize) -> Self {
        Self {
            buckets,
            first,
            longest: buckets,
        }
    }

    /// The number of windows that could be chosen: what a p-value is multiplied by.
    pub fn count(self) -> f64 {
        let starts = self.buckets.saturating_sub(self.first) as f64;
        let longest = self.longest as f64;
        if longest >= starts {
            return starts * (starts + 1.0) / 2.0;
        }
        // Those that end earlier than the series, and one to its end from every start.
        starts * longest + starts
    }

    /// The window with the highest score, with that score. `score` is `None` for a window that cannot
    /// be a change. Long windows are tried at some lengths only; then the edges of the best one move
    /// for as long as its score rises.
    pub fn best(self, score: impl Fn(Window) -> Option<f64>) -> Option<(Window, f64)> {
        let mut best: Option<(Window, f64)> = None;
        for from in self.first..self.buckets {
            let ends = lengths(self.longest)
                .map(|length| from + length)
                .take_while(|&to| to < self.buckets);
            for to in ends.chain([self.buckets]) {
                let window = Window { from, to };
                let found = score(window).filter(|found| found.is_finite());
                if let Some(found) = found
                    && best.is_none_or(|(_, most)| found > most)
                {
                    best = Some((window, found));
                }
            }
        }
        best.map(|best| self.climb(best, score))
    }

    fn climb(
        self,
        mut best: (Window, f64),
        score: impl Fn(Window) -> Option<f64>,
    ) -> (Window, f64) {
        for _ in 0..MOST_MOVES {
            let better = self.neighbours(best.0).filter_map(|window| {
                let found = score(window).filter(|&found| found > best.1)?;
                Some((window, found))
            });
            match better.max_by(|a, b| a.1.total_cmp(&b.1)) {
                Some(found) => best = found,
                None => break,
            }
        }
        best
    }

    /// The allowed windows of which one edge is one bucket away from this one's.
    fn neighbours(self, Window { from, to }: Window) -> impl Iterator<Item = Window> {
        let moved = [
            (from.checked_sub(1), Some(to)),
            (Some(from + 1), Some(to)),
            (Some(from), to.checked_sub(1)),
            (Some(from), Some(to + 1)),
        ];
        let windows = moved.into_iter().filter_map(|(from, to)| {
            Some(Window {
                from: from?,
                to: to?,
            })
        });
        windows.filter(move |&window| {
            let short = window.len() <= self.longest || window.to == self.buckets;
            window.from >= self.first && window.to <= self.buckets && !window.is_empty() && short
        })
    }
}

/// The changes without those that are only an edge of a stronger one. The strongest come first.
pub(super) fn without_edges<T>(changes: Vec<T>, window: impl Fn(&T) -> Window) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for change in changes {
        let own = window(&change);
        if !kept.iter().any(|stronger| own.is_edge_of(window(stronger))) {
            kept.push(change);
        }
    }
    kept
}

fn lengths(longest: usize) -> impl Iterator<Item = usize> {
    let next = |&length: &usize| match length {
        ..EVERY_LENGTH => Some(length + 1),
        _ => Some(length + length / 4),
    };
    std::iter::successors(Some(1), next).take_while(move |&length| length <= longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores a window by how many of its buckets are in `wanted`, and are not.
    fn agreement(wanted: Window) -> impl Fn(Window) -> Option<f64> {
        move |window| {
            let inside = (window.from..window.to)
                .filter(|at| (wanted.from..wanted.to).contains(at))
                .count();
            Some(2.0 * inside as f64 - window.len() as f64)
        }
    }

    #[test]
    fn the_best_window_is_found_at_any_length() {
        let search = Search::all(400, 5);
        for (from, to) in [(5, 6), (100, 123), (40, 161), (37, 334), (250, 400)] {
            let wanted = Window { from, to };
            assert_eq!(
                search.best(agreement(wanted)).map(|found| found.0),
                Some(wanted)
            );
        }
        assert_eq!(search.best(|_| None), None);
    }

    #[test]
    fn a_longer_window_than_allowed_must_last_to_the_end() {
        let search = Search {
            longest: 10,
            ..Search::all(100, 0)
        };
        let found = |from, to| search.best(agreement(Window { from, to })).unwrap().0;
        assert_eq!(found(20, 50).len(), 10);
        assert_eq!(found(50, 100), Window { from: 50, to: 100 });
    }

    #[test]
    fn the_bucket_in_which_a_change_begins_is_its_edge() {
        let change = Window { from: 51, to: 58 };
        let is_edge = |from, to| Window { from, to }.is_edge_of(change);
        assert!(is_edge(50, 51) && is_edge(50, 52) && is_edge(58, 59) && is_edge(57, 59));
        assert!(is_edge(52, 58) && is_edge(51, 57));
        assert!(!is_edge(49, 50) && !is_edge(48, 51) && !is_edge(53, 54) && !is_edge(60, 61));
    }

    #[test]
    fn windows_are_counted() {
        let tried = |search: Search| {
            let windows = (search.first..search.buckets)
                .flat_map(|from| (from + 1..=search.buckets).map(move |to| Window { from, to }));
            windows
                .filter(|window| window.len() <= search.longest || window.to == search.buckets)
                .count() as f64
        };
        assert_eq!(Search::all(58, 5).count(), tried(Search::all(58, 5)));
        let short = Search {
            longest: 7,
            ..Search::all(100, 10)
        };
        assert!(short.count() >= tried(short));
    }
}
