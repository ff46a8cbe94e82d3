//! Engagement rules and segments are stored by project and inaccessible to others.

use std::sync::Arc;

use weir_meta::{Actor, AuditFilter, AuditKind, MetaStore, Options, Saved, StoredSegment};
use weir_model::{FixedClock, Scope, Timestamp};

const START: Timestamp = Timestamp(1_700_000_000_000);

/// A store after its first start, the scope of its project, and the same project key combined with a tenant
/// that does not have it.
async fn started() -> (MetaStore, FixedClock, Scope, Scope) {
    let clock = FixedClock::at(START);
    let options = Options {
        clock: Arc::new(clock.clone()),
        ..Options::default()
    };
    let store = MetaStore::open(options).await.expect("the store opens");
    let first = store.bootstrap(None).await.expect("bootstrap runs");
    let key = first.and_then(|first| first.read_key).expect("a key");
    let reader = store.authenticate_key(&key).await.expect("keys are read");
    let scope = reader.and_then(|reader| reader.only_scope());
    let scope = scope.expect("a key gives access to one project");
    let stranger = Scope::new(scope.tenant.0 + 1, scope.project.0);
    (store, clock, scope, stranger)
}

fn ada() -> Actor {
    Actor {
        name: "person:ada@example.com".to_owned(),
        ..Actor::system()
    }
}

fn segment(saved: Saved) -> StoredSegment {
    match saved {
        Saved::Segment(segment) => segment,
        other => panic!("not saved: {other:?}"),
    }
}

#[tokio::test]
async fn a_rule_is_stored_with_a_version_and_no_other_tenant_can_read_or_write_it() {
    let (store, clock, scope, stranger) = started().await;
    assert_eq!(store.engagement_rule(scope).await.unwrap(), None);
    let first = store
        .put_engagement_rule(scope, "{\"a\":1}", &ada())
        .await
        .unwrap();
    assert_eq!((first.version, first.updated_at), (1, START));
    clock.set(START.plus(1_000));
    let second = store
        .put_engagement_rule(scope, "{\"a\":2}", &ada())
        .await
        .unwrap();
    assert_eq!((second.version, second.updated_at), (2, START.plus(1_000)));
    assert_eq!(store.engagement_rule(scope).await.unwrap(), Some(second));
    assert_eq!(store.engagement_rule(stranger).await.unwrap(), None);
    assert!(
        store
            .put_engagement_rule(stranger, "{}", &ada())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_segment_is_created_changed_and_deleted() {
    let (store, clock, scope, _) = started().await;
    let made = segment(
        store
            .create_segment(scope, "Keen", "{}", &ada())
            .await
            .unwrap(),
    );
    assert_eq!((made.version, made.created_at), (1, START));
    clock.set(START.plus(5));
    let actor = ada();
    let changed = store.change_segment(scope, made.id, "Keen users", "{\"x\":1}", &actor);
    let changed = segment(changed.await.unwrap());
    assert_eq!(changed.id, made.id);
    assert_eq!((changed.version, changed.created_at), (2, START));
    assert_eq!(
        (changed.name.as_str(), changed.updated_at),
        ("Keen users", START.plus(5))
    );
    assert_eq!(store.segments(scope).await.unwrap(), [changed]);
    assert!(store.delete_segment(scope, made.id, &ada()).await.unwrap());
    assert!(!store.delete_segment(scope, made.id, &ada()).await.unwrap());
    assert!(store.segments(scope).await.unwrap().is_empty());
}

#[tokio::test]
async fn two_segments_of_a_project_cannot_have_the_same_name() {
    let (store, _, scope, _) = started().await;
    let keen = segment(
        store
            .create_segment(scope, "Keen", "{}", &ada())
            .await
            .unwrap(),
    );
    let idle = segment(
        store
            .create_segment(scope, "Idle", "{}", &ada())
            .await
            .unwrap(),
    );
    assert_eq!(
        store
            .create_segment(scope, "Keen", "{}", &ada())
            .await
            .unwrap(),
        Saved::NameTaken
    );
    let renamed = store
        .change_segment(scope, idle.id, "Keen", "{}", &ada())
        .await
        .unwrap();
    assert_eq!(renamed, Saved::NameTaken);
    let names: Vec<_> = store.segments(scope).await.unwrap();
    assert_eq!(names, [idle, keen]);
}

#[tokio::test]
async fn another_tenant_can_neither_see_nor_change_segments() {
    let (store, _, scope, stranger) = started().await;
    let made = segment(
        store
            .create_segment(scope, "Keen", "{}", &ada())
            .await
            .unwrap(),
    );
    assert!(store.segments(stranger).await.unwrap().is_empty());
    assert_eq!(store.segment(stranger, made.id).await.unwrap(), None);
    let changed = store
        .change_segment(stranger, made.id, "Mine", "{}", &ada())
        .await
        .unwrap();
    assert_eq!(changed, Saved::Unknown);
    assert!(
        !store
            .delete_segment(stranger, made.id, &ada())
            .await
            .unwrap()
    );
    let created = store
        .create_segment(stranger, "Mine", "{}", &ada())
        .await
        .unwrap();
    assert_eq!(created, Saved::Unknown);
    assert_eq!(store.segments(scope).await.unwrap(), [made]);
}

#[tokio::test]
async fn every_change_is_recorded_with_the_state_before_it() {
    let (store, _, scope, _) = started().await;
    store
        .put_engagement_rule(scope, "{\"a\":1}", &ada())
        .await
        .unwrap();
    let made = segment(
        store
            .create_segment(scope, "Keen", "{}", &ada())
            .await
            .unwrap(),
    );
    let actor = ada();
    let changed = store.change_segment(scope, made.id, "Keener", "{\"x\":1}", &actor);
    changed.await.unwrap();
    store.delete_segment(scope, made.id, &ada()).await.unwrap();
    assert!(!store.delete_segment(scope, made.id, &ada()).await.unwrap());
    let log = store
        .audit_log(scope, false, &AuditFilter::default(), None, 10)
        .await
        .unwrap();
    let recorded: Vec<_> = log
        .iter()
        .map(|entry| (entry.action.as_str(), entry.detail.as_str()))
        .collect();
    assert_eq!(
        recorded,
        [
            (
                "segment.deleted",
                r#"{"after":null,"before":{"definition":{"x":1},"name":"Keener"}}"#
            ),
            (
                "segment.changed",
                r#"{"after":{"definition":{"x":1},"name":"Keener"},"before":{"definition":{},"name":"Keen"}}"#
            ),
            (
                "segment.created",
                r#"{"after":{"definition":{},"name":"Keen"},"before":null}"#
            ),
            (
                "engagement_rule.changed",
                r#"{"after":{"a":1},"before":null}"#
            ),
        ]
    );
    assert!(log.iter().all(|entry| entry.actor == "person:ada@example.com" && entry.kind == AuditKind::Change));
}
