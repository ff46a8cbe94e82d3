//! Two weeks of executions with costs, made by a rule, and what became of the money.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use weir_e2e::events::{cost, execution, with};

/// The range that holds everything.
pub const RANGE: &str = "from=2024-05-01T00:00:00Z&to=2024-05-15T00:00:00Z";

/// What was sent.
pub struct History {
    /// One final state each; those that run have none.
    pub executions: Vec<Value>,
    pub costs: Vec<Value>,
}

/// The dollars of a cost's event.
pub fn dollars(cost: &Value) -> f64 {
    cost["dollarAmount"].as_str().unwrap().parse().unwrap()
}

impl History {
    /// 140 executions of 3 workflows by 4 users; every seventh is done again; every third cost names
    /// no execution, or no user.
    pub fn made() -> Self {
        let statuses = [
            "completed",
            "completed",
            "failed",
            "completed",
            "crashed",
            "canceled",
            "started",
        ];
        let (mut executions, mut costs) = (Vec::new(), Vec::new());
        for number in 0..140 {
            let time = format!(
                "2024-05-{:02}T{:02}:15:00Z",
                1 + number / 10,
                2 * (number % 10)
            );
            // A retry is of the workflow that it retries.
            let workflow = format!("w{}", (number / 7) % 3);
            let user = json!(format!("u{}", number % 4));
            let mut run = with(
                execution(
                    &workflow,
                    &format!("x{number}"),
                    statuses[number % 7],
                    &time,
                ),
                json!({"userId": user, "environment": "production"}),
            );
            if number.is_multiple_of(2) && number % 7 == 6 {
                run = with(run, json!({"retryOf": format!("x{}", number - 4)}));
            }
            executions.push(run);
            costs.extend(Self::costs_of(number, &workflow, &time, &user));
        }
        Self { executions, costs }
    }

    fn costs_of(number: usize, workflow: &str, time: &str, user: &Value) -> Vec<Value> {
        let (provider, model) = [("openai", "small"), ("anthropic", "large")][number % 2];
        let call = json!({"actionType": "llm", "provider": provider, "model": model, "userId": user,
            "environment": "production", "inputTokens": 100 * number, "outputTokens": 10 * number, "credits": 1});
        let amount = format!("0.{:03}", 7 * number % 1000);
        let mut costs = vec![with(
            cost(workflow, &format!("x{number}"), time, &amount),
            call,
        )];
        if number.is_multiple_of(3) {
            let storage = json!({"actionType": "storage", "provider": "aws", "executionId": null, "id": format!("s{number}")});
            costs.push(with(cost(workflow, "", time, "0.05"), storage));
        }
        costs
    }

    /// Everything that was sent.
    pub fn events(&self) -> Vec<Value> {
        [self.executions.clone(), self.costs.clone()].concat()
    }

    /// Executions and dollars by the answer's words.
    pub fn by_outcome(&self) -> BTreeMap<&'static str, (usize, f64)> {
        let again: BTreeSet<&str> = self
            .executions
            .iter()
            .filter_map(|run| run["retryOf"].as_str())
            .collect();
        let statuses: BTreeMap<&str, &str> = self
            .executions
            .iter()
            .map(|run| {
                (
                    run["executionId"].as_str().unwrap(),
                    run["status"].as_str().unwrap(),
                )
            })
            .collect();
        let mut paid: BTreeMap<&'static str, (BTreeSet<&str>, f64)> = BTreeMap::new();
        for cost in &self.costs {
            let id = cost["executionId"].as_str();
            let outcome = match id.map(|id| (again.contains(id), statuses[id])) {
                None => "unattributed",
                Some((true, _)) => "retried",
                Some((_, "failed" | "crashed")) => "failed",
                Some((_, "completed")) => "successful",
                Some((_, "canceled")) => "canceled",
                Some(_) => "open",
            };
            let (ids, sum) = paid.entry(outcome).or_default();
            ids.extend(id);
            *sum += dollars(cost);
        }
        paid.into_iter()
            .map(|(name, (ids, sum))| (name, (ids.len(), sum)))
            .collect()
    }
}
