//! What one client is told about the projects that it follows.

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
    counts::{Counts, CountsView, Tally},
    finished::{ExecutionCompleted, Page, Recent},
    syncs::{Board, KeptReport, SyncKey, SyncProgress},
};
use crate::app::{App, AppError, ErrorCode};

/// Executions that a subscriber holds at once.
const PAGE: usize = 128;
/// Executions in an answer to a poll.
const POLLED: usize = 1_000;

/// Which kinds of news a client wants.
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
    const EVERYTHING: Self = Self {
        counts: true,
        executions: true,
        syncs: true,
    };

    /// Reads a list of names of events; without one everything is wanted.
    pub fn parse(names: Option<&str>) -> Result<Self, AppError> {
        let Some(names) = names else {
            return Ok(Self::EVERYTHING);
        };
        let mut wants = Self {
            counts: false,
            executions: false,
            syncs: false,
        };
        for name in names.split(',').map(str::trim) {
            match name {
                "counts.update" => wants.counts = true,
                "execution.completed" => wants.executions = true,
                "sync.progress" => wants.syncs = true,
                _ => {
                    let detail = format!("No event of this stream is named {name:?}.");
                    return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                        .field("events")
                        .fix("counts.update, execution.completed, sync.progress"));
                }
            }
        }
        Ok(wants)
    }
}

/// What a client that does not keep a connection is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Polled {
    /// The place to go on from: `lastEventId` of the next request.
    pub id: String,
    /// The counts as they are.
    pub counts: CountsView,
    /// The executions that ended after `lastEventId`; none without one.
    pub executions: Vec<ExecutionCompleted>,
    /// Whether there are more already.
    pub more: bool,
    /// How far syncs have come.
    pub syncs: Vec<SyncProgress>,
}

/// A client's place in the order of commits, and what it listens to.
pub struct Subscription {
    app: Arc<App>,
    audience: Audience,
    watched: Watched,
    place: Position,
    page: VecDeque<Arc<Finished>>,
    finished: Option<watch::Receiver<Recent>>,
    counts: Option<watch::Receiver<Arc<Tally>>>,
    told: Option<Counts>,
    syncs: Option<watch::Receiver<Board>>,
    told_syncs: HashMap<SyncKey, Arc<KeptReport>>,
    heartbeat: Interval,
    stopped: watch::Receiver<bool>,
    seat: Place,
}

impl App {
    /// Subscribes to news of projects, from the present on or from the id of the last event had.
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
        // The order matters: what is committed from here on is heard of, or comes after the place.
        let finished = wants.executions.then(|| self.listen_to_finished(&scopes));
        let present = Position::after(*self.store.commits().borrow());
        let tally = self.tally(&scopes, &watched, Freshness::Cached).await?;
        let counts = wants
            .counts
            .then(|| self.listen_to_counts(&scopes, &watched, tally));
        let tenant = scopes.first().map(|scope| scope.tenant);
        let syncs = tenant.filter(|_| wants.syncs);
        let syncs = syncs.map(|tenant| self.live.syncs.listen(tenant));
        Ok(Subscription {
            // A store that was put back to an earlier state begins anew with its present.
            place: place.map_or(present, |place| place.min(present)),
            told_syncs: match (place, &syncs) {
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
            told: None,
            seat,
        })
    }

    pub(super) fn heartbeat(&self) -> Interval {
        let every = self.live.settings.heartbeat;
        let mut heartbeat = interval_at(Instant::now() + every, every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat
    }

    /// The same for a client that asks from time to time.
    pub async fn poll(
        &self,
        audience: &Audience,
        watched: &Watched,
        last_id: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<Polled>, AppError> {
        let scopes = audience.scopes();
        let place = last_id.and_then(|id| self.place_of(id));
        let tally = self.tally(&scopes, watched, freshness).await?;
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
            let shown = self.finished_for(audience, one).await?;
            if interests(watched, &shown) {
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
                // Syncs move without a commit where all that they send is stored already.
                revision: hasher.finish(),
            },
            body: Polled {
                id: self.word_for(page.next, &scopes),
                counts: tally.view,
                executions,
                more: page.more,
                syncs,
            },
        })
    }
}

/// The syncs that were over before a new client came: it is told of those that go on. One that comes back may
/// have missed an end.
fn over(board: &Board) -> HashMap<SyncKey, Arc<KeptReport>> {
    let over = board.iter().filter(|kept| kept.is_over());
    over.map(|kept| (kept.key(), Arc::clone(kept))).collect()
}

/// Whether somebody who watches a part of the projects wants to know of an execution.
fn interests(watched: &Watched, one: &Finished) -> bool {
    let is = |wanted: &Option<String>, value: &Option<String>| wanted.is_none() || wanted == value;
    is(&watched.environment, &one.environment) && is(&watched.workflow, &one.workflow)
}

impl Subscription {
    /// The next news, as soon as there is some. `None` ends the stream: the client comes back with the
    /// last id.
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
            id: self.app.word_for(self.place, &self.audience.scopes()),
            event,
            // What is told is plain data: it can always be written.
            data: serde_json::to_string(news).unwrap_or_default(),
        }
    }

    /// `None` if it cannot be found out what the client may see.
    async fn next_execution(&mut self) -> Option<Option<Message>> {
        while let Some(one) = self.page.pop_front() {
            // Boxed, because a stream at rest does not need its state.
            let shown = match Box::pin(self.app.finished_for(&self.audience, &one)).await {
                Ok(shown) => shown,
                Err(error) => {
                    tracing::warn!(%error, "a live stream ends: its users could not be read");
                    return None;
                }
            };
            self.place = one.position;
            if interests(&self.watched, &shown) {
                let news = ExecutionCompleted::of(&one, shown, &self.audience);
                return Some(Some(self.message("execution.completed", &news)));
            }
        }
        Some(None)
    }

    /// Counts or a sync that are not what the client was told last.
    fn next_figure(&mut self) -> Option<Message> {
        if let Some(counts) = &mut self.counts {
            let tally = Arc::clone(&counts.borrow_and_update());
            if self.told != Some(tally.view.counts) {
                self.told = Some(tally.view.counts);
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
            let before = self.told_syncs.insert(known.key(), Arc::clone(&known));
            if before.as_ref() != Some(&known) {
                return Some(self.message("sync.progress", &news));
            }
        }
        None
    }

    /// Fetches what comes next, from memory or, for a client that is far behind, from the store; says
    /// whether there is any. `None` if the store cannot be read.
    async fn turn_page(&mut self) -> Option<bool> {
        let Some(finished) = &mut self.finished else {
            return Some(false);
        };
        let kept = finished.borrow_and_update().after(self.place, PAGE);
        let page = match kept {
            Some(page) => page,
            // Boxed, because a stream at rest does not need its state.
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
                tracing::warn!(%error, "a live stream ends: its place could not be read");
                None
            }
        }
    }

    /// A client that does not want to know of executions is as far as its projects are.
    fn catch_up(&mut self) {
        if self.finished.is_none() {
            let newest = self.app.newest(&self.audience.scopes());
            self.place = self.place.max(Position::after(newest));
        }
    }

    /// Waits until there may be news; a heartbeat if there is none for long. `None` ends the stream.
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

/// The stream is alive, and this is how far it has come.
#[derive(Serialize)]
pub(super) struct Heartbeat {
    #[serde(rename = "timestamp")]
    pub at: weir_model::Timestamp,
}

/// Waits for a change; for ever where nothing is listened to. `None` if nobody tells any more.
async fn changed<T>(receiver: &mut Option<watch::Receiver<T>>) -> Option<()> {
    match receiver {
        Some(receiver) => receiver.changed().await.ok(),
        None => std::future::pending().await,
    }
}
