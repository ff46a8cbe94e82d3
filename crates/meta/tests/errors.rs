//! Rules for grouping errors are stored by project and version.

use std::sync::Arc;

use weir_meta::{Actor, ErrorChange, ErrorExample, ErrorGroup, MetaStore, NewErrorRules, Options};
use weir_model::{FixedClock, Scope, Timestamp};

async fn started() -> (MetaStore, Scope) {
    let options = Options {
        clock: Arc::new(FixedClock::at(Timestamp(1_700_000_000_000))),
        ..Options::default()
    };
    let store = MetaStore::open(options).await.expect("the store opens");
    store
        .bootstrap(Some("given-key-0123"))
        .await
        .expect("bootstrap runs");
    let principal = store.authenticate_key("given-key-0123").await;
    let principal = principal
        .expect("the key is looked up")
        .expect("the key is known");
    let scope = principal
        .only_scope()
        .expect("a key gives access to one project");
    (store, scope)
}

fn group(id: &str, title: Option<&str>, messages: &[&str]) -> ErrorGroup {
    let example = |message: &&str| ErrorExample {
        error_type: None,
        message: Some((*message).to_owned()),
        step: Some("load".to_owned()),
        step_name: Some("Load orders".to_owned()),
        step_type: Some("http".to_owned()),
        workflow: Some("w".to_owned()),
        workflow_name: Some("Orders".to_owned()),
    };
    ErrorGroup {
        id: id.to_owned(),
        title: title.map(str::to_owned),
        examples: messages.iter().map(example).collect(),
    }
}

/// A change to rules that replace a version.
fn rules(after: i64, rules: &str) -> ErrorChange {
    ErrorChange {
        rules: Some(NewErrorRules {
            after,
            rules: rules.to_owned(),
            note: Some("why".to_owned()),
        }),
        ..groups(&[], &[])
    }
}

fn groups(write: &[ErrorGroup], remove: &[&str]) -> ErrorChange {
    ErrorChange {
        action: "error_groups.merged",
        subject: "it".to_owned(),
        rules: None,
        write: write.to_vec(),
        remove: remove.iter().map(|&id| id.to_owned()).collect(),
    }
}

async fn change(store: &MetaStore, scope: Scope, change: ErrorChange) -> bool {
    let actor = Actor::system();
    let done = store.change_errors(scope, &change, Some("ada"), &actor);
    done.await.expect("the change is made")
}

#[tokio::test]
async fn a_version_of_the_rules_must_follow_the_one_that_it_was_based_on() {
    let (store, scope) = started().await;
    assert_eq!(store.error_settings(scope).await.unwrap().rules, None);
    assert!(change(&store, scope, rules(0, "[1]")).await);
    assert!(change(&store, scope, rules(1, "[2]")).await);
    let late = change(&store, scope, rules(1, "[3]")).await;
    assert!(!late, "another change came first");
    let settings = store.error_settings(scope).await.unwrap();
    let newest = settings.rules.unwrap();
    assert_eq!((newest.version, newest.rules.as_str()), (2, "[2]"));
    assert_eq!(
        (newest.note.as_deref(), newest.author.as_deref()),
        (Some("why"), Some("ada"))
    );
    assert_eq!(settings.generation, 2);
    let versions = store.error_rules(scope).await.unwrap();
    let versions: Vec<_> = versions.into_iter().map(|v| (v.version, v.rules)).collect();
    assert_eq!(versions, [(2, "[2]".to_owned()), (1, "[1]".to_owned())]);
}

#[tokio::test]
async fn groups_are_replaced_as_a_whole_and_deleted_with_their_examples() {
    let (store, scope) = started().await;
    let (one, two) = (
        group("a", Some("One"), &["x", "y"]),
        group("b", None, &["z"]),
    );
    assert!(change(&store, scope, groups(&[one.clone(), two.clone()], &[])).await);
    assert_eq!(
        store.error_settings(scope).await.unwrap().groups,
        [one, two]
    );
    let merged = group("a", None, &["y", "z"]);
    assert!(change(&store, scope, groups(std::slice::from_ref(&merged), &["b"])).await);
    let settings = store.error_settings(scope).await.unwrap();
    assert_eq!((settings.groups, settings.generation), (vec![merged], 2));
}

#[tokio::test]
async fn stored_errors_are_due_until_they_have_keys_of_the_newest_generation_and_steps() {
    let (store, scope) = started().await;
    assert_eq!(
        store.error_keys_due(1).await.unwrap(),
        [scope],
        "never keyed"
    );
    store.error_keys_applied(scope, 0, 1).await.unwrap();
    assert_eq!(store.error_keys_due(1).await.unwrap(), []);
    assert_eq!(
        store.error_keys_due(2).await.unwrap(),
        [scope],
        "by other steps"
    );
    assert!(change(&store, scope, rules(0, "[]")).await);
    assert_eq!(
        store.error_keys_due(1).await.unwrap(),
        [scope],
        "by older rules"
    );
    store.error_keys_applied(scope, 1, 1).await.unwrap();
    assert_eq!(store.error_keys_due(1).await.unwrap(), []);
}

#[tokio::test]
async fn another_tenant_can_neither_read_nor_change_anything() {
    let (store, scope) = started().await;
    let stranger = Scope::new(scope.tenant.0 + 1, scope.project.0);
    assert!(change(&store, scope, rules(0, "[]")).await);
    assert!(change(&store, scope, groups(&[group("a", None, &["x"])], &[])).await);
    let before = store.error_settings(scope).await.unwrap();
    assert!(!change(&store, stranger, rules(1, "[9]")).await);
    assert!(!change(&store, stranger, groups(&[], &["a"])).await);
    store.error_keys_applied(stranger, 9, 9).await.unwrap();
    assert_eq!(store.error_settings(scope).await.unwrap(), before);
    assert_eq!(
        store.error_settings(stranger).await.unwrap(),
        Default::default()
    );
    assert_eq!(store.error_rules(stranger).await.unwrap(), []);
}
