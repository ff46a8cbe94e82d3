//! Filters on executions.

use weir_model::{Decimal, ExecutionHash, Scope, Status};

use super::{
    super::{Told, counted::Conditions, process::Route},
    Place, STALE,
};
use crate::writer::Writer;

/// A filter on executions. Fields that are `None` or empty do not restrict it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExecutionFilter {
    /// In one of these states; empty means any, unless `stale` is set.
    pub statuses: Vec<Status>,
    /// Open for too long; in addition to `statuses`.
    pub stale: bool,
    /// Of this workflow.
    pub workflow: Option<String>,
    /// Of this version.
    pub version: Option<String>,
    /// In this environment.
    pub environment: Option<String>,
    /// Reported by this source.
    pub source: Option<String>,
    /// Of this user.
    pub user: Option<String>,
    /// In which this subject is enrolled.
    pub subject: Option<String>,
    /// Whether another execution called it.
    pub called: Option<bool>,
    /// Called by an execution that has one of these hashes.
    pub parents: Option<Vec<ExecutionHash>>,
    /// Whether another execution retries it.
    pub retried: Option<bool>,
    /// Whether it retries another execution.
    pub is_retry: Option<bool>,
    /// Whose costs, those of all its runs, are at least this many US dollars.
    pub min_cost: Option<Decimal>,
    /// Above this place in the list.
    pub since: Option<Place>,
    /// Below this place in the list.
    pub before: Option<Place>,
    /// Started by this trigger.
    pub trigger_id: Option<String>,
    /// Started by this type of trigger.
    pub trigger_type: Option<String>,
    /// With this type of error.
    pub error_type: Option<String>,
    /// Of this error group.
    pub error_group: Option<String>,
    /// Of this error class.
    pub error_class: Option<String>,
    /// That failed at this step.
    pub error_step: Option<String>,
    /// With this text in the error's type or message, ignoring case.
    pub error_text: Option<String>,
    /// That took at least this many milliseconds.
    pub min_duration: Option<i64>,
    /// That took at most this many milliseconds.
    pub max_duration: Option<i64>,
    /// The values that their declared dimensions must have.
    pub told: Vec<Told>,
    /// The ways that they went.
    pub routes: Vec<Route>,
}

impl Conditions for ExecutionFilter {
    fn write(&self, writer: &mut Writer, scope: Scope) {
        let stale = self.stale.then_some(STALE);
        let statuses = self.statuses.iter().map(|status| status.name());
        writer.one_of("status", statuses.chain(stale));
        for (column, value) in [
            ("workflow", &self.workflow),
            ("version", &self.version),
            ("environment", &self.environment),
            ("source", &self.source),
            ("user", &self.user),
            ("subject_id", &self.subject),
            ("trigger_id", &self.trigger_id),
            ("trigger_type", &self.trigger_type),
            ("error_type", &self.error_type),
            ("error_group", &self.error_group),
            ("error_class", &self.error_class),
            ("error_step", &self.error_step),
        ] {
            writer.equals(column, value.as_deref());
        }
        self.write_relations(writer, scope);
        if let Some(least) = self.min_duration {
            writer.text(" AND \"duration\" >= ").integer(least);
        }
        if let Some(most) = self.max_duration {
            writer.text(" AND \"duration\" <= ").integer(most);
        }
        if let Some(text) = &self.error_text {
            writer.text(" AND (").contains("error_message", text);
            writer.text(" OR ").contains("error_type", text).text(")");
        }
        for told in &self.told {
            told.write(writer, scope);
        }
        for route in &self.routes {
            route.write(writer, scope);
        }
    }
}
