//! Steps inside steps: which run contains which, and how long runs worked and waited.

use std::collections::HashMap;

use crate::waterfall::Span;

/// A run of a step, as far as nesting depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nested<'a> {
    /// When it ran.
    pub span: Span,
    /// The step.
    pub step: &'a str,
    /// The step that contains it, if it has one.
    pub parent: Option<&'a str>,
}

/// How long the steps of an execution worked and waited, in milliseconds. Together that is the time
/// during which any of them ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// The time during which at least one step worked.
    pub working: i64,
    /// The time during which steps ran and all of them waited.
    pub waiting: i64,
}

/// For each run, the place of the run that contains it; `None` at the top. The runs are ordered by start.
///
/// Of several runs of the parent, it is the last that had begun when the run did, or the first if none
/// had. A run whose parent did not run stands at the top, as do runs that contain each other.
pub fn containers(runs: &[Nested<'_>]) -> Vec<Option<usize>> {
    let mut by_step: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, run) in runs.iter().enumerate() {
        by_step.entry(run.step).or_default().push(place);
    }
    let container = |run: &Nested<'_>| {
        let parent = run.parent.filter(|&parent| parent != run.step)?;
        let all = by_step.get(parent)?;
        let begun = all.partition_point(|&place| runs[place].span.start <= run.span.start);
        all.get(begun.saturating_sub(1)).copied()
    };
    let mut found: Vec<_> = runs.iter().map(container).collect();
    open_circles(&mut found);
    found
}

/// Puts all members of each circle at the top.
fn open_circles(containers: &mut [Option<usize>]) {
    let mut walked = vec![usize::MAX; containers.len()];
    for start in 0..containers.len() {
        let mut at = Some(start);
        while let Some(place) = at.filter(|&place| walked[place] == usize::MAX) {
            walked[place] = start;
            at = containers[place];
        }
        // Where this walk met itself, it went in a circle.
        let mut member = at.filter(|&place| walked[place] == start);
        while let Some(place) = member {
            member = containers[place].take();
        }
    }
}

/// The runs inside each run, in the order given, and those at the top.
pub(crate) fn inside(containers: &[Option<usize>]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut children = vec![Vec::new(); containers.len()];
    let mut top = Vec::new();
    for (place, container) in containers.iter().enumerate() {
        match container {
            Some(container) => children[*container].push(place),
            None => top.push(place),
        }
    }
    (children, top)
}

/// How long runs worked and waited together. `waits` holds how much of each run was waiting, with what is
/// inside it; each run is taken to wait first, as when a decision is waited for and then carried out.
pub fn effort(spans: &[Span], containers: &[Option<usize>], waits: &[i64]) -> Effort {
    let (children, _) = inside(containers);
    let mut worked = Vec::new();
    for (place, &span) in spans.iter().enumerate() {
        let inner: i64 = children[place].iter().map(|&child| waits[child]).sum();
        let mut waiting = (waits[place] - inner).max(0);
        for own in beside(span, children[place].iter().map(|&child| spans[child])) {
            let skipped = waiting.min(own.end - own.start);
            waiting -= skipped;
            worked.push(Span {
                start: own.start + skipped,
                end: own.end,
            });
        }
    }
    let working = covered(worked);
    Effort {
        working,
        waiting: covered(spans.to_vec()) - working,
    }
}

/// The parts of a span that no other covers, in order.
fn beside(span: Span, others: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut others: Vec<Span> = others.collect();
    others.sort_by_key(|other| other.start);
    let mut free = Vec::new();
    let mut from = span.start;
    for other in others {
        if other.start.min(span.end) > from {
            free.push(Span {
                start: from,
                end: other.start.min(span.end),
            });
        }
        from = from.max(other.end);
    }
    if from < span.end {
        free.push(Span {
            start: from,
            end: span.end,
        });
    }
    free
}

/// The length of the union of spans.
pub(crate) fn covered(mut spans: Vec<Span>) -> i64 {
    spans.sort_by_key(|span| span.start);
    let (mut length, mut until) = (0, i64::MIN);
    for span in spans {
        length += (span.end - span.start.max(until)).max(0);
        until = until.max(span.end);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span((start, end): (i64, i64)) -> Span {
        Span { start, end }
    }

    type Run = (&'static str, Option<&'static str>, (i64, i64));

    fn contained(runs: &[Run]) -> Vec<Option<usize>> {
        let runs = runs.iter().map(|&(step, parent, time)| Nested {
            span: span(time),
            step,
            parent,
        });
        containers(&runs.collect::<Vec<_>>())
    }

    #[test]
    fn a_run_is_inside_the_last_run_of_its_parent_that_had_begun() {
        let found = contained(&[
            ("early", Some("loop"), (-5, -1)),
            ("loop", None, (0, 10)),
            ("call", Some("loop"), (0, 5)),
            ("read", Some("call"), (1, 4)),
            ("loop", None, (20, 30)),
            ("call", Some("loop"), (25, 40)),
            ("late", Some("loop"), (50, 60)),
        ]);
        assert_eq!(
            found,
            [Some(1), None, Some(1), Some(2), None, Some(4), Some(4)]
        );
    }

    #[test]
    fn a_run_with_an_unknown_parent_or_in_a_circle_stands_at_the_top() {
        let found = contained(&[
            ("a", Some("gone"), (0, 1)),
            ("b", Some("b"), (0, 1)),
            ("c", Some("d"), (0, 9)),
            ("d", Some("e"), (1, 9)),
            ("e", Some("c"), (2, 9)),
            ("inside", Some("e"), (3, 4)),
        ]);
        assert_eq!(found, [None, None, None, None, None, Some(4)]);
    }

    #[test]
    fn thousands_of_levels_are_no_trouble() {
        let names: Vec<String> = (0..20_000).map(|level| format!("s{level}")).collect();
        let runs: Vec<Nested<'_>> = (0..names.len())
            .map(|level| Nested {
                span: span((level as i64, 40_000)),
                step: &names[level],
                parent: level.checked_sub(1).map(|above| names[above].as_str()),
            })
            .collect();
        let found = containers(&runs);
        assert_eq!(found[19_999], Some(19_998));
        let spans: Vec<Span> = runs.iter().map(|run| run.span).collect();
        let waits = vec![0; spans.len()];
        assert_eq!(effort(&spans, &found, &waits).working, 40_000);
    }

    /// The effort of runs: time, wait and container of each.
    fn spent(runs: &[((i64, i64), i64, Option<usize>)]) -> (i64, i64) {
        let spans: Vec<Span> = runs.iter().map(|run| span(run.0)).collect();
        let waits: Vec<i64> = runs.iter().map(|run| run.1).collect();
        let containers: Vec<_> = runs.iter().map(|run| run.2).collect();
        let found = effort(&spans, &containers, &waits);
        (found.working, found.waiting)
    }

    #[test]
    fn what_waits_alone_waits_and_what_works_beside_it_works() {
        assert_eq!(spent(&[]), (0, 0));
        // Nothing runs from 40 to 50.
        assert_eq!(
            spent(&[
                ((0, 10), 0, None),
                ((10, 40), 30, None),
                ((50, 60), 4, None)
            ]),
            (16, 34)
        );
        assert_eq!(
            spent(&[((0, 100), 100, None), ((20, 50), 0, None)]),
            (30, 70)
        );
    }

    #[test]
    fn a_container_works_where_nothing_inside_it_runs() {
        // The approval inside waits; before and after it, the container works.
        let approval = [((0, 100), 0, None), ((10, 90), 80, Some(0))];
        assert_eq!(spent(&approval), (20, 80));
        // It says that it waited, which is what its step waited.
        let told = [((0, 100), 80, None), ((10, 90), 80, Some(0))];
        assert_eq!(spent(&told), (20, 80));
        // It waited beside its step, which works.
        let beside = [((0, 100), 70, None), ((10, 40), 0, Some(0))];
        assert_eq!(spent(&beside), (30, 70));
        // What is inside can last longer than it.
        let longer = [((0, 10), 0, None), ((5, 30), 25, Some(0))];
        assert_eq!(spent(&longer), (5, 25));
    }

    #[test]
    fn working_and_waiting_are_together_the_time_in_which_anything_ran() {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..300 {
            let runs: Vec<_> = (0..next(12))
                .map(|place| {
                    let start = next(60) as i64;
                    let length = next(40) as i64;
                    let container = (place > 0 && next(2) == 0).then(|| next(place) as usize);
                    let waited = next(length as u64 + 1) as i64;
                    ((start, start + length), waited, container)
                })
                .collect();
            let (working, waiting) = spent(&runs);
            let any = (0..200).filter(|&moment| {
                runs.iter()
                    .any(|(span, ..)| span.0 <= moment && moment < span.1)
            });
            assert_eq!(working + waiting, any.count() as i64, "{runs:?}");
            assert!(working >= 0 && waiting >= 0, "{runs:?}");
        }
    }
}
