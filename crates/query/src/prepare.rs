//! The pipeline up to SQL: validate -> resolve -> plan -> write.

use weir_model::{Scope, TimeRange, Timestamp, time::Retention};

use crate::{
    axis::Declared,
    cover::{Holdings, Source},
    dialect::Dialect,
    error::QueryError,
    plan::{Plan, plan},
    query::Query,
    resolve::{CacheKey, Resolution, ResolvedQuery, resolve},
    sql::{Writing, write},
    statement::Statement,
    validate::validate,
    worth::Worths,
};

/// The context of a query. There is no plan without a scope.
#[derive(Clone, Debug)]
pub struct Context {
    /// The tenant and project whose facts may be read.
    pub scope: Scope,
    /// The present.
    pub now: Timestamp,
    /// How long the store keeps partials.
    pub retention: Retention,
    /// The moment by which partials have expired in the store. Usually it is in the past; if
    /// a clock was ahead, it can be in the future, and partials that should exist are gone.
    pub expired_by: Timestamp,
    /// The range from the project's first to its newest event; `None` without events.
    pub data_range: Option<TimeRange>,
    /// The keys of `metadata` that the project declared.
    pub declared: Vec<Declared>,
    /// The store's SQL dialect.
    pub dialect: Dialect,
}

impl Context {
    /// A context with the default retention and no known events.
    pub fn new(scope: Scope, now: Timestamp, dialect: Dialect) -> Self {
        Self {
            scope,
            now,
            retention: Retention::default(),
            expired_by: now,
            data_range: None,
            declared: Vec::new(),
            dialect,
        }
    }
}

/// A query that is ready to run.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The statements to run; [`assemble()`](crate::assemble()) takes their results in the same order.
    pub statements: Vec<Statement>,
    pub(crate) resolution: Resolution,
    pub(crate) plan: Plan,
    /// The worths of facts, if a metric depends on them.
    worths: Option<Worths>,
}

impl Prepared {
    /// The resolved query.
    pub fn resolved(&self) -> &ResolvedQuery {
        &self.resolution.query
    }

    /// The query with its buckets.
    pub fn resolution(&self) -> &Resolution {
        &self.resolution
    }

    /// The longest time for which a statement reads raw facts, in milliseconds.
    pub fn raw_time(&self) -> i64 {
        let pieces = self.plan.reads.iter().flat_map(|read| &read.pieces);
        let raw = pieces.filter(|piece| matches!(piece.source, Source::Facts(_)));
        raw.map(|piece| piece.range.to.0.saturating_sub(piece.range.from.0))
            .max()
            .unwrap_or(0)
    }

    /// The cache key of its answer, together with the scope and the watermark.
    pub fn cache_key(&self) -> CacheKey {
        let mut key = self.resolution.cache_key();
        key.worths.clone_from(&self.worths);
        key
    }

    /// Whether its metrics depend on the worths that the project has configured.
    pub fn depends_on_worth(&self) -> bool {
        self.worths.is_some()
    }

    /// A description of the tables that answer it, for people: `cube executions 1d; raw executions`.
    pub fn source(&self) -> String {
        let mut sources: Vec<String> = Vec::new();
        let pieces = self.plan.reads.iter().flat_map(|read| &read.pieces);
        for source in pieces.map(|piece| piece.source.describe()) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources.join("; ")
    }
}

/// Validates and plans a query in a project without configured worths. Fails if the query is invalid.
pub fn prepare(query: &Query, context: &Context) -> Result<Prepared, QueryError> {
    prepare_with(query, context, &Worths::default())
}

/// Validates and plans a query. Fails if the query is invalid.
pub fn prepare_with(
    query: &Query,
    context: &Context,
    worths: &Worths,
) -> Result<Prepared, QueryError> {
    let valid = validate(query, &context.declared)?;
    let resolution = resolve(valid, context.now, context.data_range)?;
    let holdings = Holdings {
        retention: context.retention,
        now: context.now.max(context.expired_by),
    };
    let plan = plan(&resolution, holdings);
    let statements = plan.reads.iter().map(|read| {
        write(Writing {
            scope: context.scope,
            query: &resolution.query,
            needs: &plan.families[read.family],
            read,
            worths,
            dialect: context.dialect,
        })
    });
    let metrics = resolution.query.metrics.iter();
    let depends = metrics.clone().any(|metric| metric.formula.needs_worth());
    Ok(Prepared {
        statements: statements.collect(),
        worths: depends.then(|| worths.clone()),
        resolution,
        plan,
    })
}

#[cfg(test)]
mod tests {
    use weir_model::time::DAY;

    use super::*;
    use crate::testing::context;

    #[test]
    fn partials_that_expired_by_a_clock_that_was_ahead_are_replaced_by_raw_facts() {
        let query: Query = serde_json::from_value(serde_json::json!({
            "metrics": ["executions"], "granularity": "hour",
            "range": {"from": "2024-05-14T00:00:00Z", "to": "2024-05-15T00:00:00Z"},
        }))
        .unwrap();
        let source = |expired_by: Timestamp| {
            let context = Context {
                expired_by,
                ..context()
            };
            prepare(&query, &context).unwrap().source()
        };
        let now = context().now;
        assert_eq!(source(now), "cube executions_total 1h");
        assert_eq!(source(now.plus(-DAY)), "cube executions_total 1h");
        assert_eq!(source(now.plus(401 * DAY)), "raw executions");
    }
}
