//! Events in: from the bytes of a body to a durable commit and an answer.

mod encoding;
mod memory;
mod outcome;
mod records;

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weir_insights::errors::{Held, Keyings};
use weir_meta::MetaStore;
use weir_model::{
    Clock, Event, Scope,
    event::{Decoded, Decoder, decode_cloud_event},
    price::PriceBook,
};
use weir_store::{EventStore, Receipt, StoreError, Submission};

pub use encoding::{Encoding, too_large};
pub use memory::{Buffer, Counted, Sender, Share};
pub use outcome::{Fault, IgnoredField, Outcome};
pub use records::Shape;

use super::{
    AppError, live::SyncReport, redaction::Redactions, settings::IntakeSettings, telemetry,
};
use encoding::Expansion;
use memory::SMALL;
use records::{Records, SliceBounds};

/// The bytes of text from which on no other event is added to a slice.
const SLICE_BYTES: usize = 8 << 20;
/// No event is shorter. Millions of `{}` fit into a small compressed body: once enough faults are named, they
/// are counted and not looked into.
const SHORTEST: usize = r#"{"type":"step"}"#.len();
/// How often a slice in the middle of a body is tried again when the store is busy.
const TRIES: u32 = 60;

/// What somebody sent.
#[derive(Debug)]
pub struct Delivery {
    /// Whose events.
    pub scope: Scope,
    /// The environment that they are of, when whoever sends them sends to one only.
    pub environment: Option<Arc<str>>,
    /// The door they came by.
    pub source: Arc<str>,
    /// The body's shape.
    pub shape: Shape,
    /// The body's compression.
    pub encoding: Encoding,
    /// How far the sync has come that the body belongs to, once it is stored.
    pub sync: Option<SyncReport>,
    /// The body as sent.
    pub body: Counted,
}

/// The way in.
pub struct Intake {
    store: Arc<dyn EventStore>,
    clock: Arc<dyn Clock>,
    redactions: Redactions,
    meta: Arc<MetaStore>,
    keyings: Arc<Keyings>,
    memory: Arc<memory::Memory>,
    /// Turns to decompress large bodies.
    decompressing: Arc<Semaphore>,
    /// Places for slices of large bodies, from their reading until they are stored.
    slices: Arc<Semaphore>,
    settings: IntakeSettings,
}

/// A body cut into events.
struct Cut {
    records: Records,
    /// Whether it is read on blocking threads, to keep the others' answers prompt, and slice by slice.
    large: bool,
    is_cloud_event: bool,
    source: Arc<str>,
    environment: Option<Arc<str>>,
    /// What prices costs that come without money.
    prices: Arc<PriceBook>,
    _share: Share,
}

/// Some events of a body, read.
#[derive(Default)]
struct Slice {
    events: Vec<Event>,
    /// How many are refused.
    rejected: usize,
    /// Why, of the first of them.
    faults: Vec<Fault>,
    ignored: Vec<IgnoredField>,
    /// What the events' errors are counted under: in force until they are stored.
    held: Option<Held>,
    /// The place that it takes until it is stored.
    place: Option<OwnedSemaphorePermit>,
}

impl Intake {
    /// A way in to the store.
    pub(crate) fn new(
        store: Arc<dyn EventStore>,
        meta: Arc<MetaStore>,
        clock: Arc<dyn Clock>,
        keyings: Arc<Keyings>,
        settings: IntakeSettings,
    ) -> Result<Self, AppError> {
        Ok(Self {
            store,
            clock,
            keyings,
            redactions: Redactions::new(settings.redaction.clone(), settings.limits)?,
            meta,
            memory: Arc::new(memory::Memory::new(
                settings.memory_bytes,
                settings.patience,
            )),
            decompressing: Arc::new(Semaphore::new(settings.decompressing)),
            slices: Arc::new(Semaphore::new(settings.slices)),
            settings,
        })
    }

    /// What is taken out of events.
    pub(super) fn redactions(&self) -> &Redactions {
        &self.redactions
    }

    /// Its bounds.
    pub fn settings(&self) -> &IntakeSettings {
        &self.settings
    }

    /// A share of the memory for a body that somebody sends; it grows with the body.
    pub fn share(&self, sender: Sender) -> Share {
        self.memory.share(sender)
    }

    /// How much memory bodies take, and what was refused, for `/metrics`.
    pub(super) fn figures(&self) -> telemetry::Source {
        self.memory.figures()
    }

    /// Reads the body, stores its good events and says what became of all of them. When this
    /// returns an error of code `busy`, nothing was taken. Costs without money are priced by the book,
    /// which is held until they are stored. A body of several slices is long on its way: `told` hears
    /// how many of its events are done with.
    pub async fn take(
        &self,
        delivery: Delivery,
        prices: Arc<PriceBook>,
        told: impl Fn(usize, usize),
    ) -> Result<Outcome, AppError> {
        let scope = delivery.scope;
        let mut cut = self.cut(delivery, prices).await?;
        let total = cut.records.total;
        let in_one = cut.records.slice().len() == total;
        let mut outcome = Outcome::default();
        let mut committing: Option<Commit> = None;
        let mut start = 0;
        // While one slice is being committed the next is read.
        while start < total {
            let slice;
            let seen = cut.records.slice().len();
            let unnamed = self.settings.errors_listed - outcome.errors.len();
            (cut, slice) = self.read(scope, cut, start, unnamed).await?;
            if let Some(before) = committing.take() {
                self.finish(before, &mut outcome).await?;
                told(start, total);
            }
            outcome.rejected += slice.rejected;
            outcome.ignore(slice.ignored);
            outcome.errors.extend(slice.faults);
            if !slice.events.is_empty() {
                committing = Some(self.start_commit(
                    scope,
                    slice.events,
                    start > 0,
                    (slice.held, slice.place, Arc::clone(&cut.prices)),
                ));
            }
            start += seen;
        }
        if let Some(last) = committing {
            self.finish(last, &mut outcome).await?;
        }
        if !in_one {
            told(total, total);
        }
        Ok(outcome)
    }

    async fn cut(&self, delivery: Delivery, prices: Arc<PriceBook>) -> Result<Cut, AppError> {
        let expansion = Expansion {
            bytes: self.settings.decoded_bytes,
            ratio: self.settings.decoded_ratio,
        };
        let body = delivery
            .encoding
            .decode(delivery.body, expansion, &self.decompressing);
        let body = body.await?;
        let bounds = SliceBounds {
            events: self.settings.slice,
            bytes: SLICE_BYTES,
        };
        let large = body.bytes.len() > SMALL;
        let (bytes, shape) = (body.bytes, delivery.shape);
        let open = move || Records::open(bytes, shape, bounds);
        let records = if large {
            on_blocking_thread(open).await??
        } else {
            open()?
        };
        Ok(Cut {
            records,
            large,
            is_cloud_event: shape.is_cloud_event(),
            source: delivery.source,
            environment: delivery.environment,
            prices,
            _share: body.share,
        })
    }

    /// Reads the slice that the body is at, whose first event has this position, and goes on to the next. So
    /// many faults may still be named.
    async fn read(
        &self,
        scope: Scope,
        cut: Cut,
        start: usize,
        unnamed: usize,
    ) -> Result<(Cut, Slice), AppError> {
        let place = match cut.large {
            true => Arc::clone(&self.slices).acquire_owned().await.ok(),
            false => None,
        };
        let held = self.keyings.hold(scope).await?;
        let decoder = self.redactions.decoder(&self.meta, scope).await?;
        let clock = Arc::clone(&self.clock);
        let store = Arc::clone(&self.store);
        let large = cut.large;
        let work = move || {
            let mut cut = cut;
            let mut slice = cut.read(&decoder, &*clock, start, unnamed);
            cut.records.advance();
            held.key_events(&*store, scope, &mut slice.events);
            slice.held = Some(held);
            slice.place = place;
            (cut, slice)
        };
        if large {
            on_blocking_thread(work).await
        } else {
            Ok(work())
        }
    }

    fn start_commit(
        &self,
        scope: Scope,
        events: Vec<Event>,
        in_the_middle: bool,
        held: (Option<Held>, Option<OwnedSemaphorePermit>, Arc<PriceBook>),
    ) -> Commit {
        let store = Arc::clone(&self.store);
        // A task of its own, so that a caller who hangs up does not stop it half way.
        tokio::spawn(async move {
            let _held = held;
            commit(&*store, Submission { scope, events }, in_the_middle).await
        })
    }

    async fn finish(&self, commit: Commit, outcome: &mut Outcome) -> Result<(), AppError> {
        let receipt = commit.await.map_err(AppError::internal)?;
        match receipt {
            Ok(receipt) => {
                outcome.accepted += receipt.accepted;
                outcome.duplicates += receipt.duplicates.len();
                Ok(())
            }
            Err(error) => {
                let mut error = AppError::from(error);
                let stored = outcome.accepted + outcome.duplicates;
                if stored > 0 {
                    error.detail = format!(
                        "The first {stored} good events of this body are stored, the rest is not. \
                         Send the body again: what is stored counts once."
                    );
                }
                Err(error)
            }
        }
    }
}

/// A commit under way.
type Commit = tokio::task::JoinHandle<Result<Receipt, StoreError>>;

/// Commits a slice. The first slice of a body is refused when the store is busy; once a part of the
/// body is taken, the rest waits instead.
async fn commit(
    store: &dyn EventStore,
    submission: Submission,
    patient: bool,
) -> Result<Receipt, StoreError> {
    if !patient {
        return store.commit(submission).await;
    }
    let Submission { scope, events } = submission;
    for _ in 1..TRIES {
        let again = Submission {
            scope,
            events: events.clone(),
        };
        match store.commit(again).await {
            Err(StoreError::Busy { .. }) => tokio::time::sleep(Duration::from_millis(500)).await,
            done => return done,
        }
    }
    store.commit(Submission { scope, events }).await
}

impl Cut {
    fn read(&self, decoder: &Decoder, clock: &dyn Clock, start: usize, unnamed: usize) -> Slice {
        let now = clock.now();
        let decoder = &decoder.of_environment(self.environment.clone());
        let records = self.records.slice();
        let mut slice = Slice {
            events: Vec::with_capacity(records.len()),
            ..Slice::default()
        };
        for (index, json) in (start..).zip(records) {
            if slice.faults.len() >= unnamed && json.len() < SHORTEST {
                slice.rejected += 1;
                continue;
            }
            let read = if self.is_cloud_event {
                decode_cloud_event(decoder, json, now)
            } else {
                decoder.read(json, &self.source, now)
            };
            match read {
                Ok(Decoded { mut event, ignored }) => {
                    self.prices.apply(&mut event);
                    slice.events.push(event);
                    let ignored = ignored.into_iter().map(|field| IgnoredField {
                        field,
                        events: 1,
                        index,
                    });
                    slice.ignored.extend(ignored);
                }
                Err(error) => {
                    slice.rejected += 1;
                    if slice.faults.len() < unnamed {
                        slice.faults.push(Fault::new(index, error));
                    }
                }
            }
        }
        slice
    }
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)
}
