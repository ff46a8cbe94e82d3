//! The steps of one execution on a time axis: the row in which each bar is drawn, the steps on the
//! critical path, and for how long any step ran.

use std::collections::HashSet;

use crate::nesting::{covered, inside};

/// When a step ran, in epoch milliseconds; `end` is not before `start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub start: i64,
    /// When it ended.
    pub end: i64,
}

/// How a span is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// The row, from 0: spans in one row do not overlap.
    pub lane: usize,
    /// Whether it is on the critical path: if it were shorter, the execution might have ended
    /// earlier.
    pub critical: bool,
}

/// The layout of spans as a waterfall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waterfall {
    /// A bar for each span, in the order given.
    pub bars: Vec<Bar>,
    /// The number of rows.
    pub lanes: usize,
    /// The time during which at least one span ran, in milliseconds.
    pub busy: i64,
}

/// Lays out spans. `containers` holds the place of the span that contains each one
/// ([`crate::containers`]), without circles.
///
/// Lanes: in the order of their starts, each span takes the first row that is free by then.
/// Critical path: it leads from the span that ends last back to the span that ended last before
/// that one began, and so on; of equals, the one given later. It is found among the spans at the
/// top, and again among those inside each critical span.
pub fn waterfall(spans: &[Span], containers: &[Option<usize>]) -> Waterfall {
    let mut bars = vec![Bar::default(); spans.len()];
    let lanes = lay_out(spans, &mut bars);
    mark_critical(spans, containers, &mut bars);
    Waterfall {
        bars,
        lanes,
        busy: covered(spans.to_vec()),
    }
}

/// The only span that ran at a moment, besides those that contain it; `None` if several did, or none. At a
/// moment when one ends and another begins, it is the one that ends if `ending`, otherwise the one that begins.
pub fn alone_at(
    spans: &[Span],
    containers: &[Option<usize>],
    moment: i64,
    ending: bool,
) -> Option<usize> {
    let ran = |span: &Span| match (span.start == span.end, ending) {
        (true, _) => span.start == moment,
        (false, true) => span.start < moment && moment <= span.end,
        (false, false) => span.start <= moment && moment < span.end,
    };
    let running: Vec<usize> = (0..spans.len()).filter(|&i| ran(&spans[i])).collect();
    let around = around(&running, containers);
    let mut innermost = running.into_iter().filter(|place| !around.contains(place));
    let first = innermost.next();
    first.filter(|_| innermost.next().is_none())
}

/// Everything that contains one of these spans.
fn around(spans: &[usize], containers: &[Option<usize>]) -> HashSet<usize> {
    let mut found = HashSet::new();
    for &span in spans {
        let mut at = containers[span];
        while let Some(container) = at.filter(|&container| found.insert(container)) {
            at = containers[container];
        }
    }
    found
}

/// Gives each span its row. Returns the number of rows.
fn lay_out(spans: &[Span], bars: &mut [Bar]) -> usize {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&i| (spans[i].start, spans[i].end));
    let mut free_from: Vec<i64> = Vec::new();
    for i in order {
        let span = spans[i];
        let free = free_from.iter().position(|&free| free <= span.start);
        let lane = free.unwrap_or(free_from.len());
        match free {
            Some(lane) => free_from[lane] = span.end,
            None => free_from.push(span.end),
        }
        bars[i].lane = lane;
    }
    free_from.len()
}

fn mark_critical(spans: &[Span], containers: &[Option<usize>], bars: &mut [Bar]) {
    let (mut children, top) = inside(containers);
    let mut due = vec![top];
    while let Some(siblings) = due.pop() {
        for critical in critical_of(spans, siblings) {
            bars[critical].critical = true;
            due.push(std::mem::take(&mut children[critical]));
        }
    }
}

/// The critical path among spans that are in the same one.
fn critical_of(spans: &[Span], mut by_end: Vec<usize>) -> Vec<usize> {
    by_end.sort_by_key(|&i| (spans[i].end, i));
    let mut path = Vec::new();
    let mut next = by_end.len().checked_sub(1);
    while let Some(position) = next {
        let current = by_end[position];
        path.push(current);
        let start = spans[current].start;
        let before = by_end[..position].partition_point(|&i| spans[i].end <= start);
        next = before.checked_sub(1);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(spans: &[(i64, i64)]) -> (Vec<(usize, bool)>, usize, i64) {
        let spans: Vec<Span> = spans
            .iter()
            .map(|&(start, end)| Span { start, end })
            .collect();
        let found = waterfall(&spans, &vec![None; spans.len()]);
        let bars = found.bars.iter().map(|bar| (bar.lane, bar.critical));
        (bars.collect(), found.lanes, found.busy)
    }

    #[test]
    fn steps_in_a_row_share_a_lane_and_are_all_critical() {
        let expected = vec![(0, true), (0, true), (0, true)];
        // Nothing runs from 20 to 25.
        assert_eq!(laid_out(&[(0, 10), (10, 20), (25, 30)]), (expected, 1, 25));
    }

    #[test]
    fn of_parallel_steps_the_one_that_was_waited_for_is_critical() {
        // a, then b and c in parallel, then d after the slower c.
        let found = laid_out(&[(0, 10), (10, 14), (10, 30), (30, 40)]);
        let expected = vec![(0, true), (0, false), (1, true), (0, true)];
        assert_eq!(found, (expected, 2, 40));
    }

    #[test]
    fn the_order_given_does_not_matter_and_overlaps_are_counted_once() {
        let found = laid_out(&[(5, 15), (0, 10), (20, 20)]);
        assert_eq!(found, (vec![(1, true), (0, false), (0, true)], 2, 15));
    }

    #[test]
    fn what_happens_while_one_span_runs_is_its_own() {
        let spans = [(0, 10), (10, 20), (15, 30), (40, 40)].map(|(start, end)| Span { start, end });
        let alone = |moment| {
            (
                alone_at(&spans, &[None; 4], moment, true),
                alone_at(&spans, &[None; 4], moment, false),
            )
        };
        assert_eq!(alone(5), (Some(0), Some(0)));
        assert_eq!(alone(10), (Some(0), Some(1)));
        assert_eq!(alone(17), (None, None));
        assert_eq!(alone(30), (Some(2), None));
        assert_eq!(alone(40), (Some(3), Some(3)));
        assert_eq!(alone(0), (None, Some(0)));
    }

    #[test]
    fn a_span_that_contains_others_is_critical_together_with_the_path_inside_it() {
        // A loop that ends a moment after its last step, and beside it a step that nothing waits for; then
        // one that runs after the loop.
        let spans = [(0, 101), (0, 40), (10, 90), (40, 100), (101, 120)];
        let spans = spans.map(|(start, end)| Span { start, end });
        let containers = [None, Some(0), None, Some(0), None];
        let found = waterfall(&spans, &containers);
        let critical: Vec<bool> = found.bars.iter().map(|bar| bar.critical).collect();
        assert_eq!(critical, [true, true, false, true, true]);
        assert_eq!((found.lanes, found.busy), (3, 120));
    }

    #[test]
    fn nothing_inside_a_span_is_critical_unless_it_is_itself() {
        let spans = [(0, 10), (2, 8), (0, 50)].map(|(start, end)| Span { start, end });
        let found = waterfall(&spans, &[None, Some(0), None]);
        let critical: Vec<bool> = found.bars.iter().map(|bar| bar.critical).collect();
        assert_eq!(critical, [false, false, true]);
    }

    #[test]
    fn what_happens_inside_a_span_is_not_that_of_the_span() {
        let spans = [(0, 100), (10, 40), (20, 30), (35, 60)];
        let spans = spans.map(|(start, end)| Span { start, end });
        let alone = |moment| alone_at(&spans, &[None, Some(0), Some(1), Some(0)], moment, true);
        assert_eq!([5, 15, 25, 32].map(alone), [0, 1, 2, 1].map(Some));
        assert_eq!([38, 50, 80].map(alone), [None, Some(3), Some(0)]);
    }

    #[test]
    fn spans_without_length_and_no_spans_are_laid_out() {
        let found = laid_out(&[(7, 7); 50]);
        assert!(
            found
                .0
                .iter()
                .all(|&(lane, critical)| lane == 0 && critical)
        );
        assert_eq!(laid_out(&[]), (vec![], 0, 0));
    }
}
