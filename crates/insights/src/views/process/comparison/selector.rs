//! The words that name a group of executions.

use weir_model::{TimeRange, Timestamp};
use weir_query::records::process::variants::Group;

use super::super::{VariantId, wrong};
use crate::{AppError, views::execution_list::statuses};

/// A group, and the time that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selector {
    /// The group.
    pub group: Group,
    /// When its executions ended; `None` for the range of the view.
    pub period: Option<TimeRange>,
}

impl Selector {
    /// Reads `version:9`, `status:failed`, `period:FROM/TO` or `variant:ID`. Fails if the text is none of them,
    /// naming the parameter.
    pub fn parse(text: &str, field: &str) -> Result<Self, AppError> {
        let (kind, value) = text.split_once(':').unwrap_or((text, ""));
        let group = match kind {
            _ if value.is_empty() => return Err(unknown(field)),
            "version" => Group::Version(value.to_owned()),
            "status" => {
                let found = statuses(value).map_err(|error| error.field(field))?;
                let ended = found.of.iter().all(|status| status.is_terminal());
                if !ended || found.stale {
                    let detail = "Only executions that have ended can be compared.";
                    return Err(wrong(field, detail).fix("status:completed"));
                }
                Group::Statuses(found.of)
            }
            "variant" => Group::Variant(VariantId::parse(value, field)?.0),
            "period" => {
                return Ok(Self {
                    group: Group::All,
                    period: Some(period(value, field)?),
                });
            }
            _ => return Err(unknown(field)),
        };
        Ok(Self {
            group,
            period: None,
        })
    }

    /// The shortest range that contains both groups, given the range of the view.
    pub fn whole(sides: &[Self; 2], view: TimeRange) -> TimeRange {
        let [a, b] = sides.each_ref().map(|side| side.period.unwrap_or(view));
        TimeRange {
            from: a.from.min(b.from),
            to: a.to.max(b.to),
        }
    }
}

fn period(text: &str, field: &str) -> Result<TimeRange, AppError> {
    let ends = text.split_once('/');
    let range = ends.and_then(|(from, to)| {
        Some(TimeRange {
            from: Timestamp::parse(from)?,
            to: Timestamp::parse(to)?,
        })
    });
    range.filter(|range| range.from < range.to).ok_or_else(|| {
        wrong(field, "The period is not valid.")
            .fix("period:2026-11-01T00:00:00Z/2026-11-08T00:00:00Z")
    })
}

fn unknown(field: &str) -> AppError {
    wrong(field, "This names no group of executions.")
        .fix("version:9, status:failed, period:FROM/TO or variant:ID")
}

#[cfg(test)]
mod tests {
    use weir_model::Status;

    use super::*;

    fn parse(text: &str) -> Result<Selector, AppError> {
        Selector::parse(text, "a")
    }

    #[test]
    fn a_group_is_a_kind_with_a_value() {
        let group = |text: &str| parse(text).unwrap().group;
        assert_eq!(group("version:a:b"), Group::Version("a:b".to_owned()));
        assert_eq!(
            group("status:error"),
            Group::Statuses(vec![Status::Failed, Status::Crashed])
        );
        assert_eq!(group("variant:00000000000000ff"), Group::Variant(255));
        let both = [
            parse("period:2026-01-01T00:00:00Z/2026-01-02T00:00:00Z").unwrap(),
            parse("version:9").unwrap(),
        ];
        let day = |text: &str| Timestamp::parse(text).unwrap();
        let view = TimeRange {
            from: day("2026-02-01T00:00:00Z"),
            to: day("2026-03-01T00:00:00Z"),
        };
        let whole = Selector::whole(&both, view);
        assert_eq!(
            (whole.from, whole.to),
            (day("2026-01-01T00:00:00Z"), view.to)
        );
    }

    #[test]
    fn what_names_no_group_is_refused() {
        for bad in [
            "",
            "version",
            "version:",
            "speed:9",
            "status:started",
            "status:stale",
            "status:good",
            "variant:x",
            "period:2026-01-01T00:00:00Z",
            "period:2026-01-02T00:00:00Z/2026-01-01T00:00:00Z",
        ] {
            let error = parse(bad).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("a"), "{bad}");
        }
    }
}
