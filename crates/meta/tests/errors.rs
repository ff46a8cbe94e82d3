//! How projects group their errors is kept, by version and by project.

use std::sync::Arc;

use weir_meta::{ErrorExample, ErrorGroup, MetaStore, Options};
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
    let scope = principal.only_scope().expect("a key opens one project");
    (store, scope)
}

fn group(id: &str, title: Option<&str>, messages: &[&str]) -> ErrorGroup {
    let example = |message: &&str| ErrorExample {
        error_type: None,
        message: Some((*message).to_owned()),
    };
    ErrorGroup {
        id: id.to_owned(),
        title: title.map(str::to_owned),
        examples: messages.iter().map(example).collect(),
    }
}

#[tokio::test]
async fn rules_have_versions_and_a_version_follows_the_one_it_was_made_from() {
    let (store, scope) = started().await;
    assert_eq!(store.error_settings(scope).await.unwrap().rules, None);
    let add = |after, rules| store.add_error_rules(scope, after, rules, Some("why"), Some("ada"));
    assert_eq!(add(0, "[1]").await.unwrap(), Some(1));
    assert_eq!(add(1, "[2]").await.unwrap(), Some(2));
    assert_eq!(
        add(1, "[3]").await.unwrap(),
        None,
        "somebody else was first"
    );
    let settings = store.error_settings(scope).await.unwrap();
    let rules = settings.rules.unwrap();
    assert_eq!((rules.version, rules.rules.as_str()), (2, "[2]"));
    assert_eq!(
        (rules.note.as_deref(), rules.author.as_deref()),
        (Some("why"), Some("ada"))
    );
    assert_eq!(settings.generation, 2);
    let versions = store.error_rules(scope).await.unwrap();
    let versions: Vec<_> = versions.into_iter().map(|v| (v.version, v.rules)).collect();
    assert_eq!(versions, [(2, "[2]".to_owned()), (1, "[1]".to_owned())]);
}

#[tokio::test]
async fn groups_are_written_whole_and_removed_with_their_examples() {
    let (store, scope) = started().await;
    let (one, two) = (
        group("a", Some("One"), &["x", "y"]),
        group("b", None, &["z"]),
    );
    let change = |write: Vec<ErrorGroup>, remove: Vec<String>| {
        let store = &store;
        async move {
            store
                .change_error_groups(scope, &write, &remove, None)
                .await
                .unwrap()
        }
    };
    change(vec![one.clone(), two.clone()], vec![]).await;
    assert_eq!(
        store.error_settings(scope).await.unwrap().groups,
        [one, two]
    );
    let merged = group("a", None, &["y", "z"]);
    change(vec![merged.clone()], vec!["b".to_owned()]).await;
    let settings = store.error_settings(scope).await.unwrap();
    assert_eq!((settings.groups, settings.generation), (vec![merged], 2));
}

#[tokio::test]
async fn history_is_due_until_it_was_keyed_by_the_newest_generation_and_steps() {
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
    store
        .add_error_rules(scope, 0, "[]", None, None)
        .await
        .unwrap();
    assert_eq!(
        store.error_keys_due(1).await.unwrap(),
        [scope],
        "by older rules"
    );
    store.error_keys_applied(scope, 1, 1).await.unwrap();
    assert_eq!(store.error_keys_due(1).await.unwrap(), []);
}

#[tokio::test]
async fn another_tenant_reaches_nothing() {
    let (store, scope) = started().await;
    let stranger = Scope::new(scope.tenant.0 + 1, scope.project.0);
    store
        .add_error_rules(scope, 0, "[]", None, None)
        .await
        .unwrap();
    store
        .change_error_groups(scope, &[group("a", None, &["x"])], &[], None)
        .await
        .unwrap();
    let before = store.error_settings(scope).await.unwrap();
    assert_eq!(
        store
            .add_error_rules(stranger, 1, "[9]", None, None)
            .await
            .unwrap(),
        None
    );
    store
        .change_error_groups(stranger, &[], &["a".to_owned()], None)
        .await
        .unwrap();
    store.error_keys_applied(stranger, 9, 9).await.unwrap();
    assert_eq!(store.error_settings(scope).await.unwrap(), before);
    assert_eq!(
        store.error_settings(stranger).await.unwrap(),
        Default::default()
    );
    assert_eq!(store.error_rules(stranger).await.unwrap(), []);
}
