//! Secrets sealed with a master key, and sealed again with the next.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::sync::Arc;

use weir_meta::{MasterKey, MetaError, MetaStore, Options, SealedAgain, Sealer, SystemEntropy};

async fn open(folder: &tempfile::TempDir, sealer: Sealer) -> MetaStore {
    let options = Options {
        path: Some(folder.path().join("meta.sqlite")),
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

    let stranger = Sealer::new(MasterKey::generate(&SystemEntropy), Vec::new());
    let meta = open(&folder, stranger).await;
    let refused = meta.store_key("events").await;
    assert!(
        matches!(refused, Err(MetaError::UnknownMasterKey(_))),
        "{refused:?}"
    );
    // Nothing is lost by trying.
    assert!(meta.seal_again().await.is_err());
}
