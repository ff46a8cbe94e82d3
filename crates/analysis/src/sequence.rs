//! The usual order of steps, from runs that each took some of them in some order.

use std::cmp::Reverse;

/// Orders steps as they usually follow each other: a step comes the earlier, the more other steps it precedes
/// in the majority of the runs that have both, less those that precede it. Each run lists steps by number, in
/// the order of their beginnings; numbers are below `steps`. Steps that this does not tell apart keep the
/// order of their numbers.
///
/// A mean position would shift with every optional step and every run that ended early; majorities of pairs
/// do not. Source: Copeland's method, in Brandt et al.: "Handbook of Computational Social Choice" (2016), 2.2.
pub fn usual_order<'a>(steps: usize, runs: impl IntoIterator<Item = &'a [usize]>) -> Vec<usize> {
    // How many more runs have the first step before the second than the other way round.
    let mut leads = vec![0_i64; steps * steps];
    for run in runs {
        for (at, &first) in run.iter().enumerate() {
            for &second in run[at + 1..].iter().filter(|&&second| second != first) {
                leads[first * steps + second] += 1;
                leads[second * steps + first] -= 1;
            }
        }
    }
    let score = |step: usize| -> i64 {
        let row = &leads[step * steps..(step + 1) * steps];
        row.iter().map(|lead| lead.signum()).sum()
    };
    let mut order: Vec<usize> = (0..steps).collect();
    order.sort_by_key(|&step| Reverse(score(step)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(steps: usize, runs: &[&[usize]]) -> Vec<usize> {
        usual_order(steps, runs.iter().copied())
    }

    #[test]
    fn steps_are_ordered_as_they_follow_each_other() {
        assert_eq!(of(3, &[&[2, 0, 1], &[2, 0, 1]]), [2, 0, 1]);
    }

    #[test]
    fn an_optional_step_and_runs_that_end_early_do_not_move_the_others() {
        // By mean positions, 1 (position 1, once) and 2 (positions 2, 1, 1) would change places.
        let order = of(4, &[&[0, 1, 2, 3], &[0, 2], &[0, 2, 3], &[0]]);
        assert_eq!(order, [0, 1, 2, 3]);
    }

    #[test]
    fn the_majority_decides_and_ties_keep_the_numbers() {
        assert_eq!(of(2, &[&[0, 1], &[1, 0], &[1, 0]]), [1, 0]);
        assert_eq!(of(2, &[&[0, 1], &[1, 0]]), [0, 1]);
        assert_eq!(of(3, &[]), [0, 1, 2]);
    }
}
