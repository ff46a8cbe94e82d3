//! Adding, changing and deleting annotations.

use weir_insights::{
    annotations::{AnnotationInput, AnnotationView, unknown_annotation},
    privacy::Viewer,
};
use weir_meta::{Actor, AnnotationSaved, StoredAnnotation};

use super::{App, AppError, ErrorCode};

impl App {
    /// Adds an annotation. Fails if the input is invalid or the project has too many annotations.
    pub async fn add_annotation(
        &self,
        viewer: Viewer,
        input: AnnotationInput,
        actor: &Actor,
    ) -> Result<AnnotationView, AppError> {
        let checked = self.reading.checked_annotation(viewer, input)?;
        let most = self.settings.annotations;
        let added = self
            .meta
            .add_annotation(viewer.scope(), &checked, most, actor);
        let stored = self.kept_annotation(added.await?)?;
        self.reading.shown_annotation(viewer, stored).await
    }

    /// Replaces what an annotation says; with `expected`, only if that is its revision. Fails if it is unknown,
    /// at another revision, or the input is invalid.
    pub async fn change_annotation(
        &self,
        viewer: Viewer,
        id: &str,
        input: AnnotationInput,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<AnnotationView, AppError> {
        let id = id.parse().map_err(|_| unknown_annotation())?;
        let checked = self.reading.checked_annotation(viewer, input)?;
        let changed = self
            .meta
            .change_annotation(viewer.scope(), id, &checked, expected, actor);
        let stored = self.kept_annotation(changed.await?)?;
        self.reading.shown_annotation(viewer, stored).await
    }

    /// Deletes an annotation; with `expected`, only if that is its revision. Fails if it is unknown or at
    /// another revision.
    pub async fn delete_annotation(
        &self,
        viewer: Viewer,
        id: &str,
        expected: Option<i64>,
        actor: &Actor,
    ) -> Result<(), AppError> {
        let id = id.parse().map_err(|_| unknown_annotation())?;
        let deleted = self
            .meta
            .delete_annotation(viewer.scope(), id, expected, actor);
        self.kept_annotation(deleted.await?).map(drop)
    }

    fn kept_annotation(&self, saved: AnnotationSaved) -> Result<StoredAnnotation, AppError> {
        match saved {
            AnnotationSaved::Now(stored) => Ok(*stored),
            AnnotationSaved::Unknown => Err(unknown_annotation()),
            AnnotationSaved::Changed => {
                let detail = "The annotation is not at the revision that you named.";
                Err(AppError::new(ErrorCode::PreconditionFailed, detail)
                    .fix("Read the annotation again and apply your change to it."))
            }
            AnnotationSaved::TooMany => {
                let most = self.settings.annotations;
                let detail = format!("The project has {most} annotations.");
                Err(AppError::new(ErrorCode::QuotaExceeded, detail)
                    .fix("Delete some, or ask the operator to raise `projects.annotations`."))
            }
        }
    }
}
