//! The users of projects, to find who a pseudonym stands for, and whom a text mentions.

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use weir_model::Scope;
use weir_query::{
    Dialect, Statement,
    records::segments::{Page, Segment, Subject, members, read_members},
    validate::BOUNDS,
};

use super::{
    known::{Ids, Mention, behind, mentions},
    viewer::{Viewer, is_pseudonym},
};
use crate::{AppError, ErrorCode, Reading};

/// Projects whose users are kept.
const PROJECTS: usize = 200;
/// The most users of a project, and of all projects that are kept.
const MOST: usize = 5_000_000;
/// New users are kept beside the others until they are one for this many of them.
const NEW: usize = 8;
/// Values of a project whose spelling is kept.
const SPELLED: usize = 10_000;
/// The longest of them, in bytes: so long are the ids of things.
const SPELLED_BYTES: usize = 256;

/// The users of a project at a moment.
#[derive(Debug)]
pub(super) struct Users {
    ids: Arc<Ids>,
    /// Those who came after the others were put in order.
    new: Ids,
    spelled: Arc<Mutex<HashMap<String, String>>>,
}

impl Users {
    pub(super) fn of(viewer: Viewer, ids: &[String]) -> Self {
        Self {
            ids: Arc::new(Ids::of(viewer, ids.iter().map(String::as_str))),
            new: Ids::of(viewer, []),
            spelled: Arc::default(),
        }
    }

    /// The users as they are now, in the same order as those before.
    fn followed_by(&self, viewer: Viewer, ids: &[String]) -> Self {
        let mut known = self.ids.iter().peekable();
        let mut new = Vec::new();
        for id in ids.iter().map(String::as_str) {
            if known.next_if_eq(&id).is_none() {
                new.push(id);
            }
        }
        let somebody_left = known.next().is_some();
        let grown = match somebody_left || NEW * new.len() > self.ids.len() {
            true => Self::of(viewer, ids),
            false => Self {
                ids: Arc::clone(&self.ids),
                new: Ids::of(viewer, new),
                spelled: Arc::default(),
            },
        };
        Self {
            spelled: Arc::clone(&self.spelled),
            ..grown
        }
    }

    fn all(&self) -> [&Ids; 2] {
        [&self.ids, &self.new]
    }

    fn count(&self) -> usize {
        self.ids.len() + self.new.len()
    }

    /// Who a pseudonym stands for.
    pub(super) fn behind(&self, pseudonym: &str) -> Option<&str> {
        behind(&self.all(), pseudonym)
    }

    /// Where a text mentions them.
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        mentions(&self.all(), text)
    }

    /// Keeps how a value is spelled that a viewer sees in another way, to know it when they ask for it.
    pub(super) fn spell(&self, shown: &str, text: &str) {
        if text.len() > SPELLED_BYTES {
            return;
        }
        let mut spelled = self.spelled.lock();
        if spelled.len() >= SPELLED {
            spelled.clear();
        }
        spelled.insert(shown.to_owned(), text.to_owned());
    }

    /// Of values that a viewer sees alike, the one shown last is meant; here one that ids alone tell.
    pub(super) fn spell_plainly(&self, shown: &str) {
        self.spelled.lock().remove(shown);
    }

    /// How a value is spelled that a viewer sees, if ids alone do not tell it.
    pub(super) fn spelled(&self, shown: &str) -> Option<String> {
        self.spelled.lock().get(shown).cloned()
    }
}

/// The users of the projects that veiled viewers read.
#[derive(Default)]
pub(crate) struct KnownUsers(Mutex<HashMap<Scope, Arc<Kept>>>);

/// The users of a project as somebody read them last.
#[derive(Default)]
struct Kept {
    /// Whose turn it is to read them: who waits meanwhile takes what was read.
    turn: tokio::sync::Mutex<()>,
    known: Mutex<Option<UsersRead>>,
}

#[derive(Clone)]
struct UsersRead {
    users: Arc<Users>,
    watermark: u64,
}

impl Kept {
    /// The users of a commit, or of a later one.
    fn at(&self, watermark: u64) -> Option<Arc<Users>> {
        let known = self.known.lock();
        let known = known.as_ref().filter(|known| known.watermark >= watermark);
        known.map(|known| Arc::clone(&known.users))
    }
}

impl KnownUsers {
    fn of(&self, scope: Scope) -> Arc<Kept> {
        let mut kept = self.0.lock();
        if kept.len() >= PROJECTS && !kept.contains_key(&scope) {
            kept.clear();
        }
        Arc::clone(kept.entry(scope).or_default())
    }

    /// Makes room for the users of a project among those of others.
    fn make_room(&self, scope: Scope, count: usize) {
        let mut kept = self.0.lock();
        let of = |kept: &Kept| {
            kept.known
                .lock()
                .as_ref()
                .map_or(0, |known| known.users.count())
        };
        let others = kept.iter().filter(|(other, _)| **other != scope);
        if count + others.map(|(_, kept)| of(kept)).sum::<usize>() > MOST {
            kept.retain(|other, _| *other == scope);
        }
    }

    /// The users of a project as somebody read them last.
    pub(super) fn kept(&self, scope: Scope) -> Option<Arc<Users>> {
        self.of(scope).at(0)
    }

    /// Forgets the users of a project, so that nobody who was erased is kept.
    pub(crate) fn forget(&self, scope: Scope) {
        self.0.lock().remove(&scope);
    }
}

impl Reading {
    /// The users of a project as a veiled viewer knows them: all that any event which was committed before
    /// names, so that none is shown as they are whose first event has just come.
    pub(super) async fn users(&self, viewer: Viewer) -> Result<Arc<Users>, AppError> {
        let scope = viewer.scope();
        let wanted = self.store.watermark(scope);
        let kept = self.known_users.of(scope);
        if let Some(users) = kept.at(wanted) {
            return Ok(users);
        }
        let _turn = kept.turn.lock().await;
        if let Some(users) = kept.at(wanted) {
            return Ok(users);
        }
        let watermark = self.store.watermark(scope);
        let batches = self
            .store
            .read_clear(everybody(scope, self.store.dialect()))
            .await?;
        let before = kept.at(0);
        let making = move || {
            let ids = read(&batches)?;
            Ok::<_, AppError>(match before {
                Some(before) => before.followed_by(viewer, &ids),
                None => Users::of(viewer, &ids),
            })
        };
        let users = tokio::task::spawn_blocking(making).await;
        let users = Arc::new(users.map_err(AppError::internal)??);
        self.known_users.make_room(scope, users.count());
        *kept.known.lock() = Some(UsersRead {
            users: Arc::clone(&users),
            watermark,
        });
        Ok(users)
    }

    /// The id of the user whom a viewer means: as it is, or by a pseudonym; of somebody unknown, what
    /// they said.
    pub(crate) async fn user_meant(&self, viewer: Viewer, said: &str) -> Result<String, AppError> {
        if !viewer.is_veiled() || !is_pseudonym(said) {
            return Ok(said.to_owned());
        }
        let users = self.users(viewer).await?;
        Ok(users.behind(said).unwrap_or(said).to_owned())
    }
}

/// The ids of users. Who is not among them would be shown as they are, so there must not be more.
fn read(batches: &[arrow::record_batch::RecordBatch]) -> Result<Vec<String>, AppError> {
    let ids = read_members(batches).map_err(AppError::internal)?;
    match ids.len() > MOST {
        true => Err(AppError::new(
            ErrorCode::AnswerTooLarge,
            format!("The project has more than {MOST} users, too many to show by pseudonyms."),
        )
        .fix("Ask somebody who may identify users.")),
        false => Ok(ids),
    }
}

fn everybody(scope: Scope, dialect: Dialect) -> Statement {
    let segment = Segment {
        subject: Subject::Users,
        all: true,
        conditions: Vec::new(),
        ever: BOUNDS,
    };
    let page = Page {
        after: None,
        limit: MOST as u32 + 1,
    };
    members(scope, &segment, &page, dialect)
}

#[cfg(test)]
mod tests {
    use weir_meta::PseudonymKey;

    use super::*;

    fn viewer() -> Viewer {
        Viewer::veiled(Scope::new(1, 1), PseudonymKey([7; 32]))
    }

    fn ids(range: std::ops::Range<usize>) -> Vec<String> {
        range.map(|n| format!("user-{n}")).collect()
    }

    fn knows(users: &Users, id: &str) -> bool {
        let found = users.behind(&viewer().user(id)) == Some(id);
        assert_eq!(
            !users.mentions(&format!("of {id}.")).is_empty(),
            found,
            "{id}"
        );
        found
    }

    #[test]
    fn who_is_new_is_known_beside_the_others_until_they_are_many() {
        let first = Users::of(viewer(), &ids(0..80));
        let second = first.followed_by(viewer(), &ids(0..85));
        assert!(
            Arc::ptr_eq(&first.ids, &second.ids),
            "nobody is put in order again"
        );
        assert!(
            knows(&second, "user-84") && knows(&second, "user-3") && !knows(&second, "user-90")
        );
        let third = second.followed_by(viewer(), &ids(0..200));
        assert!(!Arc::ptr_eq(&first.ids, &third.ids));
        assert!(knows(&third, "user-199") && knows(&third, "user-84"));
    }

    #[test]
    fn who_has_left_is_known_no_more() {
        let users = Users::of(viewer(), &ids(0..80)).followed_by(viewer(), &ids(1..80));
        assert!(!knows(&users, "user-0") && knows(&users, "user-1"));
        assert!(knows(&users.followed_by(viewer(), &ids(1..81)), "user-80"));
        let nobody = Users::of(viewer(), &[]);
        assert!(!knows(&nobody, "user-1"));
        assert!(knows(&nobody.followed_by(viewer(), &ids(1..2)), "user-1"));
    }

    #[test]
    fn projects_and_values_that_are_kept_have_a_bound() {
        let users = Users::of(viewer(), &[]);
        for n in 0..=SPELLED {
            users.spell(&n.to_string(), "text");
        }
        assert_eq!(users.spelled.lock().len(), 1);
        users.spell("long", &"x".repeat(SPELLED_BYTES + 1));
        assert_eq!(users.spelled("long"), None);
        let known = KnownUsers::default();
        for n in 0..=PROJECTS as i32 {
            known.of(Scope::new(1, n));
        }
        assert_eq!(known.0.lock().len(), 1);
    }
}
