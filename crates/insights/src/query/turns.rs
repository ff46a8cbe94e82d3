//! Queues for queries. Queries that rollups answer and queries over raw records have separate queues, so that
//! heavy queries do not delay cheap ones. Within a queue, tenants take turns, so that none waits for all the
//! queries of another.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::sync::oneshot;
use weir_model::{TenantKey, time::DAY};

use crate::{
    AppError, ErrorCode,
    settings::QuerySettings,
    telemetry::{Amount, Figure, Source},
};

/// How long a query waits for its turn before it is refused.
const PATIENCE: Duration = Duration::from_secs(5);

/// How much time, in milliseconds, a cheap query may read from raw records: the ragged edges of its range.
const MOST_RAW: i64 = 2 * DAY;

/// How much work a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Rollups or a few raw records answer it.
    Light,
    /// It reads all raw records of a range.
    Heavy,
}

impl Weight {
    /// The weight of a query that reads the raw records of a period of this length, in milliseconds.
    pub(super) fn of_raw(time: i64) -> Self {
        match time > MOST_RAW {
            true => Self::Heavy,
            false => Self::Light,
        }
    }
}

/// The queues in which queries wait.
pub(super) struct Turns {
    light: Arc<Line>,
    heavy: Arc<Line>,
}

impl Turns {
    pub(super) fn new(settings: &QuerySettings) -> Self {
        Self {
            light: Arc::new(Line::new(settings.concurrent, settings.light_deadline)),
            heavy: Arc::new(Line::new(settings.heavy_concurrent, settings.deadline)),
        }
    }

    fn line(&self, weight: Weight) -> &Arc<Line> {
        match weight {
            Weight::Light => &self.light,
            Weight::Heavy => &self.heavy,
        }
    }

    /// How long a query of this weight may run.
    pub(super) fn deadline(&self, weight: Weight) -> Duration {
        self.line(weight).deadline
    }

    /// Waits for the tenant's turn. Fails if that takes too long.
    pub(super) async fn turn(&self, tenant: TenantKey, weight: Weight) -> Result<Turn, AppError> {
        let line = self.line(weight);
        let called = match line.join(tenant) {
            Ok(turn) => return Ok(turn),
            Err(called) => called,
        };
        let turn = tokio::time::timeout(PATIENCE.min(line.deadline), called).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| {
            line.refused.fetch_add(1, Ordering::Relaxed);
            let detail = "Too many queries are running.";
            AppError::new(ErrorCode::Busy, detail).retry_after(1)
        })
    }

    /// Numbers of waiting and refused queries for `/metrics`.
    pub(super) fn figures(&self) -> Source {
        let (light, heavy) = (Arc::clone(&self.light), Arc::clone(&self.heavy));
        Box::new(move || {
            let waiting = |line: &Line| Amount::Now(line.state.lock().waiting() as u64);
            let refused = |line: &Line| Amount::Counted(line.refused.load(Ordering::Relaxed));
            [
                (
                    "queries_waiting",
                    "Cheap queries waiting for their turn",
                    waiting(&light),
                ),
                (
                    "heavy_queries_waiting",
                    "Queries over raw records waiting for their turn",
                    waiting(&heavy),
                ),
                (
                    "queries_without_turn",
                    "Cheap queries refused because too many were running",
                    refused(&light),
                ),
                (
                    "heavy_queries_without_turn",
                    "Queries over raw records refused because too many were running",
                    refused(&heavy),
                ),
            ]
            .map(|(name, help, amount)| Figure { name, help, amount })
            .into()
        })
    }
}

/// The queue of one weight.
struct Line {
    state: Mutex<State>,
    deadline: Duration,
    refused: AtomicU64,
}

struct State {
    free: usize,
    /// Waiting tenants, the next one first, each with its queries.
    tenants: VecDeque<(TenantKey, VecDeque<oneshot::Sender<Turn>>)>,
}

impl State {
    fn waiting(&self) -> usize {
        self.tenants.iter().map(|(_, waiting)| waiting.len()).sum()
    }
}

/// The right to run a query; passed on when dropped.
#[derive(Debug)]
pub(crate) struct Turn(Option<Arc<Line>>);

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

impl Line {
    fn new(turns: usize, deadline: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                free: turns,
                tenants: VecDeque::new(),
            }),
            deadline,
            refused: AtomicU64::new(0),
        }
    }

    /// A turn, or a receiver that gets one later.
    fn join(self: &Arc<Self>, tenant: TenantKey) -> Result<Turn, oneshot::Receiver<Turn>> {
        let mut state = self.state.lock();
        if state.free > 0 {
            state.free -= 1;
            return Ok(Turn(Some(Arc::clone(self))));
        }
        let (call, called) = oneshot::channel();
        let mut tenants = state.tenants.iter_mut();
        match tenants.find(|(other, _)| *other == tenant) {
            Some((_, waiting)) => waiting.push_back(call),
            None => state.tenants.push_back((tenant, VecDeque::from([call]))),
        }
        Err(called)
    }

    /// Passes a turn on to the next query that still waits.
    fn pass_on(self: Arc<Self>) {
        loop {
            let mut state = self.state.lock();
            let Some((tenant, mut waiting)) = state.tenants.pop_front() else {
                state.free += 1;
                return;
            };
            let call = waiting.pop_front();
            if !waiting.is_empty() {
                state.tenants.push_back((tenant, waiting));
            }
            drop(state);
            let Some(call) = call else { continue };
            match call.send(Turn(Some(Arc::clone(&self)))) {
                Ok(()) => return,
                // That query is no longer waiting; the turn goes to the next one.
                Err(mut turn) => turn.0 = None,
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(line) = self.0.take() {
            line.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns() -> Turns {
        Turns::new(&QuerySettings {
            concurrent: 1,
            heavy_concurrent: 1,
            ..QuerySettings::default()
        })
    }

    /// Lets all tasks make progress.
    async fn settle() {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_heavy_query_does_not_delay_a_cheap_one() {
        let turns = turns();
        let _heavy = turns.turn(TenantKey(1), Weight::Heavy).await.unwrap();
        let _light = turns.turn(TenantKey(1), Weight::Light).await.unwrap();
    }

    #[tokio::test]
    async fn tenants_take_turns_however_many_queries_one_sends() {
        let turns = Arc::new(turns());
        let first = turns.turn(TenantKey(1), Weight::Heavy).await.unwrap();
        let done = Arc::new(Mutex::new(Vec::new()));
        let mut asking = Vec::new();
        for tenant in [1, 1, 1, 2, 3, 2] {
            let (turns, done) = (Arc::clone(&turns), Arc::clone(&done));
            asking.push(tokio::spawn(async move {
                let _turn = turns.turn(TenantKey(tenant), Weight::Heavy).await.unwrap();
                done.lock().push(tenant);
            }));
            settle().await;
        }
        drop(first);
        for one in asking {
            one.await.unwrap();
        }
        assert_eq!(*done.lock(), [1, 2, 3, 1, 2, 1]);
    }

    #[tokio::test]
    async fn a_cancelled_query_takes_no_turn() {
        let turns = Arc::new(turns());
        let first = turns.turn(TenantKey(1), Weight::Light).await.unwrap();
        let waiting = Arc::clone(&turns);
        let gone = tokio::spawn(async move {
            let _turn = waiting.turn(TenantKey(2), Weight::Light).await;
        });
        settle().await;
        gone.abort();
        settle().await;
        drop(first);
        assert_eq!(turns.light.state.lock().free, 1);
        turns.turn(TenantKey(3), Weight::Light).await.unwrap();
    }
}
