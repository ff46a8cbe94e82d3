//! The users of projects, to resolve pseudonyms and to find mentions in texts.

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

/// The most projects whose users are in memory.
const PROJECTS: usize = 200;
/// The most users of a project, and of all projects in memory.
const MOST: usize = 5_000_000;
/// New users have a separate index until there is one for this many others.
const NEW: usize = 8;
/// The most values per project whose spelling is in memory.
const SPELLED: usize = 10_000;
/// The longest such value, in bytes: the maximum length of ids.
const SPELLED_BYTES: usize = 256;

/// The users of a project at a certain time.
#[derive(Debug)]
pub(super) struct Users {
    ids: Arc<Ids>,
    /// Users added since `ids` was indexed.
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

    /// The current users, in the same order as the previous ones.
    fn followed_by(&self, viewer: Viewer, ids: &[String]) -> Self {
        let mut known = self.ids.iter().peekable();
        let mut new = Vec::new();
        for id in ids.iter().map(String::as_str) {
            if known.next_if_eq(&id).is_none() {
                new.push(id);
            }
        }
        let some_removed = known.next().is_some();
        let grown = match some_removed || NEW * new.len() > self.ids.len() {
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

    /// The user that a pseudonym stands for.
    pub(super) fn behind(&self, pseudonym: &str) -> Option<&str> {
        behind(&self.all(), pseudonym)
    }

    /// The mentions of users in a text.
    pub(super) fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        mentions(&self.all(), text)
    }

    /// Remembers the stored spelling of a value that viewers see differently, to recognise it in their
    /// filters.
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

    /// Forgets the spelling of a shown value: among values that look the same, the last one shown counts, and
    /// this one can be restored from ids.
    pub(super) fn spell_plainly(&self, shown: &str) {
        self.spelled.lock().remove(shown);
    }

    /// The stored spelling of a shown value, if it cannot be restored from ids.
    pub(super) fn spelled(&self, shown: &str) -> Option<String> {
        self.spelled.lock().get(shown).cloned()
    }
}

/// The users of projects that viewers with pseudonyms read.
#[derive(Default)]
pub(crate) struct KnownUsers(Mutex<HashMap<Scope, Arc<Kept>>>);

/// The users of a project, as last read.
#[derive(Default)]
struct Kept {
    /// Held while they are read; others who wait for it use the result.
    turn: tokio::sync::Mutex<()>,
    known: Mutex<Option<UsersRead>>,
}

#[derive(Clone)]
struct UsersRead {
    users: Arc<Users>,
    watermark: u64,
}

impl Kept {
    /// The users, if they were read at this commit or a later one.
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

    /// Drops the users of other projects if there are too many in total.
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

    /// The users of a project, as last read; `None` if they are not in memory.
    pub(super) fn kept(&self, scope: Scope) -> Option<Arc<Users>> {
        self.of(scope).at(0)
    }

    /// Drops the users of a project, so that no erased user stays in memory.
    pub(crate) fn forget(&self, scope: Scope) {
        self.0.lock().remove(&scope);
    }
}

impl Reading {
    /// The users of a project, with the viewer's pseudonyms: all users of events committed so far, so that
    /// even a user whose first event has just arrived is not shown in clear. Fails if the store does, or if
    /// there are too many.
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
            .read_clear(all_users(scope, self.store.dialect()))
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

    /// The id of the user that a viewer names by id or pseudonym; unknown names are returned unchanged. Fails
    /// if the users cannot be read.
    pub(crate) async fn stored_user(&self, viewer: Viewer, said: &str) -> Result<String, AppError> {
        if !viewer.is_veiled() || !is_pseudonym(said) {
            return Ok(said.to_owned());
        }
        let users = self.users(viewer).await?;
        Ok(users.behind(said).unwrap_or(said).to_owned())
    }
}

/// The ids of users. Fails if there are too many, because the rest would be shown in clear.
fn read(batches: &[arrow::record_batch::RecordBatch]) -> Result<Vec<String>, AppError> {
    let ids = read_members(batches).map_err(AppError::internal)?;
    match ids.len() > MOST {
        true => Err(AppError::new(
            ErrorCode::AnswerTooLarge,
            format!("The project has more than {MOST} users, which is too many for pseudonyms."),
        )
        .fix("Ask a member who has the permission to identify users.")),
        false => Ok(ids),
    }
}

fn all_users(scope: Scope, dialect: Dialect) -> Statement {
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
    fn new_users_have_their_own_index_until_there_are_many() {
        let first = Users::of(viewer(), &ids(0..80));
        let second = first.followed_by(viewer(), &ids(0..85));
        assert!(
            Arc::ptr_eq(&first.ids, &second.ids),
            "existing users are not indexed again"
        );
        assert!(
            knows(&second, "user-84") && knows(&second, "user-3") && !knows(&second, "user-90")
        );
        let third = second.followed_by(viewer(), &ids(0..200));
        assert!(!Arc::ptr_eq(&first.ids, &third.ids));
        assert!(knows(&third, "user-199") && knows(&third, "user-84"));
    }

    #[test]
    fn removed_users_are_no_longer_known() {
        let users = Users::of(viewer(), &ids(0..80)).followed_by(viewer(), &ids(1..80));
        assert!(!knows(&users, "user-0") && knows(&users, "user-1"));
        assert!(knows(&users.followed_by(viewer(), &ids(1..81)), "user-80"));
        let none = Users::of(viewer(), &[]);
        assert!(!knows(&none, "user-1"));
        assert!(knows(&none.followed_by(viewer(), &ids(1..2)), "user-1"));
    }

    #[test]
    fn projects_and_values_in_memory_are_bounded() {
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
