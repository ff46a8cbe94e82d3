//! Resolving, ignoring and assigning error groups.

use serde::Deserialize;
use utoipa::ToSchema;
use weir_insights::{errors::Triage, privacy::Viewer};
use weir_meta::{Actor, TriageChange, TriageSaved, TriageState};

use crate::app::{App, AppError, ErrorCode};

/// The longest note, in bytes.
const NOTE_BYTES: usize = 1_000;

/// What to decide about an error group.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ErrorDecision)]
pub enum Decision {
    /// It needs attention.
    Open,
    /// Its cause is gone. An error after now brings it back.
    Resolved,
    /// It needs no attention, however often it occurs: it is not among what changed.
    Ignored,
}

/// A decision about an error group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorStateInput)]
pub struct StateInput {
    /// What to decide.
    pub state: Decision,
    /// The reason: up to 1,000 bytes.
    pub note: Option<String>,
}

/// Who looks after an error group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorAssigneeInput)]
pub struct AssigneeInput {
    /// The id of a person who can read the project; null for nobody.
    #[schema(format = "uuid")]
    pub assignee_id: Option<String>,
}

impl App {
    /// Decides about an error group; with `expected`, only if that is its revision, 0 if nothing was decided.
    /// Fails if the group is unknown or at another revision, or the note is too long.
    pub async fn decide_error(
        &self,
        viewer: Viewer,
        id: &str,
        input: StateInput,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Triage, AppError> {
        let note = input.note.filter(|note| !note.trim().is_empty());
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        let unfit = |note: &String| note.len() > NOTE_BYTES || note.chars().any(control);
        if note.as_ref().is_some_and(unfit) {
            let detail = "The note is too long or has control characters.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("note");
            return Err(error.fix(format!("up to {NOTE_BYTES} bytes of text")));
        }
        let state = match input.state {
            Decision::Open => TriageState::Open,
            Decision::Resolved => TriageState::Resolved,
            Decision::Ignored => TriageState::Ignored,
        };
        let change = TriageChange::Decide {
            state,
            note: note.as_deref().map(str::trim),
            veiled: viewer.is_veiled(),
        };
        self.triage(viewer, id, change, expected, actor).await
    }

    /// Names who looks after an error group; with `expected`, only if that is its revision. Fails if the group
    /// or the person is unknown, or the group is at another revision.
    pub async fn assign_error(
        &self,
        viewer: Viewer,
        id: &str,
        input: AssigneeInput,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Triage, AppError> {
        let person = input.assignee_id;
        let person = person.map(|id| id.parse().map_err(|_| unknown_assignee()));
        let change = TriageChange::Assign(person.transpose()?);
        self.triage(viewer, id, change, expected, actor).await
    }

    async fn triage(
        &self,
        viewer: Viewer,
        id: &str,
        change: TriageChange<'_>,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<Triage, AppError> {
        let scope = viewer.scope();
        // Fails if there is no such group.
        self.grouping.keyings.members(scope, id).await?;
        let most = self.settings.triaged_errors;
        let saved = self
            .meta
            .triage_error(scope, id, change, (expected, most), actor);
        match saved.await? {
            TriageSaved::Now(_) => Ok(self.reading.triaged(viewer).await?.of(id)),
            TriageSaved::UnknownAssignee => Err(unknown_assignee()),
            TriageSaved::Changed => {
                let detail = "Someone decided about this group in the meantime.";
                Err(AppError::new(ErrorCode::PreconditionFailed, detail)
                    .fix("Read the group again and repeat your change."))
            }
            TriageSaved::TooMany => {
                let detail = format!("The project has decisions about {most} error groups.");
                Err(AppError::new(ErrorCode::QuotaExceeded, detail)
                    .fix("Ask the operator to raise `projects.triaged_errors`."))
            }
        }
    }
}

fn unknown_assignee() -> AppError {
    let detail = "Nobody who can read the project has this id.";
    AppError::new(ErrorCode::UnknownPerson, detail)
        .field("assigneeId")
        .fix("GET /api/v1/errors/assignees lists the people and their ids.")
}
