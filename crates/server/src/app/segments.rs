//! Creating, changing and deleting segments.

use weir_insights::{
    privacy::Viewer,
    segments::{SegmentInput, SegmentView, unknown},
};
use weir_meta::{Actor, Saved};
use weir_model::Scope;

use super::{App, AppError, ErrorCode};

impl App {
    /// Stores a new segment. Fails if the input is invalid or the name is taken.
    pub async fn create_segment(
        &self,
        viewer: Viewer,
        input: &SegmentInput,
        actor: &Actor,
    ) -> Result<SegmentView, AppError> {
        let (name, text) = self.reading.checked(viewer, input).await?;
        let made = self
            .meta
            .create_segment(viewer.scope(), &name, &text, actor);
        self.saved_segment(viewer, made.await?).await
    }

    /// Replaces a segment's definition. Fails if the segment is unknown, the input is invalid or the name is
    /// taken.
    pub async fn change_segment(
        &self,
        viewer: Viewer,
        id: &str,
        input: &SegmentInput,
        actor: &Actor,
    ) -> Result<SegmentView, AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        let (name, text) = self.reading.checked(viewer, input).await?;
        let changed = self
            .meta
            .change_segment(viewer.scope(), id, &name, &text, actor);
        self.saved_segment(viewer, changed.await?).await
    }

    /// Deletes a segment. Fails if it is unknown.
    pub async fn delete_segment(
        &self,
        scope: Scope,
        id: &str,
        actor: &Actor,
    ) -> Result<(), AppError> {
        let id = id.parse().map_err(|_| unknown())?;
        match self.meta.delete_segment(scope, id, actor).await? {
            true => Ok(()),
            false => Err(unknown()),
        }
    }

    async fn saved_segment(&self, viewer: Viewer, saved: Saved) -> Result<SegmentView, AppError> {
        match saved {
            Saved::Segment(stored) => self.reading.shown_segment(viewer, stored).await,
            Saved::Unknown => Err(unknown()),
            Saved::NameTaken => {
                let detail = "Another segment of the project has this name.";
                Err(AppError::new(ErrorCode::NameTaken, detail).field("name"))
            }
        }
    }
}
