//! The rules of `weir_query::records::process::conformance`, judged as plainly as possible.

use weir_query::records::process::conformance::{Rule, Two};

use super::naive::Sequence;

/// One rule of each kind.
pub(super) fn every() -> Vec<Rule> {
    let step = || "a".to_owned();
    let two = || Two {
        step: step(),
        other: "b".to_owned(),
    };
    vec![
        Rule::NeverBefore(two()),
        Rule::FollowedBy(two()),
        Rule::FollowedWithin(two(), 4),
        Rule::PrecededBy(two()),
        Rule::NeverTogether(two()),
        Rule::AtMost(step(), 1),
        Rule::ExactlyOnce(step()),
        Rule::StartsWith(step()),
        Rule::EndsWith(step()),
        Rule::Never(step()),
        Rule::Never("unheard of".to_owned()),
    ]
}

/// Whether a sequence keeps a rule; `None` if the rule does not apply to it.
pub(super) fn keeps(sequence: &Sequence, rule: &Rule) -> Option<bool> {
    let own = sequence.places(rule.step());
    let other = sequence.places(rule.other().unwrap_or_default());
    let both = !own.is_empty() && !other.is_empty();
    let any = !own.is_empty();
    match rule {
        Rule::NeverBefore(..) => both.then(|| !own.iter().any(|a| other.iter().any(|b| a < b))),
        Rule::FollowedBy(..) => any.then(|| own.iter().all(|a| other.iter().any(|b| b > a))),
        Rule::FollowedWithin(_, within) => any.then(|| {
            own.iter().all(|&a| {
                let next = other.iter().copied().find(|&b| b > a);
                next.is_some_and(|b| {
                    let (a, b) = (&sequence.visits[a], &sequence.visits[b]);
                    b.began - a.ended <= *within
                })
            })
        }),
        Rule::PrecededBy(..) => any.then(|| own.iter().all(|a| other.iter().any(|b| b < a))),
        Rule::NeverTogether(..) => (any || !other.is_empty()).then_some(!both),
        Rule::AtMost(_, times) => any.then_some(own.len() <= *times as usize),
        Rule::ExactlyOnce(..) => Some(own.len() == 1),
        Rule::StartsWith(..) => Some(own.first() == Some(&0)),
        Rule::EndsWith(..) => Some(own.last() == Some(&(sequence.visits.len() - 1))),
        Rule::Never(..) => Some(own.is_empty()),
    }
}
