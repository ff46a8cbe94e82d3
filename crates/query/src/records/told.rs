//! Filters on the declared `metadata` keys of executions.

use weir_model::Scope;

use crate::{Declared, Operator, validate::ValidFilter, writer::Writer};

/// Requires a declared dimension of an execution to have one of these values, by the same rules as filters
/// on figures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    declared: Declared,
    values: Vec<String>,
}

impl Told {
    /// The filters that require a declared dimension to have certain values.
    pub fn of(filters: &[ValidFilter]) -> Vec<Self> {
        let wanted = filters.iter().filter(|filter| filter.op == Operator::In);
        let told = wanted.filter_map(|filter| {
            Some(Self {
                declared: filter.axis.declared()?.clone(),
                values: filter.values.clone(),
            })
        });
        told.collect()
    }

    /// Writes ` AND ... IN (...)`, for rows with `metadata`.
    pub(super) fn write(&self, writer: &mut Writer, scope: Scope) {
        writer.text(" AND ");
        let overflows = self.declared.overflows;
        if overflows {
            writer.text("\"named\"(").integer(scope.tenant.0.into());
            writer.text(", ").integer(scope.project.0.into());
            writer.text(", ").string(self.declared.key()).text(", ");
        }
        writer.text("\"said\"(\"metadata\", ");
        writer.string(&self.declared.pointer()).text(")");
        writer.text(if overflows { ") IN (" } else { " IN (" });
        for (i, value) in self.values.iter().enumerate() {
            writer.text(if i > 0 { ", " } else { "" });
            writer.compared(self.declared.name(), value);
        }
        writer.text(")");
    }
}
