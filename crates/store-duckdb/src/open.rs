//! Opens a store: migrates its tables, fills its memory and starts its threads.

use std::{sync::Arc, time::Instant};

use duckdb::Connection;
use parking_lot::{Mutex, RwLock};
use weir_model::{Granularity, Timestamp, cube::Cube};
use weir_store::{
    StoreError,
    fold::{OpenExecutions, key},
};

use crate::{
    anew,
    commit::Writer,
    connect::{another, connect},
    counters::Counters,
    declared::{self, Declared},
    directory::Directory,
    expiry::Expiry,
    history,
    identity::Identity,
    intake::Intake,
    lacking::Lacking,
    log::{self, Log},
    maintenance::{self, Backlog},
    options::Options,
    read::{Bounds, Readers},
    recent::Recent,
    retries::Retries,
    rollups::Rollups,
    schema,
    store::DuckDbStore,
};

impl DuckDbStore {
    /// Opens the store: migrates the tables, recovers the open executions, and starts the
    /// writer. Fails if another process has the file open, or if it is not the expected store.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let mut connection = connect(&options)?;
        options.belongs.check(&connection)?;
        let anew = schema::migrate(&mut connection)?;
        schema::create_functions(&connection, options.rules)?;
        let (mut directory, sequence) = Directory::load(&connection)?;
        let (clock, most) = (&*options.clock, options.clock_jump);
        let expiry = Arc::new(Expiry::open(&connection, sequence, clock, most)?);
        let now = expiry.horizon();
        bring_up_to_date(&connection, anew, (&mut directory, sequence), &options, now)?;
        let mut open = OpenExecutions::new(options.open_execution_bytes);
        history::open_events(&connection, options.rules, |scope, told, alone| {
            let workflow = told.event.workflow_id.as_deref().unwrap_or_default();
            let name = told.event.execution_id().unwrap_or_default();
            open.restore(key(scope, workflow, name), told, alone);
        })?;
        let connections = (0..options.readers.max(1)).map(|_| another(&connection, &options));
        let readers = Readers::new(
            connections.collect::<Result<_, _>>()?,
            Bounds {
                deadline: options.query_deadline,
                bytes: options.most_answer_bytes,
            },
        );
        let maintenance = another(&connection, &options)?;
        let declared = Declared::new(
            another(&connection, &options)?,
            another(&connection, &options)?,
        );
        let backlog = Arc::<Backlog>::default();
        let counters = Arc::<Counters>::default();
        let rollups = Rollups::open(
            another(&connection, &options)?,
            sequence,
            options.retention,
            expiry.clone(),
            backlog.clone(),
            counters.clone(),
            options.most_queued_events,
        )?;
        directory.load_environments(&connection)?;
        let lacking = Lacking::load(&connection)?;
        let retries = Retries::load(&connection)?;
        let bounds = log::Bounds {
            reserved: options.reserved_bytes,
            bytes: options.checkpoint_bytes,
            commits: options.checkpoint_commits,
        };
        // What a crash left in the log has just been replayed. It is checkpointed once the store is open, so
        // that neither a long log nor a full disk keeps the store from opening.
        let log = Log::of(options.path.as_deref(), bounds, sequence, Instant::now());
        let identity = Identity::load(&connection, sequence)?;
        let directory = Arc::new(RwLock::new(directory));
        let writer = Writer {
            connection,
            open,
            recent: Recent::new(after_everything(&directory.read())),
            lacking,
            retries,
            rules: options.rules,
            directory: directory.clone(),
            rollups,
            sequence,
            clock: options.clock.clone(),
            expiry: expiry.clone(),
            log: log.clone(),
            older_names: 0,
        };
        let intake = Intake::start(writer, options.most_queued_events, counters);
        Ok(Self {
            intake,
            readers: Arc::new(readers),
            maintenance: Arc::new(Mutex::new(Some(maintenance))),
            backlog,
            declared,
            directory,
            expiry,
            identity,
            log,
            options,
        })
    }
}

/// The first moment after all stored events, in epoch milliseconds.
fn after_everything(directory: &Directory) -> i64 {
    let newest = directory.newest_event();
    newest.map_or(i64::MIN, |newest| newest.0.saturating_add(1))
}

/// Places stored events by the current rules, and fills cubes that are empty or outdated.
fn bring_up_to_date(
    connection: &Connection,
    mut anew: Vec<&'static Cube>,
    (directory, sequence): (&mut Directory, u64),
    options: &Options,
    now: Timestamp,
) -> Result<(), StoreError> {
    let created = anew.clone();
    let placed = anew::is_placed(connection, options.rules)?;
    if !placed && sequence > 0 {
        tracing::info!("updating stored events to the current rules; this happens once");
        anew::place_all(connection, directory, options.rules, sequence)?;
        anew = weir_model::cube::CUBES.iter().collect();
        declared::forget_cubes(connection)?;
    }
    if !anew.is_empty() && sequence > 0 {
        tracing::info!(
            cubes = anew.len(),
            "declarations have changed; rebuilding cubes"
        );
        let (all, retention) = (&Granularity::ALL, options.retention);
        maintenance::rebuild_at(connection, &anew, all, None, retention, now)?;
    }
    schema::note_filled(connection, &created)?;
    match placed {
        true => Ok(()),
        false => anew::note(connection, options.rules),
    }
}
