//! Reading: a few connections that are lent out one query at a time, with a deadline.

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use arrow::array::RecordBatch;
use duckdb::{Connection, params_from_iter, types::Value};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use weir_query::{Parameter, Statement};
use weir_store::StoreError;

use crate::error::Context;

/// Connections for reading.
pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    places: Semaphore,
    deadline: Duration,
}

impl Readers {
    pub(crate) fn new(connections: Vec<Connection>, deadline: Duration) -> Self {
        Self {
            places: Semaphore::new(connections.len()),
            idle: Mutex::new(connections),
            deadline,
        }
    }

    /// Runs a statement on an idle connection and interrupts it at the deadline.
    pub(crate) async fn read(
        self: &Arc<Self>,
        statement: Statement,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| StoreError::Closed)?;
        let connection = self.idle.lock().pop().ok_or(StoreError::Closed)?;
        let readers = self.clone();
        tokio::task::spawn_blocking(move || {
            let result = run_until(&connection, &statement, readers.deadline);
            readers.idle.lock().push(connection);
            result
        })
        .await
        .context("run a query")?
    }

    /// Takes every connection back; later reads find the store closed.
    pub(crate) fn close(&self) {
        self.places.close();
        self.idle.lock().clear();
    }
}

fn run_until(
    connection: &Connection,
    statement: &Statement,
    deadline: Duration,
) -> Result<Vec<RecordBatch>, StoreError> {
    let (done, wait) = mpsc::channel::<()>();
    let handle = connection.interrupt_handle();
    let watch = std::thread::spawn(move || match wait.recv_timeout(deadline) {
        Err(mpsc::RecvTimeoutError::Timeout) => {
            handle.interrupt();
            true
        }
        _ => false,
    });
    let result = run(connection, statement);
    drop(done);
    let interrupted = watch.join().unwrap_or(false);
    match result {
        Err(_) if interrupted => Err(StoreError::Timeout(deadline.as_secs())),
        other => other,
    }
}

fn run(connection: &Connection, statement: &Statement) -> Result<Vec<RecordBatch>, StoreError> {
    let values = statement
        .parameters
        .iter()
        .map(|parameter| match parameter {
            Parameter::Text(text) => Value::Text(text.clone()),
            Parameter::Integer(number) => Value::BigInt(*number),
        });
    let mut prepared = connection
        .prepare_cached(&statement.sql)
        .context("prepare a query")?;
    Ok(prepared
        .query_arrow(params_from_iter(values))
        .context("run a query")?
        .collect())
}
