//! The ways that executions went through their workflow, as filters of lists.

use weir_model::TimeRange;
use weir_query::records::{
    executions::ExecutionFilter,
    process::{Route, Way, reach, read_reach},
};

use crate::{AppError, ErrorCode, Reading, privacy::Viewer};

/// What the numbers of paths are made with, besides the paths.
pub(super) const SALT: &str = "variants";

/// A way that the executions of a list went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedWay {
    /// Through a step.
    Step(String),
    /// Through a step of a type.
    Type(String),
    /// Through a step of a type whose run failed.
    FailedType(String),
    /// Through a step and then directly through another.
    Followed(String, String),
    /// With this step as the first.
    First(String),
    /// With this step as the last so far.
    Last(String),
    /// Exactly along a path.
    Variant(VariantId),
}

impl WantedWay {
    fn of(&self, viewer: Viewer) -> Way {
        match self {
            Self::Step(step) => Way::Step(step.clone()),
            Self::Type(kind) => Way::Type(kind.clone()),
            Self::FailedType(kind) => Way::FailedType(kind.clone()),
            Self::Followed(from, to) => Way::Followed {
                from: from.clone(),
                to: to.clone(),
            },
            Self::First(step) => Way::First(step.clone()),
            Self::Last(step) => Way::Last(step.clone()),
            Self::Variant(id) => Way::Variant {
                id: id.0,
                salt: viewer.salt(SALT),
            },
        }
    }
}

/// The id of a variant: 16 hexadecimal digits that follow from its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VariantId(pub u64);

impl VariantId {
    /// Reads an id. Fails if it is none, naming the parameter.
    pub fn parse(text: &str, field: &str) -> Result<Self, AppError> {
        let digits = text.len() == 16 && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| digits);
        number.map(Self).ok_or_else(|| {
            let detail = "This is not the id of a variant.";
            AppError::new(ErrorCode::InvalidParameter, detail)
                .field(field)
                .fix("Send an id from the list of variants.")
        })
    }
}

impl std::fmt::Display for VariantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Reading {
    /// The conditions on ways for a list of the executions of this range that meet the filter. Fails if the
    /// store fails.
    pub(super) async fn routes(
        &self,
        viewer: Viewer,
        ways: &[WantedWay],
        filter: &ExecutionFilter,
        range: TimeRange,
    ) -> Result<Vec<Route>, AppError> {
        if ways.is_empty() {
            return Ok(Vec::new());
        }
        let statement = reach(viewer.scope(), filter, range, self.store.dialect());
        let found = self
            .range_records(viewer, range, statement, |rows| read_reach(&rows))
            .await?;
        let route = |way: &WantedWay| Route {
            way: way.of(viewer),
            workflow: filter.workflow.clone(),
            range,
            since: found.since,
            skew: self.store.rules().skew,
        };
        Ok(ways.iter().map(route).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_variant_is_sixteen_digits() {
        for number in [0, 7, u64::MAX] {
            let id = VariantId(number);
            assert_eq!(VariantId::parse(&id.to_string(), "variant").unwrap(), id);
        }
        for bad in [
            "",
            "7",
            "+000000000000007",
            "00000000000000071",
            "000000000000000g",
        ] {
            let error = VariantId::parse(bad, "variant").unwrap_err();
            assert_eq!(error.field.as_deref(), Some("variant"), "{bad}");
        }
    }
}
