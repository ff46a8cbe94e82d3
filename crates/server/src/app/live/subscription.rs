//! What one client receives about the projects that it follows.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use serde::Serialize;
use tokio::{
    sync::watch,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep},
};
use utoipa::ToSchema;
use weir_insights::{
    query::Freshness,
    views::{Version, Versioned},
};
use weir_store::{Finished, Position};

use super::{
    Audience, Message, Place, Watched,
    counts::{Counts, CountsView, Tally, tally},
    finished::{ExecutionCompleted, Page, Recent, shown_to},
    syncs::{Board, KeptReport, SyncKey, SyncProgress},
};
use crate::app::{App, AppError};

/// The most executions that a subscriber holds at once.
const PAGE: usize = 128;
/// The most executions in the answer to a poll.
const POLLED: usize = 1_000;

/// Which events a client subscribes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// `counts.update`.
    pub counts: bool,
    /// `execution.completed`.
    pub executions: bool,
    /// `sync.progress`.
    pub syncs: bool,
}

impl Wants {
    /// Every kind.
    pub const EVERYTHING: Self = Self {
        counts: true,
        executions: true,
        syncs: true,
    };
}

/// The answer to a client that polls.
#[derive(Debug, Serialize, ToSchema)]
pub struct Polled {
    /// The place to continue from: `lastEventId` of the next request.
    pub id: String,
    /// The current counts.
    pub counts: CountsView,
    /// The executions that ended after `lastEventId`; empty if that is omitted.
    pub executions: Vec<ExecutionCompleted>,
    /// Whether there are already more.
    pub more: bool,
    /// The progress of syncs.
    pub syncs: Vec<SyncProgress>,
}

/// A client's place in the order of commits, and its subscriptions.
pub struct Subscription {
    app: Arc<App>,
    audience: Audience,
    watched: Watched,
    place: Position,
    page: VecDeque<Arc<Finished>>,
    finished: Option<watch::Receiver<Recent>>,
    counts: Option<watch::Receiver<Arc<Tally>>>,
    sent: Option<Counts>,
    syncs: Option<watch::Receiver<Board>>,
    sent_syncs: HashMap<SyncKey, Arc<KeptReport>>,
    heartbeat: Interval,
    stopped: watch::Receiver<bool>,
    seat: Place,
}

impl App {
    /// Subscribes to events of projects, from now on or after the last event id received. Fails with `busy`
    /// if there are too many subscribers, or if counts cannot be computed.
    pub async fn subscribe(
        self: &Arc<Self>,
        audience: Audience,
        watched: Watched,
        wants: Wants,
        last_id: Option<&str>,
    ) -> Result<Subscription, AppError> {
        let seat = self.live.place()?;
        let place = last_id.and_then(|id| self.place_of(id));
        let scopes = audience.scopes();
        // The order matters: anything committed from here on either causes a notification or comes
        // after the place.
        let finished = wants.executions.then(|| self.listen_to_finished(&scopes));
        let present = Position::after(*self.store.commits().borrow());
        let tally = tally(&self.reading, &scopes, &watched, Freshness::Cached).await?;
        let counts = wants
            .counts
            .then(|| self.listen_to_counts(&scopes, &watched, tally));
        let tenant = scopes.first().map(|scope| scope.tenant);
        let syncs = tenant.filter(|_| wants.syncs);
        let syncs = syncs.map(|tenant| self.live.syncs.listen(tenant));
        Ok(Subscription {
            // A store that was restored to an earlier state starts again from its newest commit.
            place: place.map_or(present, |place| place.min(present)),
            sent_syncs: match (place, &syncs) {
                (None, Some(syncs)) => over(&syncs.borrow()),
                _ => HashMap::new(),
            },
            syncs,
            page: VecDeque::new(),
            heartbeat: self.heartbeat(),
            stopped: self.live.stop.subscribe(),
            app: Arc::clone(self),
            audience,
            watched,
            finished,
            counts,
            sent: None,
            seat,
        })
    }

    pub(super) fn heartbeat(&self) -> Interval {
        let every = self.live.settings.heartbeat;
        let mut heartbeat = interval_at(Instant::now() + every, every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat
    }

    /// The same for a client that polls. Fails if counts or executions cannot be read.
    pub async fn poll(
        &self,
        audience: &Audience,
        watched: &Watched,
        last_id: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<Polled>, AppError> {
        let scopes = audience.scopes();
        let place = last_id.and_then(|id| self.place_of(id));
        let tally = tally(&self.reading, &scopes, watched, freshness).await?;
        let present = Position::after(*self.store.commits().borrow());
        let page = match place {
            Some(place) => {
                self.store
                    .port()
                    .finished(&scopes, place.min(present), POLLED)
                    .await?
            }
            None => weir_store::FinishedPage {
                next: present,
                ..Default::default()
            },
        };
        let mut executions = Vec::new();
        for one in &page.executions {
            let shown = shown_to(audience, &self.reading, one).await?;
            if is_watched(watched, &shown) {
                executions.push(ExecutionCompleted::of(one, shown, audience));
            }
        }
        let tenant = scopes.first().map(|scope| scope.tenant);
        let board = tenant.map(|tenant| self.live.syncs.listen(tenant).borrow().clone());
        let syncs: Vec<SyncProgress> = board
            .unwrap_or_default()
            .iter()
            .filter_map(|kept| SyncProgress::of(kept, audience))
            .collect();
        let mut hasher = DefaultHasher::new();
        for sync in &syncs {
            (&sync.sync_id, &sync.project_id, sync.current, sync.total).hash(&mut hasher);
        }
        Ok(Versioned {
            version: Version {
                watermark: tally.watermark,
                range: weir_model::TimeRange {
                    from: tally.view.range.from,
                    to: tally.view.range.to,
                },
                // Syncs can progress without a commit, if everything that they send is already
                // stored.
                revision: hasher.finish(),
            },
            body: Polled {
                id: self.id_of_place(page.next, &scopes),
                counts: tally.view,
                executions,
                more: page.more,
                syncs,
            },
        })
    }
}

/// The syncs that had ended before a new client connected, so it is not notified of them. A client that
/// reconnects may have missed an end.
fn over(board: &Board) -> HashMap<SyncKey, Arc<KeptReport>> {
    let over = board.iter().filter(|kept| kept.is_over());
    over.map(|kept| (kept.key(), Arc::clone(kept))).collect()
}

/// Whether an execution is in the watched part of the projects.
fn is_watched(watched: &Watched, one: &Finished) -> bool {
    let is = |wanted: &Option<String>, value: &Option<String>| wanted.is_none() || wanted == value;
    is(&watched.environment, &one.environment) && is(&watched.workflow, &one.workflow)
}

impl Subscription {
    /// The next message, as soon as there is one. `None` ends the stream; the client reconnects with the last
    /// id.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            if *self.stopped.borrow() {
                return None;
            }
            let execution = self.next_execution().await?;
            if let Some(message) = execution.or_else(|| self.next_figure()) {
                return Some(message);
            }
            if self.turn_page().await? {
                continue;
            }
            if let Some(heartbeat) = self.wait().await? {
                return Some(heartbeat);
            }
            sleep(self.seat.turn()).await;
        }
    }

    fn message(&self, event: &'static str, news: &impl Serialize) -> Message {
        Message {
            id: self.app.id_of_place(self.place, &self.audience.scopes()),
            event,
            // Messages are plain data and can always be serialised.
            data: serde_json::to_string(news).unwrap_or_default(),
        }
    }

    /// `None` ends the stream, because what the client can see is unknown.
    async fn next_execution(&mut self) -> Option<Option<Message>> {
        while let Some(one) = self.page.pop_front() {
            // Boxed, so that an idle stream does not hold its state.
            let shown = match Box::pin(shown_to(&self.audience, &self.app.reading, &one)).await {
                Ok(shown) => shown,
                Err(error) => {
                    tracing::warn!(%error, "ending a live stream: cannot read pseudonyms");
                    return None;
                }
            };
            self.place = one.position;
            if is_watched(&self.watched, &shown) {
                let news = ExecutionCompleted::of(&one, shown, &self.audience);
                return Some(Some(self.message("execution.completed", &news)));
            }
        }
        Some(None)
    }

    /// Counts or a sync that differ from what the client last received.
    fn next_figure(&mut self) -> Option<Message> {
        if let Some(counts) = &mut self.counts {
            let tally = Arc::clone(&counts.borrow_and_update());
            if self.sent != Some(tally.view.counts) {
                self.sent = Some(tally.view.counts);
                if self.finished.is_none() {
                    self.place = self.place.max(Position::after(tally.watermark));
                }
                return Some(self.message("counts.update", &tally.view));
            }
        }
        let board = self.syncs.as_mut()?.borrow_and_update().clone();
        for known in board {
            let Some(news) = SyncProgress::of(&known, &self.audience) else {
                continue;
            };
            let before = self.sent_syncs.insert(known.key(), Arc::clone(&known));
            if before.as_ref() != Some(&known) {
                return Some(self.message("sync.progress", &news));
            }
        }
        None
    }

    /// Fetches the next page, from memory or, for a client that is far behind, from the store; returns
    /// whether the place has moved. `None` if the store cannot be read.
    async fn turn_page(&mut self) -> Option<bool> {
        let Some(finished) = &mut self.finished else {
            return Some(false);
        };
        let kept = finished.borrow_and_update().after(self.place, PAGE);
        let page = match kept {
            Some(page) => page,
            // Boxed, so that an idle stream does not hold its state.
            None => Box::pin(self.read()).await?,
        };
        let moved = page.next > self.place;
        self.page.extend(page.executions);
        if self.page.is_empty() {
            self.place = page.next;
        }
        Some(moved)
    }

    async fn read(&self) -> Option<Page> {
        let scopes = self.audience.scopes();
        match self
            .app
            .store
            .port()
            .finished(&scopes, self.place, PAGE)
            .await
        {
            Ok(page) => Some(Page {
                executions: page.executions.into_iter().map(Arc::new).collect(),
                next: page.next,
            }),
            Err(error) => {
                tracing::warn!(%error, "ending a live stream: cannot read executions");
                None
            }
        }
    }

    /// Moves a client without a subscription to executions to the newest commit of its projects.
    fn catch_up(&mut self) {
        if self.finished.is_none() {
            let newest = self.app.newest(&self.audience.scopes());
            self.place = self.place.max(Position::after(newest));
        }
    }

    /// Waits until there may be news; returns a heartbeat if there is none for long. `None` ends the stream.
    async fn wait(&mut self) -> Option<Option<Message>> {
        tokio::select! {
            heard = changed(&mut self.finished) => heard?,
            heard = changed(&mut self.counts) => heard?,
            heard = changed(&mut self.syncs) => heard?,
            _ = self.stopped.changed() => return None,
            _ = self.heartbeat.tick() => {
                self.catch_up();
                let at = self.app.clock.now();
                return Some(Some(self.message("heartbeat", &Heartbeat { at })));
            }
        }
        Some(None)
    }
}

/// Shows that the stream is alive. Its id is the current place.
#[derive(Serialize)]
pub(super) struct Heartbeat {
    #[serde(rename = "timestamp")]
    pub at: weir_model::Timestamp,
}

/// Waits for a change; forever without a receiver. `None` if the sender is gone.
async fn changed<T>(receiver: &mut Option<watch::Receiver<T>>) -> Option<()> {
    match receiver {
        Some(receiver) => receiver.changed().await.ok(),
        None => std::future::pending().await,
    }
}
