//! Random histories against the naive implementation.

use std::collections::{BTreeMap, BTreeSet};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use weir_model::Status;
use weir_query::records::process::{Way, variants::Group};

use super::{
    asks::{WHOLE, compared, list_of, map_of, variants_of, verdict_of},
    histories, holding,
    naive::{self, Sequence, Visit, type_of},
    rules,
};
use crate::{EventStore, conformance::Adapter};

/// Compares maps, variants, lists, verdicts and comparisons of random histories.
pub(super) async fn compare(adapter: &dyn Adapter) {
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    for _ in 0..24 {
        let history = histories::drawn(&mut runner);
        let sequences = naive::sequences(&history);
        let store = holding(adapter, history).await;
        let map = map_of(&*store, WHOLE).await;
        let (nodes, edges) = naive::graph(&sequences);
        let found: BTreeMap<_, _> = map
            .nodes
            .into_iter()
            .map(|node| (node.step.clone(), node))
            .collect();
        assert_eq!(found, nodes);
        let found: BTreeMap<_, _> = map
            .edges
            .into_iter()
            .map(|edge| ((edge.from.clone(), edge.to.clone()), edge))
            .collect();
        assert_eq!(found, edges);
        assert_variants(&*store, &sequences).await;
        assert_rules(&*store, &sequences).await;
        assert_comparison(&*store, &sequences).await;
    }
}

async fn assert_variants(store: &dyn EventStore, sequences: &[Sequence]) {
    let found = variants_of(store, 3).await;
    let counted: BTreeMap<Vec<String>, u64> = found
        .iter()
        .map(|variant| (variant.steps.clone(), variant.executions))
        .collect();
    let mut expected: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    for sequence in sequences.iter().filter(|sequence| sequence.has_ended()) {
        *expected.entry(sequence.path()).or_default() += 1;
    }
    assert_eq!(counted, expected);
    assert_eq!(found.len(), expected.len(), "a path is listed once");
    let names = |meets: &dyn Fn(&Sequence) -> bool| -> BTreeSet<String> {
        let sequences = sequences.iter().filter(|sequence| meets(sequence));
        sequences.map(|sequence| sequence.name.clone()).collect()
    };
    if let Some(variant) = found.first() {
        let way = Way::Variant {
            id: variant.path,
            salt: String::new(),
        };
        let expected = names(&|sequence| sequence.has_ended() && sequence.path() == variant.steps);
        assert_eq!(list_of(store, way).await, expected);
    }
    let (a, b) = ("a".to_owned(), "b".to_owned());
    let expected = names(&|sequence| sequence.path().contains(&a));
    assert_eq!(list_of(store, Way::Step(a.clone())).await, expected);
    for kind in ["kind", "other"] {
        let of_kind = |visit: &Visit| type_of(&visit.step) == kind;
        let expected = names(&|sequence| sequence.ran.iter().any(of_kind));
        assert_eq!(list_of(store, Way::Type(kind.to_owned())).await, expected);
        let has_failed = |visit: &Visit| of_kind(visit) && visit.failed;
        let expected = names(&|sequence| sequence.ran.iter().any(has_failed));
        let way = Way::FailedType(kind.to_owned());
        assert_eq!(list_of(store, way).await, expected);
    }
    let expected = names(&|sequence| sequence.path().first() == Some(&a));
    assert_eq!(list_of(store, Way::First(a.clone())).await, expected);
    let expected = names(&|sequence| sequence.path().last() == Some(&a));
    assert_eq!(list_of(store, Way::Last(a.clone())).await, expected);
    let pair = [a.clone(), b.clone()];
    let expected = names(&|sequence| sequence.path().windows(2).any(|two| two == pair));
    let way = Way::Followed { from: a, to: b };
    assert_eq!(list_of(store, way).await, expected);
}

async fn assert_rules(store: &dyn EventStore, sequences: &[Sequence]) {
    let rules = rules::every();
    let verdict = verdict_of(store, &rules).await;
    let judged: Vec<&Sequence> = sequences
        .iter()
        .filter(|sequence| sequence.has_ended() && !sequence.visits.is_empty())
        .collect();
    assert_eq!(verdict.executions, judged.len() as u64);
    for (rule, found) in rules.iter().zip(&verdict.rules) {
        let verdicts: Vec<_> = judged
            .iter()
            .filter_map(|sequence| rules::keeps(sequence, rule))
            .collect();
        let broken = verdicts.iter().filter(|&&keeps| !keeps).count();
        assert_eq!(
            (found.applicable, found.violations, found.examples.len()),
            (verdicts.len() as u64, broken as u64, broken),
            "{rule:?}"
        );
    }
}

async fn assert_comparison(store: &dyn EventStore, sequences: &[Sequence]) {
    let found = compared(
        store,
        [
            Group::Statuses(vec![Status::Completed]),
            Group::Statuses(vec![Status::Failed, Status::Crashed]),
        ],
    )
    .await;
    let sides = [0, 1].map(|outcome| {
        let side = sequences
            .iter()
            .filter(|sequence| sequence.outcome == outcome);
        side.cloned().collect::<Vec<_>>()
    });
    let totals = sides.each_ref().map(|side| side.len() as u64);
    assert_eq!(found.executions, totals);
    let in_variants = [0, 1].map(|side| {
        let counts = found.variants.iter().map(|pair| pair.executions[side]);
        counts.sum::<u64>()
    });
    assert_eq!(in_variants, totals);
    for (side, of) in sides.iter().enumerate() {
        let (nodes, edges) = naive::graph(of);
        for pair in &found.nodes {
            let node = nodes.get(&pair.of.0);
            let expected = node.map(|node| (node.executions, node.durations.p50));
            let found = (pair.executions[side], pair.p50[side]);
            assert_eq!(found, expected.unwrap_or_default(), "{:?}", pair.of);
        }
        for pair in &found.edges {
            let (from, to) = pair.of.clone();
            let edge = edges.get(&(Some(from), Some(to)));
            let expected = edge.map(|edge| (edge.executions, edge.waits.p50));
            let found = (pair.executions[side], pair.p50[side]);
            assert_eq!(found, expected.unwrap_or_default(), "{:?}", pair.of);
        }
    }
}
