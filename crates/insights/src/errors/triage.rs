//! What people decided about error groups, and which groups came back.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{Assignee, ErrorTriage, TriageState};
use weir_model::{Timestamp, cube::Dimension};
use weir_query::records::errors::ErrorRecords;

use crate::{AppError, Reading, privacy::Viewer};

/// Whether an error group needs attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupState {
    /// It was neither resolved nor ignored.
    #[default]
    Open,
    /// It was resolved, and an error occurred after that.
    CameBack,
    /// It was resolved, and no error occurred since.
    Resolved,
    /// It needs no attention, however often it occurs.
    Ignored,
}

/// What was decided about an error group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorTriage)]
pub struct Triage {
    /// Whether it needs attention.
    pub state: GroupState,
    /// When it was resolved; null unless it was.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub resolved_at: Option<Timestamp>,
    /// When it first occurred after it was resolved; null unless it came back.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub came_back_at: Option<Timestamp>,
    /// Who looks after it.
    pub assignee: Option<AssigneeView>,
    /// The reason for the decision.
    pub note: Option<String>,
    /// Who decided: an e-mail address, or `key` and the key's id. Null if the group was only assigned.
    pub decided_by: Option<String>,
    /// When they decided.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub decided_at: Option<Timestamp>,
    /// Who made the last change, which can be an assignment.
    pub author: Option<String>,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub updated_at: Option<Timestamp>,
    /// 0 until something is decided; each change adds 1. In quotes, it is the `ETag`.
    pub revision: i64,
}

/// A person who looks after error groups, or could.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Assignee)]
pub struct AssigneeView {
    /// Their id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

/// The people to whom the error groups of a project can be assigned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Assignees {
    /// Everyone who can read the project, sorted by name.
    pub assignees: Vec<AssigneeView>,
}

/// Which groups to list, by what was decided about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TriageFilter {
    /// Only groups in this state; open ones include those that came back.
    pub state: Option<GroupState>,
    /// Only groups that this person looks after.
    pub assignee: Option<Uuid>,
}

/// What was decided about the groups of a project.
#[derive(Clone, Debug, Default)]
pub struct Triaged {
    stored: HashMap<String, ErrorTriage>,
    came_back: HashMap<String, Timestamp>,
    people: HashMap<Uuid, Assignee>,
}

/// The groups that a filter admits.
#[derive(Clone, Debug, PartialEq)]
pub enum Admitted {
    /// Only these.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

impl Triaged {
    /// What was decided about a group.
    pub fn of(&self, group: &str) -> Triage {
        let Some(stored) = self.stored.get(group) else {
            return Triage::default();
        };
        let person = stored.assignee.and_then(|id| self.people.get(&id));
        Triage {
            state: self.state(stored),
            resolved_at: stored.resolved_at,
            came_back_at: self.came_back.get(group).copied(),
            assignee: person.map(AssigneeView::from),
            note: stored.note.clone(),
            decided_by: stored.decided.as_ref().map(|(by, _)| by.clone()),
            decided_at: stored.decided.as_ref().map(|&(_, at)| at),
            author: Some(stored.author.clone()),
            updated_at: Some(stored.updated_at),
            revision: stored.revision,
        }
    }

    fn state(&self, stored: &ErrorTriage) -> GroupState {
        match stored.state {
            TriageState::Open => GroupState::Open,
            TriageState::Ignored => GroupState::Ignored,
            TriageState::Resolved if self.came_back.contains_key(&stored.group) => {
                GroupState::CameBack
            }
            TriageState::Resolved => GroupState::Resolved,
        }
    }

    /// The groups that a filter admits; `None` admits all.
    pub fn admitted(&self, filter: &TriageFilter) -> Option<Admitted> {
        let in_state = |state: GroupState, wanted: GroupState| match wanted {
            GroupState::Open => matches!(state, GroupState::Open | GroupState::CameBack),
            other => state == other,
        };
        let of_person = |stored: &ErrorTriage| {
            filter
                .assignee
                .is_none_or(|person| stored.assignee == Some(person))
        };
        let mut groups: Vec<String> = Vec::new();
        // Groups about which nothing was decided are open and nobody's.
        let others_too =
            filter.assignee.is_none() && matches!(filter.state, None | Some(GroupState::Open));
        for stored in self.stored.values() {
            let state = self.state(stored);
            let wanted = filter.state.is_none_or(|wanted| in_state(state, wanted));
            if (wanted && of_person(stored)) != others_too {
                groups.push(stored.group.clone());
            }
        }
        groups.sort_unstable();
        match others_too {
            true if groups.is_empty() => None,
            true => Some(Admitted::Except(groups)),
            false => Some(Admitted::Only(groups)),
        }
    }
}

impl From<&Assignee> for AssigneeView {
    fn from(person: &Assignee) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            email: person.email.clone(),
        }
    }
}

impl Reading {
    /// What was decided about the error groups of a project, and which of them came back. Fails if the store
    /// or control data cannot be read.
    pub async fn triaged(&self, viewer: Viewer) -> Result<Triaged, AppError> {
        let scope = viewer.scope();
        let mut stored = self.control.error_triage(scope).await?;
        if stored.is_empty() {
            return Ok(Triaged::default());
        }
        let texts = stored.iter_mut().flat_map(|one| {
            let decided = one.decided.as_mut().map(|(by, _)| by);
            let note = one.note.as_mut().filter(|_| !one.veiled);
            [note, decided, Some(&mut one.author)]
        });
        self.veil(viewer, texts.flatten().collect()).await?;
        let people = self.shown_people(viewer).await?;
        Ok(Triaged {
            came_back: self.came_back(viewer, &stored).await?,
            people: people.into_iter().map(|one| (one.id, one)).collect(),
            stored: stored
                .into_iter()
                .map(|one| (one.group.clone(), one))
                .collect(),
        })
    }

    /// The groups that need no attention. Fails if control data cannot be read.
    pub(crate) async fn ignored_errors(&self, viewer: Viewer) -> Result<Vec<String>, AppError> {
        let stored = self.control.error_triage(viewer.scope()).await?;
        let ignored = stored
            .into_iter()
            .filter(|one| one.state == TriageState::Ignored);
        Ok(ignored.map(|one| one.group).collect())
    }

    /// Grows with every decision about an error group of the project. Fails if control data cannot be read.
    pub(crate) async fn triage_revision(&self, viewer: Viewer) -> Result<u64, AppError> {
        let stored = self.control.error_triage(viewer.scope()).await?;
        Ok(stored.iter().map(|one| one.revision.unsigned_abs()).sum())
    }

    /// When resolved groups first occurred again.
    async fn came_back(
        &self,
        viewer: Viewer,
        stored: &[ErrorTriage],
    ) -> Result<HashMap<String, Timestamp>, AppError> {
        let resolved: Vec<(&str, Timestamp)> = stored
            .iter()
            .filter_map(|one| Some((one.group.as_str(), one.resolved_at?)))
            .collect();
        let records = ErrorRecords {
            by: Dimension::ErrorGroup,
            only: Vec::new(),
            range: None,
            environment: None,
            workflow: None,
            told: Vec::new(),
        };
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        let Some(statement) = records.write_first_after(scope, dialect, &resolved) else {
            return Ok(HashMap::new());
        };
        self.walk_records(viewer, statement, |rows| ErrorRecords::first_after(&rows))
            .await
    }

    /// The people who can read a project. One who is a user in it, too, has a pseudonym for those who see them.
    async fn shown_people(&self, viewer: Viewer) -> Result<Vec<Assignee>, AppError> {
        let mut people = self.control.assignees(viewer.scope()).await?;
        let texts = people
            .iter_mut()
            .flat_map(|one| [&mut one.name, &mut one.email]);
        self.veil(viewer, texts.collect()).await?;
        Ok(people)
    }

    /// The people to whom the error groups of a project can be assigned. Fails if control data cannot be read.
    pub async fn assignees(&self, viewer: Viewer) -> Result<Assignees, AppError> {
        let people = self.shown_people(viewer).await?;
        Ok(Assignees {
            assignees: people.iter().map(AssigneeView::from).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(group: &str, state: TriageState, assignee: Option<Uuid>) -> ErrorTriage {
        ErrorTriage {
            group: group.to_owned(),
            state,
            resolved_at: (state == TriageState::Resolved).then_some(Timestamp(10)),
            assignee,
            note: None,
            veiled: false,
            decided: None,
            author: "ada@example.com".to_owned(),
            revision: 2,
            updated_at: Timestamp(10),
        }
    }

    fn triaged() -> Triaged {
        let ada = Some(Uuid::from_u128(1));
        let all = [
            stored("assigned", TriageState::Open, ada),
            stored("back", TriageState::Resolved, None),
            stored("gone", TriageState::Resolved, ada),
            stored("noise", TriageState::Ignored, None),
        ];
        Triaged {
            stored: all
                .into_iter()
                .map(|one| (one.group.clone(), one))
                .collect(),
            came_back: HashMap::from([("back".to_owned(), Timestamp(11))]),
            people: HashMap::new(),
        }
    }

    #[test]
    fn an_error_after_the_resolution_brings_a_group_back() {
        let triaged = triaged();
        let states = ["assigned", "back", "gone", "noise", "other"].map(|id| triaged.of(id).state);
        use GroupState::{CameBack, Ignored, Open, Resolved};
        assert_eq!(states, [Open, CameBack, Resolved, Ignored, Open]);
        assert_eq!(triaged.of("back").came_back_at, Some(Timestamp(11)));
        assert_eq!(triaged.of("gone").came_back_at, None);
    }

    #[test]
    fn a_filter_admits_groups_by_state_and_person() {
        let triaged = triaged();
        let admitted = |state, assignee| {
            let filter = TriageFilter { state, assignee };
            triaged.admitted(&filter)
        };
        let only = |ids: &[&str]| {
            Some(Admitted::Only(
                ids.iter().map(ToString::to_string).collect(),
            ))
        };
        let except = |ids: &[&str]| {
            Some(Admitted::Except(
                ids.iter().map(ToString::to_string).collect(),
            ))
        };
        let ada = Some(Uuid::from_u128(1));
        assert_eq!(admitted(None, None), None);
        assert_eq!(
            admitted(Some(GroupState::Open), None),
            except(&["gone", "noise"])
        );
        assert_eq!(admitted(Some(GroupState::CameBack), None), only(&["back"]));
        assert_eq!(admitted(Some(GroupState::Resolved), None), only(&["gone"]));
        assert_eq!(admitted(Some(GroupState::Ignored), None), only(&["noise"]));
        assert_eq!(admitted(None, ada), only(&["assigned", "gone"]));
        assert_eq!(admitted(Some(GroupState::Open), ada), only(&["assigned"]));
        assert_eq!(admitted(None, Some(Uuid::from_u128(2))), only(&[]));
    }
}
