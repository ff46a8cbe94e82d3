//! Taking one body of events: prices, storage, and reports to those who follow live.

use std::sync::Arc;

use weir_model::Scope;

use super::{Counted, Encoding, Outcome, Sender, Shape};
use crate::app::{App, AppError, live::SyncReport};

/// A body of events, and what its sender says about it.
#[derive(Debug)]
pub struct Delivery {
    /// Whose events.
    pub scope: Scope,
    /// The only environment that the sender can send to, if it is bound to one.
    pub environment: Option<Arc<str>>,
    /// The source that completeness figures attribute the events to.
    pub source: Arc<str>,
    /// The body's shape.
    pub shape: Shape,
    /// The body's compression.
    pub encoding: Encoding,
    /// The progress of the sync that the body belongs to, once the body is stored.
    pub sync: Option<SyncReport>,
    /// The body as sent.
    pub body: Counted,
}

impl App {
    /// Counts a body that the program itself produced. Fails with `busy` or `payload_too_large` if there is no
    /// memory for it.
    pub async fn hold_body(&self, body: bytes::Bytes) -> Result<Counted, AppError> {
        let share = self.intake.share(Sender::default());
        Counted::held(body, share).await
    }

    /// Reads a body of events, stores the valid ones and reports what became of each. Fails if the body as a
    /// whole cannot be read, or if the store cannot take events.
    pub async fn take_events(&self, delivery: Delivery) -> Result<Outcome, AppError> {
        let (scope, source) = (delivery.scope, Arc::clone(&delivery.source));
        let sync = delivery.sync.clone();
        // Random, because a counter would reveal how many bodies all tenants send.
        let mut body = [0; 8];
        self.entropy.fill(&mut body);
        let body = u64::from_ne_bytes(body);
        let progress = |current, total| {
            if sync.is_none() {
                let report = SyncReport::of_body(body, current, total);
                self.live.syncs.report(scope, &source, report);
            }
        };
        let prices = self.prices.book(&self.meta, scope).await?;
        let outcome = self.intake.take(delivery, prices, progress).await?;
        if let Some(report) = sync.clone() {
            self.live.syncs.report(scope, &source, report);
        }
        self.telemetry
            .events(outcome.accepted, outcome.duplicates, outcome.rejected);
        Ok(outcome)
    }
}
