//! Setting SLO targets, and deleting the windows measured against them.

use weir_insights::views::sli::{
    InForce, SliConfigInput, SliConfigView, SliLevel, changed, windows::KEPT_MS,
};
use weir_meta::Actor;
use weir_model::Scope;

use super::{App, AppError};

impl App {
    /// Sets the SLO target of a project or of one of its workflows. Fails if the input is invalid or cannot
    /// be stored.
    pub async fn set_sli_config(
        &self,
        scope: Scope,
        actor: &Actor,
        input: &SliConfigInput,
    ) -> Result<SliConfigView, AppError> {
        let workflow = input.workflow_id.clone().filter(|id| !id.is_empty());
        let now = self
            .reading
            .sli_in_force(scope, workflow.as_deref())
            .await?;
        let settings = changed(now.settings, input)?;
        let config = self
            .meta
            .put_sli_config(scope, workflow.as_deref(), &settings, actor)
            .await?;
        let level = match workflow {
            Some(_) => SliLevel::Workflow,
            None => SliLevel::Project,
        };
        Ok((&InForce::of(level, config)?).into())
    }

    /// Every project, for jobs; requests use the scope of their caller. Fails if control data cannot be read.
    pub async fn every_scope(&self) -> Result<Vec<Scope>, AppError> {
        Ok(self.meta.every_scope().await?)
    }

    /// What windows are measured for: the project (`None`), and its workflows with a target of their own.
    /// Fails if control data cannot be read.
    pub async fn sli_subjects(&self, scope: Scope) -> Result<Vec<Option<String>>, AppError> {
        let configs = self.meta.sli_configs(scope).await?;
        let workflows = configs.into_iter().filter_map(|config| config.workflow);
        Ok(std::iter::once(None).chain(workflows.map(Some)).collect())
    }

    /// Deletes the windows of a project that ended more than two years ago, and returns how many there were.
    /// Fails if control data cannot be written.
    pub async fn prune_windows(&self, scope: Scope) -> Result<u64, AppError> {
        let before = self.clock.now().plus(-KEPT_MS);
        Ok(self.meta.prune_sli_windows(scope, before).await?)
    }
}
