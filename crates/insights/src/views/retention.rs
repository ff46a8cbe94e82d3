//! Retention: cohorts of users or workflows, and how many of them returned.

mod request;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::retention::{Cell, Member, Periods, Span, Total, retention};
use weir_model::{
    TimeRange, Timestamp,
    time::{DAY, MINUTE},
};
use weir_query::{
    Interval, Zone,
    buckets::Buckets,
    records::cohorts::{Began, Entry, Occasion, PeriodSpec, Request, read, statement},
    validate::BOUNDS,
};

use super::{Meta, Questions, RangeView};
use crate::{
    AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness,
    segments::definition::SubjectWord,
};

pub use request::{EntryWord, EventWord, Mode, RetentionEvent, RetentionRequest, WindowWord};

use request::Plan;

/// The most cohorts in a table.
const MOST_COHORTS: usize = 400;

/// A retention table.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionReport {
    /// Whether cohorts consist of users or workflows.
    pub of: SubjectWord,
    /// What counts as a return.
    pub mode: Mode,
    /// How periods are defined.
    pub window: WindowWord,
    /// Whether members join only the cohort of their first start, or one with every start.
    pub entry: EntryWord,
    /// The bucket width of the cohorts.
    pub granularity: Interval,
    /// The time zone of the buckets.
    pub timezone: String,
    /// The time range in which members started.
    pub range: RangeView,
    /// The segment that members belong to; null for all users or workflows.
    pub segment_id: Option<String>,
    /// The columns of the table: periods after the start.
    pub columns: Vec<Span>,
    /// The rows of the table, in order of time.
    pub cohorts: Vec<CohortView>,
    /// Each column in total, over all cohorts for which its period is complete.
    pub totals: Vec<Total>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A cohort.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CohortView {
    /// The start of its bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub cohort: String,
    /// Number of members.
    pub size: u64,
    /// One cell per column; null if the period has not begun.
    pub cells: Vec<Option<Cell>>,
}

/// The buckets of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Calendar {
    /// The buckets of the cohorts.
    cohorts: Buckets,
    /// These, followed by one bucket per period.
    all: Buckets,
    /// The starts of the buckets of `all`, and the end of the last.
    edges: Vec<Timestamp>,
}

impl Reading {
    /// A retention table. Fails if the request is not valid or the store fails.
    pub async fn retention(
        &self,
        viewer: Viewer,
        asked: &RetentionRequest,
        freshness: Freshness,
    ) -> Result<RetentionReport, AppError> {
        let declared = self.declared(viewer.scope(), asked.words()).await?;
        let plan = asked.plan(&declared)?;
        // Which periods are complete changes once a minute, so that answers can be cached that long.
        let minute = self.clock.now().floor(MINUTE);
        let mut questions = Questions::new(self, viewer, freshness);
        let start = questions.resolved(&plan.start).await?.query;
        let back = self
            .prepared(viewer.scope(), &plan.back)
            .await?
            .resolved()
            .filters
            .clone();
        let (range, zone) = (start.range, &start.zone);
        let calendar = Calendar::of(&plan, range, zone)?;
        let segment = match &asked.segment_id {
            Some(id) => {
                let found = self.segment(viewer, id).await;
                Some(found.map_err(|error| error.field("segmentId"))?)
            }
            None => None,
        };
        let definition = segment.as_ref().map(|segment| &segment.definition);
        if definition.is_some_and(|definition| definition.of != asked.of) {
            let detail = "The segment and the cohorts must consist of the same kind of members.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("segmentId"));
        }
        let compiled = match definition {
            Some(definition) => Some(self.compiled(viewer.scope(), definition).await?),
            None => None,
        };
        let request = Request {
            subject: asked.of.into(),
            start: Occasion {
                family: plan.start_family,
                filters: start.filters.clone(),
            },
            back: Occasion {
                family: plan.back_family,
                filters: back,
            },
            entry: match asked.entry {
                EntryWord::First => Entry::First,
                EntryWord::Every => Entry::Every,
            },
            cohorts: calendar.cohorts.clone(),
            periods: match asked.window {
                WindowWord::Calendar => PeriodSpec::Calendar(calendar.all.clone()),
                WindowWord::Rolling => PeriodSpec::Rolling(width(plan.granularity)),
            },
            ever: BOUNDS.from,
            until: minute.plus(MINUTE),
            segment: compiled,
        };
        let table = self
            .table(&mut questions, &request, &plan, &calendar, minute)
            .await?;
        let starts = calendar.cohorts.starts().iter();
        Ok(RetentionReport {
            of: asked.of,
            mode: asked.mode,
            window: asked.window,
            entry: asked.entry,
            granularity: plan.granularity,
            timezone: zone.name().to_owned(),
            range: range.into(),
            segment_id: asked.segment_id.clone(),
            cohorts: starts
                .zip(table.cohorts)
                .map(|(&start, cohort)| CohortView {
                    cohort: zone.format(start),
                    size: cohort.size,
                    cells: cohort.cells,
                })
                .collect(),
            totals: table.totals,
            columns: plan.columns,
            meta: questions.meta().await?,
        })
    }

    async fn table(
        &self,
        questions: &mut Questions<'_>,
        request: &Request,
        plan: &Plan,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Result<weir_analysis::retention::Table, AppError> {
        let statement = statement(questions.scope(), request, questions.dialect());
        let question = (
            statement.clone(),
            plan.columns.clone(),
            calendar.clone(),
            now,
        );
        let columns = plan.columns.clone();
        let (cohorts, all) = (calendar.cohorts.clone(), calendar.all.clone());
        let edges = calendar.edges.clone();
        let rolling = match request.periods {
            PeriodSpec::Calendar(_) => None,
            PeriodSpec::Rolling(width) => Some(width),
        };
        let read = move |batches: Vec<_>| {
            let members: Vec<Member> = read(&batches)?
                .iter()
                .map(|began| member(began, &cohorts, &all, rolling))
                .collect();
            let periods = match rolling {
                None => Periods::Calendar { edges: &edges },
                Some(width) => Periods::Rolling {
                    edges: &edges,
                    width,
                },
            };
            Ok(retention(&members, cohorts.len(), &columns, periods, now))
        };
        let computing = self.walk_records(questions.viewer(), statement, read);
        questions.read_from("raw events");
        questions.recorded(question, computing).await
    }
}

impl Calendar {
    fn of(plan: &Plan, range: TimeRange, zone: &Zone) -> Result<Self, AppError> {
        let interval = plan.granularity;
        let too_many = || {
            let detail = format!("The range has more than {MOST_COHORTS} cohorts.");
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("range");
            error.fix("a shorter range or a coarser granularity")
        };
        let cohorts = Buckets::of(interval, range, zone, MOST_COHORTS).ok_or_else(too_many)?;
        let mut end = interval.floor(range.to.plus(-1), zone);
        for _ in 0..=plan.last_period {
            end = interval.next(end, zone);
        }
        let longer = TimeRange {
            from: range.from,
            to: end,
        };
        let most = MOST_COHORTS + plan.last_period;
        let all = Buckets::of(interval, longer, zone, most).ok_or_else(too_many)?;
        let edges = all.starts().iter().copied().chain([end]).collect();
        Ok(Self {
            cohorts,
            all,
            edges,
        })
    }
}

/// The length of a rolling period, in milliseconds.
fn width(granularity: Interval) -> i64 {
    match granularity {
        Interval::Week => 7 * DAY,
        Interval::Month => 30 * DAY,
        _ => DAY,
    }
}

/// A member with the numbers of the periods in which it returned.
fn member(began: &Began, cohorts: &Buckets, all: &Buckets, rolling: Option<i64>) -> Member {
    let cohort = cohorts.index_of(began.at);
    let period = |&returned: &i64| match rolling {
        Some(_) => usize::try_from(returned).ok(),
        // A return after all buckets counts in the last one, which is later than the start of any column.
        None => all.index_of(Timestamp(returned)).checked_sub(cohort),
    };
    Member {
        cohort,
        returned: began.returned.iter().filter_map(period).collect(),
    }
}
