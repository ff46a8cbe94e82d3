//! The writer thread: group commit. Submissions that arrive during a commit share the
//! next one.

use std::{
    sync::{Arc, atomic::Ordering, mpsc},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;
use weir_model::{Event, Scope};
use weir_store::{Receipt, StoreError, Submission};

use crate::{
    commit::{Committal, Writer},
    counters::Counters,
    rollups::Rollups,
};

/// The most events in one commit; a larger submission gets its own commit.
const COMMIT_EVENTS: usize = 40_000;

/// From this many submissions in one commit, producers count as concurrent: the next commit
/// then starts [`APART`] after this one started. A commit costs some milliseconds of CPU whatever is in
/// it, so many small ones would starve everything else; a single producer never waits.
const MANY: usize = 4;
const APART: Duration = Duration::from_millis(8);

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;
type Task = Box<dyn FnOnce(&mut Writer) + Send>;

enum Command {
    Commit(Submission, Reply<Receipt>),
    Run(Task),
    Close(Reply<()>),
}

/// The handle of the writer thread.
pub(crate) struct Intake {
    sender: mpsc::Sender<Command>,
    rollups: Rollups,
    pub counters: Arc<Counters>,
    most_queued: u64,
}

impl Intake {
    /// Starts the writer thread.
    pub(crate) fn start(writer: Writer, most_queued: u64, counters: Arc<Counters>) -> Self {
        let (sender, receiver) = mpsc::channel();
        counters
            .open_executions
            .store(writer.open.len() as u64, Ordering::Relaxed);
        counters.committed.send_replace(writer.sequence);
        let rollups = writer.rollups.clone();
        let looped = Loop {
            writer,
            counters: counters.clone(),
            next: Instant::now(),
        };
        std::thread::Builder::new()
            .name("weir-writer".to_owned())
            .spawn(move || looped.run(&receiver))
            .expect("the system starts a thread");
        Self {
            sender,
            rollups,
            counters,
            most_queued,
        }
    }

    /// Submits events and waits until they are durable. Fails if the queue is full or the commit fails.
    pub(crate) async fn commit(&self, submission: Submission) -> Result<Receipt, StoreError> {
        let events = submission.events.len() as u64;
        let before = self.counters.queued.fetch_add(events, Ordering::AcqRel);
        // An empty queue accepts any submission, however large, so that none is rejected forever.
        if before > 0 && before + events > self.most_queued {
            self.counters.queued.fetch_sub(events, Ordering::AcqRel);
            return Err(StoreError::Busy {
                retry_after_seconds: 1,
            });
        }
        let (reply, receipt) = oneshot::channel();
        self.send(Command::Commit(submission, reply))?;
        receipt.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until the cubes contain every acknowledged commit.
    pub(crate) async fn flushed(&self) -> Result<(), StoreError> {
        let committed = *self.counters.committed.borrow();
        self.rollups.flush(committed).await
    }

    /// The number of committed events that are not summed yet.
    pub(crate) fn behind(&self) -> u64 {
        self.rollups.behind()
    }

    /// Runs work on the writer thread, between commits.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, result) = oneshot::channel();
        self.send(Command::Run(Box::new(move |writer| {
            // If this fails, the caller is gone; the work is done anyway.
            let _ = reply.send(task(writer));
        })))?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    /// Commits what is queued, checkpoints the log and ends the thread.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        let (reply, closed) = oneshot::channel();
        if self.send(Command::Close(reply)).is_err() {
            return Ok(());
        }
        closed.await.map_err(|_| StoreError::Closed)?
    }

    fn send(&self, command: Command) -> Result<(), StoreError> {
        self.sender.send(command).map_err(|_| StoreError::Closed)
    }
}

struct Loop {
    writer: Writer,
    counters: Arc<Counters>,
    /// When the next commit may start.
    next: Instant,
}

impl Loop {
    fn run(mut self, receiver: &mpsc::Receiver<Command>) {
        let mut held = None;
        while let Some(command) = held.take().or_else(|| receiver.recv().ok()) {
            match command {
                Command::Commit(submission, reply) => {
                    let mut group = vec![(submission, reply)];
                    held = gather(receiver, &mut group, self.next);
                    let many = group.len() >= MANY;
                    self.next = Instant::now() + if many { APART } else { Duration::ZERO };
                    self.commit(group);
                }
                Command::Run(task) => task(&mut self.writer),
                Command::Close(reply) => {
                    let summed = self.writer.rollups.close();
                    let closed = summed.and_then(|()| self.writer.finish());
                    let closed = closed.and_then(|()| self.writer.checkpoint());
                    let closed = closed.or_else(keep_for_later);
                    drop(self);
                    // If this fails, the caller is gone; the store is closed anyway.
                    let _ = reply.send(closed);
                    return;
                }
            }
        }
    }

    fn commit(&mut self, group: Vec<(Submission, Reply<Receipt>)>) {
        let sizes: Vec<usize> = group
            .iter()
            .map(|(submission, _)| submission.events.len())
            .collect();
        let total: usize = sizes.iter().sum();
        let mut batch: Vec<(Scope, Event)> = Vec::with_capacity(total);
        let mut replies = Vec::with_capacity(group.len());
        for (submission, reply) in group {
            let scope = submission.scope;
            batch.extend(submission.events.into_iter().map(|event| (scope, event)));
            replies.push(reply);
        }
        let result = self.take(batch);
        self.count(total, &result);
        answer(replies, &sizes, &result);
    }

    fn take(&mut self, batch: Vec<(Scope, Event)>) -> Result<Committal, StoreError> {
        self.writer.log.check_reserve()?;
        self.writer.rollups.ensure_caught_up()?;
        self.writer.commit(batch)
    }

    fn count(&self, total: usize, result: &Result<Committal, StoreError>) {
        let counters = &self.counters;
        counters.queued.fetch_sub(total as u64, Ordering::AcqRel);
        let open = self.writer.open.len() as u64;
        counters.open_executions.store(open, Ordering::Relaxed);
        *counters.committed_at.lock() = Some(Instant::now());
        if let Ok(done) = result {
            counters
                .committed
                .send_if_modified(|last| std::mem::replace(last, done.sequence) != done.sequence);
            let duplicates = done.duplicates.len() as u64;
            counters.commits.fetch_add(1, Ordering::Relaxed);
            counters.duplicates.fetch_add(duplicates, Ordering::Relaxed);
            counters
                .events
                .fetch_add(total as u64 - duplicates, Ordering::Relaxed);
        }
    }
}

/// What could not be written because the disk is full is in the log or follows from it: the next start
/// writes it.
fn keep_for_later(error: StoreError) -> Result<(), StoreError> {
    match error {
        StoreError::Full { .. } => {
            tracing::warn!(%error, "the log was not checkpointed");
            Ok(())
        }
        other => Err(other),
    }
}

/// Adds what is queued, or arrives before `until`, to the group, up to the commit size. Returns the
/// command that ended it.
fn gather(
    receiver: &mpsc::Receiver<Command>,
    group: &mut Vec<(Submission, Reply<Receipt>)>,
    until: Instant,
) -> Option<Command> {
    let mut events = group[0].0.events.len();
    while events < COMMIT_EVENTS {
        let left = until.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(Command::Commit(submission, reply)) => {
                events += submission.events.len();
                group.push((submission, reply));
            }
            Ok(other) => return Some(other),
            Err(_) => return None,
        }
    }
    None
}

/// Sends each producer the result for its own events.
fn answer(replies: Vec<Reply<Receipt>>, sizes: &[usize], result: &Result<Committal, StoreError>) {
    let mut start = 0;
    for (reply, &size) in replies.into_iter().zip(sizes) {
        let receipt = match result {
            Ok(done) => {
                let mine = start..start + size;
                let duplicates: Vec<usize> = done
                    .duplicates
                    .iter()
                    .filter(|position| mine.contains(position))
                    .map(|position| position - start)
                    .collect();
                Ok(Receipt {
                    accepted: size - duplicates.len(),
                    duplicates,
                    sequence: done.sequence,
                })
            }
            Err(StoreError::Database { context, message }) => Err(StoreError::Database {
                context,
                message: message.clone(),
            }),
            Err(StoreError::Full { context, message }) => Err(StoreError::Full {
                context,
                message: message.clone(),
            }),
            Err(_) => Err(StoreError::Closed),
        };
        start += size;
        // A producer that disconnected will retry with the same ids.
        let _ = reply.send(receipt);
    }
}
