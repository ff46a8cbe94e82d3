//! Ingesting events: from the bytes of a body to a durable commit and an answer.

mod buffer;
mod delivery;
mod encoding;
mod memory;
mod outcome;
mod pools;
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

pub use buffer::{Buffer, Counted};
pub use delivery::Delivery;
pub use encoding::{Encoding, too_large};
pub use memory::Share;
pub use outcome::{Fault, IgnoredField, Outcome};
pub use pools::Sender;
pub use records::Shape;

use super::{AppError, redaction::Redactions, settings::IntakeSettings, telemetry};
use encoding::Expansion;
use pools::SMALL;
use records::{Records, SliceBounds};

/// A slice takes no more events once it has this many bytes.
const SLICE_BYTES: usize = 8 << 20;
/// The length of the shortest event. Millions of `{}` fit into a small compressed body, so once enough faults
/// are listed, shorter records are counted without being read.
const SHORTEST: usize = r#"{"type":"step"}"#.len();
/// How often a slice in the middle of a body is retried when the store is busy.
const TRIES: u32 = 60;

/// Decompresses, splits, reads and stores bodies of events.
pub struct Intake {
    store: Arc<dyn EventStore>,
    clock: Arc<dyn Clock>,
    redactions: Redactions,
    meta: Arc<MetaStore>,
    keyings: Arc<Keyings>,
    memory: Arc<memory::Memory>,
    /// Limits how many large bodies are decompressed at once.
    decompressing: Arc<Semaphore>,
    /// Limits how many slices of large bodies are held, from reading to storage.
    slices: Arc<Semaphore>,
    settings: IntakeSettings,
}

/// A body split into events.
struct Cut {
    records: Records,
    /// Whether it is read on blocking threads, slice by slice, so that other requests are answered promptly.
    large: bool,
    is_cloud_event: bool,
    source: Arc<str>,
    environment: Option<Arc<str>>,
    /// Prices costs without an amount.
    prices: Arc<PriceBook>,
    _share: Share,
}

/// Decoded events of a part of a body.
#[derive(Default)]
struct Slice {
    events: Vec<Event>,
    /// How many events are rejected.
    rejected: usize,
    /// The faults of the first rejected events.
    faults: Vec<Fault>,
    ignored: Vec<IgnoredField>,
    /// The error grouping that keyed the events, held until they are stored.
    held: Option<Held>,
    /// Its place among the slices, held until it is stored.
    place: Option<OwnedSemaphorePermit>,
}

impl Intake {
    /// An intake for the store. Fails if a redaction rule does not compile.
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

    /// The redaction rules in use.
    pub(super) fn redactions(&self) -> &Redactions {
        &self.redactions
    }

    /// Its limits.
    pub fn settings(&self) -> &IntakeSettings {
        &self.settings
    }

    /// A share of the memory for a body; it grows with the body.
    pub fn share(&self, sender: Sender) -> Share {
        self.memory.share(sender)
    }

    /// Memory held by bodies, and refused bodies, for `/metrics`.
    pub(super) fn figures(&self) -> telemetry::Source {
        self.memory.figures()
    }

    /// Reads the body, stores its valid events and reports what became of each. Costs without an amount are
    /// priced by `prices`, which is held until they are stored. For a body of several slices, calls
    /// `progress` with the number of processed events and the total. Fails if the body cannot be decompressed
    /// or split, or if the store cannot take events; with code `busy`, nothing was stored.
    pub async fn take(
        &self,
        delivery: Delivery,
        prices: Arc<PriceBook>,
        progress: impl Fn(usize, usize),
    ) -> Result<Outcome, AppError> {
        let scope = delivery.scope;
        let mut cut = self.cut(delivery, prices).await?;
        let total = cut.records.total;
        let in_one = cut.records.slice().len() == total;
        let mut outcome = Outcome::default();
        let mut committing: Option<Commit> = None;
        let mut start = 0;
        // While one slice is being committed, the next is read.
        while start < total {
            let slice;
            let seen = cut.records.slice().len();
            let unnamed = self.settings.errors_listed - outcome.errors.len();
            (cut, slice) = self.read(scope, cut, start, unnamed).await?;
            if let Some(before) = committing.take() {
                self.finish(before, &mut outcome).await?;
                progress(start, total);
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
            progress(total, total);
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

    /// Reads the current slice of the body and advances to the next. `start` is the position of the slice's
    /// first event; `unnamed` is how many faults can still be listed.
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
        // A separate task, so that a caller who disconnects does not stop it halfway.
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
                        "The first {stored} valid events of this body are stored, the rest are not. \
                         Send the body again: stored events are not counted twice."
                    );
                }
                Err(error)
            }
        }
    }
}

/// A commit in progress.
type Commit = tokio::task::JoinHandle<Result<Receipt, StoreError>>;

/// Commits a slice. If the store is busy, the first slice of a body is refused; once a part of the body is
/// stored, later slices wait instead (`patient`).
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
