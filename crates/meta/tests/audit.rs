//! The audit log: append-only, filtered, and pruned by retention.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use weir_meta::{
    Actor, AuditFilter, AuditKind, AuditRecord, HeldRecord, MetaStore, Options, Origin,
};
use weir_model::{FixedClock, Scope, Timestamp, time::DAY};

const START: Timestamp = Timestamp(1_700_000_000_000);

struct Started {
    store: MetaStore,
    clock: FixedClock,
    scope: Scope,
    directory: tempfile::TempDir,
}

async fn started() -> Started {
    let clock = FixedClock::at(START);
    let directory = tempfile::tempdir().expect("a directory");
    let options = Options {
        path: Some(directory.path().join("meta.sqlite")),
        clock: Arc::new(clock.clone()),
        ..Options::default()
    };
    let store = MetaStore::open(options).await.expect("the store opens");
    store.bootstrap(None).await.expect("bootstrap runs");
    let scope = store.every_scope().await.expect("projects are listed")[0];
    Started {
        store,
        clock,
        scope,
        directory,
    }
}

fn actor(name: &str) -> Actor {
    let address = "192.0.2.7".parse().expect("an address");
    Actor {
        name: name.to_owned(),
        origin: Origin::new(Some(address), Some("curl/8")),
    }
}

fn held(scope: Scope, kind: AuditKind, name: &str, action: &str, at: Timestamp) -> HeldRecord {
    HeldRecord {
        tenant: scope.tenant,
        project: Some(scope.project),
        kind,
        actor: actor(name),
        action: action.to_owned(),
        subject: "it".to_owned(),
        detail: "{}".to_owned(),
        at,
    }
}

async fn actions(store: &MetaStore, scope: Scope, filter: AuditFilter) -> Vec<String> {
    let log = store.audit_log(scope, true, &filter, None, 100).await;
    log.expect("the log is read")
        .into_iter()
        .map(|entry| entry.action)
        .collect()
}

#[tokio::test]
async fn an_entry_says_who_did_what_when_and_from_where() {
    let Started {
        store,
        scope,
        directory: _directory,
        ..
    } = started().await;
    let record = AuditRecord {
        kind: AuditKind::Access,
        actor: &actor("person:ada@example.com"),
        action: "session.opened",
        subject: "ada@example.com",
        detail: r#"{"a":1}"#,
    };
    store.record(scope.tenant, None, record).await.unwrap();
    let all = AuditFilter::default();
    let log = store.audit_log(scope, true, &all, None, 1);
    let entry = log.await.unwrap().remove(0);
    assert_eq!(
        (entry.kind, entry.actor.as_str(), entry.action.as_str()),
        (
            AuditKind::Access,
            "person:ada@example.com",
            "session.opened"
        )
    );
    assert_eq!(
        (entry.address.as_deref(), entry.user_agent.as_deref()),
        (Some("192.0.2.7"), Some("curl/8"))
    );
    assert_eq!((entry.detail.as_str(), entry.at), (r#"{"a":1}"#, START));
    let hidden = store.audit_log(scope, false, &all, None, 9);
    assert!(hidden.await.unwrap().is_empty(), "it belongs to the tenant");
}

#[tokio::test]
async fn every_filter_selects_the_entries_that_match() {
    let Started {
        store,
        scope,
        directory: _directory,
        ..
    } = started().await;
    let records = [
        held(scope, AuditKind::Change, "key:1", "prices.changed", START),
        held(scope, AuditKind::Change, "key:1", "pricesx.changed", START),
        held(
            scope,
            AuditKind::Access,
            "key:2",
            "analytics.read",
            START.plus(5),
        ),
    ];
    store.record_all(&records).await.unwrap();
    let by = AuditFilter::default;
    for (filter, expected) in [
        (
            by(),
            vec!["analytics.read", "pricesx.changed", "prices.changed"],
        ),
        (
            AuditFilter {
                kind: Some(AuditKind::Access),
                ..by()
            },
            vec!["analytics.read"],
        ),
        (
            AuditFilter {
                action: Some("prices".into()),
                ..by()
            },
            vec!["prices.changed"],
        ),
        (
            AuditFilter {
                action: Some("prices.changed".into()),
                ..by()
            },
            vec!["prices.changed"],
        ),
        (
            AuditFilter {
                actor: Some("key:2".into()),
                ..by()
            },
            vec!["analytics.read"],
        ),
        (
            AuditFilter {
                subject: Some("other".into()),
                ..by()
            },
            vec![],
        ),
        (
            AuditFilter {
                from: Some(START.plus(5)),
                ..by()
            },
            vec!["analytics.read"],
        ),
        (
            AuditFilter {
                to: Some(START.plus(5)),
                ..by()
            },
            vec!["pricesx.changed", "prices.changed"],
        ),
    ] {
        assert_eq!(
            actions(&store, scope, filter.clone()).await,
            expected,
            "{filter:?}"
        );
    }
    let elsewhere = Scope::new(scope.tenant.0 + 1, scope.project.0);
    assert!(actions(&store, elsewhere, by()).await.is_empty());
}

#[tokio::test]
async fn only_retention_deletes_entries_and_nothing_changes_them() {
    let Started {
        store,
        clock,
        scope,
        directory,
    } = started().await;
    let old = held(scope, AuditKind::Change, "key:1", "old", START);
    let new = held(
        scope,
        AuditKind::Change,
        "key:1",
        "new",
        START.plus(10 * DAY),
    );
    store.record_all(&[old, new]).await.unwrap();

    let path = directory.path().join("meta.sqlite");
    let url = format!("sqlite://{}", path.display());
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    for forbidden in [
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
        "DELETE FROM audit_horizon",
        "REPLACE INTO audit_log SELECT * FROM audit_log",
    ] {
        let refused = sqlx::query(forbidden).execute(&mut raw).await;
        assert!(refused.is_err(), "{forbidden}");
    }
    clock.set(START.plus(20 * DAY));
    assert_eq!(store.prune_audit(START.plus(DAY)).await.unwrap(), 1);
    assert_eq!(store.prune_audit(START).await.unwrap(), 0);
    assert_eq!(
        actions(&store, scope, AuditFilter::default()).await,
        ["new"]
    );
    let back = sqlx::query("UPDATE audit_horizon SET at = 0")
        .execute(&mut raw)
        .await;
    assert!(back.is_err(), "the horizon does not go back");
    let refused = sqlx::query("DELETE FROM audit_log").execute(&mut raw).await;
    assert!(refused.is_err(), "entries within retention stay");
}
