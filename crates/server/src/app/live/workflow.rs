//! What one client receives about the workflow that it follows.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;
use tokio::{
    sync::watch,
    time::{Interval, sleep},
};
use utoipa::ToSchema;
use weir_insights::{
    query::Freshness,
    views::{Version, Versioned},
};
use weir_model::{Clock, Scope, Timestamp};

use super::{
    Message, Place, Watched,
    subscription::Heartbeat,
    totals::{LiveTotals, WorkflowTotals, workflow_totals},
};
use crate::app::{App, AppError};

/// Changes to a workflow's totals: the data of `metrics_update`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MetricsUpdate {
    /// The workflow's id.
    pub workflow_id: String,
    /// When the totals were computed.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// Only what changed: the current `currently_active`, and the increase of the others.
    pub changes: BTreeMap<&'static str, i64>,
}

/// A workflow's totals: the data of `metrics_snapshot`, and the answer to a poll.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MetricsSnapshot {
    /// The place to continue from.
    pub id: String,
    /// The workflow's id.
    pub workflow_id: String,
    /// When the totals were computed.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The totals.
    pub metrics: LiveTotals,
}

/// The totals that a client has received, and its subscription.
pub struct WorkflowSubscription {
    workflow: String,
    totals: watch::Receiver<Arc<WorkflowTotals>>,
    sent: Option<LiveTotals>,
    /// The id of the last message.
    id: String,
    heartbeat: Interval,
    stopped: watch::Receiver<bool>,
    clock: Arc<dyn Clock>,
    seat: Place,
}

impl App {
    /// Subscribes to changes of a workflow's totals, from now on or after the last event id received. Fails
    /// with `busy` if there are too many subscribers, or if the totals cannot be computed.
    pub async fn subscribe_to_workflow(
        &self,
        scope: Scope,
        workflow: &str,
        watched: &Watched,
        last_id: Option<&str>,
    ) -> Result<WorkflowSubscription, AppError> {
        let seat = self.live.place()?;
        // An id of another stream counts as none and leads to a snapshot.
        let sent = last_id.and_then(|id| id.trim().parse::<LiveTotals>().ok());
        let now = self.totals_of(scope, watched, Freshness::Cached).await?;
        Ok(WorkflowSubscription {
            workflow: workflow.to_owned(),
            totals: self.listen_to_totals(scope, watched, now),
            sent,
            id: match sent {
                Some(_) => last_id.unwrap_or_default().trim().to_owned(),
                None => String::new(),
            },
            heartbeat: self.heartbeat(),
            stopped: self.live.stop.subscribe(),
            clock: Arc::clone(&self.clock),
            seat,
        })
    }

    async fn totals_of(
        &self,
        scope: Scope,
        watched: &Watched,
        freshness: Freshness,
    ) -> Result<WorkflowTotals, AppError> {
        workflow_totals(&self.reading, &*self.clock, scope, watched, freshness).await
    }

    /// The same for a client that polls. Fails if the totals cannot be computed.
    pub async fn poll_workflow(
        &self,
        scope: Scope,
        workflow: &str,
        watched: &Watched,
        freshness: Freshness,
    ) -> Result<Versioned<MetricsSnapshot>, AppError> {
        let found = self.totals_of(scope, watched, freshness).await?;
        Ok(Versioned {
            version: Version {
                watermark: found.watermark,
                range: found.range,
                revision: 0,
            },
            body: snapshot(workflow, &found),
        })
    }
}

fn snapshot(workflow: &str, found: &WorkflowTotals) -> MetricsSnapshot {
    MetricsSnapshot {
        id: found.totals.to_string(),
        workflow_id: workflow.to_owned(),
        timestamp: found.at,
        metrics: found.totals,
    }
}

impl WorkflowSubscription {
    /// The next message, as soon as there is one. `None` ends the stream; the client reconnects with the last
    /// id.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            if *self.stopped.borrow() {
                return None;
            }
            let found = Arc::clone(&self.totals.borrow_and_update());
            if let Some(message) = self.news(&found) {
                return Some(message);
            }
            tokio::select! {
                heard = self.totals.changed() => heard.ok()?,
                _ = self.stopped.changed() => return None,
                _ = self.heartbeat.tick() => {
                    let heartbeat = Heartbeat { at: self.clock.now() };
                    return Some(self.message("heartbeat", &heartbeat));
                }
            }
            sleep(self.seat.turn()).await;
        }
    }

    fn news(&mut self, found: &WorkflowTotals) -> Option<Message> {
        if self.sent == Some(found.totals) {
            return None;
        }
        self.id = found.totals.to_string();
        let Some(before) = self.sent.replace(found.totals) else {
            let snapshot = snapshot(&self.workflow, found);
            return Some(self.message("metrics_snapshot", &snapshot));
        };
        let update = MetricsUpdate {
            workflow_id: self.workflow.clone(),
            timestamp: found.at,
            changes: changes(before, found.totals),
        };
        Some(self.message("metrics_update", &update))
    }

    fn message(&self, event: &'static str, news: &impl Serialize) -> Message {
        Message {
            id: self.id.clone(),
            event,
            // Messages are plain data and can always be serialised.
            data: serde_json::to_string(news).unwrap_or_default(),
        }
    }
}

fn changes(before: LiveTotals, now: LiveTotals) -> BTreeMap<&'static str, i64> {
    let grown = [
        (
            "new_enrollments_delta",
            before.total_enrolled,
            now.total_enrolled,
        ),
        ("completed_delta", before.completed, now.completed),
        ("dropped_delta", before.dropped, now.dropped),
        (
            "goals_reached_delta",
            before.goals_reached,
            now.goals_reached,
        ),
    ];
    let mut changes: BTreeMap<_, _> = grown
        .into_iter()
        .filter(|(_, before, now)| before != now)
        .map(|(name, before, now)| (name, now - before))
        .collect();
    if before.currently_active != now.currently_active {
        changes.insert("currently_active", now.currently_active);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: LiveTotals = LiveTotals {
        total_enrolled: 1300,
        currently_active: 1200,
        completed: 90,
        dropped: 10,
        goals_reached: 0,
    };

    #[test]
    fn only_changes_are_sent() {
        let now = LiveTotals {
            total_enrolled: 1301,
            currently_active: 1201,
            ..BEFORE
        };
        let expected = BTreeMap::from([("currently_active", 1201), ("new_enrollments_delta", 1)]);
        assert_eq!(changes(BEFORE, now), expected);
        assert_eq!(changes(BEFORE, BEFORE), BTreeMap::new());
    }

    #[test]
    fn decreases_are_sent_as_well() {
        let now = LiveTotals {
            completed: 89,
            dropped: 11,
            ..BEFORE
        };
        let expected = BTreeMap::from([("completed_delta", -1), ("dropped_delta", 1)]);
        assert_eq!(changes(BEFORE, now), expected);
    }
}
