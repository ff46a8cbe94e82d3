//! Budgets: spending limits per period, and alerts when spending reaches a threshold.

mod input;
mod standing;
mod watch;
mod words;

use serde::Serialize;
use utoipa::ToSchema;
use weir_insights::{privacy::Viewer, views::RangeView};
use weir_meta::{
    Actor, AuditKind, AuditRecord, Budget, BudgetAlert, BudgetLevel, Permission, Principal,
};
use weir_model::Timestamp;

pub use input::{BudgetInput, BudgetsInput, ThresholdInput};
pub use standing::{BudgetForecast, Standing};
pub use watch::Watch;
pub use words::{Basis, Level, Period};

use super::{App, AppError, ErrorCode};

/// The most alerts listed.
const ALERTS: u32 = 100;

/// The budgets of a project and, for callers who can see the whole organisation, those of the organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetList {
    /// In the order of creation.
    pub budgets: Vec<BudgetView>,
    /// The thresholds that were reached: newest first, at most 100.
    pub alerts: Vec<AlertView>,
}

/// A budget and its current state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetView {
    /// UUID; send it back to change this budget instead of creating another.
    #[schema(format = "uuid")]
    pub id: String,
    /// Display name.
    pub name: String,
    /// Whose spending it limits: tenant, project, workflow or user.
    pub level: Level,
    /// The workflow, for a budget of level workflow.
    pub workflow_id: Option<String>,
    /// The user, for a budget of level user.
    pub user_id: Option<String>,
    /// What is counted: cost or credits.
    pub metric: String,
    /// The limit for a period: US dollars for cost, or credits.
    pub amount: f64,
    /// Calendar day, week or month.
    pub period: Period,
    /// The IANA time zone in which periods begin.
    pub timezone: String,
    /// The thresholds that raise alerts.
    pub thresholds: Vec<ThresholdView>,
    /// Its state in the current period.
    pub current: Standing,
}

/// A threshold, and whether it was reached in the current period.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThresholdView {
    /// Percent of the budget.
    pub percent: f64,
    /// What is compared with it: actual, or forecast (the expected spending at the end of the period).
    pub basis: Basis,
    /// When it fired in this period; null if it has not. It fires once per period.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub fired_at: Option<Timestamp>,
}

/// A threshold that was reached.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AlertView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// The budget.
    #[schema(format = "uuid")]
    pub budget_id: String,
    /// Its name.
    pub budget: String,
    /// Percent of the budget.
    pub percent: f64,
    /// What was compared with it.
    pub basis: Basis,
    /// The period.
    pub period: RangeView,
    /// The actual or forecast spending.
    pub value: f64,
    /// The budget's limit at that time.
    pub amount: f64,
    /// When it fired.
    #[schema(value_type = String, format = "date-time")]
    pub fired_at: Timestamp,
}

impl App {
    /// The current state of a budget.
    async fn standing(&self, budget: &Budget) -> Result<Standing, AppError> {
        let scopes = self.meta.scopes_of(budget).await?;
        standing::standing(&self.reading, self.clock.now(), &scopes, budget).await
    }

    /// The budgets that a caller can see, with their current state. Fails if control data or figures cannot
    /// be read.
    pub async fn budgets(
        &self,
        viewer: Viewer,
        principal: &Principal,
    ) -> Result<BudgetList, AppError> {
        let scope = viewer.scope();
        let with_tenant = principal
            .tenant_permissions()
            .contains(Permission::ReadAnalytics);
        let budgets = self.meta.budgets(scope, with_tenant).await?;
        let alerts = self.meta.budget_alerts(scope, with_tenant, ALERTS).await?;
        let mut views = Vec::with_capacity(budgets.len());
        for budget in &budgets {
            views.push(view(viewer, budget, self.standing(budget).await?, &alerts)?);
        }
        let alerts = alerts.iter().map(|alert| alert_view(alert, &budgets));
        let mut list = BudgetList {
            alerts: alerts.collect::<Result<_, _>>()?,
            budgets: views,
        };
        let named = list.alerts.iter_mut().map(|alert| &mut alert.budget);
        let budgets = list.budgets.iter_mut();
        let texts = budgets.flat_map(|view| [Some(&mut view.name), view.workflow_id.as_mut()]);
        self.reading
            .veil(viewer, named.chain(texts.flatten()).collect())
            .await?;
        Ok(list)
    }

    /// Replaces all budgets that the caller can change, and checks immediately whether a threshold is
    /// reached. Fails if a budget is invalid or its id is unknown.
    pub async fn put_budgets(
        &self,
        viewer: Viewer,
        principal: &Principal,
        actor: &Actor,
        input: &BudgetsInput,
    ) -> Result<BudgetList, AppError> {
        let scope = viewer.scope();
        let with_tenant = principal
            .tenant_permissions()
            .contains(Permission::ManageSettings);
        let wanted = input.terms(with_tenant)?;
        let detail = serde_json::to_string(&input.budgets).map_err(AppError::internal)?;
        let audit = AuditRecord {
            kind: AuditKind::Change,
            actor,
            action: "budgets.changed",
            subject: "budgets",
            detail: &detail,
        };
        let stranger = self
            .meta
            .replace_budgets(scope, with_tenant, &wanted, audit)
            .await?;
        if let Some(id) = stranger {
            let detail = format!("You have no budget with the id {id}, or the id is listed twice.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("budgets")
                .fix("Omit the id to create a new budget."));
        }
        for budget in self.meta.budgets(scope, with_tenant).await? {
            self.look_at(&budget).await?;
        }
        self.budgets(viewer, principal).await
    }
}

fn view(
    viewer: Viewer,
    budget: &Budget,
    current: Standing,
    alerts: &[BudgetAlert],
) -> Result<BudgetView, AppError> {
    let terms = &budget.terms;
    let fired = |basis: &str, percent: f64| {
        let mut alerts = alerts.iter().filter(|alert| {
            alert.budget == budget.id
                && alert.period.from == current.period.from
                && alert.threshold.basis == basis
                && alert.threshold.percent == percent
        });
        alerts.next().map(|alert| alert.fired_at)
    };
    let thresholds = terms.thresholds.iter().map(|threshold| {
        Ok(ThresholdView {
            percent: threshold.percent,
            basis: Basis::stored(&threshold.basis)?,
            fired_at: fired(&threshold.basis, threshold.percent),
        })
    });
    let (level, workflow_id, user_id) = match terms.level.clone() {
        BudgetLevel::Tenant => (Level::Tenant, None, None),
        BudgetLevel::Project => (Level::Project, None, None),
        BudgetLevel::Workflow(id) => (Level::Workflow, Some(id), None),
        BudgetLevel::User(id) => (Level::User, None, Some(viewer.user(&id))),
    };
    Ok(BudgetView {
        id: budget.id.to_string(),
        name: terms.name.clone(),
        level,
        workflow_id,
        user_id,
        metric: terms.metric.clone(),
        amount: terms.amount.as_f64(),
        period: Period::stored(&terms.period)?,
        timezone: terms.timezone.clone(),
        thresholds: thresholds.collect::<Result<_, AppError>>()?,
        current,
    })
}

fn alert_view(alert: &BudgetAlert, budgets: &[Budget]) -> Result<AlertView, AppError> {
    let budget = budgets.iter().find(|budget| budget.id == alert.budget);
    Ok(AlertView {
        id: alert.id.to_string(),
        budget_id: alert.budget.to_string(),
        budget: budget
            .map(|budget| budget.terms.name.clone())
            .unwrap_or_default(),
        percent: alert.threshold.percent,
        basis: Basis::stored(&alert.threshold.basis)?,
        period: alert.period.into(),
        value: alert.value.as_f64(),
        amount: alert.amount.as_f64(),
        fired_at: alert.fired_at,
    })
}
