//! Budgets as a caller writes them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_insights::views::costs::Spending;
use weir_meta::{BudgetLevel, BudgetTerms, BudgetThreshold};
use weir_model::Decimal;
use weir_query::Zone;

use super::{Basis, Level, Period};
use crate::app::{AppError, ErrorCode};

/// The most budgets in a request.
const MOST: usize = 500;
/// The most thresholds of a budget.
const MOST_THRESHOLDS: usize = 20;
/// The longest name or id, in bytes.
const LONGEST: usize = 256;
/// The highest threshold, in percent.
const HIGHEST_PERCENT: f64 = 1_000.0;

/// The complete list of budgets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetsInput {
    /// All budgets, at most 500. A budget that GET lists and this list omits is deleted.
    pub budgets: Vec<BudgetInput>,
}

/// A budget.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetInput {
    /// The id of the budget to change; omit it to create one.
    #[serde(default)]
    pub id: Option<String>,
    /// Display name.
    #[schema(example = "Language models in production")]
    pub name: String,
    /// Whose spending it limits.
    #[serde(default = "project")]
    pub level: Level,
    /// The workflow, for a budget of level workflow.
    #[serde(default)]
    pub workflow_id: Option<String>,
    /// The user, for a budget of level user.
    #[serde(default)]
    pub user_id: Option<String>,
    /// cost (the default) or credits.
    #[serde(default)]
    pub metric: Spending,
    /// The limit for a period: US dollars for cost, or credits.
    #[schema(example = 500)]
    pub amount: f64,
    /// day, week or month (the default).
    #[serde(default = "month")]
    pub period: Period,
    /// The IANA time zone in which periods begin; UTC by default.
    #[serde(default)]
    pub timezone: Option<String>,
    /// The thresholds that raise alerts, at most 20. By default 80 % and 100 % actual, and 100 % forecast.
    #[serde(default = "usual_thresholds")]
    pub thresholds: Vec<ThresholdInput>,
}

/// A threshold.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThresholdInput {
    /// Percent of the budget: above 0, at most 1000.
    pub percent: f64,
    /// actual (the default) or forecast.
    #[serde(default = "actual")]
    pub basis: Basis,
}

fn project() -> Level {
    Level::Project
}

fn month() -> Period {
    Period::Month
}

fn actual() -> Basis {
    Basis::Actual
}

fn usual_thresholds() -> Vec<ThresholdInput> {
    let threshold = |percent, basis| ThresholdInput { percent, basis };
    vec![
        threshold(80.0, Basis::Actual),
        threshold(100.0, Basis::Actual),
        threshold(100.0, Basis::Forecast),
    ]
}

impl BudgetsInput {
    /// The budgets with their ids. Fails if one is invalid; the field names its place.
    pub(super) fn terms(
        &self,
        whole_tenant: bool,
    ) -> Result<Vec<(Option<Uuid>, BudgetTerms)>, AppError> {
        if self.budgets.len() > MOST {
            let detail = format!("A request has at most {MOST} budgets.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("budgets"));
        }
        let budgets = self.budgets.iter().enumerate();
        budgets
            .map(|(number, budget)| {
                let terms = budget.terms(whole_tenant);
                terms.map_err(|error| {
                    let field = error.field.clone().unwrap_or_default();
                    error.field(format!("budgets[{number}].{field}"))
                })
            })
            .collect()
    }
}

impl BudgetInput {
    fn terms(&self, whole_tenant: bool) -> Result<(Option<Uuid>, BudgetTerms), AppError> {
        let id = self.id.as_deref().map(str::parse::<Uuid>).transpose();
        let id = id.map_err(|_| wrong("id", "This is not a UUID."))?;
        if !fits(&self.name) {
            return Err(wrong("name", "A name has 1 to 256 bytes."));
        }
        let amount = Some(self.amount).filter(|amount| *amount > 0.0);
        let amount = amount.and_then(|amount| Decimal::parse(&amount.to_string()));
        let amount = amount.filter(|amount| amount.0 > 0);
        let amount =
            amount.ok_or_else(|| wrong("amount", "A budget is above 0 and below 9 billion."))?;
        let timezone = self.timezone.as_deref().unwrap_or("UTC");
        let zone = Zone::parse(timezone)?;
        let terms = BudgetTerms {
            name: self.name.clone(),
            level: self.budget_level(whole_tenant)?,
            metric: self.metric.metric().to_owned(),
            amount,
            period: self.period.name().to_owned(),
            timezone: zone.name().to_owned(),
            thresholds: self.thresholds()?,
        };
        Ok((id, terms))
    }

    fn budget_level(&self, whole_tenant: bool) -> Result<BudgetLevel, AppError> {
        let nameless = self.workflow_id.is_none() && self.user_id.is_none();
        match (self.level, &self.workflow_id, &self.user_id) {
            (Level::Tenant, ..) if !whole_tenant => Err(AppError::new(
                ErrorCode::MissingPermission,
                "A budget of level tenant requires a role in the whole organisation.",
            )
            .field("level")
            .fix("Log in, or create a budget of level project.")),
            (Level::Tenant, ..) if nameless => Ok(BudgetLevel::Tenant),
            (Level::Project, ..) if nameless => Ok(BudgetLevel::Project),
            (Level::Workflow, Some(id), None) if fits(id) => Ok(BudgetLevel::Workflow(id.clone())),
            (Level::User, None, Some(id)) if fits(id) => Ok(BudgetLevel::User(id.clone())),
            _ => Err(wrong(
                "level",
                "Level workflow requires workflowId, level user requires userId, and other levels take neither.",
            )),
        }
    }

    fn thresholds(&self) -> Result<Vec<BudgetThreshold>, AppError> {
        if self.thresholds.len() > MOST_THRESHOLDS {
            return Err(wrong("thresholds", "A budget has at most 20 thresholds."));
        }
        let mut all: Vec<BudgetThreshold> = Vec::new();
        for (number, given) in self.thresholds.iter().enumerate() {
            let threshold = BudgetThreshold {
                basis: given.basis.name().to_owned(),
                percent: given.percent,
            };
            let sound = given.percent > 0.0 && given.percent <= HIGHEST_PERCENT;
            if !sound || all.contains(&threshold) {
                let detail = "A threshold is above 0 and at most 1000 percent, and is listed once.";
                return Err(wrong(&format!("thresholds[{number}].percent"), detail));
            }
            all.push(threshold);
        }
        Ok(all)
    }
}

fn fits(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(budget: Value, whole_tenant: bool) -> Result<BudgetTerms, String> {
        let input: BudgetsInput = serde_json::from_value(json!({"budgets": [budget]})).unwrap();
        let terms = input.terms(whole_tenant);
        terms
            .map(|mut terms| terms.remove(0).1)
            .map_err(|error| error.field.unwrap())
    }

    #[test]
    fn a_budget_is_for_the_project_and_a_month_by_default() {
        let found = read(json!({"name": "All", "amount": 12.5}), false).unwrap();
        assert_eq!(
            (&found.level, found.period.as_str()),
            (&BudgetLevel::Project, "month")
        );
        assert_eq!(
            (found.amount, found.metric.as_str()),
            (Decimal(12_500_000_000), "cost")
        );
        let thresholds: Vec<_> = found
            .thresholds
            .iter()
            .map(|t| (t.percent, t.basis.as_str()))
            .collect();
        assert_eq!(
            thresholds,
            [(80.0, "actual"), (100.0, "actual"), (100.0, "forecast")]
        );
    }

    #[test]
    fn invalid_values_are_named_by_their_place() {
        let with = |field: &str, value: Value| {
            let mut budget = json!({"name": "All", "amount": 1});
            budget[field] = value;
            read(budget, false).unwrap_err()
        };
        assert_eq!(with("name", json!("")), "budgets[0].name");
        assert_eq!(with("amount", json!(0)), "budgets[0].amount");
        assert_eq!(with("amount", json!(1e300)), "budgets[0].amount");
        assert_eq!(with("level", json!("workflow")), "budgets[0].level");
        assert_eq!(with("workflowId", json!("w")), "budgets[0].level");
        assert_eq!(with("level", json!("tenant")), "budgets[0].level");
        assert_eq!(with("timezone", json!("Mars")), "budgets[0].timezone");
        assert_eq!(with("id", json!("x")), "budgets[0].id");
        let twice = json!([{"percent": 5}, {"percent": 5, "basis": "actual"}]);
        assert_eq!(
            with("thresholds", twice),
            "budgets[0].thresholds[1].percent"
        );
        let tenant = json!({"name": "All", "amount": 1, "level": "tenant"});
        assert_eq!(read(tenant, true).unwrap().level, BudgetLevel::Tenant);
    }
}
