//! Faults that must not destroy figures: a clock that is ahead, a full disk, missing files.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use weir_model::{
    FixedClock, TimeRange, Timestamp,
    time::{DAY, HOUR, MINUTE},
};
use weir_query::{Context, Query, assemble, prepare};
use weir_store::{
    ClockState, EventStore, StoreError,
    conformance::{NOW, assert_verified, commit, events, scope},
    fold::Rules,
};
use weir_store_duckdb::{Belongs, DuckDbStore, Options};

fn file(folder: &Path) -> PathBuf {
    folder.join("events.duckdb")
}

fn options(folder: &Path, now: Timestamp) -> Options {
    Options {
        path: Some(file(folder)),
        readers: 1,
        clock: Arc::new(FixedClock::at(now)),
        ..Options::default()
    }
}

fn open(folder: &Path, now: Timestamp) -> DuckDbStore {
    DuckDbStore::open(options(folder, now)).unwrap()
}

fn execution(id: &str, at: i64) -> Value {
    json!({"type": "execution", "executionId": id, "workflowId": "w", "status": "completed",
        "timestamp": NOW.0 + at, "duration": 5})
}

/// The rows that the server would return at a moment.
async fn rows(store: &DuckDbStore, query: &Query, now: Timestamp) -> Vec<Value> {
    let context = Context {
        expired_by: store.expired_by(),
        ..Context::new(scope(), now, store.dialect())
    };
    let prepared = prepare(query, &context).unwrap();
    let mut results = Vec::new();
    for statement in &prepared.statements {
        results.push(store.read(statement.clone()).await.unwrap());
    }
    let answer = serde_json::to_value(assemble(&prepared, &results).unwrap()).unwrap();
    answer["rows"].as_array().unwrap().clone()
}

/// The number of executions per minute that the server would report for the last day.
async fn executions(store: &DuckDbStore, now: Timestamp) -> i64 {
    let query: Query = serde_json::from_value(json!({
        "metrics": ["executions"], "granularity": "minute",
        "range": {"from": Timestamp(NOW.0 - DAY).floor(DAY), "to": Timestamp(NOW.0).floor(HOUR)},
    }))
    .unwrap();
    let rows = rows(store, &query, now).await;
    rows.iter()
        .map(|row| row["executions"].as_f64().unwrap() as i64)
        .sum()
}

async fn two_executions(folder: &Path) {
    let store = open(folder, NOW);
    let both = [execution("a", -3 * HOUR), execution("b", -2 * HOUR)];
    commit(&store, events(&both)).await;
    assert_eq!(executions(&store, NOW).await, 2);
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_with_a_clock_far_ahead_destroys_no_figure() {
    let folder = tempfile::tempdir().unwrap();
    two_executions(folder.path()).await;
    let ahead = NOW.plus(400 * DAY);
    let store = open(folder.path(), ahead);
    assert!(
        matches!(store.clock_state(), ClockState::Ahead { milliseconds } if milliseconds > 399 * DAY)
    );
    assert_eq!(store.statistics().clock, store.clock_state());
    store.compact().await.unwrap();
    commit(&store, events(&[execution("c", -HOUR)])).await;
    assert_eq!(executions(&store, ahead).await, 3);
    store.close().await.unwrap();

    let store = open(folder.path(), NOW);
    assert_eq!(store.clock_state(), ClockState::Plausible);
    store.compact().await.unwrap();
    assert_eq!(store.expired_by(), NOW);
    assert_eq!(executions(&store, NOW).await, 3);
    assert_verified(&store, "a clock ahead").await;
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_expired_by_a_confirmed_clock_are_read_from_raw_rows_and_can_be_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    two_executions(folder.path()).await;
    let ahead = NOW.plus(400 * DAY);
    let store = open(folder.path(), ahead);
    store.confirm_clock().await.unwrap();
    assert_eq!(store.clock_state(), ClockState::Plausible);
    store.compact().await.unwrap();
    assert_eq!(store.expired_by(), ahead);
    store.close().await.unwrap();

    let store = open(folder.path(), NOW);
    commit(&store, events(&[execution("c", -HOUR)])).await;
    assert_eq!(executions(&store, NOW).await, 3);
    assert_verified(&store, "expired too early").await;
    store.rebuild(None).await.unwrap();
    assert_eq!(store.expired_by(), NOW);
    assert_eq!(executions(&store, NOW).await, 3);
    assert_verified(&store, "rebuilt").await;
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn expiry_continues_after_a_pause_shorter_than_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    two_executions(folder.path()).await;
    let later = NOW.plus(6 * DAY);
    let store = open(folder.path(), later);
    store.compact().await.unwrap();
    assert_eq!(store.expired_by(), later);
    assert_eq!(executions(&store, later).await, 2);
    store.close().await.unwrap();
}

/// The number of executions by status.
async fn by_status(store: &DuckDbStore) -> Vec<(String, i64)> {
    let query: Query = serde_json::from_value(json!({
        "metrics": ["executions"], "dimensions": ["status"],
        "range": {"from": Timestamp(NOW.0 - DAY).floor(DAY), "to": Timestamp(NOW.0).floor(HOUR)},
    }))
    .unwrap();
    let rows = rows(store, &query, NOW).await;
    let mut found: Vec<(String, i64)> = rows
        .iter()
        .map(|row| {
            let status = row["status"].as_str().unwrap().to_owned();
            (status, row["executions"].as_f64().unwrap() as i64)
        })
        .filter(|(_, count)| *count != 0)
        .collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_events_are_placed_again_when_the_clock_skew_changes() {
    let folder = tempfile::tempdir().unwrap();
    let open = |skew: i64| {
        let options = options(folder.path(), NOW);
        DuckDbStore::open(Options {
            rules: Rules { skew },
            ..options
        })
        .unwrap()
    };
    let completed = [("completed".to_owned(), 1)];
    let again = [("completed".to_owned(), 1), ("started".to_owned(), 1)];
    let store = open(5_000);
    let mut start = execution("a", -HOUR + 3_000);
    start["status"] = json!("started");
    start.as_object_mut().unwrap().remove("duration");
    commit(&store, events(&[execution("a", -HOUR), start])).await;
    assert_eq!(by_status(&store).await, completed);
    store.close().await.unwrap();
    for (skew, expected) in [(2_000, &again[..]), (5_000, &completed), (2_000, &again)] {
        let store = open(skew);
        assert_eq!(by_status(&store).await, expected, "{skew} ms");
        assert_verified(&store, "another bound on clocks").await;
        store.close().await.unwrap();
    }
}

/// A store with one commit, its copy, and then another commit.
async fn grown(folder: &TempDir) -> (PathBuf, String) {
    let store = open(folder.path(), NOW);
    let id = store.identity().id.clone();
    store.set_paired().await.unwrap();
    commit(&store, events(&[execution("a", -HOUR)])).await;
    store.close().await.unwrap();
    let older = folder.path().join("older");
    fs::copy(file(folder.path()), &older).unwrap();
    let store = open(folder.path(), NOW);
    commit(&store, events(&[execution("b", -HOUR)])).await;
    store.close().await.unwrap();
    (older, id)
}

fn refusal(folder: &Path, belongs: Belongs) -> Option<String> {
    let options = Options {
        belongs,
        ..options(folder, NOW)
    };
    DuckDbStore::open(options)
        .err()
        .map(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_or_different_store_is_rejected_and_left_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let (older, id) = grown(&folder).await;
    let to = |id: &str, sequence| Belongs::To {
        id: id.to_owned(),
        sequence,
    };
    assert_eq!(refusal(folder.path(), to(&id, 2)), None);
    fs::copy(&older, file(folder.path())).unwrap();
    let lacks = refusal(folder.path(), to(&id, 2)).unwrap();
    assert!(
        lacks.contains("commit 2 was acknowledged") && lacks.contains("events.duckdb.wal"),
        "{lacks}"
    );
    assert!(lacks.contains("weir store accept"), "{lacks}");
    let another = refusal(folder.path(), to("x", 1)).unwrap();
    assert!(
        another.contains("not the event store that belongs"),
        "{another}"
    );
    let foreign = refusal(folder.path(), Belongs::Nowhere).unwrap();
    assert!(
        foreign.contains("belongs to other control data"),
        "{foreign}"
    );
    assert_eq!(
        fs::read(&older).unwrap(),
        fs::read(file(folder.path())).unwrap()
    );
    assert_eq!(refusal(folder.path(), to(&id, 1)), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_of_a_range_counts_differences_by_project() {
    let folder = tempfile::tempdir().unwrap();
    two_executions(folder.path()).await;
    let raw = duckdb::Connection::open(file(folder.path())).unwrap();
    raw.execute_batch("UPDATE executions_total_1d SET count = count + 1")
        .unwrap();
    drop(raw);
    let store = open(folder.path(), NOW);
    let today = NOW.floor(DAY);
    let day = |days: i64| TimeRange {
        from: today.plus(days * DAY),
        to: today.plus((days + 1) * DAY),
    };
    let found = store.verify(Some(day(0))).await.unwrap();
    let mine = found.projects[&scope().project];
    assert_eq!(
        (mine.differences, found.differences.len()),
        (1, 1),
        "{found:?}"
    );
    assert!(mine.keys > 10 && mine.keys == found.keys);
    let before = store.verify(Some(day(-1))).await.unwrap();
    assert_eq!(before.keys, 0, "{before:?}");
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_alongside_commits_finds_no_false_difference() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path(), NOW));
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0..300 {
                let event = execution(&format!("e{number}"), -(number % 50) * MINUTE);
                commit(&*store, events(&[event])).await;
            }
        })
    };
    while !writing.is_finished() {
        let found = store.verify(None).await.unwrap();
        assert_eq!(found.differences, []);
    }
    writing.await.unwrap();
    assert_verified(&*store, "after all").await;
    store.close().await.unwrap();
}

/// A small separate disk; `None`, with a message, if none can be mounted.
struct Disk(TempDir);

impl Disk {
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: cannot mount a disk here, so a full one is not tested (requires root)");
        None
    }

    /// Leaves a few megabytes, less than the reserve.
    fn fill_up_to_the_reserve(&self) {
        let name = self.0.path().join("fill");
        let mut filling = fs::File::create(name).unwrap();
        while std::io::Write::write_all(&mut filling, &vec![0; 1 << 16]).is_ok() {}
        let written = filling.metadata().unwrap().len();
        filling.set_len(written - (8 << 20)).unwrap();
        fs::File::create(self.0.path().join("crumbs")).unwrap();
    }

    /// Leaves no byte.
    fn fill(&self) {
        for (name, piece) in [("fill", 1 << 16), ("crumbs", 1 << 10)] {
            let mut filling = fs::File::create(self.0.path().join(name)).unwrap();
            while std::io::Write::write_all(&mut filling, &vec![0; piece]).is_ok() {}
        }
    }

    fn make_room(&self) {
        for name in ["fill", "crumbs"] {
            fs::remove_file(self.0.path().join(name)).unwrap();
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // If it stays mounted, the next reboot frees its few megabytes.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_leave_room_for_processing_those_already_stored() {
    let Some(disk) = Disk::mount(64) else { return };
    let folder = disk.0.path();
    let store = open(folder, NOW);
    let taken = commit(&store, events(&[execution("a", -3 * HOUR)]));
    taken.await;
    disk.fill_up_to_the_reserve();
    let one_more = weir_store::Submission {
        scope: scope(),
        events: events(&[execution("b", -2 * HOUR)]),
    };
    assert!(is_full(&store.commit(one_more).await));
    // The rollups of the first one have room.
    assert_eq!(executions(&store, NOW).await, 1);
    disk.make_room();
    commit(&store, events(&[execution("b", -2 * HOUR)])).await;
    assert_eq!(executions(&store, NOW).await, 2);
    store.close().await.unwrap();
}

fn is_full<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Full { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_events_are_rejected_and_the_store_can_be_closed_and_opened() {
    let Some(disk) = Disk::mount(64) else { return };
    let folder = disk.0.path();
    let options = || Options {
        checkpoint_commits: 1,
        ..options(folder, NOW)
    };
    let store = DuckDbStore::open(options()).unwrap();
    commit(&store, events(&[execution("a", -3 * HOUR)])).await;
    store.close().await.unwrap();
    let store = DuckDbStore::open(options()).unwrap();
    commit(&store, events(&[execution("b", -2 * HOUR)])).await;
    assert_eq!(executions(&store, NOW).await, 2);
    disk.fill();

    let submission = |id: &str| weir_store::Submission {
        scope: scope(),
        events: events(
            &(0..2_000)
                .map(|n| execution(&format!("{id}{n}"), -HOUR))
                .collect::<Vec<_>>(),
        ),
    };
    assert!(is_full(&store.commit(submission("c")).await));
    assert!(
        is_full(&store.compact().await),
        "the log has no room to be checkpointed"
    );
    assert_eq!(executions(&store, NOW).await, 2);
    store.close().await.unwrap();

    let store = DuckDbStore::open(options()).unwrap();
    assert_eq!(executions(&store, NOW).await, 2);
    assert!(is_full(&store.commit(submission("d")).await));
    disk.make_room();
    store.commit(submission("e")).await.unwrap();
    store.compact().await.unwrap();
    assert_verified(&store, "after a full disk").await;
    store.close().await.unwrap();
}
