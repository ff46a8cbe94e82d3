//! The port's suite on DuckDB, and the property at the heart of it: cubes do not depend on the way
//! events came.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tempfile::TempDir;
use weir_model::{Event, EventKind, FixedClock, Sketch};
use weir_store::{
    EventStore,
    conformance::{self, Adapter, Figures, NOW, arrange, commit, figures, history, scope},
    fold::OPEN_BYTES,
};
use weir_store_duckdb::{CryptoModule, DuckDbStore, Encryption, Options};

/// Stores in files of their own.
#[derive(Default)]
struct Files {
    folders: Mutex<Vec<TempDir>>,
    encryption: Option<Encryption>,
}

impl Files {
    fn open_newest(&self, clock: FixedClock) -> Arc<dyn EventStore> {
        let folders = self.folders.lock();
        let path = folders
            .last()
            .expect("a folder was made")
            .path()
            .join("events.duckdb");
        let options = Options {
            path: Some(path),
            encryption: self.encryption.clone(),
            readers: 2,
            clock: Arc::new(clock),
            ..Options::default()
        };
        Arc::new(DuckDbStore::open(options).expect("the store opens"))
    }
}

#[async_trait]
impl Adapter for Files {
    async fn open(&self, clock: FixedClock) -> Arc<dyn EventStore> {
        self.folders
            .lock()
            .push(tempfile::tempdir().expect("a folder can be made"));
        self.open_newest(clock)
    }

    async fn reopen(&self, store: Arc<dyn EventStore>, clock: FixedClock) -> Arc<dyn EventStore> {
        store.close().await.expect("the store closes");
        drop(store);
        self.open_newest(clock)
    }
}

fn in_memory(open_execution_bytes: usize) -> DuckDbStore {
    let clock = Arc::new(FixedClock::at(NOW));
    DuckDbStore::open(Options {
        readers: 1,
        open_execution_bytes,
        clock,
        ..Options::default()
    })
    .expect("the store opens")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime starts")
}

#[test]
fn duckdb_passes_the_suite() {
    runtime().block_on(conformance::all(&Files::default()));
}

#[test]
fn duckdb_passes_the_suite_of_declared_dimensions() {
    runtime().block_on(conformance::declared_dimensions(&Files::default()));
}

#[test]
fn an_encrypted_store_passes_the_suite() {
    let module = CryptoModule::beside().unwrap_or(CryptoModule::BuiltIn);
    let files = Files {
        encryption: Encryption::new(&[7; 32], module),
        ..Files::default()
    };
    runtime().block_on(conformance::all(&files));
}

async fn figures_after(batches: Vec<Vec<Event>>, open_execution_bytes: usize) -> Figures {
    let store = in_memory(open_execution_bytes);
    for (number, batch) in batches.into_iter().enumerate() {
        commit(&store, batch).await;
        if number % 2 == 1 {
            store
                .health()
                .await
                .expect("a read brings the cubes up to date");
        }
        if number % 3 == 2 {
            store.compact().await.expect("compaction runs");
        }
    }
    let figures = figures(&store, scope()).await;
    conformance::assert_verified(&store, "property").await;
    store.rebuild(None).await.expect("rebuild runs");
    assert_eq!(
        conformance::figures(&store, scope()).await,
        figures,
        "a rebuild gives other figures"
    );
    store.close().await.expect("the store closes");
    figures
}

#[test]
fn any_interleaving_duplication_and_batching_gives_the_same_cubes_as_a_rebuild() {
    let runtime = runtime();
    let case = history().prop_flat_map(|events| {
        let in_one = vec![events.clone()];
        (Just(in_one), arrange(events))
    });
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&case, |(in_one, arranged)| {
        let expected = runtime.block_on(figures_after(in_one, OPEN_BYTES));
        let found = runtime.block_on(figures_after(arranged.clone(), OPEN_BYTES));
        prop_assert_eq!(&found, &expected);
        // With no memory for open executions, the store is asked for each.
        let found = runtime.block_on(figures_after(arranged, 0));
        prop_assert_eq!(found, expected);
        Ok(())
    });
    outcome.expect("the order of arrival does not matter");
}

#[test]
fn percentiles_from_merged_sketches_are_within_one_percent_of_exact() {
    let runtime = runtime();
    let durations = prop::collection::vec(
        prop_oneof![0..100i64, 0..100_000i64, 0..10_000_000_000i64],
        1..300,
    );
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&durations, |durations| {
        let events = durations.iter().enumerate().map(|(number, duration)| {
            serde_json::json!({"type": "execution", "executionId": number, "workflowId": "w", "status": "completed",
                "timestamp": NOW.0 - number as i64 * 60_000, "duration": duration})
        });
        let events = conformance::events(&events.collect::<Vec<_>>());
        let mut exact: Vec<i64> = events.iter().filter_map(|event| match &event.kind {
            EventKind::Execution(execution) => execution.duration,
            _ => None,
        }).collect();
        exact.sort_unstable();
        let store = in_memory(OPEN_BYTES);
        let merged = runtime.block_on(async {
            for batch in events.chunks(7) {
                commit(&store, batch.to_vec()).await;
            }
            let mut merged = Sketch::default();
            for (key, (_, sketch)) in figures(&store, scope()).await {
                if key.starts_with("executions_1d") {
                    merged.merge(&sketch);
                }
            }
            store.close().await.expect("the store closes");
            merged
        });
        for q in [0.01, 0.5, 0.9, 0.95, 0.99, 1.0] {
            let rank = ((q * exact.len() as f64).ceil() as usize).max(1) - 1;
            let (found, exact) = (merged.quantile(q).unwrap_or(-1.0), exact[rank] as f64);
            prop_assert!((found - exact).abs() <= 0.01 * exact, "q {} is {} and should be {}", q, found, exact);
        }
        Ok(())
    });
    outcome.expect("sketches keep their promise");
}
