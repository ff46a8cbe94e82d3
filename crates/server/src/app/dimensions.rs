//! Declaring dimensions.

use weir_insights::dimensions::{DimensionsInput, DimensionsView, checked};
use weir_meta::{Actor, Document};
use weir_model::Scope;

use super::{App, AppError, ErrorCode};

impl App {
    /// Replaces the declared dimensions; with `after`, only if that is the current version. Fails with
    /// `precondition_failed` if it is not, or if the input is invalid.
    pub async fn put_dimensions(
        &self,
        scope: Scope,
        input: DimensionsInput,
        after: Option<i64>,
        actor: &Actor,
    ) -> Result<DimensionsView, AppError> {
        let dimensions = checked(input, self.settings.dimensions.most)?;
        let held = self.reading.declared_version(scope).await?;
        let text = serde_json::to_string(&dimensions).map_err(AppError::internal)?;
        let after = after.unwrap_or(held);
        let document = Document::Dimensions;
        let added = self
            .meta
            .put_document(scope, document, after, &text, actor)
            .await?;
        if added.is_none() {
            let detail = "The dimensions are not at the version that you named.";
            return Err(AppError::new(ErrorCode::PreconditionFailed, detail)
                .fix("Read the dimensions again and apply your change to them."));
        }
        let stored = self.meta.document(scope, Document::Dimensions).await?;
        self.reading.note_declaration(scope, stored)?;
        self.reading.dimensions(scope).await
    }

    /// Prepares the declared dimensions of every project, so that no query has to wait for it. Fails if
    /// control data or the store cannot be read.
    pub(crate) async fn describe_projects(&self) -> Result<(), AppError> {
        for scope in self.meta.projects_with(Document::Dimensions).await? {
            self.reading.refresh_declared(scope).await?;
        }
        Ok(())
    }
}
