//! The paths that executions of a workflow took.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;
use weir_query::records::process::variants::{
    LONGEST, Variant, VariantPage, Variants, read_variants,
};

use super::{Chosen, PathStep, ProcessWanted, SALT, VariantId, bounded, share, steps::StepNames};
use crate::{
    AppError, Reading,
    cursor::Cursor,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, Questions, RangeView, Versioned},
};

/// The default and the largest number of variants on a page.
const PAGE: (usize, usize) = (20, 100);

/// A request for variants.
#[derive(Clone, Debug, Default)]
pub struct VariantsRequest {
    /// Which executions.
    pub wanted: ProcessWanted,
    /// The page size: 1 to 100; 20 by default.
    pub limit: Option<u32>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
}

/// The variants of a workflow: its ended executions by the exact sequence of their steps. Times are in
/// milliseconds, costs in US dollars, rates and shares in percent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowVariants {
    /// The workflow.
    pub workflow_id: String,
    /// Its name.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// Number of executions that have ended: only their paths are complete.
    pub executions: u64,
    /// Number of executions that have not ended.
    pub open: u64,
    /// Number of variants.
    pub variants: u64,
    /// The variants of this page: those of most executions first.
    pub rows: Vec<VariantRow>,
    /// The variants after this page.
    pub other: OtherVariants,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// The executions that took one path.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VariantRow {
    /// Its id, which follows from its steps: the same path always has the same.
    pub id: String,
    /// The steps in order, those that repeat in a row once; empty if the executions reported none. The attempts
    /// of a step are no repetition.
    pub steps: Vec<PathStep>,
    /// Number of steps, with repetitions; if truncated, of the longest path.
    pub length: u64,
    /// Whether the path is longer than 500 steps: then only the first 500 tell it from others.
    pub truncated: bool,
    /// Number of executions.
    pub executions: u64,
    /// The executions in percent of all that have ended.
    pub share: Option<f64>,
    /// completed / (completed + failed + crashed).
    pub success_rate: Option<f64>,
    /// Median duration of the executions, by nearest rank.
    pub duration_p50: Option<i64>,
    /// 95th percentile of their durations.
    pub duration_p95: Option<i64>,
    /// What they cost together; null if they have no costs.
    pub cost: Option<f64>,
    /// When the first of them ended.
    #[schema(value_type = String, format = "date-time")]
    pub first_seen: Timestamp,
    /// When the last of them ended.
    #[schema(value_type = String, format = "date-time")]
    pub last_seen: Timestamp,
}

/// The variants that are not on this page nor on an earlier one.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct OtherVariants {
    /// Number of variants.
    pub variants: u64,
    /// Number of their executions.
    pub executions: u64,
    /// These in percent of all that have ended.
    pub share: Option<f64>,
}

impl Reading {
    /// A page of the variants of a workflow. Fails if the request is not valid or the store fails.
    pub async fn workflow_variants(
        &self,
        viewer: Viewer,
        request: &VariantsRequest,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowVariants>, AppError> {
        let limit = bounded(request.limit, "limit", PAGE.0, PAGE.1)?;
        let after = request.cursor.as_deref().map(reached).transpose()?;
        let mut questions = Questions::new(self, viewer, freshness);
        let chosen = self.chosen(&mut questions, &request.wanted, None).await?;
        let page = self
            .variants_of(&mut questions, &chosen, after, limit)
            .await?;
        let steps = page.rows.iter().flat_map(|row| &row.steps);
        let names = self.path_names(viewer, steps.map(String::as_str));
        let workflow = request.wanted.workflow();
        let shown: u64 = page.rows.iter().map(|row| row.executions).sum();
        let (variants, executions) = page.remaining;
        let other = OtherVariants {
            variants: variants - page.rows.len() as u64,
            executions: executions - shown,
            share: share(executions - shown, page.executions),
        };
        let last = page.rows.last().filter(|_| other.variants > 0);
        let body = WorkflowVariants {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: chosen.range.into(),
            executions: page.executions,
            open: chosen.reach.open,
            variants: page.variants,
            next_cursor: last.map(cursor),
            rows: page
                .rows
                .iter()
                .map(|of| row(of, page.executions, &names))
                .collect(),
            other,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(chosen.range, body))
    }

    async fn variants_of(
        &self,
        questions: &mut Questions<'_>,
        chosen: &Chosen,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<VariantPage, AppError> {
        if chosen.ended() == 0 {
            return Ok(VariantPage::default());
        }
        let viewer = questions.viewer();
        let wanted = Variants {
            taken: chosen.taken(questions),
            salt: &viewer.salt(SALT),
            after,
            limit,
        };
        let statement = wanted.statement(questions.dialect());
        let question = statement.clone();
        let reading = self.range_records(viewer, chosen.steps(), statement, |rows| {
            read_variants(&rows)
        });
        questions.read_from("raw steps");
        questions.recorded(question, reading).await
    }
}

fn row(of: &Variant, total: u64, names: &StepNames) -> VariantRow {
    VariantRow {
        id: VariantId(of.path).to_string(),
        steps: names.path(&of.steps),
        length: of.length,
        truncated: of.length > LONGEST as u64,
        executions: of.executions,
        share: share(of.executions, total),
        success_rate: share(of.completed, of.completed + of.failed),
        duration_p50: of.p50,
        duration_p95: of.p95,
        cost: of.cost.map(|cost| cost.as_f64()),
        first_seen: of.first_seen,
        last_seen: of.last_seen,
    }
}

/// The executions and the number of the last variant of a page as the cursor of the next one.
fn cursor(last: &Variant) -> String {
    let cursor = Cursor {
        timestamp: Timestamp(i64::try_from(last.executions).unwrap_or(i64::MAX)),
        id: VariantId(last.path).to_string(),
    };
    cursor.encode()
}

/// What a cursor says. Fails if it is not one of this list.
fn reached(word: &str) -> Result<(u64, u64), AppError> {
    let cursor = Cursor::parse(word)?;
    let executions = u64::try_from(cursor.timestamp.0).unwrap_or_default();
    let path = VariantId::parse(&cursor.id, "cursor")?;
    Ok((executions, path.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_begins_after_the_last_variant() {
        let last = Variant {
            path: u64::MAX - 1,
            executions: 12,
            ..Variant::default()
        };
        assert_eq!(reached(&cursor(&last)).unwrap(), (12, u64::MAX - 1));
        let other = Cursor {
            timestamp: Timestamp(12),
            id: "run-1:completed".to_owned(),
        };
        let error = reached(&other.encode()).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("cursor"));
    }
}
