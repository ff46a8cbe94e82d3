//! The options of a store.

use std::{path::PathBuf, sync::Arc, time::Duration};

use weir_model::{
    Clock, SystemClock,
    time::{DAY, Retention},
};
use weir_store::fold::{OPEN_BYTES, Rules};

use crate::{encryption::Encryption, identity::Belongs};

/// The options for opening a store.
#[derive(Clone)]
pub struct Options {
    /// The database file; `None` keeps everything in memory.
    pub path: Option<PathBuf>,
    /// How its files are encrypted; `None` means not at all.
    pub encryption: Option<Encryption>,
    /// How events of executions are combined.
    pub rules: Rules,
    /// The memory for events of open executions, in bytes; further executions are looked up in the store
    /// when they continue.
    pub open_execution_bytes: usize,
    /// The expected identity of the store.
    pub belongs: Belongs,
    /// How long partials are kept.
    pub retention: Retention,
    /// DuckDB's memory limit, for example `512MB`.
    pub memory_limit: String,
    /// DuckDB's threads.
    pub threads: usize,
    /// The number of connections for reading: how many queries run at once.
    pub readers: usize,
    /// The time after which a query is interrupted.
    pub query_deadline: Duration,
    /// The maximum size of the rows of one answer, in bytes.
    pub most_answer_bytes: usize,
    /// How many events may wait for their commit before producers are asked to retry later.
    pub most_queued_events: u64,
    /// The size of the write-ahead log, in bytes, from which it is checkpointed between commits.
    pub checkpoint_bytes: u64,
    /// The number of commits in the log from which it is checkpointed: a start after a crash replays them.
    pub checkpoint_commits: u64,
    /// The disk space that is kept free of events, in bytes, for processing those already stored.
    pub reserved_bytes: u64,
    /// How far the clock may move beyond the elapsed time, in milliseconds, before rollup
    /// rows no longer expire by it; `None` means no limit.
    pub clock_jump: Option<i64>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            path: None,
            encryption: None,
            rules: Rules::default(),
            open_execution_bytes: OPEN_BYTES,
            belongs: Belongs::default(),
            retention: Retention::default(),
            memory_limit: "768MB".to_owned(),
            threads: std::thread::available_parallelism().map_or(2, |cores| cores.get()),
            readers: 4,
            query_deadline: Duration::from_secs(30),
            most_answer_bytes: 256 << 20,
            most_queued_events: 200_000,
            checkpoint_bytes: 256 << 20,
            checkpoint_commits: 15_000,
            reserved_bytes: 16 << 20,
            clock_jump: Some(7 * DAY),
            clock: Arc::new(SystemClock),
        }
    }
}
