//! A request for retention, and the queries that it stands for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_analysis::retention::Span;
use weir_model::cube::Family;
use weir_query::{Declared, Filter, Interval, Metric, Query, Range, words::Word};

use crate::{AppError, ErrorCode, segments::definition::SubjectWord};

/// The highest period number.
const MOST_PERIODS: usize = 400;

/// A request for a retention table.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RetentionRequest {
    /// Whether cohorts consist of users or workflows.
    pub of: SubjectWord,
    /// The event that starts: by default any activity of users, or any execution of workflows.
    pub start: Option<RetentionEvent>,
    /// The event that counts as a return; by default the event that starts.
    #[serde(rename = "return")]
    pub back: Option<RetentionEvent>,
    /// Whether a user or workflow joins only the cohort of its first start, or one with every start.
    pub entry: EntryWord,
    /// What counts as a return.
    pub mode: Mode,
    /// How periods are defined.
    pub window: WindowWord,
    /// The bucket width of cohorts and the length of periods: day (the default), week or month.
    #[schema(value_type = Option<Interval>)]
    pub granularity: Option<String>,
    /// The last period of N-day and unbounded retention, 0 to 400. By default 14 days, 12 weeks or 12 months.
    pub periods: Option<usize>,
    /// The brackets: pairs of first and last period, in order, without overlap.
    #[schema(example = json!([[0, 0], [1, 6], [7, 29]]))]
    pub brackets: Vec<(usize, usize)>,
    /// The time range in which members started; the last 30 days by default.
    pub range: Option<Range>,
    /// The IANA time zone of buckets and relative ranges; UTC by default.
    pub timezone: Option<String>,
    /// Only members of this stored segment.
    #[schema(format = "uuid")]
    pub segment_id: Option<String>,
}

/// An event that starts or returns.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetentionEvent {
    /// The type of event.
    pub event: EventWord,
    /// Filters on the dimensions of its facts.
    #[serde(default)]
    pub filters: Vec<Filter>,
}

/// A type of event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventWord {
    /// An activity of a user.
    #[default]
    Activity,
    /// Any event of a user.
    Any,
    /// An execution, at its end or, while it is open, in its newest state.
    Execution,
    /// A step run.
    Step,
    /// A failed or crashed execution.
    Error,
    /// A cost record.
    Cost,
    /// A generated document.
    Document,
    /// A movement in a queue.
    Queue,
    /// A goal that was reached.
    Goal,
}

/// What counts as a return.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A return in exactly that period.
    #[default]
    NDay,
    /// A return in that period or any later one.
    Unbounded,
    /// A return in any period of a bracket.
    Bracket,
}

/// How periods are defined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WindowWord {
    /// Calendar days, weeks or months.
    #[default]
    Calendar,
    /// 24 hours, 7 days or 30 days from each member's own start.
    Rolling,
}

/// Whether a user or workflow joins only the cohort of its first start, or one with every start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryWord {
    /// The first start of all time.
    #[default]
    First,
    /// Every start: a member of each bucket in which it started.
    Every,
}

/// What a request stands for.
#[derive(Debug)]
pub(super) struct Plan {
    /// The query for starts, by bucket.
    pub start: Query,
    /// The family of facts that start.
    pub start_family: Family,
    /// The query for returns, for its filters.
    pub back: Query,
    /// The family of facts that return.
    pub back_family: Family,
    /// The buckets of cohorts.
    pub granularity: Interval,
    /// The columns of the table.
    pub columns: Vec<Span>,
    /// The last period of any column.
    pub last_period: usize,
}

impl EventWord {
    /// The metric that counts these events.
    fn metric(self) -> &'static str {
        match self {
            Self::Activity => "activities",
            Self::Any => "users",
            Self::Execution => "executions",
            Self::Step => "steps",
            Self::Error => "errors",
            Self::Cost => "cost_records",
            Self::Document => "documents",
            Self::Queue => "queue_events",
            Self::Goal => "goals",
        }
    }
}

impl RetentionRequest {
    /// The dimensions by which events are filtered.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let events = self.start.iter().chain(&self.back);
        events.flat_map(|event| event.filters.iter().map(|filter| filter.dimension.as_str()))
    }

    pub(super) fn plan(&self, declared: &[Declared]) -> Result<Plan, AppError> {
        let granularity = self.granularity.as_deref().unwrap_or("day");
        let granularity = Interval::parse(granularity, "granularity")?;
        if granularity < Interval::Day {
            let detail = "Cohorts are days, weeks or months.";
            return Err(invalid("granularity", detail, "day, week or month"));
        }
        let start = self.start.clone().unwrap_or_else(|| RetentionEvent {
            event: match self.of {
                SubjectWord::Users => EventWord::Activity,
                SubjectWord::Workflows => EventWord::Execution,
            },
            filters: Vec::new(),
        });
        let back = self.back.as_ref().unwrap_or(&start);
        let columns = self.columns(granularity)?;
        let last_period = columns.iter().map(|span| span.to.unwrap_or(span.from));
        let last_period = last_period.max().unwrap_or_default();
        Ok(Plan {
            start: self.query(&start, granularity, declared)?,
            start_family: family(start.event),
            back: self.query(back, granularity, declared)?,
            back_family: family(back.event),
            granularity,
            columns,
            last_period,
        })
    }

    /// The query for such events, which checks the request and resolves its range.
    fn query(
        &self,
        event: &RetentionEvent,
        granularity: Interval,
        declared: &[Declared],
    ) -> Result<Query, AppError> {
        let subject = match self.of {
            SubjectWord::Users => "user",
            SubjectWord::Workflows => "workflow",
        };
        let mut query = Query::metrics([event.event.metric()]).every(granularity);
        query.filters.clone_from(&event.filters);
        if event.event == EventWord::Activity {
            query = query.filter("event_type", ["activity"]);
        }
        query.timezone.clone_from(&self.timezone);
        query.range = self.range.clone().unwrap_or_else(|| Range {
            last: Some("30d".to_owned()),
            ..Range::default()
        });
        // Only facts that have the subject can be queried by it.
        weir_query::validate::validate(&query.clone().by([subject]), declared)?;
        Ok(query)
    }

    fn columns(&self, granularity: Interval) -> Result<Vec<Span>, AppError> {
        let usual = if granularity == Interval::Day { 14 } else { 12 };
        let last = self.periods.unwrap_or(usual);
        if last > MOST_PERIODS {
            let detail = format!("A table cannot have {last} periods.");
            return Err(invalid("periods", &detail, "0 to 400"));
        }
        match self.mode {
            Mode::NDay => Ok(Span::n_day(last)),
            Mode::Unbounded => Ok(Span::unbounded(last)),
            Mode::Bracket => self.bracket_columns(),
        }
    }

    fn bracket_columns(&self) -> Result<Vec<Span>, AppError> {
        let brackets = &self.brackets;
        let ordered = brackets.iter().all(|(from, to)| from <= to)
            && brackets.windows(2).all(|two| two[0].1 < two[1].0);
        let last = brackets.last().map(|&(_, to)| to);
        if !ordered || last.is_none_or(|last| last > MOST_PERIODS) {
            let detail =
                "Brackets are pairs of first and last period up to 400, in order, without overlap.";
            return Err(invalid("brackets", detail, "[[0, 0], [1, 6], [7, 29]]"));
        }
        let span = |&(from, to)| Span { from, to: Some(to) };
        Ok(brackets.iter().map(span).collect())
    }
}

fn family(event: EventWord) -> Family {
    Metric::find(event.metric()).map_or(Family::Activity, |metric| metric.family)
}

fn invalid(field: &str, detail: &str, fix: &str) -> AppError {
    let error = AppError::new(ErrorCode::InvalidParameter, detail);
    error.field(field).fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(body: serde_json::Value) -> Result<Plan, AppError> {
        let request: RetentionRequest = serde_json::from_value(body).unwrap();
        request.plan(&[])
    }

    #[test]
    fn an_empty_request_is_for_user_activity_by_day() {
        let plan = plan(serde_json::json!({})).unwrap();
        assert_eq!(plan.start.metrics, ["activities"]);
        assert_eq!(plan.start_family, Family::Activity);
        assert_eq!(plan.columns, Span::n_day(14));
        assert_eq!(plan.back, plan.start);
    }

    #[test]
    fn workflows_start_with_an_execution_by_default() {
        let plan = plan(serde_json::json!({"of": "workflows", "granularity": "week"})).unwrap();
        assert_eq!(plan.start_family, Family::Executions);
        assert_eq!(plan.last_period, 12);
    }

    #[test]
    fn an_invalid_request_is_refused_with_its_field() {
        for (body, field) in [
            (serde_json::json!({"granularity": "hour"}), "granularity"),
            (serde_json::json!({"granularity": "dayz"}), "granularity"),
            (serde_json::json!({"periods": 401}), "periods"),
            (serde_json::json!({"mode": "bracket"}), "brackets"),
            (
                serde_json::json!({"mode": "bracket", "brackets": [[2, 1]]}),
                "brackets",
            ),
            (
                serde_json::json!({"mode": "bracket", "brackets": [[0, 3], [3, 4]]}),
                "brackets",
            ),
            (
                serde_json::json!({"start": {"event": "queue"}}),
                "dimensions[0]",
            ),
            (
                serde_json::json!({"timezone": "Europe/Amsterdm"}),
                "timezone",
            ),
        ] {
            let error = plan(body.clone()).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{body}");
        }
    }
}
