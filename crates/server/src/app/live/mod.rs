//! Live updates: what subscribers receive after a commit.
//!
//! Nothing is pushed to a subscriber. Answers that many subscribers need are computed once, by a task that
//! runs as long as there are listeners ([`channels`]). A subscriber consists of a place in the order of
//! commits and the next page, which it fetches once the previous one is sent ([`subscription`]). So a slow
//! client costs one page of memory and does not delay others, and a client that reconnects, to this process
//! or another, continues from the place that it names.

mod channels;
mod counts;
mod finished;
mod subscription;
mod syncs;
mod totals;
mod workflow;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::Instant,
};
use weir_insights::privacy::Viewer;
use weir_meta::{Opaque, Permission, Principal};
use weir_model::Scope;
use weir_query::Query;
use weir_store::Position;

use super::{
    App, AppError, ErrorCode, Reading,
    settings::LiveSettings,
    telemetry::{self, Amount, Figure},
};
use channels::{Channels, Pulse};

pub use counts::{Counts, CountsView, Tally};
pub use finished::ExecutionCompleted;
pub use subscription::{Polled, Subscription, Wants};
pub use syncs::{SyncProgress, SyncReport, SyncUnit};
pub use totals::{LiveTotals, WorkflowTotals};
pub use workflow::{MetricsSnapshot, MetricsUpdate, WorkflowSubscription};

/// A message to a subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The place to continue from after it.
    pub id: String,
    /// The type of event.
    pub event: &'static str,
    /// The event as JSON.
    pub data: String,
}

/// Which executions a subscriber follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Watched {
    /// The length of time that counts cover, such as `24h`.
    pub last: Option<String>,
    /// The IANA time zone of its boundaries.
    pub timezone: Option<String>,
    /// Only this environment.
    pub environment: Option<String>,
    /// Only this workflow.
    pub workflow: Option<String>,
}

impl Watched {
    fn filtered(&self, mut query: Query) -> Query {
        query.timezone.clone_from(&self.timezone);
        if let Some(environment) = &self.environment {
            query = query.filter("environment", [environment.as_str()]);
        }
        if let Some(workflow) = &self.workflow {
            query = query.filter("workflow", [workflow.as_str()]);
        }
        query
    }
}

/// The projects of one tenant that a subscriber can follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    projects: Vec<Followed>,
}

/// A project that a subscriber can follow.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Followed {
    scope: Scope,
    /// Its public id.
    id: String,
    /// Whether the subscriber can identify its users where others see pseudonyms.
    identifies_users: bool,
}

impl Audience {
    /// Their scopes, in order.
    pub fn scopes(&self) -> Vec<Scope> {
        self.projects
            .iter()
            .map(|followed| followed.scope)
            .collect()
    }

    /// How the audience sees users: pseudonymised if it may not identify the users of even one project. Fails if
    /// a project's policy cannot be read.
    pub async fn viewer(&self, reading: &Reading) -> Result<Viewer, AppError> {
        let mut first = None;
        for followed in &self.projects {
            let viewer = reading
                .viewer(followed.scope, followed.identifies_users)
                .await?;
            if viewer.is_veiled() {
                return Ok(viewer);
            }
            first.get_or_insert(viewer);
        }
        first.ok_or_else(|| AppError::internal("an audience without projects"))
    }

    fn project(&self, project: weir_model::ProjectKey) -> Option<&Followed> {
        let mut projects = self.projects.iter();
        projects.find(|followed| followed.scope.project == project)
    }

    fn id_of(&self, project: weir_model::ProjectKey) -> Option<&str> {
        self.project(project).map(|followed| followed.id.as_str())
    }
}

/// The state of live updates.
pub(crate) struct Live {
    counts: Channels<(Vec<Scope>, Watched), Arc<Tally>>,
    totals: Channels<(Scope, Watched), Arc<WorkflowTotals>>,
    finished: Channels<Vec<Scope>, finished::Recent>,
    pub(super) syncs: syncs::Syncs,
    places: Arc<Semaphore>,
    /// How many places have been assigned.
    given: AtomicU64,
    stop: watch::Sender<bool>,
    /// Encrypts the places that clients carry.
    words: Opaque,
    settings: LiveSettings,
}

/// Approximately what a message to one subscriber takes. Messages to all of them, however many there are,
/// must fit between two checks and leave time for posts and queries.
pub(super) const EACH: Duration = Duration::from_micros(100);

/// One of the limited number of subscriptions; returned when dropped.
pub(super) struct Place {
    number: u64,
    /// The number of subscriptions that the server can serve.
    all: usize,
    places: Arc<Semaphore>,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// How long its holder waits once there is news. All subscribers hear of it at the same time; sending to
    /// them one after another leaves time for other work.
    pub(super) fn turn(&self) -> Duration {
        let taken = self.all.saturating_sub(self.places.available_permits());
        let before = self.number % (taken as u64).max(1);
        EACH.saturating_mul(u32::try_from(before).unwrap_or(u32::MAX))
    }
}

impl Live {
    pub(super) fn new(settings: LiveSettings, words: Opaque) -> Self {
        Self {
            counts: Channels::default(),
            totals: Channels::default(),
            finished: Channels::default(),
            syncs: syncs::Syncs::default(),
            places: Arc::new(Semaphore::new(settings.subscribers)),
            given: AtomicU64::new(0),
            stop: watch::Sender::new(false),
            words,
            settings,
        }
    }

    /// Ends every subscription; clients reconnect with the place that they have reached.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// The number of subscribers, for `/metrics`.
    pub(super) fn figures(&self) -> telemetry::Source {
        let (places, all) = (Arc::clone(&self.places), self.settings.subscribers);
        Box::new(move || {
            vec![Figure {
                name: "live_subscribers",
                help: "Clients that follow live updates",
                amount: Amount::Now((all - places.available_permits()) as u64),
            }]
        })
    }

    fn place(&self) -> Result<Place, AppError> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => Ok(Place {
                number: self.given.fetch_add(1, Ordering::Relaxed),
                all: self.settings.subscribers,
                places: Arc::clone(&self.places),
                _permit: permit,
            }),
            Err(_) => {
                let detail = "Too many clients are following live updates.";
                Err(AppError::new(ErrorCode::Busy, detail).retry_after(10))
            }
        }
    }
}

/// Whether a text is an id, ignoring case.
fn is(id: &impl ToString, text: &str) -> bool {
    id.to_string().eq_ignore_ascii_case(text)
}

impl App {
    /// The projects of a tenant that a caller can follow: the named one, or all that they see. Fails if there
    /// are none.
    pub async fn audience(
        &self,
        principal: &Principal,
        tenant_id: &str,
        project_id: Option<&str>,
    ) -> Result<Audience, AppError> {
        let projects = self.meta.door(principal).projects().await?;
        let mut of_tenant = projects
            .into_iter()
            .filter(|project| {
                let may = principal.permissions_in(project.scope);
                may.contains(Permission::ReadAnalytics)
            })
            .filter(|project| is(&project.tenant.id, tenant_id))
            .peekable();
        if of_tenant.peek().is_none() {
            return Err(AppError::new(
                ErrorCode::UnknownTenant,
                "You have no organisation with this id.",
            )
            .field("tenant_id")
            .fix("GET /api/v1/projects lists your projects and their organisations."));
        }
        let named = of_tenant.filter(|project| project_id.is_none_or(|id| is(&project.id, id)));
        let projects: Vec<_> = named
            .map(|project| Followed {
                scope: project.scope,
                id: project.id.to_string(),
                identifies_users: principal
                    .permissions_in(project.scope)
                    .contains(Permission::IdentifyUsers),
            })
            .collect();
        match projects.is_empty() {
            true => Err(AppError::new(
                ErrorCode::UnknownProject,
                "You have no project with this id in this organisation.",
            )
            .field("projectId")),
            false => Ok(Audience { projects }),
        }
    }

    /// A place as its client carries it, capped at the newest commit of the projects, so that it does not
    /// reveal commits of other organisations.
    fn id_of_place(&self, place: Position, scopes: &[Scope]) -> String {
        let place = place.min(Position::after(self.newest(scopes)));
        // One commit has far fewer events.
        let within = u32::try_from(place.within).unwrap_or(u32::MAX);
        self.live.words.hide(place.sequence, within)
    }

    /// The last place that a client received. An id of another stream or server counts as none: a browser
    /// would repeat it forever, and never receive anything again if it were refused.
    fn place_of(&self, word: &str) -> Option<Position> {
        let (sequence, within) = self.live.words.read(word.trim())?;
        Some(Position {
            sequence,
            within: u64::from(within),
        })
    }

    /// The newest commit of any of the projects.
    fn newest(&self, scopes: &[Scope]) -> u64 {
        let watermarks = scopes.iter().map(|&scope| self.store.watermark(scope));
        watermarks.max().unwrap_or(0)
    }

    /// When to recompute what depends on the projects, given everything up to the commit `seen`.
    fn pulse(&self, scopes: &[Scope], seen: u64, lull: Duration) -> Pulse {
        let (store, scopes) = (Arc::clone(self.store.port()), scopes.to_vec());
        let newest = move || {
            let watermarks = scopes.iter().map(|&scope| store.watermark(scope));
            watermarks.max().unwrap_or(0)
        };
        Pulse {
            commits: self.store.commits(),
            newest: Box::new(newest),
            seen,
            lull,
            stopped: self.live.stop.subscribe(),
            looked: Instant::now(),
        }
    }

    /// How often a subscriber's permission is checked again.
    pub fn live_check_interval(&self) -> Duration {
        self.live.settings.check
    }

    /// The most bytes of a stream that wait for the client to read them.
    pub fn live_waiting_bytes(&self) -> usize {
        self.live.settings.waiting_bytes
    }

    /// How long a client should wait before it reconnects: one to three seconds at random, so that clients do
    /// not all reconnect at once.
    pub fn live_retry(&self) -> Duration {
        let mut random = [0; 2];
        self.entropy.fill(&mut random);
        Duration::from_millis(1_000 + u64::from(u16::from_be_bytes(random)) % 2_000)
    }
}

#[cfg(test)]
mod tests {
    use weir_meta::{MasterKey, Sealer, SystemEntropy};

    use super::*;

    #[test]
    fn subscribers_are_served_one_after_another() {
        let settings = LiveSettings {
            subscribers: 100,
            ..LiveSettings::default()
        };
        let sealer = Sealer::new(MasterKey::generate(&SystemEntropy), Vec::new());
        let live = Live::new(settings, Opaque::new(&sealer, "places"));
        let mut places: Vec<Place> = (0..100).map_while(|_| live.place().ok()).collect();
        assert_eq!(places.len(), 100);
        assert!(live.place().is_err(), "no more than can be served");
        let turns = |places: &[Place]| -> Vec<Duration> {
            let mut turns: Vec<_> = places.iter().map(Place::turn).collect();
            turns.sort();
            turns
        };
        let each: Vec<Duration> = (0..100).map(|number| EACH * number).collect();
        assert_eq!(turns(&places), each);
        // Once subscribers have left, no one waits for them.
        places.truncate(10);
        assert_eq!(turns(&places), each[..10]);
    }
}
