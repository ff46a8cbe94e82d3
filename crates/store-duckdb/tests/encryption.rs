//! What the files of a plain store and of an encrypted one reveal.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::{fs, path::Path, sync::Arc, time::Duration};

use weir_model::FixedClock;
use weir_query::Statement;
use weir_store::{
    EventStore,
    conformance::{self, NOW, commit, figures, scope},
};
use weir_store_duckdb::{CryptoModule, DuckDbStore, Encryption, Options, convert, is_encrypted};

const MARKER: &str = "a-plain-text-marker";

/// The vendor's module, if it is installed, and the built-in code, which is always available.
fn modules() -> Vec<CryptoModule> {
    CryptoModule::beside()
        .into_iter()
        .chain([CryptoModule::BuiltIn])
        .collect()
}

fn encryption(byte: u8, module: &CryptoModule) -> Option<Encryption> {
    Some(Encryption::new(&[byte; 32], module.clone()).unwrap())
}

fn options(folder: &Path, encryption: Option<Encryption>) -> Options {
    Options {
        path: Some(folder.join("events.duckdb")),
        encryption,
        readers: 1,
        threads: 1,
        clock: Arc::new(FixedClock::at(NOW)),
        ..Options::default()
    }
}

async fn fill(store: &dyn EventStore, from: i64) {
    let runs = (from..from + 50).map(|number| {
        serde_json::json!({"type": "execution", "executionId": format!("{MARKER}-{number}"),
            "workflowId": format!("{MARKER}-flow"), "status": "completed", "duration": number,
            "timestamp": NOW.0 - number * 60_000})
    });
    commit(store, conformance::events(&runs.collect::<Vec<_>>())).await;
}

/// The files in which the marker can be read.
fn telling(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut found: Vec<String> = files
        .filter(|path| path.is_file())
        .filter(|path| {
            let bytes = fs::read(path).unwrap();
            bytes
                .windows(MARKER.len())
                .any(|part| part == MARKER.as_bytes())
        })
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn file_and_log_of_a_plain_store_are_readable_and_those_of_an_encrypted_one_are_not() {
    let cases = modules().into_iter().map(|module| encryption(7, &module));
    for encryption in [None].into_iter().chain(cases) {
        let folder = tempfile::tempdir().unwrap();
        let store = DuckDbStore::open(options(folder.path(), encryption.clone())).unwrap();
        fill(&store, 0).await;
        let plain = encryption.is_none();
        let expected = |file: &str| {
            if plain {
                vec![file.to_owned()]
            } else {
                Vec::new()
            }
        };
        assert!(
            folder
                .path()
                .join("events.duckdb.wal")
                .metadata()
                .unwrap()
                .len()
                > 0
        );
        assert_eq!(telling(folder.path()), expected("events.duckdb.wal"));
        let path = folder.path().join("events.duckdb");
        assert_eq!(is_encrypted(&path).unwrap(), Some(!plain));
        let before = figures(&store, scope()).await;
        store.close().await.unwrap();
        drop(store);
        assert_eq!(telling(folder.path()), expected("events.duckdb"));

        let store = DuckDbStore::open(options(folder.path(), encryption)).unwrap();
        assert_eq!(figures(&store, scope()).await, before);
        fill(&store, 50).await;
        conformance::assert_verified(&store, "encrypted").await;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn the_errors_for_a_wrong_key_and_no_key_are_explained() {
    for module in modules() {
        let folder = tempfile::tempdir().unwrap();
        let store = DuckDbStore::open(options(folder.path(), encryption(7, &module))).unwrap();
        fill(&store, 0).await;
        store.close().await.unwrap();
        drop(store);
        let refused = |encryption| {
            let opened = DuckDbStore::open(options(folder.path(), encryption));
            opened.err().unwrap().to_string()
        };
        let wrong = refused(encryption(8, &module));
        assert!(wrong.contains("its key is not the one"), "{wrong}");
        let none = refused(None);
        assert!(none.contains("it is encrypted"), "{none}");
    }
}

#[tokio::test]
async fn a_store_is_rewritten_in_either_direction_and_loses_nothing() {
    for module in modules() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.duckdb");
        let plain = options(folder.path(), None);
        let store = DuckDbStore::open(plain.clone()).unwrap();
        fill(&store, 0).await;
        let before = figures(&store, scope()).await;
        store.close().await.unwrap();
        drop(store);

        let key = encryption(7, &module);
        let rows = convert(&plain, key.as_ref()).await.unwrap();
        assert_eq!(telling(folder.path()), Vec::<String>::new());
        assert_eq!(is_encrypted(&path).unwrap(), Some(true));
        let encrypted = options(folder.path(), key);
        let store = DuckDbStore::open(encrypted.clone()).unwrap();
        assert_eq!(figures(&store, scope()).await, before);
        conformance::assert_verified(&store, "after encrypting").await;
        store.close().await.unwrap();
        drop(store);

        assert_eq!(convert(&encrypted, None).await.unwrap(), rows);
        assert_eq!(telling(folder.path()), ["events.duckdb"]);
        let store = DuckDbStore::open(plain).unwrap();
        assert_eq!(figures(&store, scope()).await, before);
        store.close().await.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_file_that_is_not_a_database_is_distinguished_from_a_missing_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.duckdb");
    assert_eq!(is_encrypted(&path).unwrap(), None);
    fs::write(&path, [0; 64]).unwrap();
    assert!(is_encrypted(&path).is_err());
    assert!(Encryption::new(&[0; 31], CryptoModule::BuiltIn).is_none());
}

/// The contents of the temporary files of a query that sorts more than fits into memory: their bytes, and
/// the number of markers.
async fn spilled(encryption: Option<Encryption>) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        memory_limit: "80MB".to_owned(),
        // The search through the files takes the time of the query.
        query_deadline: Duration::from_secs(300),
        ..options(folder.path(), encryption)
    };
    let store = Arc::new(DuckDbStore::open(options).unwrap());
    let statement = Statement {
        sql: format!(
            "SELECT max(s) FROM (SELECT s, row_number() OVER (ORDER BY s) AS r FROM
                 (SELECT md5(range::VARCHAR) || '{MARKER}' || md5((range + 1)::VARCHAR) AS s
                  FROM range(1500000))) WHERE r % 7 = 0"
        ),
        parameters: Vec::new(),
    };
    let reading = tokio::spawn({
        let store = store.clone();
        async move { store.read(statement).await }
    });
    let spill = folder.path().join("events.duckdb.tmp");
    let (mut bytes, mut markers) = (0, 0);
    while !reading.is_finished() {
        for entry in fs::read_dir(&spill).into_iter().flatten().flatten() {
            // It may have been deleted again.
            let found = fs::read(entry.path()).unwrap_or_default();
            bytes = bytes.max(found.len());
            let parts = found.windows(MARKER.len());
            markers += parts.filter(|part| *part == MARKER.as_bytes()).count();
        }
        tokio::task::yield_now().await;
    }
    reading.await.unwrap().unwrap();
    store.close().await.unwrap();
    (bytes, markers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn temporary_files_of_an_encrypted_store_are_not_readable_either() {
    let (bytes, markers) = spilled(None).await;
    assert!(
        bytes > 0 && markers > 0,
        "the query spills: {bytes} {markers}"
    );
    for module in modules() {
        let (bytes, markers) = spilled(encryption(7, &module)).await;
        assert!(bytes > 0, "the query spills");
        assert_eq!(markers, 0, "{module:?}");
    }
}
