//! Who gets in, and how far.

use std::sync::Arc;

use weir_meta::{
    FirstStart, KeyScope, KeyScopes, MetaStore, Options, Origin, Permission, Role, Who,
};
use weir_model::{FixedClock, Timestamp, time::DAY};

const START: Timestamp = Timestamp(1_700_000_000_000);

async fn store_at(clock: &FixedClock) -> MetaStore {
    let options = Options {
        clock: Arc::new(clock.clone()),
        ..Options::default()
    };
    MetaStore::open(options).await.expect("the store opens")
}

async fn started() -> (MetaStore, FixedClock, FirstStart) {
    let clock = FixedClock::at(START);
    let store = store_at(&clock).await;
    let first = store
        .bootstrap(None)
        .await
        .expect("bootstrap runs")
        .expect("first start");
    (store, clock, first)
}

#[tokio::test]
async fn the_first_start_happens_once() {
    let (store, _, _) = started().await;
    assert!(store.bootstrap(None).await.unwrap().is_none());
    assert!(
        store
            .bootstrap(Some("another-key-given"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .authenticate_key("another-key-given")
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_generated_key_may_do_what_its_name_says_and_nothing_else() {
    let (store, _, first) = started().await;
    let cases = [
        (first.ingest_key.unwrap(), KeyScope::Ingest),
        (first.read_key.unwrap(), KeyScope::Read),
    ];
    for (key, scope) in cases {
        let principal = store
            .authenticate_key(&key)
            .await
            .unwrap()
            .expect("known key");
        let project = principal.only_scope().unwrap();
        assert_eq!(principal.permissions_in(project), scope.permissions());
        assert!(matches!(principal.who(), Who::Key { .. }));
    }
}

#[tokio::test]
async fn a_given_key_gets_every_permission_in_place_of_generated_keys() {
    let store = store_at(&FixedClock::at(START)).await;
    let first = store
        .bootstrap(Some("given-key-0123"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((first.ingest_key, first.read_key), (None, None));
    let principal = store
        .authenticate_key("given-key-0123")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(principal.key_scopes(), Some(&KeyScopes::all()));
}

#[tokio::test]
async fn an_unusable_given_key_leaves_the_database_empty() {
    let store = store_at(&FixedClock::at(START)).await;
    assert!(store.bootstrap(Some("tiny")).await.is_err());
    assert!(store.bootstrap(None).await.unwrap().is_some());
}

#[tokio::test]
async fn an_unknown_key_is_nobody() {
    let (store, _, first) = started().await;
    let mut key = first.ingest_key.unwrap();
    key.pop();
    assert!(store.authenticate_key(&key).await.unwrap().is_none());
    assert!(store.authenticate_key("").await.unwrap().is_none());
}

#[tokio::test]
async fn a_revoked_key_stops_working_at_once() {
    let (store, _, first) = started().await;
    let key = first.ingest_key.unwrap();
    let principal = store.authenticate_key(&key).await.unwrap().unwrap();
    let door = store.door(&principal);
    assert_eq!(door.revoke_keys(&key[..13]).await.unwrap(), 1);
    assert!(store.authenticate_key(&key).await.unwrap().is_none());
    let projects = door.projects().await.unwrap();
    assert_eq!(projects[0].ingest_key_prefix, None);
}

#[tokio::test]
async fn a_person_logs_in_with_the_printed_password_and_out_again() {
    let (store, _, first) = started().await;
    let login = store
        .log_in(" OWNER@localhost ", &first.password, &Origin::default())
        .await
        .unwrap()
        .unwrap();
    let principal = store
        .authenticate_session(&login.token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(principal, login.principal);
    assert_eq!(principal.person().unwrap().email, "owner@localhost");
    assert_eq!(principal.tenant_role(), Some(Role::Owner));
    let may = principal.tenant_permissions();
    assert!(may.contains(Permission::ManageTenant) && !may.contains(Permission::SendEvents));
    store.log_out(&login.token).await.unwrap();
    assert!(
        store
            .authenticate_session(&login.token)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_refused() {
    let (store, _, first) = started().await;
    assert!(
        store
            .log_in("owner@localhost", "wrong", &Origin::default())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .log_in("nobody@localhost", &first.password, &Origin::default())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days() {
    let (store, clock, first) = started().await;
    let login = store
        .log_in(&first.email, &first.password, &Origin::default())
        .await
        .unwrap()
        .unwrap();
    clock.set(START.plus(14 * DAY - 1));
    assert!(
        store
            .authenticate_session(&login.token)
            .await
            .unwrap()
            .is_some()
    );
    clock.set(START.plus(14 * DAY));
    assert!(
        store
            .authenticate_session(&login.token)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_new_password_ends_the_old_one_and_its_sessions() {
    let (store, _, first) = started().await;
    let login = store
        .log_in(&first.email, &first.password, &Origin::default())
        .await
        .unwrap()
        .unwrap();
    let password = store.reset_password(&first.email).await.unwrap().unwrap();
    assert!(
        store
            .authenticate_session(&login.token)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .log_in(&first.email, &first.password, &Origin::default())
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .log_in(&first.email, &password, &Origin::default())
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        store.reset_password("nobody@localhost").await.unwrap(),
        None
    );
}

#[tokio::test]
async fn key_and_person_see_the_default_project() {
    let (store, _, first) = started().await;
    let key = first.ingest_key.clone().unwrap();
    let by_key = store.authenticate_key(&key).await.unwrap().unwrap();
    let login = store
        .log_in(&first.email, &first.password, &Origin::default())
        .await
        .unwrap()
        .unwrap();
    let seen = store.door(&by_key).projects().await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].name.as_str(), seen[0].tenant.name.as_str()),
        ("Default", "Default")
    );
    assert_eq!(seen[0].ingest_key_prefix.as_deref(), Some(&key[..13]));
    assert_eq!(seen[0].id.get_version_num(), 7);
    assert_eq!(store.door(&login.principal).projects().await.unwrap(), seen);
}

#[tokio::test]
async fn neither_keys_nor_tokens_nor_passwords_are_stored() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("meta.sqlite");
    let options = Options {
        path: Some(path.clone()),
        ..Options::default()
    };
    let store = MetaStore::open(options).await.expect("the store opens");
    let first = store.bootstrap(None).await.unwrap().unwrap();
    let login = store
        .log_in(&first.email, &first.password, &Origin::default())
        .await
        .unwrap()
        .unwrap();
    store.close().await;
    let file = std::fs::read(&path).unwrap();
    let holds = |text: &str| {
        file.windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("owner@localhost"), "the file is the database");
    for secret in [
        first.ingest_key.unwrap(),
        first.read_key.unwrap(),
        first.password,
        login.token,
    ] {
        assert!(!holds(&secret));
    }
}

#[tokio::test]
async fn the_operator_sees_the_first_tenant_once_there_is_one() {
    let empty = store_at(&FixedClock::at(START)).await;
    assert_eq!(empty.operator().await.unwrap(), None);
    let (store, _, _) = started().await;
    let operator = store.operator().await.unwrap().unwrap();
    let projects = store.door(&operator).projects().await.unwrap();
    assert_eq!(projects[0].created_at, START);
}
