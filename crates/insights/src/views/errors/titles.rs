//! The titles of error groups.

use std::collections::HashMap;

use weir_model::{SeenError, TimeRange, cube::Dimension};
use weir_query::records::{Told, errors::ErrorRecords};

use crate::{AppError, Reading, errors::Places, privacy::Viewer, views::Frame};

impl Reading {
    /// The titles of groups with errors in a range: their names, or their newest messages with
    /// placeholders for values. Fails if the frame is not valid or the store fails.
    pub(in crate::views) async fn error_titles(
        &self,
        viewer: Viewer,
        frame: &Frame,
        range: TimeRange,
        groups: Vec<String>,
    ) -> Result<HashMap<String, String>, AppError> {
        if groups.is_empty() {
            return Ok(HashMap::new());
        }
        let scope = viewer.scope();
        let resolved = self.resolved_frame(scope, &frame.within(range)).await?;
        let records = ErrorRecords {
            by: Dimension::ErrorGroup,
            only: groups.clone(),
            range: Some(range),
            environment: frame.environment.clone(),
            workflow: frame.workflow.clone(),
            told: Told::of(&resolved.filters),
        };
        let newest = records.write_newest(scope, self.store.dialect(), 1);
        let newest = self
            .range_records(viewer, range, newest, |rows| ErrorRecords::newest(&rows))
            .await?;
        let places = Places::of(self.store.port(), scope, newest.values().flatten());
        let keying = self.keyings.keying(scope).await?;
        let title = |group: String| {
            let error = newest
                .get(&Some(group.clone()))
                .and_then(|errors| errors.first());
            let title = match error {
                Some(error) => keying.title(&group, &places.seen(error)),
                None => keying.title(&group, &SeenError::default()),
            };
            (group, title)
        };
        let mut titles: HashMap<String, String> = groups.into_iter().map(title).collect();
        self.veil(viewer, titles.values_mut().collect()).await?;
        Ok(titles)
    }
}
