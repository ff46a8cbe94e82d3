//! Live updates: what a subscriber is told when something was committed.
//!
//! Nothing is pushed into a subscriber. What many want to know is found out once, by a task that lives
//! as long as somebody listens ([`channels`]); a subscriber is a place in the order of commits and a
//! page of what comes next, which it fetches when the one before was sent ([`subscription`]). So a slow
//! client costs a page of memory and nobody else's time, and one that comes back, to this process or
//! to the next, goes on from the place that it names.

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
    App, AppError, ErrorCode,
    settings::LiveSettings,
    telemetry::{self, Amount, Figure},
};
use channels::{Channels, Pulse};

pub use counts::{Counts, CountsView, Tally};
pub use finished::ExecutionCompleted;
pub use subscription::{Polled, Subscription, Wants};
pub use syncs::{SyncProgress, SyncReport, SyncUnit};
pub use totals::{Totals, WorkflowTotals};
pub use workflow::{MetricsSnapshot, MetricsUpdate, WorkflowSubscription};

/// Something that a subscriber is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The place to go on from after it.
    pub id: String,
    /// What kind of news it is.
    pub event: &'static str,
    /// The news as JSON.
    pub data: String,
}

/// Which executions somebody follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Watched {
    /// The length of time that counts cover, as `24h`.
    pub last: Option<String>,
    /// IANA time zone of its edges.
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

/// Projects of one tenant that somebody may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    projects: Vec<Followed>,
}

/// A project that somebody may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Followed {
    scope: Scope,
    /// Its public id.
    id: String,
    /// Whether they may see its users as they are where others do not.
    identifies_users: bool,
}

impl Audience {
    /// What the event store knows them by, in order.
    pub fn scopes(&self) -> Vec<Scope> {
        self.projects
            .iter()
            .map(|followed| followed.scope)
            .collect()
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
    /// Places that were given.
    given: AtomicU64,
    stop: watch::Sender<bool>,
    /// Places as clients carry them.
    words: Opaque,
    settings: LiveSettings,
}

/// What telling one subscriber takes, about: however many there are, telling all of them does not fill the
/// time between two looks, and posts and queries go on.
pub(super) const EACH: Duration = Duration::from_micros(100);

/// A subscriber's place among those that the server can serve; given back when dropped.
pub(super) struct Place {
    number: u64,
    /// How many can be served.
    all: usize,
    places: Arc<Semaphore>,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// How long its holder waits once there is news: all hear of it at one moment and are told after each
    /// other, so that what else is to be done gets its turn between them.
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

    /// Ends every subscription: their clients come back with the place that they reached.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// How many follow along, for `/metrics`.
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
                let detail = "Too many clients follow live updates at once.";
                let busy = AppError::new(ErrorCode::Busy, detail).retry_after(10);
                Err(busy.fix("Ask for Accept: application/json from time to time instead."))
            }
        }
    }
}

/// Whether an id is the one that a text names.
fn is(id: &impl ToString, text: &str) -> bool {
    id.to_string().eq_ignore_ascii_case(text)
}

impl App {
    /// The projects of a tenant that a caller may follow: the one named, or all that they see.
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
            return Err(
                AppError::new(ErrorCode::UnknownTenant, "No tenant of yours has this id.")
                    .field("tenant_id")
                    .fix("GET /api/v1/projects lists your projects with their tenants."),
            );
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
                "No project of yours in this tenant has this id.",
            )
            .field("projectId")),
            false => Ok(Audience { projects }),
        }
    }

    /// How somebody sees the users of the projects that they follow: of none as they are, if there is one
    /// of which they must not.
    pub async fn viewer_of(&self, audience: &Audience) -> Result<Viewer, AppError> {
        let mut first = None;
        for followed in &audience.projects {
            let viewer = self
                .reading
                .viewer(followed.scope, followed.identifies_users)
                .await?;
            if viewer.is_veiled() {
                return Ok(viewer);
            }
            first.get_or_insert(viewer);
        }
        first.ok_or_else(|| AppError::internal("an audience without projects"))
    }

    /// A place as its client carries it, no further than the newest commit of the projects: other
    /// organisations' commits do not change it.
    fn word_for(&self, place: Position, scopes: &[Scope]) -> String {
        let place = place.min(Position::after(self.newest(scopes)));
        // Events of one commit are far fewer.
        let within = u32::try_from(place.within).unwrap_or(u32::MAX);
        self.live.words.hide(place.sequence, within)
    }

    /// The place that a client was told last. A word of another stream, or of another server, is as good as
    /// none: a browser repeats it for ever, and would never hear anything again if it were refused.
    fn place_of(&self, word: &str) -> Option<Position> {
        let (sequence, within) = self.live.words.read(word.trim())?;
        Some(Position {
            sequence,
            within: u64::from(within),
        })
    }

    /// The last commit of any of the projects.
    fn newest(&self, scopes: &[Scope]) -> u64 {
        let watermarks = scopes.iter().map(|&scope| self.store.watermark(scope));
        watermarks.max().unwrap_or(0)
    }

    /// When to look at what depends on the projects, for those who know everything up to `seen`.
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

    /// How often a caller's right to follow along is looked at again.
    pub fn live_check_interval(&self) -> Duration {
        self.live.settings.check
    }

    /// Bytes of a stream that wait for a client to take them, at most.
    pub fn live_waiting_bytes(&self) -> usize {
        self.live.settings.waiting_bytes
    }

    /// How long a client should wait before it comes back after its connection was lost: one to three
    /// seconds, so that not all come back at once.
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
    fn subscribers_are_told_after_each_other() {
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
        // Where fewer are left, nobody waits for those who are gone.
        places.truncate(10);
        assert_eq!(turns(&places), each[..10]);
    }
}
