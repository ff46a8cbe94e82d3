//! Reading: a few connections that are lent out one query at a time, with a deadline.

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

/// How long nothing is read before it is quiet: the questions of one page come one upon another.
const QUIET: Duration = Duration::from_millis(20);
/// How long is waited for quiet at most, so that what waits is done under any load.
const QUIET_PATIENCE: Duration = Duration::from_millis(500);

/// Connections for reading.
pub(crate) struct Readers {
    idle: Mutex<Idle>,
    returned: Condvar,
    all: usize,
    places: Arc<Semaphore>,
    bounds: Bounds,
}

/// What one read may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The time until it is interrupted.
    pub deadline: Duration,
    /// The bytes of its rows.
    pub bytes: usize,
}

/// The connections that nothing runs on.
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

    /// Runs a statement on an idle connection. It is interrupted at the deadline, and when nobody waits
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
        // It may have been done at the last moment.
        let result = task.await.context("run a query")?;
        result.map_err(|_| StoreError::Timeout(deadline.as_secs()))
    }

    fn take_back(&self, connection: Connection) {
        let mut idle = self.idle.lock();
        idle.connections.push(connection);
        idle.since = Instant::now();
        self.returned.notify_all();
    }

    /// Waits until nothing has been read for a moment, though not for long. For work that can wait and
    /// would slow reads down; not for async code.
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

    /// Takes every connection back; later reads find the store closed.
    pub(crate) fn close(&self) {
        self.places.close();
        self.idle.lock().connections.clear();
        self.returned.notify_all();
    }
}

/// A way to interrupt one statement, and never the next on the same connection.
#[derive(Clone)]
struct Interrupt(Arc<Mutex<Option<Arc<InterruptHandle>>>>);

impl Interrupt {
    fn of(connection: &Connection) -> Self {
        Self(Arc::new(Mutex::new(Some(connection.interrupt_handle()))))
    }

    /// The statement is done.
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
