//! Saved views: pages of the application with their filters, private or shared with the project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_insights::{cursor::Cursor, privacy::Viewer};
use weir_meta::{Actor, Permission, Principal, SavedView, SavedViewTerms, ViewSaved, ViewsOf};
use weir_model::Timestamp;

use super::{App, AppError, ErrorCode, access, words};

/// The default and the maximum number of views on a page.
const PAGE: u32 = 100;
const MOST_PAGE: u32 = 1_000;
/// The most parts of a path, and the most parameters.
const PARTS: usize = 10;
const PARAMETERS: usize = 50;
/// The longest part of a path, name of a parameter and value, in bytes.
const PART_BYTES: usize = 512;
const PARAMETER_BYTES: usize = 256;
const VALUE_BYTES: usize = 4_000;
/// The longest page with its parameters, in bytes of JSON.
const CONTENT_BYTES: usize = 16_000;

/// A page of the application and its parameters, decoded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SavedPage)]
pub struct Page {
    /// The parts of the page's path: 1 to 10, such as `workflows`, `orders`, `map`; `overview` for the first page.
    #[schema(example = json!(["executions"]))]
    pub path: Vec<String>,
    /// Its parameters: up to 50. Several values of one are a JSON array of texts.
    #[serde(default)]
    #[schema(example = json!({"status": "failed", "range": "7d"}))]
    pub parameters: BTreeMap<String, String>,
}

/// A view to save.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedViewInput {
    /// The name, unique among the shared views or among those of the caller.
    #[schema(example = "Failed payments")]
    pub name: String,
    /// What it shows.
    pub page: Page,
    /// Whether everyone in the project sees it; only the caller, by default.
    #[serde(default)]
    pub shared: bool,
}

/// A saved view.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SavedView)]
pub struct SavedViewView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it shows.
    pub page: Page,
    /// Whether everyone in the project sees it.
    pub shared: bool,
    /// Who saved it: an e-mail address, or `key` and the key's id.
    pub author: String,
    /// Starts at 1; each change adds 1. In quotes, it is the `ETag`.
    pub revision: i64,
    /// When it was saved.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = "date-time")]
    pub updated_at: Timestamp,
}

/// A page of saved views.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SavedViews)]
pub struct SavedViewPage {
    /// The views, oldest first.
    pub views: Vec<SavedViewView>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// Who saves, changes or deletes views.
#[derive(Clone, Copy, Debug)]
pub struct Saver<'a> {
    /// How they see users.
    pub viewer: Viewer,
    /// The caller.
    pub principal: &'a Principal,
    /// The caller as named in the audit log.
    pub actor: &'a Actor,
}

impl Saver<'_> {
    fn views(&self) -> ViewsOf {
        ViewsOf {
            scope: self.viewer.scope(),
            person: self.principal.person().map(|person| person.id),
        }
    }

    /// Fails if the caller has no views of their own, or must not change shared ones.
    fn demand(&self, shared: bool) -> Result<(), AppError> {
        if shared {
            let granted = self.principal.permissions_in(self.viewer.scope());
            return access::demand(self.principal, granted, Permission::ShareViews);
        }
        match self.principal.person() {
            Some(_) => Ok(()),
            None => {
                let detail = "An API key has no views of its own.";
                Err(wrong("shared", detail).fix("Send true, or log in."))
            }
        }
    }
}

impl App {
    /// The views that the caller sees: the shared ones and their own. Fails if the page is not valid.
    pub async fn saved_views(
        &self,
        viewer: Viewer,
        principal: &Principal,
        (cursor, limit): (Option<&str>, Option<u32>),
    ) -> Result<SavedViewPage, AppError> {
        let limit = limit.unwrap_or(PAGE);
        if !(1..=MOST_PAGE).contains(&limit) {
            let detail = "The number of views is out of range.";
            return Err(wrong("limit", detail).fix(format!("1 to {MOST_PAGE}")));
        }
        let of = ViewsOf {
            scope: viewer.scope(),
            person: principal.person().map(|person| person.id),
        };
        let after = cursor.map(Cursor::parse).transpose()?;
        let after = after.as_ref().map(|cursor| cursor.id.as_str());
        // One more than requested, to know whether there are more.
        let mut found = self.meta.saved_views(of, after, limit as usize + 1).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next_cursor = found.last().filter(|_| more).map(|last| {
            let cursor = Cursor {
                timestamp: Timestamp(0),
                id: last.id.to_string(),
            };
            cursor.encode()
        });
        let mut views = Vec::with_capacity(found.len());
        for stored in found {
            views.push(self.shown_view(viewer, stored).await?);
        }
        Ok(SavedViewPage { views, next_cursor })
    }

    /// Saves a new view. Fails if the input is not valid, the caller must not save it, the name is taken, or
    /// there are too many.
    pub async fn add_saved_view(
        &self,
        saver: Saver<'_>,
        input: &SavedViewInput,
    ) -> Result<SavedViewView, AppError> {
        saver.demand(input.shared)?;
        let (name, content) = checked_view(input)?;
        let terms = SavedViewTerms {
            name,
            content: &content,
            shared: input.shared,
            veiled: saver.viewer.is_veiled(),
        };
        let most = self.settings.saved_views;
        let added = self
            .meta
            .add_saved_view(saver.views(), terms, most, saver.actor);
        let stored = self.kept_view(added.await?)?;
        self.shown_view(saver.viewer, stored).await
    }

    /// Replaces a view; with `expected`, only if that is its revision. Fails like [`App::add_saved_view`], or
    /// if the view is unknown or at another revision.
    pub async fn change_saved_view(
        &self,
        saver: Saver<'_>,
        id: &str,
        input: &SavedViewInput,
        expected: Option<i64>,
    ) -> Result<SavedViewView, AppError> {
        let id = self.demand_view(saver, id).await?;
        saver.demand(input.shared)?;
        let (name, content) = checked_view(input)?;
        let terms = SavedViewTerms {
            name,
            content: &content,
            shared: input.shared,
            veiled: saver.viewer.is_veiled(),
        };
        let conditions = (expected, self.settings.saved_views);
        let changed =
            self.meta
                .change_saved_view(saver.views(), id, terms, conditions, saver.actor);
        let stored = self.kept_view(changed.await?)?;
        self.shown_view(saver.viewer, stored).await
    }

    /// Deletes a view; with `expected`, only if that is its revision. Fails if the view is unknown or at
    /// another revision, or the caller must not change it.
    pub async fn delete_saved_view(
        &self,
        saver: Saver<'_>,
        id: &str,
        expected: Option<i64>,
    ) -> Result<(), AppError> {
        let id = self.demand_view(saver, id).await?;
        let deleted = self
            .meta
            .delete_saved_view(saver.views(), id, expected, saver.actor);
        self.kept_view(deleted.await?).map(drop)
    }

    /// The id of a view that the caller can change. Fails if there is none.
    async fn demand_view(&self, saver: Saver<'_>, id: &str) -> Result<Uuid, AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        let stored = self.meta.saved_view(saver.views(), id).await?;
        saver.demand(stored.ok_or_else(unknown)?.shared)?;
        Ok(id)
    }

    async fn shown_view(
        &self,
        viewer: Viewer,
        stored: SavedView,
    ) -> Result<SavedViewView, AppError> {
        let mut page: Page = serde_json::from_str(&stored.content).map_err(AppError::internal)?;
        let (mut name, mut author) = (stored.name, stored.author);
        // What someone typed who saw pseudonyms is shown as they typed it: to replace ids that they guessed would
        // tell them which ones exist.
        let typed = page.texts().chain([&mut name]).filter(|_| !stored.veiled);
        let texts = typed.chain([&mut author]).collect();
        self.reading.veil(viewer, texts).await?;
        Ok(SavedViewView {
            id: stored.id.to_string(),
            name,
            page,
            shared: stored.shared,
            author,
            revision: stored.revision,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }

    fn kept_view(&self, saved: ViewSaved) -> Result<SavedView, AppError> {
        match saved {
            ViewSaved::Now(stored) => Ok(stored),
            ViewSaved::Unknown => Err(unknown()),
            ViewSaved::Changed => {
                let detail = "The view is not at the revision that you named.";
                Err(AppError::new(ErrorCode::PreconditionFailed, detail)
                    .fix("Read the view again and apply your change to it."))
            }
            ViewSaved::NameTaken => {
                let detail = "Another view has this name.";
                Err(AppError::new(ErrorCode::NameTaken, detail).field("name"))
            }
            ViewSaved::TooMany => {
                let most = self.settings.saved_views;
                let detail = format!("There are {most} such views.");
                Err(AppError::new(ErrorCode::QuotaExceeded, detail)
                    .fix("Delete some, or ask the operator to raise `projects.saved_views`."))
            }
        }
    }
}

impl Page {
    /// Fails at a part that is empty or too long, or if there are too many.
    fn check(&self) -> Result<(), AppError> {
        let fits = |text: &str, most| text.len() <= most && !text.chars().any(char::is_control);
        if !(1..=PARTS).contains(&self.path.len()) || self.parameters.len() > PARAMETERS {
            let detail = "The page has no path, or too many parts or parameters.";
            let fix = format!("1 to {PARTS} parts of a path, up to {PARAMETERS} parameters");
            return Err(wrong("page", detail).fix(fix));
        }
        if let Some(part) = self
            .path
            .iter()
            .find(|part| ["", ".", ".."].contains(&part.as_str()) || !fits(part, PART_BYTES))
        {
            let detail = format!("{part:?} cannot be part of a path.");
            let fix = format!("1 to {PART_BYTES} bytes without control characters");
            return Err(wrong("page.path", &detail).fix(fix));
        }
        let odd =
            |(name, value): &(&String, &String)| !is_parameter(name) || value.len() > VALUE_BYTES;
        if let Some((name, _)) = self.parameters.iter().find(odd) {
            let detail =
                format!("The parameter {name:?} is not one of the application, or too long.");
            let fix = format!(
                "names of letters, digits, `_`, `.` and `-`, not `project`; values of at most {VALUE_BYTES} bytes"
            );
            return Err(wrong("page.parameters", &detail).fix(fix));
        }
        Ok(())
    }

    /// Texts that can mention users.
    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        self.path.iter_mut().chain(self.parameters.values_mut())
    }
}

/// The name, and the page as JSON. Fails if one is not valid.
fn checked_view(input: &SavedViewInput) -> Result<(&str, String), AppError> {
    let name = words::name("name", &input.name)?;
    input.page.check()?;
    let content = serde_json::to_string(&input.page).map_err(AppError::internal)?;
    if content.len() > CONTENT_BYTES {
        let detail = "The page and its parameters are too long.";
        return Err(wrong("page", detail).fix(format!("up to {CONTENT_BYTES} bytes of JSON")));
    }
    Ok((name, content))
}

/// A name of a parameter of the application. The project is not one: a view belongs to its own.
fn is_parameter(name: &str) -> bool {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    (1..=PARAMETER_BYTES).contains(&name.len()) && name.bytes().all(simple) && name != "project"
}

fn unknown() -> AppError {
    AppError::new(ErrorCode::NotFound, "There is no view with this id.")
        .field("id")
        .fix("GET /api/v1/views lists them.")
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}
