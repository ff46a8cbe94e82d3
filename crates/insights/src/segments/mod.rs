//! Segments of users and workflows: stored definitions and their members.

pub mod definition;

use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::StoredSegment;
use weir_model::{Timestamp, cube::Dimension};
use weir_query::records::segments::{self as records, Segment};

use super::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer, query::Freshness};
use definition::SegmentDefinition;

/// The most members on a page.
const MOST: u32 = 1_000;
const DEFAULT: u32 = 100;
/// The longest name, in bytes.
const NAME_BYTES: usize = 200;

/// A segment to store.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SegmentInput {
    /// The name, unique in the project.
    #[schema(example = "Keen users on the pro plan")]
    pub name: String,
    /// Defines its members.
    pub definition: SegmentDefinition,
}

/// A stored segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SegmentView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// The name.
    pub name: String,
    /// Defines its members.
    pub definition: SegmentDefinition,
    /// Starts at 1; each change adds 1.
    pub version: i64,
    /// When it was created.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = "date-time")]
    pub updated_at: Timestamp,
}

/// Which page of members.
#[derive(Clone, Debug, Default)]
pub struct MemberPage {
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// The maximum number of members on the page.
    pub limit: Option<u32>,
}

/// The members of a segment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Members {
    /// Number of members.
    pub size: u64,
    /// Number of users or workflows in the project.
    pub of: u64,
    /// Members as a percentage of these; null if there are none.
    pub share_pct: Option<f64>,
    /// A page of members, ordered by id.
    pub members: Vec<Member>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// A member of a segment.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Member {
    /// The user or workflow.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
}

impl Reading {
    /// The segments of a project, ordered by name. Fails if control data cannot be read.
    pub async fn segments(&self, viewer: Viewer) -> Result<Vec<SegmentView>, AppError> {
        let stored = self.control.segments(viewer.scope()).await?;
        let mut views = Vec::with_capacity(stored.len());
        for stored in stored {
            views.push(self.shown_segment(viewer, stored).await?);
        }
        Ok(views)
    }

    /// A segment of a project. Fails if there is no such segment.
    pub async fn segment(&self, viewer: Viewer, id: &str) -> Result<SegmentView, AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        let stored = self.control.segment(viewer.scope(), id).await?;
        self.shown_segment(viewer, stored.ok_or_else(unknown)?)
            .await
    }

    /// A page of members of a stored segment. Fails if there is no such segment, if the page is not valid, or
    /// if the store fails.
    pub async fn segment_members(
        &self,
        viewer: Viewer,
        id: &str,
        page: &MemberPage,
        freshness: Freshness,
    ) -> Result<Members, AppError> {
        let segment = self.segment(viewer, id).await?;
        self.members(viewer, &segment.definition, page, freshness)
            .await
    }

    /// A page of members of a segment with this definition. Fails if the definition or page is not valid, or
    /// if the store fails.
    pub async fn members(
        &self,
        viewer: Viewer,
        definition: &SegmentDefinition,
        wanted: &MemberPage,
        freshness: Freshness,
    ) -> Result<Members, AppError> {
        let limit = wanted.limit.unwrap_or(DEFAULT);
        if !(1..=MOST).contains(&limit) {
            let detail = "The number of members is out of range.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("limit");
            return Err(error.fix(format!("1 to {MOST}")));
        }
        let segment = self.compiled(viewer.scope(), definition).await?;
        let page = records::Page {
            after: match &wanted.cursor {
                Some(cursor) => Some(Cursor::parse(cursor)?.id),
                None => None,
            },
            // One more than requested, to know whether there are more.
            limit: limit + 1,
        };
        // Before the read: later commits make the answer stale.
        let watermark = self.store.watermark(viewer.scope());
        let size = records::size(viewer.scope(), &segment, self.store.dialect());
        let page = records::members(viewer.scope(), &segment, &page, self.store.dialect());
        let question = (size.clone(), page.clone());
        let computing = try_join(
            self.walk_records(viewer, size, |batches| records::read_size(&batches)),
            self.walk_records(viewer, page, |batches| records::read_members(&batches)),
        );
        let found = self.recorded(viewer, watermark, question, freshness, computing);
        let ((size, of), mut ids) = (*found.await?.answer).clone();
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
            members: self.named(viewer, &segment, ids),
        })
    }

    fn named(&self, viewer: Viewer, segment: &Segment, ids: Vec<String>) -> Vec<Member> {
        let dimension = segment.subject.dimension();
        let wanted = (dimension == Dimension::Workflow).then(|| (dimension, ids.clone()));
        let names = self.names_of(viewer, &wanted.into_iter().collect());
        ids.into_iter()
            .map(|id| Member {
                name: names.of(dimension.name(), Some(&id)),
                id,
            })
            .collect()
    }

    /// The name and the definition as JSON, with real user ids in place of pseudonyms. Fails if the name or
    /// definition is not valid.
    pub async fn checked(
        &self,
        viewer: Viewer,
        input: &SegmentInput,
    ) -> Result<(String, String), AppError> {
        if input.name.trim().is_empty() || input.name.len() > NAME_BYTES {
            let detail = "The name is not valid.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("name");
            return Err(error.fix(format!("1 to {NAME_BYTES} bytes of text")));
        }
        let mut definition = input.definition.clone();
        self.compiled(viewer.scope(), &definition).await?;
        for (is_user, value) in definition.values_mut() {
            *value = match is_user {
                true => self.stored_user(viewer, value).await?,
                false => self.stored_text(viewer, value).await?,
            };
        }
        let name = self.stored_text(viewer, &input.name).await?;
        let text = serde_json::to_string(&definition).map_err(AppError::internal)?;
        Ok((name, text))
    }

    /// A stored segment as the viewer is allowed to see it. Fails if its definition cannot be read.
    pub async fn shown_segment(
        &self,
        viewer: Viewer,
        stored: StoredSegment,
    ) -> Result<SegmentView, AppError> {
        let mut definition: SegmentDefinition =
            serde_json::from_str(&stored.definition).map_err(AppError::internal)?;
        let mut name = stored.name;
        let mut texts = vec![&mut name];
        for (is_user, value) in definition.values_mut() {
            match is_user {
                true => *value = viewer.user(value),
                false => texts.push(value),
            }
        }
        self.veil(viewer, texts).await?;
        Ok(SegmentView {
            id: stored.id.to_string(),
            name,
            definition,
            version: stored.version,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }
}

/// The error for an unknown segment.
pub fn unknown() -> AppError {
    AppError::new(
        ErrorCode::NotFound,
        "The project has no segment with this id.",
    )
    .field("id")
    .fix("GET /api/v1/analytics/segments lists them.")
}
