//! Secrets are sealed with a master key, and sealed again with the next one.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use weir_meta::{
    KnownStore, MasterKey, MetaError, MetaStore, Options, Sealed, SealedAgain, Sealer,
    SystemEntropy, check, look,
};

fn other_sealer() -> Sealer {
    Sealer::new(MasterKey::generate(&SystemEntropy), Vec::new())
}

fn meta_file(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("meta.sqlite")
}

/// Every file in the folder, with its bytes.
fn bytes(folder: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.path(), fs::read(entry.path()).unwrap()))
        .collect()
}

async fn open(folder: &tempfile::TempDir, sealer: Sealer) -> MetaStore {
    let options = Options {
        path: Some(meta_file(folder)),
        sealer: Arc::new(sealer),
        ..Options::default()
    };
    MetaStore::open(options).await.unwrap()
}

#[tokio::test]
async fn every_kind_of_sealed_secret_is_sealed_again_and_the_old_key_is_no_longer_needed() {
    let folder = tempfile::tempdir().unwrap();
    let old = MasterKey::generate(&SystemEntropy);
    let new = MasterKey::generate(&SystemEntropy);
    let meta = open(&folder, Sealer::new(old.clone(), Vec::new())).await;
    let key = meta.make_store_key("events").await.unwrap();
    assert_eq!(meta.make_store_key("events").await.unwrap(), key);
    meta.close().await;

    let meta = open(&folder, Sealer::new(new.clone(), vec![old])).await;
    assert_eq!(
        meta.seal_again().await.unwrap(),
        SealedAgain { all: 1, again: 1 }
    );
    assert_eq!(
        meta.seal_again().await.unwrap(),
        SealedAgain { all: 1, again: 0 }
    );
    meta.close().await;

    let meta = open(&folder, Sealer::new(new, Vec::new())).await;
    assert_eq!(meta.store_key("events").await.unwrap(), Some(key));
    assert_eq!(meta.store_key("other").await.unwrap(), None);
    meta.close().await;

    let meta = open(&folder, other_sealer()).await;
    let refused = meta.store_key("events").await;
    assert!(
        matches!(refused, Err(MetaError::UnknownMasterKey(_))),
        "{refused:?}"
    );
    // Sealing again must fail rather than lose a secret.
    assert!(meta.seal_again().await.is_err());
}

#[tokio::test]
async fn the_probe_detects_a_wrong_master_key_even_if_nothing_else_is_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let key = MasterKey::generate(&SystemEntropy);
    let meta = open(&folder, Sealer::new(key.clone(), Vec::new())).await;
    meta.hold_to_master_key().await.unwrap();
    meta.hold_to_master_key().await.unwrap();
    meta.close().await;
    let before = bytes(folder.path());

    let looked = look(&meta_file(&folder), &other_sealer(), "events", false).await;
    let unopened = looked.unwrap().unopened;
    assert_eq!(unopened.len(), 1);
    assert_eq!(
        (unopened[0].what, unopened[0].key),
        (Sealed::Probe, Some(key.id()))
    );
    let right = Sealer::new(key.clone(), Vec::new());
    let looked = look(&meta_file(&folder), &right, "events", false).await;
    assert!(looked.unwrap().unopened.is_empty());
    assert_eq!(
        bytes(folder.path()),
        before,
        "an inspection changes nothing"
    );

    let meta = open(&folder, other_sealer()).await;
    let refused = meta.hold_to_master_key().await;
    assert!(
        matches!(refused, Err(MetaError::Unopened(_))),
        "{refused:?}"
    );
    // A rotation also seals the probe again, but does not count it.
    meta.close().await;
    let next = MasterKey::generate(&SystemEntropy);
    let meta = open(&folder, Sealer::new(next.clone(), vec![key])).await;
    assert_eq!(meta.seal_again().await.unwrap(), SealedAgain::default());
    meta.close().await;
    let meta = open(&folder, Sealer::new(next, Vec::new())).await;
    meta.hold_to_master_key().await.unwrap();
}

#[tokio::test]
async fn without_a_probe_sealed_secrets_detect_a_wrong_master_key() {
    let folder = tempfile::tempdir().unwrap();
    let key = MasterKey::generate(&SystemEntropy);
    let meta = open(&folder, Sealer::new(key, Vec::new())).await;
    meta.make_store_key("events").await.unwrap();
    meta.close().await;
    let meta = open(&folder, other_sealer()).await;
    let refused = meta.hold_to_master_key().await.unwrap_err().to_string();
    assert!(
        refused.contains("the key of the encrypted events"),
        "{refused}"
    );
    let lost = meta.let_go().await.unwrap();
    assert_eq!(lost.len(), 1);
    assert_eq!(meta.store_key("events").await.unwrap(), None);
    meta.hold_to_master_key().await.unwrap();
}

#[tokio::test]
async fn inspecting_what_a_crash_left_reads_the_log_and_changes_no_byte() {
    let crashed = tempfile::tempdir().unwrap();
    let key = MasterKey::generate(&SystemEntropy);
    let sealer = || Sealer::new(key.clone(), Vec::new());
    let known = KnownStore {
        id: "store".to_owned(),
        sequence: 7,
    };
    {
        let folder = tempfile::tempdir().unwrap();
        let meta = open(&folder, sealer()).await;
        meta.hold_to_master_key().await.unwrap();
        meta.bootstrap(None).await.unwrap();
        meta.know_event_store(&known).await.unwrap();
        // Copied while it is open, as a crash leaves it, but without the index of the log, as in some
        // backups.
        for end in ["", "-wal"] {
            let name = format!("meta.sqlite{end}");
            fs::copy(folder.path().join(&name), crashed.path().join(&name)).unwrap();
        }
        meta.close().await;
    }
    let before = bytes(crashed.path());
    assert!(before[&crashed.path().join("meta.sqlite-wal")].len() > 1_000);
    check(&meta_file(&crashed), false).await.unwrap();
    let looked = look(&meta_file(&crashed), &sealer(), "events", false)
        .await
        .unwrap();
    assert_eq!((looked.begun, looked.event_store), (true, Some(known)));
    assert!(looked.unopened.is_empty());
    let looked = look(&meta_file(&crashed), &other_sealer(), "events", false)
        .await
        .unwrap();
    assert_eq!(looked.unopened.len(), 1);
    assert_eq!(bytes(crashed.path()), before);
}

#[tokio::test]
async fn a_page_with_flipped_bits_is_detected_and_the_file_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let meta = open(&folder, other_sealer()).await;
    meta.bootstrap(None).await.unwrap();
    meta.close().await;
    let path = meta_file(&folder);
    check(&path, false).await.unwrap();
    let meta = open(&folder, other_sealer()).await;
    meta.check().await.unwrap();
    meta.close().await;
    let mut damaged = fs::read(&path).unwrap();
    for byte in &mut damaged[4096..8192] {
        *byte ^= 0x55;
    }
    fs::write(&path, &damaged).unwrap();
    assert!(check(&path, false).await.is_err());
    assert_eq!(bytes(folder.path()), BTreeMap::from([(path, damaged)]));
}

#[tokio::test]
async fn control_data_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    open(&folder, other_sealer()).await.close().await;
    let path = meta_file(&folder);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let sql =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
               VALUES (9999, 'later', 1, x'00', 0)";
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    let refused = look(&path, &other_sealer(), "events", false)
        .await
        .unwrap_err();
    assert!(
        matches!(refused, MetaError::Newer { found: 9999, .. }),
        "{refused}"
    );
}
