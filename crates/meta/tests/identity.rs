//! Authentication by key and session, and the permissions that it gives.

use std::{sync::Arc, time::Instant};

use weir_meta::{
    Admission, KeyScope, KeyScopes, KeyTerms, Login, MetaStore, Options, Origin, Permission, Role,
    Who,
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

const OWNER: &str = "owner@localhost";

/// A store after its first start, with an owner.
async fn started() -> (MetaStore, FixedClock, Started) {
    let clock = FixedClock::at(START);
    let store = store_at(&clock).await;
    let first = start(&store).await;
    (store, clock, first)
}

struct Started {
    ingest_key: Option<String>,
    read_key: Option<String>,
    password: String,
}

async fn start(store: &MetaStore) -> Started {
    let keys = store.bootstrap(None).await.expect("bootstrap runs");
    let keys = keys.expect("first start");
    let password = store
        .make_owner(OWNER, "Owner")
        .await
        .expect("the database answers");
    Started {
        ingest_key: keys.ingest_key,
        read_key: keys.read_key,
        password: password.expect("there was no owner yet"),
    }
}

async fn log_in(store: &MetaStore, email: &str, password: &str) -> Option<Box<Login>> {
    let origin = Origin::default();
    match store
        .log_in(email, password, None, &origin)
        .await
        .expect("the database answers")
    {
        Admission::Admitted(login) => Some(login),
        Admission::WrongPassword => None,
        _ => panic!("an account without a second factor is admitted or refused"),
    }
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
async fn a_generated_key_has_the_permissions_of_its_scope_only() {
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
async fn a_given_key_has_every_scope_and_replaces_the_generated_keys() {
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
async fn an_unknown_key_is_rejected() {
    let (store, _, first) = started().await;
    let mut key = first.ingest_key.unwrap();
    key.pop();
    assert!(store.authenticate_key(&key).await.unwrap().is_none());
    assert!(store.authenticate_key("").await.unwrap().is_none());
}

#[tokio::test]
async fn a_revoked_key_stops_working_immediately() {
    let (store, _, first) = started().await;
    let key = first.ingest_key.unwrap();
    let principal = store.authenticate_key(&key).await.unwrap().unwrap();
    let door = store.door(&principal);
    let scope = principal.only_scope().unwrap();
    let made = door.api_keys(scope).await.unwrap();
    let actor = principal.actor(&Origin::default());
    let id = made
        .iter()
        .find(|made| made.prefix == key[..13])
        .unwrap()
        .id;
    assert!(door.revoke_api_key(scope, id, &actor).await.unwrap());
    assert!(!door.revoke_api_key(scope, id, &actor).await.unwrap());
    assert!(store.authenticate_key(&key).await.unwrap().is_none());
    let projects = door.projects().await.unwrap();
    assert_eq!(projects[0].ingest_key_prefix, None);
}

#[tokio::test]
async fn a_person_can_log_in_with_the_generated_password_and_log_out() {
    let (store, _, first) = started().await;
    let login = log_in(&store, " OWNER@localhost ", &first.password)
        .await
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
    let origin = Origin::default();
    store.log_out(&login.token, &origin).await.unwrap();
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
    assert!(log_in(&store, "owner@localhost", "wrong").await.is_none());
    assert!(
        log_in(&store, "nobody@localhost", &first.password)
            .await
            .is_none()
    );
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days() {
    let (store, clock, first) = started().await;
    let login = log_in(&store, OWNER, &first.password).await.unwrap();
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
    let login = log_in(&store, OWNER, &first.password).await.unwrap();
    let password = store.reset_password(OWNER).await.unwrap().unwrap();
    assert!(
        store
            .authenticate_session(&login.token)
            .await
            .unwrap()
            .is_none()
    );
    assert!(log_in(&store, OWNER, &first.password).await.is_none());
    assert!(log_in(&store, OWNER, &password).await.is_some());
    assert_eq!(
        store.reset_password("nobody@localhost").await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_key_and_a_person_both_see_the_default_project() {
    let (store, _, first) = started().await;
    let key = first.ingest_key.clone().unwrap();
    let by_key = store.authenticate_key(&key).await.unwrap().unwrap();
    let login = log_in(&store, OWNER, &first.password).await.unwrap();
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
    let first = start(&store).await;
    let login = log_in(&store, OWNER, &first.password).await.unwrap();
    store.close().await;
    let file = std::fs::read(&path).unwrap();
    let holds = |text: &str| {
        file.windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("owner@localhost"), "the file contains the data");
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
async fn the_operator_acts_in_the_first_tenant_once_it_exists() {
    let empty = store_at(&FixedClock::at(START)).await;
    assert_eq!(empty.operator().await.unwrap(), None);
    let (store, _, _) = started().await;
    let operator = store.operator().await.unwrap().unwrap();
    let projects = store.door(&operator).projects().await.unwrap();
    assert_eq!(projects[0].created_at, START);
}

#[tokio::test]
async fn an_unknown_address_takes_as_long_as_a_wrong_password() {
    let (store, _, _) = started().await;
    let time = async |email: &str| {
        let began = Instant::now();
        assert!(log_in(&store, email, "a wrong password").await.is_none());
        began.elapsed()
    };
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    // Alternating, so that other load on the machine affects both alike.
    for number in 0..21 {
        wrong.push(time(OWNER).await);
        unknown.push(time(&format!("{number}@example.com")).await);
    }
    wrong.sort();
    unknown.sort();
    // Without hashing, an unknown address would take less than a tenth of the time.
    let (wrong, unknown) = (wrong[10].as_secs_f64(), unknown[10].as_secs_f64());
    assert!((0.5..2.0).contains(&(unknown / wrong)), "{unknown} {wrong}");
}

#[tokio::test]
async fn an_expired_key_is_rejected_even_while_it_is_cached() {
    let (store, clock, first) = started().await;
    let login = log_in(&store, OWNER, &first.password).await.unwrap();
    let door = store.door(&login.principal);
    let scope = door.projects().await.unwrap()[0].scope;
    let terms = KeyTerms {
        name: "x",
        scopes: KeyScopes::all(),
        environment: None,
        expires_at: Some(START.plus(5_000)),
    };
    let actor = login.principal.actor(&Origin::default());
    let (_, key) = door.create_api_key(scope, &terms, &actor).await.unwrap();
    assert!(store.authenticate_key(&key).await.unwrap().is_some());
    clock.set(START.plus(4_999));
    assert!(store.authenticate_key(&key).await.unwrap().is_some());
    clock.set(START.plus(5_000));
    assert!(store.authenticate_key(&key).await.unwrap().is_none());
}
