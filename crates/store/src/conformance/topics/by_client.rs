//! The figures that a store answers by declared dimensions.

use std::collections::BTreeMap;

use weir_model::{Scope, TimeRange, Timestamp, cube::Dimension, time::DAY};
use weir_query::{Context, Declared, Query, assemble, prepare};

use crate::conformance::{NOW, scope};
use crate::{DeclaredKey, EventStore};

/// The dimension that most cases declare.
pub(super) const CLIENT: &str = "metadata.client";

/// Declared keys of these names.
pub(super) fn keys(names: &[&str]) -> Vec<DeclaredKey> {
    let key = |name: &&str| DeclaredKey {
        key: (*name).to_owned(),
        fast: true,
    };
    names.iter().map(key).collect()
}

/// The time in which the cases' events happen.
pub(super) fn range() -> TimeRange {
    TimeRange::new(NOW.0 - 40 * DAY, NOW.0 + DAY)
}

/// Figures by the values of dimensions.
pub(super) type Sums = BTreeMap<Vec<String>, f64>;

/// The figures of a query's first metric, by its dimensions, without zeros.
pub(super) async fn asked(
    store: &dyn EventStore,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
) -> Sums {
    answered(store, query.range(range()), keys, most, false)
        .await
        .1
}

/// The same, with the tables that answered: raw facts alone, or cubes as well.
pub(super) async fn answered(
    store: &dyn EventStore,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
    by_cubes: bool,
) -> (String, Sums) {
    answered_at(store, query, keys, most, by_cubes.then_some(NOW)).await
}

/// The same; with a moment, cubes answer as of that moment.
pub(super) async fn answered_at(
    store: &dyn EventStore,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
    cubes_at: Option<Timestamp>,
) -> (String, Sums) {
    answered_in(store, scope(), query, keys, most, cubes_at).await
}

/// The same for a scope.
pub(super) async fn answered_in(
    store: &dyn EventStore,
    scope: Scope,
    query: Query,
    keys: &[DeclaredKey],
    most: usize,
    cubes_at: Option<Timestamp>,
) -> (String, Sums) {
    let states = store.describe(scope, keys, most).await;
    let states = states.expect("declared dimensions are described");
    let declared = states.into_iter().map(|state| {
        Declared::new(&state.key)
            .overflowing(state.overflows)
            .held(state.lacking.filter(|_| cubes_at.is_some()))
    });
    let context = Context {
        declared: declared.collect(),
        expired_by: store.expired_by(),
        ..Context::new(scope, cubes_at.unwrap_or(NOW), store.dialect())
    };
    let prepared = prepare(&query, &context).expect("the query is valid");
    let mut results = Vec::new();
    for statement in &prepared.statements {
        let read = store.read(statement.clone()).await;
        results.push(read.expect("the statement runs"));
    }
    let answer = assemble(&prepared, &results).expect("the rows form an answer");
    let rows = answer.rows.iter().map(|row| {
        let time = answer.rows.time_text(row).map(str::to_owned);
        let values = row.key.iter().map(|value| match value {
            Some(value) => value.to_string(),
            None => "-".to_owned(),
        });
        let key = time.into_iter().chain(values).collect();
        (key, row.values[0].unwrap_or_default())
    });
    let mut sums: Sums = rows.collect();
    sums.retain(|_, sum| *sum != 0.0);
    (prepared.source(), sums)
}

/// Figures by the client in the metadata, under the name of the metric, and the names of workflows:
/// everything that depends on which event reported what.
pub async fn by_metadata_client(
    store: &dyn EventStore,
    scope: Scope,
) -> BTreeMap<&'static str, Sums> {
    let metrics = ["executions", "events", "users", "steps"];
    let mut told = BTreeMap::new();
    for metric in metrics {
        let query = Query::metrics([metric]).by([CLIENT]);
        let query = query.range(TimeRange::new(NOW.0 - 1_000 * DAY, NOW.0 + DAY));
        let (_, sums) = answered_in(store, scope, query, &keys(&["client"]), 10, None).await;
        told.insert(metric, sums);
    }
    let workflows = (0..3).map(|number| format!("w{number}")).collect();
    let asked = BTreeMap::from([(Dimension::Workflow, workflows)]);
    let labels = store.labels(scope, &asked).into_values().flatten();
    let labels = labels.map(|(id, name)| (vec![id, name], 1.0));
    told.insert("names", labels.collect());
    told
}

/// Sums by one dimension.
pub(super) fn expect(pairs: &[(&str, f64)]) -> Sums {
    let pairs = pairs.iter();
    pairs
        .map(|&(key, sum)| (vec![key.to_owned()], sum))
        .collect()
}
