//! The queries behind the views of errors.

use std::{collections::HashMap, sync::Arc};

use weir_model::{SeenError, TimeRange, cube::Dimension};
use weir_query::{
    Comparison, Direction, Query,
    records::{
        self,
        errors::{ByValue, ErrorRecord, ErrorRecords, Seen},
    },
};

use super::{
    super::{Frame, Line, Questions, Results},
    AffectedStep, AffectedWorkflow, ErrorClassCount, ErrorGroupView, Errors, TrendPoint, share,
};
use crate::{
    AppError, Reading,
    errors::{Admitted, Keying, Places, Triage, Triaged},
    privacy::Viewer,
};

/// How many workflows and steps are listed per group; all are counted.
const PARTS_LISTED: i64 = 10;
/// How many errors are shown per group.
const SAMPLES: u32 = 5;

/// A group's id as in answers.
type Group = Option<String>;

/// The errors that a view is about.
pub(super) struct Which {
    /// Only errors of this class.
    pub class: Option<String>,
    /// Only errors of these groups; `None` for all.
    pub groups: Option<Admitted>,
}

/// The answers about the groups of a range.
pub(super) struct Gathered {
    pub range: TimeRange,
    pub total: u64,
    pub previous_total: u64,
    pub group_count: usize,
    frame: Frame,
    /// Filters on declared dimensions.
    told: Vec<records::Told>,
    /// Groups with their counts, most frequent first.
    counts: Vec<(Group, u64)>,
    previous: HashMap<Group, u64>,
    classes: Vec<(Option<String>, u64)>,
    class_of: HashMap<Group, String>,
    /// Errors by group and another dimension: workflow and failed step.
    parts: HashMap<&'static str, Results<Errors>>,
    trend: HashMap<Group, Vec<TrendPoint>>,
}

impl Gathered {
    pub(super) async fn gather(
        questions: &mut Questions<'_>,
        frame: &Frame,
        which: &Which,
        limit: i64,
    ) -> Result<Self, AppError> {
        let all = questions
            .figures::<Errors>(errors(frame, which).compare(Comparison::PreviousPeriod))
            .await?;
        let range = all.query().range;
        let by = |dimensions: &[&'static str]| {
            errors(frame, which)
                .range(range)
                .by(dimensions.iter().copied())
        };
        let most_first = |query: Query, limit| query.order("errors", Direction::Desc).limit(limit);
        let groups = questions
            .figures(most_first(by(&["error_group"]), limit))
            .await?;
        let mut gathered = Self {
            range,
            total: all.only().map_or(0, |all| all.count),
            previous_total: all.only_before().map_or(0, |all| all.count),
            group_count: groups.groups(),
            frame: frame.clone(),
            told: records::Told::of(&all.query().filters),
            counts: counts(&groups),
            previous: HashMap::new(),
            classes: Vec::new(),
            class_of: HashMap::new(),
            parts: HashMap::new(),
            trend: HashMap::new(),
        };
        let classes = questions
            .figures(by(&["error_class"]).order("errors", Direction::Desc))
            .await?;
        gathered.classes = counts(&classes);
        if gathered.counts.is_empty() {
            return Ok(gathered);
        }
        let listed = |query: Query| gathered.only_listed(query);
        let parts = |dimension, each| {
            let query = most_first(listed(by(&["error_group", dimension])), limit);
            query.limit_each(each).with_other()
        };
        let class_of: Results<Errors> = questions.figures(parts("error_class", 1)).await?;
        let mut listed_parts = HashMap::new();
        for by in ["workflow", "error_step"] {
            let results = questions.figures(parts(by, PARTS_LISTED)).await?;
            listed_parts.insert(by, results);
        }
        let before = all.query().comparison_range;
        let before = before.map(|before| listed(by(&["error_group"]).range(before)).limit(limit));
        let mut trend = listed(by(&["error_group"])).limit(limit);
        trend.granularity = Some("auto".to_owned());
        if let Some(before) = before {
            gathered.previous = counts(&questions.figures(before).await?);
        }
        let trend: Results<Errors> = questions.figures(trend).await?;
        gathered.parts = listed_parts;
        for line in class_of.lines() {
            if let Some(class) = line.key(1) {
                gathered.class_of.entry(line.key(0)).or_insert(class);
            }
        }
        for line in trend.lines() {
            let point = TrendPoint {
                time: line.time().unwrap_or_default(),
                count: line.figures.count,
            };
            gathered.trend.entry(line.key(0)).or_default().push(point);
        }
        Ok(gathered)
    }

    /// The query, limited to the listed groups.
    fn only_listed(&self, mut query: Query) -> Query {
        query.filters.push(weir_query::Filter {
            dimension: "error_group".to_owned(),
            op: "in".to_owned(),
            values: self.counts.iter().map(|(group, _)| group.clone()).collect(),
        });
        query
    }

    pub(super) fn classes(&self) -> Vec<ErrorClassCount> {
        let classes = self.classes.iter().filter(|(_, count)| *count > 0);
        classes
            .map(|(class, count)| ErrorClassCount {
                error_class: class.clone(),
                count: *count,
                share: share(*count, self.total),
            })
            .collect()
    }

    fn records(&self) -> ErrorRecords {
        let ids: Vec<String> = self
            .counts
            .iter()
            .filter_map(|(group, _)| group.clone())
            .collect();
        // Records without a group can only be found by reading all.
        let with_null = ids.len() < self.counts.len();
        ErrorRecords {
            by: Dimension::ErrorGroup,
            only: if with_null { Vec::new() } else { ids },
            range: Some(self.range),
            environment: self.frame.environment.clone(),
            workflow: self.frame.workflow.clone(),
            told: self.told.clone(),
        }
    }
}

/// The number of errors for each value of the first dimension.
fn counts<C: FromIterator<(Option<String>, u64)>>(results: &Results<Errors>) -> C {
    results
        .lines()
        .map(|line| (line.key(0), line.figures.count))
        .collect()
}

fn errors(frame: &Frame, which: &Which) -> Query {
    let mut query = frame.question();
    if let Some(class) = &which.class {
        query = query.filter("error_class", [class.as_str()]);
    }
    if let Some(groups) = &which.groups {
        query.filters.push(admitting(groups));
    }
    query
}

fn admitting(groups: &Admitted) -> weir_query::Filter {
    let (op, ids) = match groups {
        Admitted::Only(ids) => ("in", ids),
        Admitted::Except(ids) => ("not_in", ids),
    };
    let mut values: Vec<Option<String>> = ids.iter().cloned().map(Some).collect();
    if values.is_empty() {
        // A filter needs a value, and no group has an empty id.
        values.push(Some(String::new()));
    }
    weir_query::Filter {
        dimension: "error_group".to_owned(),
        op: op.to_owned(),
        values,
    }
}

/// What the views of groups are built from.
struct Looks {
    keying: Arc<Keying>,
    places: Places,
    seen: ByValue<Seen>,
    newest: ByValue<Vec<ErrorRecord>>,
    workflows: HashMap<Group, Parts>,
    steps: HashMap<Group, Parts>,
}

/// Where the errors of a group happened.
#[derive(Clone, Debug, Default)]
struct Parts {
    /// Those with the most errors: id, name, number of errors.
    listed: Vec<(Option<String>, Option<String>, u64)>,
    /// Number of them, listed or not.
    count: usize,
}

impl Reading {
    /// The views of the gathered groups. Fails if the store does.
    pub(super) async fn group_views(
        &self,
        viewer: Viewer,
        gathered: &Gathered,
        triaged: &Triaged,
    ) -> Result<Vec<ErrorGroupView>, AppError> {
        if gathered.counts.is_empty() {
            return Ok(Vec::new());
        }
        let records = gathered.records();
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        let range = gathered.range;
        let seen = records.write_seen(scope, dialect);
        let seen = self
            .range_records(viewer, range, seen, |rows| ErrorRecords::seen(&rows))
            .await?;
        let newest = records.write_newest(scope, dialect, SAMPLES);
        let newest = self
            .range_records(viewer, range, newest, |rows| ErrorRecords::newest(&rows))
            .await?;
        let looks = Looks {
            places: Places::of(self.store.port(), scope, newest.values().flatten()),
            keying: self.keyings.keying(viewer.scope()).await?,
            seen,
            newest,
            workflows: self.parts(viewer, gathered, "workflow"),
            steps: self.parts(viewer, gathered, "error_step"),
        };
        let views = gathered.counts.iter().filter(|(_, count)| *count > 0);
        let mut views: Vec<_> = views
            .map(|(group, count)| ErrorGroupView {
                triage: triaged.of(group.as_deref().unwrap_or_default()),
                ..view(gathered, &looks, group, *count)
            })
            .collect();
        let titles = views.iter_mut().map(|view| &mut view.title).collect();
        self.veil(viewer, titles).await?;
        Ok(views)
    }

    /// The workflows or steps of every group, those with the most errors first.
    fn parts(&self, viewer: Viewer, gathered: &Gathered, by: &str) -> HashMap<Group, Parts> {
        let Some(results) = gathered.parts.get(by) else {
            return HashMap::new();
        };
        let names = self.names(viewer, results.answer());
        let mut parts: HashMap<Group, Parts> = HashMap::new();
        // If the failed step is unknown, there is none to list.
        let known = |line: &Line<'_, Errors>| line.figures.count > 0 && line.key(1).is_some();
        for line in results.lines().filter(known) {
            let id = line.key(1);
            let name = names.of(by, id.as_deref());
            let part = parts.entry(line.key(0)).or_default();
            part.listed.push((id, name, line.figures.count));
            part.count += 1;
        }
        for (group, part) in &mut parts {
            let other = results
                .answer()
                .other
                .as_ref()
                .and_then(|other| other.rows.of(group.as_deref()));
            part.count += other.map_or(0, |(_, groups)| groups);
        }
        parts
    }
}

fn view(gathered: &Gathered, looks: &Looks, group: &Group, count: u64) -> ErrorGroupView {
    let samples = looks.newest.get(group).map_or(&[][..], Vec::as_slice);
    let newest = samples.first();
    let seen = looks.seen.get(group);
    let parts = |of: &HashMap<Group, Parts>| of.get(group).cloned().unwrap_or_default();
    let (workflows, steps) = (parts(&looks.workflows), parts(&looks.steps));
    let previous_count = gathered.previous.get(group).copied().unwrap_or(0);
    let id = group.as_deref().unwrap_or_default();
    let error_type = newest.and_then(|error| error.error_type.clone());
    let message = newest.and_then(|error| error.message.clone());
    ErrorGroupView {
        title: match newest {
            Some(error) => looks.keying.title(id, &looks.places.seen(error)),
            None => looks.keying.title(id, &SeenError::default()),
        },
        named: looks.keying.name(id).is_some(),
        error_class: gathered.class_of.get(group).cloned(),
        count,
        share: share(count, gathered.total),
        previous_count,
        change_pct: (previous_count > 0)
            .then(|| (count as f64 - previous_count as f64) / previous_count as f64 * 100.0),
        first_seen: seen.map(|seen| seen.first),
        last_seen: seen.map(|seen| seen.last),
        workflow_count: workflows.count,
        affected_workflows: workflows
            .listed
            .into_iter()
            .map(AffectedWorkflow::from)
            .collect(),
        step_count: steps.count,
        affected_steps: steps.listed.into_iter().map(AffectedStep::from).collect(),
        samples: samples.iter().map(Into::into).collect(),
        sample_execution_id: newest.map(|error| error.execution_id.clone()),
        trend: gathered.trend.get(group).cloned().unwrap_or_default(),
        error_group: group.clone(),
        error_type,
        sample_message: message,
        triage: Triage::default(),
    }
}
