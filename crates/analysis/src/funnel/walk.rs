//! How far one actor gets.

use super::{Funnel, Mark, Order, matching::Matching};

/// How far an actor got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk {
    /// It never completed the first step (in any order: any step).
    Outside,
    /// Every attempt met an exclusion.
    Excluded,
    /// The attempt that got furthest.
    Reached {
        /// When each step of the attempt was completed, in epoch milliseconds and chronological
        /// order; not empty.
        times: Vec<i64>,
        /// Which steps were completed, as bits.
        done: u32,
        /// Whether the last step was done in time although another was not.
        otherwise: bool,
    },
}

/// How an attempt ended.
enum Attempt {
    Void,
    Reached {
        times: Vec<i64>,
        done: u32,
        otherwise: bool,
    },
}

/// How far an actor gets, given its marks in the order of [`super::arrange`].
pub fn walk(funnel: &Funnel, marks: &[Mark]) -> Walk {
    let mut best = Walk::Outside;
    for start in starts(funnel, marks) {
        let Attempt::Reached {
            times,
            done,
            otherwise,
        } = attempt(funnel, &marks[start..])
        else {
            if best == Walk::Outside {
                best = Walk::Excluded;
            }
            continue;
        };
        let steps = times.len();
        if steps > depth(&best) {
            best = Walk::Reached {
                times,
                done,
                otherwise,
            };
        }
        if steps == funnel.steps || no_later_attempt_is_deeper(funnel) {
            break;
        }
    }
    best
}

/// The positions of marks at which attempts begin.
fn starts<'a>(funnel: &'a Funnel, marks: &'a [Mark]) -> impl Iterator<Item = usize> + 'a {
    let wanted = match funnel.order {
        Order::Any => u32::MAX,
        Order::Sequential | Order::Strict => 1,
    };
    (0..marks.len()).filter(move |&i| marks[i].steps & wanted != 0)
}

fn depth(walk: &Walk) -> usize {
    match walk {
        Walk::Outside | Walk::Excluded => 0,
        Walk::Reached { times, .. } => times.len(),
    }
}

/// Without a window, the attempt that begins first reaches every step no later than any other.
fn no_later_attempt_is_deeper(funnel: &Funnel) -> bool {
    funnel.window.is_none() && funnel.order != Order::Strict
}

fn attempt(funnel: &Funnel, marks: &[Mark]) -> Attempt {
    match funnel.order {
        Order::Any => in_any_order(funnel, marks),
        Order::Sequential | Order::Strict => in_order(funnel, marks),
    }
}

fn in_order(funnel: &Funnel, marks: &[Mark]) -> Attempt {
    let mut times = vec![marks[0].at];
    for mark in within(funnel, marks).skip(1) {
        let reached = times.len();
        if reached == funnel.steps {
            break;
        }
        if mark.steps & (1 << reached) != 0 {
            times.push(mark.at);
        } else if is_excluded(funnel, mark, reached) {
            return Attempt::Void;
        } else if funnel.order == Order::Strict {
            break;
        }
    }
    Attempt::Reached {
        done: (1 << times.len()) - 1,
        otherwise: times.len() < funnel.steps && finishes(funnel, within(funnel, marks).skip(1)),
        times,
    }
}

/// Whether the last step is among the marks.
fn finishes<'a>(funnel: &Funnel, mut marks: impl Iterator<Item = &'a Mark>) -> bool {
    let last = 1 << (funnel.steps - 1);
    marks.any(|mark| mark.steps & last != 0)
}

fn in_any_order(funnel: &Funnel, marks: &[Mark]) -> Attempt {
    let mut matching = Matching::new(funnel.steps);
    let mut times = Vec::new();
    for mark in within(funnel, marks) {
        if times.len() == funnel.steps {
            break;
        }
        if matching.add(mark.steps) {
            times.push(mark.at);
        } else if is_excluded(funnel, mark, times.len()) {
            return Attempt::Void;
        }
    }
    Attempt::Reached {
        otherwise: times.len() < funnel.steps && finishes(funnel, within(funnel, marks)),
        times,
        done: matching.done(),
    }
}

/// The marks within the window that begins with the first of them.
fn within<'a>(funnel: &Funnel, marks: &'a [Mark]) -> impl Iterator<Item = &'a Mark> {
    let end = funnel
        .window
        .map_or(i64::MAX, |window| marks[0].at.saturating_add(window));
    marks.iter().take_while(move |mark| mark.at <= end)
}

fn is_excluded(funnel: &Funnel, mark: &Mark, reached: usize) -> bool {
    let exclusions = funnel.exclusions.iter().enumerate();
    exclusions
        .filter(|(bit, _)| mark.exclusions & (1 << bit) != 0)
        .any(|(_, exclusion)| (exclusion.after..exclusion.before).contains(&reached))
}
