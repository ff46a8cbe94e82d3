//! Reads: a few connections, each lent to one query at a time, with a deadline.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use arrow::array::RecordBatch;
use duckdb::{Connection, InterruptHandle, params_from_iter, types::Value};
use parking_lot::{Condvar, Mutex};
use tokio::sync::Semaphore;
use weir_query::{Parameter, Statement};
use weir_store::StoreError;

use crate::error::Context;

/// The time without reads after which it is quiet: the queries of one page follow each other closely.
const QUIET: Duration = Duration::from_millis(20);
/// The maximum wait for quiet, so that waiting work is done under any load.
const QUIET_PATIENCE: Duration = Duration::from_millis(500);

/// Connections for reading.
pub(crate) struct Readers {
    idle: Mutex<Idle>,
    returned: Condvar,
    all: usize,
    places: Arc<Semaphore>,
    bounds: Bounds,
}

/// The limits of one read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The time until it is interrupted.
    pub deadline: Duration,
    /// The maximum size of its rows, in bytes.
    pub bytes: usize,
}

/// The idle connections.
struct Idle {
    connections: Vec<Connection>,
    /// When the last one was returned.
    since: Instant,
}

impl Readers {
    pub(crate) fn new(connections: Vec<Connection>, bounds: Bounds) -> Self {
        Self {
            places: Arc::new(Semaphore::new(connections.len())),
            all: connections.len(),
            idle: Mutex::new(Idle {
                connections,
                since: Instant::now(),
            }),
            returned: Condvar::new(),
            bounds,
        }
    }

    /// Runs a statement on an idle connection. It is interrupted at the deadline, and when no one waits
    /// for it any more.
    pub(crate) async fn read(
        self: &Arc<Self>,
        statement: Statement,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let connection = self.idle.lock().connections.pop();
        let connection = connection.ok_or(StoreError::Closed)?;
        let interrupt = Interrupt::of(&connection);
        let (readers, running) = (self.clone(), interrupt.clone());
        let Bounds { deadline, bytes } = self.bounds;
        let mut task = tokio::task::spawn_blocking(move || {
            let result = run(&connection, &statement, bytes);
            running.disarm();
            readers.take_back(connection);
            drop(place);
            result
        });
        let guard = Guard(interrupt);
        if let Ok(result) = tokio::time::timeout(deadline, &mut task).await {
            return result.context("run a query")?;
        }
        drop(guard);
        // It may have finished at the last moment.
        let result = task.await.context("run a query")?;
        result.map_err(|_| StoreError::Timeout(deadline.as_secs()))
    }

    fn take_back(&self, connection: Connection) {
        let mut idle = self.idle.lock();
        idle.connections.push(connection);
        idle.since = Instant::now();
        self.returned.notify_all();
    }

    /// Waits, for a limited time, until there have been no reads for a moment. For work that can wait and
    /// would slow down reads; not for async code.
    pub(crate) fn wait_for_quiet(&self) {
        let patience = Instant::now() + QUIET_PATIENCE;
        let mut idle = self.idle.lock();
        loop {
            let reading = idle.connections.len() < self.all;
            let quiet = (!reading).then(|| idle.since + QUIET);
            let until = quiet.map_or(patience, |quiet| quiet.min(patience));
            if Instant::now() >= until || self.places.is_closed() {
                return;
            }
            self.returned.wait_until(&mut idle, until);
        }
    }

    /// Closes every connection; later reads fail because the store is closed.
    pub(crate) fn close(&self) {
        self.places.close();
        self.idle.lock().connections.clear();
        self.returned.notify_all();
    }
}

/// Interrupts one statement, and never the next on the same connection.
#[derive(Clone)]
struct Interrupt(Arc<Mutex<Option<Arc<InterruptHandle>>>>);

impl Interrupt {
    fn of(connection: &Connection) -> Self {
        Self(Arc::new(Mutex::new(Some(connection.interrupt_handle()))))
    }

    /// Marks the statement as done.
    fn disarm(&self) {
        self.0.lock().take();
    }

    fn interrupt(&self) {
        if let Some(handle) = self.0.lock().as_ref() {
            handle.interrupt();
        }
    }
}

/// Interrupts its statement when dropped.
struct Guard(Interrupt);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.interrupt();
    }
}

fn run(
    connection: &Connection,
    statement: &Statement,
    most: usize,
) -> Result<Vec<RecordBatch>, StoreError> {
    let values = statement
        .parameters
        .iter()
        .map(|parameter| match parameter {
            Parameter::Text(text) | Parameter::User(text) => Value::Text(text.clone()),
            Parameter::Integer(number) => Value::BigInt(*number),
        });
    let mut prepared = connection
        .prepare_cached(&statement.sql)
        .context("prepare a query")?;
    let found = prepared
        .query_arrow(params_from_iter(values))
        .context("run a query")?;
    let (mut batches, mut bytes) = (Vec::new(), 0);
    for batch in found {
        bytes += batch.get_array_memory_size();
        if bytes > most {
            return Err(StoreError::TooMuch(most));
        }
        batches.push(batch);
    }
    Ok(batches)
}
