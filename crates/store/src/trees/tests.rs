use std::convert::Infallible;

use weir_model::{
    Decimal, Event, EventKind, ProjectKey, Scope, TenantKey, Timestamp,
    event::{CostEvent, Foreign, IdSource},
};

use super::{CostHistory, CostKey, HIGHEST, StoredCost, Sums, counted, cover, own};
use crate::facts;

const SCOPE: Scope = Scope {
    tenant: TenantKey(1),
    project: ProjectKey(1),
};

/// A store in a list.
#[derive(Default)]
struct List {
    stored: Vec<StoredCost>,
    /// The sum of all facts that commits gave, by kind.
    facts: Sums,
}

fn cost_of(event: &Event) -> &CostEvent {
    match &event.kind {
        EventKind::Cost(cost) => cost,
        other => panic!("{other:?}"),
    }
}

impl CostHistory for List {
    type Error = Infallible;
    fn costs(&mut self, ids: &[CostKey]) -> Result<Vec<StoredCost>, Infallible> {
        let asked = |stored: &&StoredCost| ids.iter().any(|(_, id)| *id == stored.event.id);
        Ok(self.stored.iter().filter(asked).cloned().collect())
    }
    fn parts(&mut self, of: &[CostKey]) -> Result<Vec<StoredCost>, Infallible> {
        let asked = |stored: &&StoredCost| {
            let part_of = cost_of(&stored.event).part_of.as_ref();
            of.iter().any(|(_, id)| Some(id) == part_of)
        };
        Ok(self.stored.iter().filter(asked).cloned().collect())
    }
}

impl List {
    fn commit(&mut self, events: &[Event]) {
        let batch: Vec<(Scope, Event)> = events.iter().map(|e| (SCOPE, e.clone())).collect();
        let covered = cover(&batch, &[], self).unwrap();
        let mut add = |fact: &facts::Fact| {
            if fact.family == weir_model::cube::Family::Costs {
                for (sum, measure) in self.facts.iter_mut().zip(&fact.measures[1..]) {
                    *sum += measure;
                }
            }
        };
        for (scope, event) in &batch {
            facts::independent(*scope, event, facts::Counting::default(), |fact| add(&fact));
        }
        covered.facts(&batch, &mut add);
        for update in &covered.updates {
            self.stored[update.row as usize].cover = update.cover;
        }
        for (position, (scope, event)) in batch.into_iter().enumerate() {
            self.stored.push(StoredCost {
                scope,
                row: self.stored.len() as i64,
                event,
                told_environment: None,
                cover: covered.rows.get(&position).copied().unwrap_or_default(),
            });
        }
    }

    /// The counts from the stored rows, after checking that the facts agree.
    fn counted(&self) -> Vec<(String, i64, i64)> {
        let mut sums = Sums::default();
        let mut rows: Vec<(String, i64, i64)> = Vec::new();
        for stored in &self.stored {
            let counted = counted(&own(cost_of(&stored.event)), stored.cover.covered.as_ref());
            for (sum, counted) in sums.iter_mut().zip(counted) {
                *sum += counted;
            }
            rows.push((stored.event.id.clone(), counted[0], counted[3]));
        }
        assert_eq!(self.facts, sums, "facts and rows differ");
        rows.sort();
        rows
    }
}

/// An id, its sum, its money and its input tokens.
type Cost = (&'static str, Option<&'static str>, Option<i64>, Option<i64>);

fn event(position: i64, (id, part_of, amount, tokens): Cost) -> Event {
    let cost = CostEvent {
        execution_id: None,
        step_id: None,
        action_type: None,
        provider: None,
        model: None,
        api_calls: None,
        input_tokens: tokens,
        output_tokens: None,
        cache_read_tokens: None,
        cache_write_tokens: None,
        reasoning_tokens: None,
        units: None,
        unit: None,
        credits: None,
        dollar_amount: amount.map(Decimal),
        foreign: None::<Foreign>,
        price: None,
        part_of: part_of.map(str::to_owned),
    };
    Event {
        id: id.to_owned(),
        id_source: IdSource::Sent,
        timestamp: Timestamp(1_000 + position),
        source: "test".into(),
        environment: None,
        workflow_id: None,
        workflow_name: None,
        workflow_version: None,
        user_id: None,
        metadata: None,
        kind: EventKind::Cost(cost),
    }
}

/// What costs count, which must be the same in every order and for every split into commits.
fn counts(costs: &[Cost]) -> Vec<(String, i64, i64)> {
    let events: Vec<Event> = costs
        .iter()
        .enumerate()
        .map(|(at, c)| event(at as i64, *c))
        .collect();
    let mut found: Option<Vec<(String, i64, i64)>> = None;
    let mut orders = Vec::new();
    permute(&mut (0..events.len()).collect::<Vec<_>>(), 0, &mut orders);
    for order in orders {
        let arranged: Vec<Event> = order.iter().map(|&at| events[at].clone()).collect();
        for cuts in 0..1usize << (events.len() - 1) {
            let mut list = List::default();
            let mut start = 0;
            for end in 1..=arranged.len() {
                if end == arranged.len() || cuts & (1 << (end - 1)) != 0 {
                    list.commit(&arranged[start..end]);
                    start = end;
                }
            }
            let counted = list.counted();
            let first = found.get_or_insert_with(|| counted.clone());
            assert_eq!(*first, counted, "order {order:?}, cuts {cuts:b}");
        }
    }
    found.unwrap()
}

fn permute(items: &mut Vec<usize>, at: usize, into: &mut Vec<Vec<usize>>) {
    if at == items.len() {
        into.push(items.clone());
        return;
    }
    for other in at..items.len() {
        items.swap(at, other);
        permute(items, at + 1, into);
        items.swap(at, other);
    }
}

fn amounts(costs: &[Cost]) -> Vec<i64> {
    counts(costs)
        .into_iter()
        .map(|(_, amount, _)| amount)
        .collect()
}

#[test]
fn a_sum_and_its_parts_count_once() {
    let sum = ("s", None, Some(100), None);
    let (a, b) = (
        ("a", Some("s"), Some(40), None),
        ("b", Some("s"), Some(60), None),
    );
    assert_eq!(amounts(&[sum, a, b]), [40, 60, 0]);
    assert_eq!(amounts(&[sum, a]), [40, 60], "the sum counts its remainder");
    assert_eq!(amounts(&[a, b]), [40, 60], "parts count without their sum");
    let more = ("b", Some("s"), Some(70), None);
    assert_eq!(amounts(&[sum, a, more]), [40, 70, 0], "never below 0");
    assert_eq!(amounts(&[("r", None, Some(-5), None), sum]), [-5, 100]);
}

#[test]
fn each_kind_of_amount_is_summed_separately() {
    let sum = ("s", None, Some(100), Some(10));
    let part = ("a", Some("s"), None, Some(8));
    assert_eq!(
        counts(&[sum, part]),
        [("a".to_owned(), 0, 8), ("s".to_owned(), 100, 2)]
    );
}

#[test]
fn a_tree_counts_once_whatever_the_amounts_of_its_inner_costs() {
    let root = ("r", None, Some(100), None);
    let unknown = ("m", Some("r"), None, None);
    let less = ("m", Some("r"), Some(30), None);
    let (a, b) = (
        ("a", Some("m"), Some(40), None),
        ("b", Some("m"), Some(50), None),
    );
    assert_eq!(amounts(&[root, unknown, a, b]), [40, 50, 0, 10]);
    assert_eq!(amounts(&[root, less, a, b]), [40, 50, 0, 10]);
    let most = ("m", Some("r"), Some(95), None);
    assert_eq!(amounts(&[root, most, a, b]), [40, 50, 5, 5]);
}

#[test]
fn of_several_costs_with_one_id_the_earliest_is_the_sum() {
    let (first, second) = (("s", None, Some(100), None), ("s", None, Some(80), None));
    let part = ("a", Some("s"), Some(30), None);
    let found = counts(&[first, second, part]);
    let found: Vec<i64> = found.into_iter().map(|(_, amount, _)| amount).collect();
    assert_eq!(found, [30, 70, 80]);
}

#[test]
fn costs_that_are_parts_of_each_other_count_in_full() {
    let itself = ("s", Some("s"), Some(5), None);
    assert_eq!(amounts(&[itself]), [5]);
    let (a, b) = (
        ("a", Some("b"), Some(5), None),
        ("b", Some("a"), Some(7), None),
    );
    let below = ("c", Some("a"), Some(2), None);
    assert_eq!(amounts(&[a, b, below]), [3, 7, 2]);
}

#[test]
fn chains_are_followed_up_to_a_bound_in_any_order_of_arrival() {
    let length = usize::from(HIGHEST) + 8;
    let names: Vec<&'static str> = (0..length)
        .map(|number| -> &'static str { Box::leak(format!("{number:02}").into_boxed_str()) })
        .collect();
    let chain: Vec<Event> = (0..length)
        .map(|at| {
            let sum = at.checked_sub(1).map(|above| names[above]);
            event(at as i64, (names[at], sum, Some(1), None))
        })
        .collect();
    let after = |order: &[usize]| {
        let mut list = List::default();
        order.iter().for_each(|&at| list.commit(&chain[at..=at]));
        list.counted()
    };
    let down: Vec<usize> = (0..length).collect();
    let up: Vec<usize> = down.iter().rev().copied().collect();
    let odd_last: Vec<usize> = [0, 1]
        .iter()
        .flat_map(|odd| (*odd..length).step_by(2))
        .collect();
    let expected = after(&down);
    let total: i64 = expected.iter().map(|(_, amount, _)| amount).sum();
    // The lowest 33 are one tree; each above them has a part that is not deducted.
    assert_eq!(total, 1 + 8 - 1);
    assert_eq!(after(&up), expected);
    assert_eq!(after(&odd_last), expected);
    let mut at_once = List::default();
    at_once.commit(&chain);
    assert_eq!(at_once.counted(), expected);
}
