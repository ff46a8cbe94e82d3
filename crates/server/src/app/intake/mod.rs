//! Events in: from the bytes of a body to a durable commit and an answer.

mod encoding;
mod memory;
mod outcome;
mod records;

use std::{ops::Range, sync::Arc, time::Duration};

use bytes::Bytes;
use weir_meta::MetaStore;
use weir_model::{
    Clock, Event, Scope,
    event::{Decoded, Decoder, decode_cloud_event},
    price::PriceBook,
};
use weir_store::{EventStore, Receipt, StoreError, Submission};

pub use encoding::{Encoding, too_large};
pub use memory::Share;
pub use outcome::{Fault, IgnoredField, Outcome};
pub use records::Shape;

use super::{
    AppError,
    errors::{Desk, Held},
    live::SyncReport,
    redaction::Redactions,
    settings::IntakeSettings,
};

/// Bodies above this many bytes are read on a blocking thread, to keep the others' answers prompt.
const LARGE: usize = 64 * 1024;
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
    pub body: Bytes,
}

/// The way in.
pub struct Intake {
    store: Arc<dyn EventStore>,
    clock: Arc<dyn Clock>,
    redactions: Redactions,
    meta: Arc<MetaStore>,
    errors: Arc<Desk>,
    memory: memory::Memory,
    settings: IntakeSettings,
}

/// A body cut into events.
#[derive(Clone)]
struct Cut {
    body: Bytes,
    /// Where each event's text stands in the body.
    records: Arc<Vec<Range<usize>>>,
    shape: Shape,
    source: Arc<str>,
    environment: Option<Arc<str>>,
    /// What prices costs that come without money.
    prices: Arc<PriceBook>,
}

/// Some events of a body, read.
#[derive(Default)]
struct Slice {
    events: Vec<Event>,
    faults: Vec<Fault>,
    ignored: Vec<IgnoredField>,
    /// What the events' errors are counted under: in force until they are stored.
    held: Option<Held>,
}

impl Intake {
    /// A way in to the store.
    pub(crate) fn new(
        store: Arc<dyn EventStore>,
        meta: Arc<MetaStore>,
        clock: Arc<dyn Clock>,
        errors: Arc<Desk>,
        settings: IntakeSettings,
    ) -> Result<Self, AppError> {
        Ok(Self {
            store,
            clock,
            errors,
            redactions: Redactions::new(settings.redaction.clone(), settings.limits)?,
            meta,
            memory: memory::Memory::new(settings.memory_bytes),
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

    /// Waits for a share of the memory for a body of so many bytes as sent (at most the limit, which
    /// is also taken for a body of unknown length). A caller that gets none is told to come again.
    pub async fn reserve(
        &self,
        bytes: Option<usize>,
        encoding: Encoding,
    ) -> Result<Share, AppError> {
        let sent = bytes
            .unwrap_or(self.settings.body_bytes)
            .min(self.settings.body_bytes);
        let expected = match encoding {
            Encoding::Identity => sent,
            Encoding::Gzip | Encoding::Zstd => {
                sent.saturating_mul(8).min(self.settings.decoded_bytes)
            }
        };
        self.memory.share(expected, self.settings.patience).await
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
        let cut = self.cut(delivery, prices).await?;
        let mut outcome = Outcome::default();
        let mut committing: Option<Commit> = None;
        // While one slice is being committed the next is read.
        for start in (0..cut.records.len()).step_by(self.settings.slice) {
            let end = (start + self.settings.slice).min(cut.records.len());
            let slice = self.read(scope, cut.clone(), start..end).await?;
            if let Some(before) = committing.take() {
                self.finish(before, &mut outcome).await?;
                told(start, cut.records.len());
            }
            outcome.rejected += slice.faults.len();
            outcome.ignore(slice.ignored);
            let room = self
                .settings
                .errors_listed
                .saturating_sub(outcome.errors.len());
            outcome.errors.extend(slice.faults.into_iter().take(room));
            if !slice.events.is_empty() {
                committing = Some(self.start_commit(
                    scope,
                    slice.events,
                    start > 0,
                    (slice.held, Arc::clone(&cut.prices)),
                ));
            }
        }
        if let Some(last) = committing {
            self.finish(last, &mut outcome).await?;
        }
        if cut.records.len() > self.settings.slice {
            told(cut.records.len(), cut.records.len());
        }
        Ok(outcome)
    }

    async fn cut(&self, delivery: Delivery, prices: Arc<PriceBook>) -> Result<Cut, AppError> {
        let limit = self.settings.decoded_bytes;
        let large = delivery.body.len() > LARGE || delivery.encoding != Encoding::Identity;
        let work = move || {
            let body = delivery.encoding.decode(delivery.body, limit)?;
            let start = body.as_ptr() as usize;
            let records = delivery.shape.split(&body)?;
            let position = |record: &[u8]| {
                let from = record.as_ptr() as usize - start;
                from..from + record.len()
            };
            let records = Arc::new(records.into_iter().map(position).collect());
            Ok(Cut {
                body,
                records,
                shape: delivery.shape,
                source: delivery.source,
                environment: delivery.environment,
                prices,
            })
        };
        if large {
            on_blocking_thread(work).await?
        } else {
            work()
        }
    }

    async fn read(&self, scope: Scope, cut: Cut, range: Range<usize>) -> Result<Slice, AppError> {
        let held = self.errors.hold(scope).await?;
        let decoder = self.redactions.decoder(&self.meta, scope).await?;
        let clock = Arc::clone(&self.clock);
        let large = cut.body.len() > LARGE;
        let work = move || {
            let mut slice = cut.read(&decoder, &*clock, range);
            held.key_events(&mut slice.events);
            slice.held = Some(held);
            slice
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
        held: (Option<Held>, Arc<PriceBook>),
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
    fn read(&self, decoder: &Decoder, clock: &dyn Clock, range: Range<usize>) -> Slice {
        let now = clock.now();
        let decoder = &decoder.of_environment(self.environment.clone());
        let mut slice = Slice {
            events: Vec::with_capacity(range.len()),
            faults: Vec::new(),
            ignored: Vec::new(),
            held: None,
        };
        for index in range {
            let json = &self.body[self.records[index].clone()];
            let read = if self.shape.is_cloud_event() {
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
                Err(error) => slice.faults.push(Fault::new(index, error)),
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
