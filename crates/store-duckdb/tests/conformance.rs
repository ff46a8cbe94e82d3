//! The port's suite on DuckDB, and its central property: cubes do not depend on the order in which
//! events arrive.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tempfile::TempDir;
use weir_model::{Event, EventKind, FixedClock, Scope, Sketch};
use weir_store::{
    EventStore,
    conformance::{self, Adapter, Figures, NOW, arrange, commit, figures, history, scope},
    fold::OPEN_BYTES,
};
use weir_store_duckdb::{CryptoModule, DuckDbStore, Encryption, Options};

/// Stores in separate files.
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

macro_rules! tests {
    ($($topic:ident { $($case:ident)* })*) => {
        $(mod $topic {
            $(#[test]
            fn $case() {
                let files = crate::Files::default();
                crate::runtime().block_on(weir_store::conformance::$topic::$case(&files));
            })*
        })*
    };
}

weir_store::conformance_cases!(tests);

/// The cases that open a store again and look into its files; what statements find does not depend on
/// encryption.
#[test]
fn an_encrypted_store_passes_the_suite() {
    let files = Files {
        encryption: Encryption::new(
            &[7; 32],
            CryptoModule::beside().unwrap_or(CryptoModule::BuiltIn),
        ),
        ..Files::default()
    };
    macro_rules! pass {
        ($($topic:ident::$case:ident)*) => {
            runtime().block_on(async {
                $(conformance::$topic::$case(&files).await;)*
            })
        };
    }
    pass! {
        duplicates::an_event_is_stored_once_however_often_it_is_sent
        duplicates::duplicates_are_found_after_a_restart
        counting::open_executions_survive_a_restart
        counting::compaction_leaves_fewer_rows_and_the_same_figures
        counting::expired_partials_are_not_written_and_old_ones_are_deleted
        duplicates::concurrent_submissions_are_all_answered
        erasure::nothing_stored_names_an_erased_user_and_all_counts_stay
        following::a_position_stays_the_same_across_a_restart
        prices::a_change_of_prices_restates_stored_costs
        declared::cubes_of_declared_dimensions_answer_as_raw_facts_do
    }
}

/// Commits batches in a scope, with reads and compactions between them.
async fn send(store: &DuckDbStore, scope: Scope, batches: Vec<Vec<Event>>) {
    for (number, batch) in batches.into_iter().enumerate() {
        conformance::commit_in(store, scope, batch).await;
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
}

/// The figures of events that arrived in one batch, and of the same events in another arrangement,
/// as summed on arrival and after a rebuild.
async fn figures_of_two_arrangements(
    in_one: Vec<Event>,
    arranged: Vec<Vec<Event>>,
    open_execution_bytes: usize,
) -> (Figures, [Figures; 3]) {
    let store = in_memory(open_execution_bytes);
    let (one, other) = (Scope::new(1, 1), Scope::new(1, 2));
    send(&store, one, vec![in_one]).await;
    send(&store, other, arranged).await;
    let expected = figures(&store, one).await;
    let summed = figures(&store, other).await;
    let by_metadata = conformance::by_metadata_client(&store, other).await;
    assert_eq!(
        by_metadata,
        conformance::by_metadata_client(&store, one).await
    );
    conformance::assert_verified(&store, "property").await;
    store.rebuild(None).await.expect("rebuild runs");
    let rebuilt = [figures(&store, one).await, figures(&store, other).await];
    store.close().await.expect("the store closes");
    let [rebuilt_one, rebuilt_other] = rebuilt;
    (expected, [summed, rebuilt_one, rebuilt_other])
}

#[test]
fn any_interleaving_duplication_and_batching_gives_the_same_cubes_as_a_rebuild() {
    let runtime = runtime();
    let case = history().prop_flat_map(|events| {
        let in_one = events.clone();
        // Without memory for open executions, each is looked up in the store.
        let memory = prop::sample::select(vec![OPEN_BYTES, 0]);
        (Just(in_one), arrange(events), memory)
    });
    let mut runner = runner();
    let outcome = runner.run(&case, |(in_one, arranged, memory)| {
        let (expected, found) =
            runtime.block_on(figures_of_two_arrangements(in_one, arranged, memory));
        for found in found {
            prop_assert_eq!(&found, &expected);
        }
        Ok(())
    });
    outcome.expect("the order of arrival does not matter");
}

/// Tries the same 16 histories on every run, or the number of random ones given by `PROPTEST_CASES`.
fn runner() -> TestRunner {
    let config = |cases| Config {
        cases,
        max_shrink_iters: 96,
        failure_persistence: None,
        ..Config::default()
    };
    match std::env::var("PROPTEST_CASES") {
        Ok(count) => TestRunner::new(config(count.parse().expect("PROPTEST_CASES is a number"))),
        Err(_) => {
            let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
            TestRunner::new_with_rng(config(16), seed)
        }
    }
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
