//! `weir demo`: a server with the data of a fictional company, which keeps arriving.

use std::{fmt::Write, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use bytes::Bytes;
use tokio::sync::mpsc;
use weir_demo::DemoGenerator;
use weir_model::{Clock, Scope, SystemClock, Timestamp, time::HOUR};
use weir_server::{
    App,
    app::{
        AppError, ErrorCode,
        intake::{Delivery, Encoding, Shape},
    },
};
use weir_store::EventStore;

use super::serve::{self, Ready, stop_signal};
use crate::{
    arguments::Demo,
    greeting::{self, Access},
    output::print,
};

/// The source of the generated events.
const SOURCE: &str = "demo";
/// The address of the company's owner.
const OWNER: &str = "owner@localhost";
/// How often new events are generated.
const TICK: Duration = Duration::from_secs(1);
/// The longest period that is generated at once, in milliseconds.
const SLICE_MS: i64 = 3 * HOUR;

/// Runs the server until it receives a signal to stop. Fails if it cannot start.
pub async fn run(arguments: Demo) -> Result<ExitCode> {
    let (days, seed) = (arguments.days, arguments.seed);
    let ready = serve::prepare(arguments.serve).await?;
    let producer = Producer::new(&ready, days, seed).await?;
    let access = match ready.meta.make_owner(OWNER, "Owner").await? {
        Some(password) => Access::Password {
            email: OWNER,
            password,
        },
        None => Access::Existing,
    };
    print(&greeting::text(&ready.url, &access, ready.first.as_ref()))?;
    print(&producer.incidents())?;
    let working = tokio::spawn(producer.work());
    let served = weir_server::serve(ready.app, ready.listener, ready.tls, stop_signal()?).await;
    working.abort();
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Generates events and submits them to the same intake as every other producer's.
struct Producer {
    app: Arc<App>,
    scope: Scope,
    generator: Arc<DemoGenerator>,
    /// The days of history still to be generated; 0 if they are stored already.
    days: u32,
    /// From here on, events are generated as time passes.
    from: Timestamp,
}

impl Producer {
    async fn new(ready: &Ready, days: u32, seed: u64) -> Result<Self> {
        let operator = ready.meta.operator().await?.context("there is no tenant")?;
        let projects = ready.meta.door(&operator).projects().await?;
        let project = projects.first().context("there is no project")?;
        // The company and its incidents are placed relative to this time, so that every start agrees on them.
        let created = project.created_at;
        let sources = ready.store.sources(project.scope);
        let newest = sources.iter().find(|source| &*source.source == SOURCE);
        let stored = newest
            .map(|source| source.newest_event)
            .filter(|newest| *newest >= created);
        let now = jiff::Timestamp::from_millisecond(created.0)?;
        Ok(Self {
            app: ready.app.clone(),
            scope: project.scope,
            generator: Arc::new(DemoGenerator::new(seed, now)),
            days: if stored.is_some() { 0 } else { days },
            from: stored.unwrap_or(created),
        })
    }

    /// The text that introduces the incidents.
    fn incidents(&self) -> String {
        let mut text = String::from(
            "\nThis is the data of a fictional company. It contains three incidents; can you find them?\n\n",
        );
        for incident in self.generator.incidents() {
            writeln!(text, "  {}", incident.description).expect("a String takes everything");
        }
        text
    }

    async fn work(mut self) {
        if let Err(error) = self.history().await {
            tracing::error!(%error, "cannot store the history");
            return;
        }
        loop {
            let to = SystemClock.now().min(self.from.plus(SLICE_MS));
            match self.live(to).await {
                Ok(()) => self.from = to,
                Err(error) => tracing::warn!(%error, "cannot store live events"),
            }
            if SystemClock.now().0 - self.from.0 < SLICE_MS {
                tokio::time::sleep(TICK).await;
            }
        }
    }

    /// Generates and stores the days before the project was created. While a batch is stored, the next is generated.
    async fn history(&self) -> Result<()> {
        if self.days == 0 {
            return Ok(());
        }
        let (sender, mut batches) = mpsc::channel(2);
        let (generator, days) = (self.generator.clone(), self.days);
        let making = tokio::task::spawn_blocking(move || {
            for batch in generator.history(days) {
                if sender.blocking_send(lines(&batch)).is_err() {
                    return;
                }
            }
        });
        let mut stored = 0;
        while let Some(body) = batches.recv().await {
            stored += self.send(body).await?;
        }
        making.await?;
        tracing::info!(events = stored, days = self.days, "the history is complete");
        Ok(())
    }

    async fn live(&self, to: Timestamp) -> Result<()> {
        let moment = |at: Timestamp| jiff::Timestamp::from_millisecond(at.0);
        let (from, to) = (moment(self.from)?, moment(to)?);
        let generator = self.generator.clone();
        let body = tokio::task::spawn_blocking(move || lines(&generator.live(from, to))).await?;
        if !body.is_empty() {
            self.send(body).await?;
        }
        Ok(())
    }

    /// Submits a body, and retries while the server is busy. Returns the number of accepted and duplicate events.
    async fn send(&self, body: Bytes) -> Result<usize, AppError> {
        loop {
            let body = self.app.hold_body(body.clone()).await?;
            let delivery = Delivery {
                scope: self.scope,
                environment: None,
                source: SOURCE.into(),
                shape: Shape::Lines,
                encoding: Encoding::Identity,
                sync: None,
                body,
            };
            match self.app.take_events(delivery).await {
                Ok(outcome) => {
                    if let Some(fault) = outcome.errors.first() {
                        tracing::warn!(refused = outcome.rejected, %fault.detail, "generated events were rejected");
                    }
                    return Ok(outcome.accepted + outcome.duplicates);
                }
                Err(error) if error.code == ErrorCode::Busy => tokio::time::sleep(TICK).await,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Events as NDJSON.
fn lines(events: &[serde_json::Value]) -> Bytes {
    let mut text = String::new();
    for event in events {
        writeln!(text, "{event}").expect("a String takes everything");
    }
    text.into()
}
