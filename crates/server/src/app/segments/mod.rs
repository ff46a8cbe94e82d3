//! Segments of users and workflows: stored definitions, and who is in them.

pub mod definition;

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Saved, StoredSegment};
use weir_model::{Scope, Timestamp, cube::Dimension};
use weir_query::{
    Dialect,
    records::segments::{self as records, Segment},
};

use super::{App, AppError, ErrorCode, cursor::Cursor};
use definition::SegmentDefinition;

/// The most members on a page.
const MOST: u32 = 1_000;
const DEFAULT: u32 = 100;
/// The longest name.
const NAME_BYTES: usize = 200;

/// A segment to be stored.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SegmentInput {
    /// For people; unique in the project.
    #[schema(example = "Keen users on the pro plan")]
    pub name: String,
    /// Who is in it.
    pub definition: SegmentDefinition,
}

/// A stored segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SegmentView {
    /// UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// For people.
    pub name: String,
    /// Who is in it.
    pub definition: SegmentDefinition,
    /// 1 when it is made; each change adds 1.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = "date-time")]
    pub updated_at: Timestamp,
}

/// Who is in a segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Members {
    /// How many there are now.
    pub size: u64,
    /// How many users or workflows the project has.
    pub of: u64,
    /// Percentage of these; null where there are none.
    pub share_pct: Option<f64>,
    /// A page of them, in order of ids.
    pub members: Vec<Member>,
    /// The parameter `cursor` for the members after these; null at the end.
    pub next_cursor: Option<String>,
}

/// Somebody in a segment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Member {
    /// The user or workflow.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

impl App {
    /// The segments of a project, in order of name.
    pub async fn segments(&self, scope: Scope) -> Result<Vec<SegmentView>, AppError> {
        let stored = self.meta.segments(scope).await?;
        stored.into_iter().map(SegmentView::try_from).collect()
    }

    /// A segment of a project.
    pub async fn segment(&self, scope: Scope, id: &str) -> Result<SegmentView, AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        let stored = self.meta.segment(scope, id).await?.ok_or_else(unknown)?;
        stored.try_into()
    }

    /// Stores a new segment.
    pub async fn create_segment(
        &self,
        scope: Scope,
        input: &SegmentInput,
    ) -> Result<SegmentView, AppError> {
        let text = self.checked(scope, input)?;
        saved(self.meta.create_segment(scope, &input.name, &text).await?)
    }

    /// Puts a definition in place of the one before.
    pub async fn change_segment(
        &self,
        scope: Scope,
        id: &str,
        input: &SegmentInput,
    ) -> Result<SegmentView, AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        let text = self.checked(scope, input)?;
        let changed = self.meta.change_segment(scope, id, &input.name, &text);
        saved(changed.await?)
    }

    /// Deletes a segment.
    pub async fn delete_segment(&self, scope: Scope, id: &str) -> Result<(), AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        match self.meta.delete_segment(scope, id).await? {
            true => Ok(()),
            false => Err(unknown()),
        }
    }

    /// Who is in a stored segment.
    pub async fn segment_members(
        &self,
        scope: Scope,
        id: &str,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Members, AppError> {
        let segment = self.segment(scope, id).await?;
        self.members(scope, &segment.definition, cursor, limit)
            .await
    }

    /// Who would be in a segment.
    pub async fn members(
        &self,
        scope: Scope,
        definition: &SegmentDefinition,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Members, AppError> {
        let limit = limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = "This number of members is not possible.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("limit");
            return Err(error.fix(format!("1 to {MOST}")));
        }
        let segment = self.compiled(scope, definition)?;
        let page = records::Page {
            after: cursor.map(Cursor::parse).transpose()?.map(|after| after.id),
            // One more than asked for tells whether there are more.
            limit: limit + 1,
        };
        let size = records::size(scope, &segment, Dialect::default());
        let size = self.read_records(size, |batches| records::read_size(&batches));
        let page = records::members(scope, &segment, &page, Dialect::default());
        let ids = self.read_records(page, |batches| records::read_members(&batches));
        let ((size, of), mut ids) = try_join(size, ids).await?;
        let more = ids.len() > limit as usize;
        ids.truncate(limit as usize);
        Ok(Members {
            size,
            of,
            share_pct: (of > 0).then(|| 100.0 * size as f64 / of as f64),
            next_cursor: ids.last().filter(|_| more).map(|id| {
                let id = id.clone();
                let timestamp = Timestamp(0);
                Cursor { timestamp, id }.encode()
            }),
            members: self.named(scope, &segment, ids),
        })
    }

    fn named(&self, scope: Scope, segment: &Segment, ids: Vec<String>) -> Vec<Member> {
        let dimension = segment.subject.dimension();
        let wanted = (dimension == Dimension::Workflow).then(|| (dimension, ids.clone()));
        let labels = self.store.labels(scope, &wanted.into_iter().collect());
        let names = labels.get(&dimension);
        ids.into_iter()
            .map(|id| Member {
                name: names.and_then(|names| names.get(&id)).cloned(),
                id,
            })
            .collect()
    }

    /// The definition as text, if it can be asked and the name is one.
    fn checked(&self, scope: Scope, input: &SegmentInput) -> Result<String, AppError> {
        if input.name.trim().is_empty() || input.name.len() > NAME_BYTES {
            let detail = "A segment has a name.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("name");
            return Err(error.fix(format!("1 to {NAME_BYTES} bytes of text")));
        }
        self.compiled(scope, &input.definition)?;
        serde_json::to_string(&input.definition).map_err(AppError::internal)
    }
}

fn saved(saved: Saved) -> Result<SegmentView, AppError> {
    match saved {
        Saved::Segment(stored) => stored.try_into(),
        Saved::Unknown => Err(unknown()),
        Saved::NameTaken => {
            let detail = "Another segment of the project has this name.";
            Err(AppError::new(ErrorCode::NameTaken, detail).field("name"))
        }
    }
}

fn unknown() -> AppError {
    AppError::new(
        ErrorCode::NotFound,
        "The project has no segment of this id.",
    )
    .field("id")
    .fix("GET /api/v1/analytics/segments lists them.")
}

impl TryFrom<StoredSegment> for SegmentView {
    type Error = AppError;

    fn try_from(stored: StoredSegment) -> Result<Self, AppError> {
        Ok(Self {
            id: stored.id.to_string(),
            name: stored.name,
            definition: serde_json::from_str(&stored.definition).map_err(AppError::internal)?,
            version: stored.version,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }
}
