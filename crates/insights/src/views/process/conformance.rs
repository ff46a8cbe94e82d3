//! Whether the executions of a workflow keep to rules.

mod why;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::compare::rate;
use weir_model::{ExecutionHash, Timestamp};
use weir_query::records::{
    executions::{counts_of, read_executions},
    process::conformance::{Conformance, Judged, Rule, Verdict, read_conformance},
};

use super::{Chosen, ProcessRule, ProcessWanted};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Versioned, execution_list::ExecutionRow},
};

/// How many violating executions are shown for each rule.
const EXAMPLES: usize = 10;

/// How many executions of a workflow keep to each rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowConformance {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// Number of executions that are judged: those that have ended and reported steps.
    pub executions: u64,
    /// Number of executions that have not ended: they may yet keep a rule.
    pub open: u64,
    /// Number of executions that have ended and reported no step.
    pub without_steps: u64,
    /// The confidence of all bounds, in percent.
    pub confidence: f64,
    /// The rules in their order.
    pub rules: Vec<JudgedRule>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A rule, and the executions that break it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct JudgedRule {
    /// The rule.
    pub rule: ProcessRule,
    /// Number of executions that it applies to, such as those that ran its step.
    pub applicable: u64,
    /// Number of those that break it.
    pub violations: u64,
    /// The violations in percent of the executions that the rule applies to; null if it applies to none.
    pub share: Option<ViolationShare>,
    /// The newest violating executions, at most 10.
    pub examples: Vec<Violation>,
}

/// A share in percent, with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct ViolationShare {
    /// The share.
    pub value: f64,
    /// The smallest true share that is consistent with the counts.
    pub lower: f64,
    /// The largest such share.
    pub upper: f64,
}

/// An execution that breaks a rule.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// The execution's public id.
    pub id: String,
    /// The producer's id for it.
    pub execution_id: String,
    /// When it started, if known.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = String, format = "date-time")]
    pub ended_at: Timestamp,
    /// How it ended.
    #[schema(value_type = String)]
    pub status: weir_model::Status,
    /// How it breaks the rule, in a sentence.
    pub why: String,
}

impl Reading {
    /// How the executions of a workflow keep to its rules or, if given, to others. Fails if the frame is not
    /// valid, or if the store or control data cannot be read.
    pub async fn workflow_conformance(
        &self,
        viewer: Viewer,
        wanted: &ProcessWanted,
        instead: Option<Vec<ProcessRule>>,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowConformance>, AppError> {
        let saved = self.process_rules(viewer, wanted.workflow()).await?;
        // Saved rules are part of the version: an answer with the old ones is outdated.
        let revision = saved.version.unsigned_abs();
        let rules = instead.unwrap_or(saved.rules);
        let mut questions = Questions::new(self, viewer, freshness);
        let chosen = self.chosen(&mut questions, wanted, None).await?;
        let verdict = self.verdict(&mut questions, &chosen, &rules).await?;
        let examples = self.examples(viewer, &chosen, &verdict).await?;
        let ids = rules
            .iter()
            .flat_map(|rule| std::iter::once(&rule.step).chain(&rule.other));
        let names = self.path_names(viewer, ids.map(String::as_str));
        let judged = rules
            .iter()
            .zip(&verdict.rules)
            .map(|(rule, judged)| JudgedRule {
                rule: rule.clone(),
                applicable: judged.applicable,
                violations: judged.violations,
                share: rate(judged.violations, judged.applicable).map(|found| ViolationShare {
                    value: found.value,
                    lower: found.lower,
                    upper: found.upper,
                }),
                examples: violations(judged, &examples, |measured| {
                    why::sentence(rule, measured, &names)
                }),
            });
        let workflow = wanted.workflow();
        let body = WorkflowConformance {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: chosen.range.into(),
            executions: verdict.executions,
            open: chosen.reach.open,
            without_steps: verdict.ended - verdict.executions,
            confidence: weir_analysis::binomial::CONFIDENCE_PCT,
            rules: judged.collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(chosen.range, body).revised(revision))
    }

    async fn verdict(
        &self,
        questions: &mut Questions<'_>,
        chosen: &Chosen,
        rules: &[ProcessRule],
    ) -> Result<Verdict, AppError> {
        if chosen.ended() == 0 {
            return Ok(Verdict {
                rules: vec![Judged::default(); rules.len()],
                ..Verdict::default()
            });
        }
        let rules: Vec<Rule> = rules.iter().map(ProcessRule::judged).collect();
        let wanted = Conformance {
            taken: chosen.taken(questions),
            rules: &rules,
            examples: EXAMPLES,
        };
        let statement = wanted.statement(questions.dialect());
        let (viewer, question) = (questions.viewer(), statement.clone());
        let number = rules.len();
        let reading = self.range_records(viewer, chosen.steps(), statement, move |rows| {
            read_conformance(&rows, number)
        });
        questions.read_from("raw steps");
        questions.recorded(question, reading).await
    }

    /// The executions that break a rule, by the event that counts them.
    async fn examples(
        &self,
        viewer: Viewer,
        chosen: &Chosen,
        verdict: &Verdict,
    ) -> Result<Examples, AppError> {
        let broken = verdict.rules.iter().flat_map(|rule| &rule.examples);
        let mut hashes: Vec<_> = broken.map(|broken| broken.execution).collect();
        hashes.sort_unstable();
        hashes.dedup();
        if hashes.is_empty() {
            return Ok(Examples::new());
        }
        let statement = counts_of(viewer.scope(), self.store.dialect(), chosen.range, &hashes);
        let records = self
            .read_records(viewer, statement, |rows| read_executions(&rows))
            .await?;
        let rows = self.execution_rows(viewer, &records).await?;
        let keys = records
            .iter()
            .map(|record| (record.execution, record.timestamp));
        Ok(keys.zip(rows).collect())
    }
}

/// Rows of executions by identity and time of their end.
type Examples = HashMap<(ExecutionHash, Timestamp), ExecutionRow>;

fn violations(
    judged: &Judged,
    rows: &Examples,
    why: impl Fn(Option<i64>) -> String,
) -> Vec<Violation> {
    let found = judged.examples.iter().filter_map(|broken| {
        // One that was erased in the meantime has no row.
        let row = rows.get(&(broken.execution, broken.ended))?;
        Some(Violation {
            id: row.id.clone(),
            execution_id: row.execution_id.clone(),
            started_at: row.started_at,
            ended_at: row.timestamp,
            status: row.status,
            why: why(broken.measured),
        })
    });
    found.collect()
}
