//! Two groups of executions of a workflow, compared by the paths they took.

mod answer;
mod selector;

use weir_analysis::compare::ENOUGH;
use weir_model::TimeRange;
use weir_query::records::process::{
    map::MapSize,
    variants::{Compared, Comparison, Group, comparison, read_comparison},
};

use super::{Chosen, ProcessWanted, SALT};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Questions, Versioned},
};
pub use answer::{
    ComparedEdge, ComparedNode, ComparedVariant, EdgeShare, GroupShare, NodeShare, ShareDifference,
    VariantComparison, VariantGroup,
};
use answer::{edge, node, variant};
use selector::Selector;

/// The most variants, steps and arrows in an answer.
const VARIANTS: usize = 50;
const SIZE: MapSize = MapSize {
    nodes: 200,
    edges: 500,
};

/// A request for a comparison.
#[derive(Clone, Debug, Default)]
pub struct ComparisonRequest {
    /// Which executions.
    pub wanted: ProcessWanted,
    /// The first group: `version:9`, `status:failed`, `period:FROM/TO` or `variant:ID`.
    pub a: String,
    /// The second group.
    pub b: String,
}

impl Reading {
    /// Compares two groups of executions of a workflow. Fails if the request is not valid or the store fails.
    pub async fn variant_comparison(
        &self,
        viewer: Viewer,
        request: &ComparisonRequest,
        freshness: Freshness,
    ) -> Result<Versioned<VariantComparison>, AppError> {
        let sides = [
            Selector::parse(&request.a, "a")?,
            Selector::parse(&request.b, "b")?,
        ];
        let mut questions = Questions::new(self, viewer, freshness);
        let frame = self.range_of(viewer.scope(), &request.wanted.frame).await?;
        let whole = Selector::whole(&sides, frame);
        let wanted = &request.wanted;
        let chosen = self.chosen(&mut questions, wanted, Some(whole)).await?;
        let groups = sides
            .each_ref()
            .map(|side| (&side.group, side.period.unwrap_or(frame)));
        let found = self.compared_paths(&mut questions, &chosen, groups).await?;
        let ids = found.nodes.iter().map(|node| node.of.0.as_str());
        let paths = found.variants.iter().flat_map(|pair| &pair.of.1);
        let names = self.path_names(viewer, ids.chain(paths.map(String::as_str)));
        let workflow = wanted.workflow();
        let [a, b] = [(&request.a, 0), (&request.b, 1)].map(|(label, side)| VariantGroup {
            label: label.clone(),
            executions: found.executions[side],
        });
        let totals = found.executions;
        let body = VariantComparison {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: whole.into(),
            confidence: weir_analysis::binomial::CONFIDENCE_PCT,
            enough: ENOUGH,
            a,
            b,
            rows: found
                .variants
                .iter()
                .map(|pair| variant(pair, totals, &names))
                .collect(),
            edges: found.edges.iter().map(|pair| edge(pair, totals)).collect(),
            nodes: found
                .nodes
                .iter()
                .map(|pair| node(pair, totals, &names))
                .collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(whole, body))
    }

    async fn compared_paths(
        &self,
        questions: &mut Questions<'_>,
        chosen: &Chosen,
        groups: [(&Group, TimeRange); 2],
    ) -> Result<Compared, AppError> {
        if chosen.ended() == 0 {
            return Ok(Compared::default());
        }
        let viewer = questions.viewer();
        let wanted = Comparison {
            taken: chosen.taken(questions),
            salt: &viewer.salt(SALT),
            groups,
            variants: VARIANTS,
            size: SIZE,
        };
        let statement = comparison(&wanted, questions.dialect());
        let question = statement.clone();
        let reading = self.range_records(viewer, chosen.steps(), statement, |rows| {
            read_comparison(&rows)
        });
        questions.read_from("raw steps");
        questions.recorded(question, reading).await
    }
}
