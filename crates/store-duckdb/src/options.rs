//! How a store is opened.

use std::{path::PathBuf, sync::Arc, time::Duration};

use weir_model::{
    Clock, SystemClock,
    time::{DAY, Retention},
};
use weir_store::fold::{OPEN_BYTES, Rules};

use crate::{encryption::Encryption, identity::Belongs};

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// The database file; `None` holds everything in memory.
    pub path: Option<PathBuf>,
    /// How its files are encrypted; `None` keeps them plain.
    pub encryption: Option<Encryption>,
    /// How events of executions are told together.
    pub rules: Rules,
    /// The memory for events of open executions, in bytes; of more executions the store is asked when they
    /// go on.
    pub open_execution_bytes: usize,
    /// Which store it has to be.
    pub belongs: Belongs,
    /// How long partials are kept.
    pub retention: Retention,
    /// DuckDB's memory limit, for example `512MB`.
    pub memory_limit: String,
    /// DuckDB's threads.
    pub threads: usize,
    /// Connections for reading: how many queries run at once.
    pub readers: usize,
    /// When a query is interrupted.
    pub query_deadline: Duration,
    /// The most bytes that the rows of one answer may take.
    pub most_answer_bytes: usize,
    /// How many events may wait for their commit before producers are told to come back.
    pub most_queued_events: u64,
    /// Size of the write-ahead log from which it is folded into the file between commits.
    pub checkpoint_bytes: u64,
    /// Number of commits in the log from which it is folded: a start after a crash replays them.
    pub checkpoint_commits: u64,
    /// Bytes of the disk that are kept free of events: for what is made of those that are there.
    pub reserved_bytes: u64,
    /// How far the clock may have moved beyond the time that has passed, in milliseconds, before rollup
    /// rows no longer expire by it; `None` is any.
    pub clock_jump: Option<i64>,
    /// Where `now` comes from.
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
