//! Finds an execution by its public id or by the producer's id.

use weir_model::{ExecutionHash, ExecutionId, TimeRange};
use weir_query::records::executions::{
    ExecutionName, ExecutionRecord, Links, events_of, like, named, shared_names,
};

use super::Frame;
use crate::{AppError, Candidate, ErrorCode, Reading, privacy::Viewer};

/// The most candidates that an error lists.
const MOST_CANDIDATES: usize = 20;
/// The most events that are searched for a former identity.
const MOST_LIKE: usize = 10_000;

/// The result of the search.
pub(super) enum Identified {
    /// Its events, oldest first; at least one.
    Events(Vec<ExecutionRecord>),
    /// It has another public id now.
    Moved(ExecutionId),
}

impl Reading {
    /// The events of an execution. Fails if there is none, if several match, or if the store fails.
    pub(super) async fn events_by_id(
        &self,
        viewer: Viewer,
        id: &str,
        frame: &Frame,
        range: TimeRange,
    ) -> Result<Identified, AppError> {
        if let Ok(public) = id.parse()
            && let Some(found) = self.by_public_id(viewer, public, range).await?
        {
            return Ok(found);
        }
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        // Translated here, because the statement has only a hash of them.
        let execution_id = self.stored_text(viewer, id).await?;
        let mut within = [frame.workflow.clone(), frame.environment.clone()];
        for part in within.iter_mut().flatten() {
            *part = self.stored_text(viewer, part).await?;
        }
        let [workflow, environment] = &within;
        let name = ExecutionName {
            execution_id: &execution_id,
            workflow: workflow.as_deref(),
            environment: environment.as_deref(),
        };
        let called = named(scope, dialect, &name, MOST_CANDIDATES);
        let called = self.executions_of(viewer, called).await?;
        let events = match called.as_slice() {
            [] => Vec::new(),
            [one] => {
                let events = events_of(scope, dialect, one.execution, range);
                self.executions_of(viewer, events).await?
            }
            several => {
                let public = |record: &_| self.public_id(viewer, record);
                return Err(ambiguous(id, several, public));
            }
        };
        match events.is_empty() {
            true => Err(unknown(id)),
            false => Ok(Identified::Events(events)),
        }
    }

    /// The values of `parent` of the executions that one called: its hash, and that of its name if no other
    /// execution has the name. Empty if there is no such execution. Fails if several match, or if the store
    /// fails.
    pub(in crate::views) async fn hashes_as_parent(
        &self,
        viewer: Viewer,
        id: &str,
        frame: &Frame,
    ) -> Result<Vec<ExecutionHash>, AppError> {
        let everywhere = TimeRange::new(i64::MIN, i64::MAX);
        // A parent can be of any workflow, and of any environment that the viewer may see.
        let within = Frame {
            environment: frame.environment.clone().filter(|_| viewer.is_bound()),
            ..Frame::default()
        };
        let found = match self.events_by_id(viewer, id, &within, everywhere).await {
            Ok(Identified::Events(events)) => events.first().map(|event| event.execution),
            Ok(Identified::Moved(now)) => Some(now.hash()),
            Err(error) if error.code == ErrorCode::NotFound => None,
            Err(error) => return Err(error.field("parentId")),
        };
        let Some(parent) = found else {
            return Ok(Vec::new());
        };
        let shared = self.shared_names(viewer, &[parent.name()]).await?;
        let name = Some(parent.name()).filter(|_| shared.is_empty());
        Ok(name.into_iter().chain([parent]).collect())
    }

    /// Those of these name hashes that several executions have. Fails if the store does.
    pub(in crate::views) async fn shared_names(
        &self,
        viewer: Viewer,
        names: &[ExecutionHash],
    ) -> Result<Vec<ExecutionHash>, AppError> {
        let statement = shared_names(viewer.scope(), self.store.dialect(), names);
        self.read_records(viewer, statement, |batches| Links::read_names(&batches))
            .await
    }

    async fn by_public_id(
        &self,
        viewer: Viewer,
        public: ExecutionId,
        range: TimeRange,
    ) -> Result<Option<Identified>, AppError> {
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        let events = events_of(scope, dialect, public.hash(), range);
        let mut events = self.executions_of(viewer, events).await?;
        events.retain(|event| self.public_id(viewer, event) == public);
        if !events.is_empty() {
            return Ok(Some(Identified::Events(events)));
        }
        let like = like(scope, dialect, public.hash(), MOST_LIKE);
        let like = self.executions_of(viewer, like).await?;
        let was = |event: &&ExecutionRecord| event.own_public_id(scope.project) == public;
        let moved = like.iter().find(was);
        Ok(moved.map(|event| Identified::Moved(self.public_id(viewer, event))))
    }
}

fn unknown(id: &str) -> AppError {
    let detail = format!("There is no execution {id:?} in this project.");
    AppError::new(ErrorCode::NotFound, detail).fix("GET /api/v1/executions lists the executions.")
}

fn ambiguous(
    id: &str,
    several: &[ExecutionRecord],
    public: impl Fn(&ExecutionRecord) -> ExecutionId,
) -> AppError {
    let candidate = |record: &ExecutionRecord| Candidate {
        id: public(record).to_string(),
        execution_id: record.execution_id.clone(),
        workflow_id: record.text("workflow").map(str::to_owned),
        environment: record.text("environment").map(str::to_owned),
    };
    let mut candidates: Vec<Candidate> = several.iter().map(candidate).collect();
    candidates.sort_by(|one, other| {
        let by = |of: &Candidate| {
            (
                of.workflow_id.clone(),
                of.environment.clone(),
                of.id.clone(),
            )
        };
        by(one).cmp(&by(other))
    });
    let detail = format!("{} executions have the id {id:?}.", several.len());
    AppError::new(ErrorCode::Ambiguous, detail)
        .field("id")
        .fix("Use the id of one of the candidates, or add workflowId and environment.")
        .candidates(candidates)
}
