//! Reads the process behind the executions of the workflow `w`.

use std::collections::BTreeSet;

use weir_model::TimeRange;
use weir_query::records::{
    executions::{ExecutionFilter, ExecutionPage, Order, read_executions},
    process::{
        MapSize, ProcessMap, Reach, Route, Taken, Way,
        conformance::{Conformance, Rule, Verdict, read_conformance},
        map, reach, read_map, read_reach,
        variants::{
            Compared, Comparison, Group, Variant, Variants, comparison, read_comparison,
            read_variants,
        },
    },
};

use crate::{
    EventStore,
    conformance::{NOW, scope},
    fold::Rules,
};

/// A range that contains all events of these cases.
fn always() -> TimeRange {
    TimeRange::new(NOW.0 - 1_000_000, NOW.0 + 1_000_000)
}

/// A map without limits.
pub(super) const WHOLE: MapSize = MapSize {
    nodes: 1_000,
    edges: 1_000,
};

fn filter() -> ExecutionFilter {
    ExecutionFilter {
        workflow: Some("w".to_owned()),
        ..ExecutionFilter::default()
    }
}

fn taken<'a>(filter: &'a ExecutionFilter, reach: &Reach) -> Taken<'a> {
    Taken {
        scope: scope(),
        filter,
        range: always(),
        since: reach.since,
        skew: Rules::default().skew,
    }
}

async fn reached(store: &dyn EventStore) -> Reach {
    let statement = reach(scope(), &filter(), always(), store.dialect());
    let rows = store.read(statement).await.expect("the store reads");
    read_reach(&rows).expect("the rows are those of a reach")
}

/// The process map.
pub(super) async fn map_of(store: &dyn EventStore, size: MapSize) -> ProcessMap {
    let (filter, reach) = (filter(), reached(store).await);
    let statement = map(&taken(&filter, &reach), size, store.dialect());
    let rows = store.read(statement).await.expect("the store reads");
    read_map(&rows).expect("the rows are those of a map")
}

/// All variants, read in pages of this size.
pub(super) async fn variants_of(store: &dyn EventStore, page: usize) -> Vec<Variant> {
    let (filter, reach) = (filter(), reached(store).await);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let wanted = Variants {
            taken: taken(&filter, &reach),
            salt: "",
            after,
            limit: page,
        };
        let statement = wanted.statement(store.dialect());
        let rows = store.read(statement).await.expect("the store reads");
        let read = read_variants(&rows).expect("the rows are those of variants");
        let shown: u64 = read.rows.iter().map(|row| row.executions).sum();
        let before: u64 = found.iter().map(|row: &Variant| row.executions).sum();
        assert_eq!(read.remaining.1, read.executions - before);
        assert!(shown <= read.remaining.1);
        let Some(last) = read.rows.last() else {
            assert_eq!(read.variants, found.len() as u64);
            return found;
        };
        after = Some((last.executions, last.path));
        found.extend(read.rows);
    }
}

/// The rules, judged.
pub(super) async fn verdict_of(store: &dyn EventStore, rules: &[Rule]) -> Verdict {
    let (filter, reach) = (filter(), reached(store).await);
    let wanted = Conformance {
        taken: taken(&filter, &reach),
        rules,
        examples: 1_000,
    };
    let statement = wanted.statement(store.dialect());
    let rows = store.read(statement).await.expect("the store reads");
    read_conformance(&rows, rules.len()).expect("the rows are those of rules")
}

/// The names of the executions in the list that went a way.
pub(super) async fn list_of(store: &dyn EventStore, way: Way) -> BTreeSet<String> {
    let reach = reached(store).await;
    let filter = ExecutionFilter {
        routes: vec![Route {
            way,
            workflow: Some("w".to_owned()),
            range: always(),
            since: reach.since,
            skew: Rules::default().skew,
        }],
        ..filter()
    };
    let page = ExecutionPage {
        filter: &filter,
        range: always(),
        after: None,
        limit: 1_000,
        order: Order::NewestFirst,
    };
    let statement = page.statement(scope(), store.dialect());
    let rows = store.read(statement).await.expect("the store reads");
    let records = read_executions(&rows).expect("the rows are executions");
    records
        .into_iter()
        .map(|record| record.execution_id)
        .collect()
}

/// Two groups compared.
pub(super) async fn compared(store: &dyn EventStore, groups: [Group; 2]) -> Compared {
    let (filter, reach) = (filter(), reached(store).await);
    let wanted = Comparison {
        taken: taken(&filter, &reach),
        salt: "",
        groups: [(&groups[0], always()), (&groups[1], always())],
        variants: 1_000,
        size: WHOLE,
    };
    let statement = comparison(&wanted, store.dialect());
    let rows = store.read(statement).await.expect("the store reads");
    read_comparison(&rows).expect("the rows are those of a comparison")
}
