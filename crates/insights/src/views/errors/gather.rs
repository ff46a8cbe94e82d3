//! The questions behind the views of errors.

use std::{collections::HashMap, sync::Arc};

use weir_model::{SeenError, TimeRange, cube::Dimension};
use weir_query::{
    Answer, Comparison, Dialect, Direction, Query,
    records::{
        Told,
        errors::{ByValue, ErrorRecord, ErrorRecords, Seen},
    },
};

use super::{
    super::{Frame, Questions, Row},
    AffectedStep, AffectedWorkflow, ErrorClassCount, ErrorGroupView, TrendPoint, WantedGroups,
    errors_of, share,
};
use crate::{
    AppError, Reading,
    errors::{Keying, Places},
    privacy::Viewer,
};

/// Workflows and steps listed with a group; all are counted.
const PARTS_LISTED: i64 = 10;
/// Errors shown of a group.
const SAMPLES: u32 = 5;

/// A group's id as it stands in answers.
type Group = Option<String>;

/// What is known of the groups of a range.
pub(super) struct Gathered {
    pub range: TimeRange,
    pub total: u64,
    pub previous_total: u64,
    pub group_count: usize,
    frame: Frame,
    /// What declared dimensions must be.
    told: Vec<Told>,
    /// Groups with their counts, most frequent first.
    counts: Vec<(Group, u64)>,
    previous: HashMap<Group, u64>,
    classes: Vec<(Option<String>, u64)>,
    class_of: HashMap<Group, String>,
    /// Errors by group and workflow, and by group and failed step.
    parts: Option<[Arc<Answer>; 2]>,
    trend: HashMap<Group, Vec<TrendPoint>>,
}

impl Gathered {
    pub(super) async fn gather(
        questions: &mut Questions<'_>,
        frame: &Frame,
        wanted: &WantedGroups,
        limit: i64,
    ) -> Result<Self, AppError> {
        let all = questions
            .ask(&errors(frame, wanted).compare(Comparison::PreviousPeriod))
            .await?;
        let range = all.query.range;
        let by = |dimensions: &[&'static str]| {
            errors(frame, wanted)
                .range(range)
                .by(dimensions.iter().copied())
        };
        let most_first = |query: Query, limit| query.order("errors", Direction::Desc).limit(limit);
        let groups = questions
            .ask(&most_first(by(&["error_group"]), limit))
            .await?;
        let mut gathered = Self {
            range,
            total: Row::all(&all.rows).map(errors_of).sum(),
            previous_total: all
                .comparison
                .as_ref()
                .map_or(0, |rows| Row::all(rows).map(errors_of).sum()),
            group_count: groups.groups,
            frame: frame.clone(),
            told: Told::of(&all.query.filters),
            counts: Row::all(&groups.rows)
                .map(|row| (row.key(0), errors_of(row)))
                .collect(),
            previous: HashMap::new(),
            classes: Vec::new(),
            class_of: HashMap::new(),
            parts: None,
            trend: HashMap::new(),
        };
        let classes = questions
            .ask(&by(&["error_class"]).order("errors", Direction::Desc))
            .await?;
        gathered.classes = Row::all(&classes.rows)
            .map(|row| (row.key(0), errors_of(row)))
            .collect();
        if gathered.counts.is_empty() {
            return Ok(gathered);
        }
        let listed = |query: Query| gathered.only_listed(query);
        let parts = |dimension, each| {
            let query = most_first(listed(by(&["error_group", dimension])), limit);
            query.limit_each(each).with_other()
        };
        let class_of = questions.ask(&parts("error_class", 1)).await?;
        let workflows = questions.ask(&parts("workflow", PARTS_LISTED)).await?;
        let steps = questions.ask(&parts("error_step", PARTS_LISTED)).await?;
        let previous = match all.query.comparison_range {
            Some(before) => Some(
                questions
                    .ask(&listed(by(&["error_group"]).range(before)).limit(limit))
                    .await?,
            ),
            None => None,
        };
        let mut trend = listed(by(&["error_group"])).limit(limit);
        trend.granularity = Some("auto".to_owned());
        let trend = questions.ask(&trend).await?;
        for row in Row::all(&class_of.rows) {
            if let Some(class) = row.key(1) {
                gathered.class_of.entry(row.key(0)).or_insert(class);
            }
        }
        let previous = previous.iter().flat_map(|answer| Row::all(&answer.rows));
        gathered.previous = previous.map(|row| (row.key(0), errors_of(row))).collect();
        for row in Row::all(&trend.rows) {
            let point = TrendPoint {
                time: row.time().unwrap_or_default(),
                count: errors_of(row),
            };
            gathered.trend.entry(row.key(0)).or_default().push(point);
        }
        gathered.parts = Some([workflows, steps]);
        Ok(gathered)
    }

    /// The question for the listed groups alone.
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
        // A group without an id has to be found among all.
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

fn errors(frame: &Frame, wanted: &WantedGroups) -> Query {
    let mut query = frame.query(["errors"]);
    if let Some(class) = &wanted.class {
        query = query.filter("error_class", [class.as_str()]);
    }
    if let Some(group) = &wanted.group {
        query = query.filter("error_group", [group.as_str()]);
    }
    query
}

/// What groups look like.
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
    /// Those with most errors: id, name, errors.
    listed: Vec<(Option<String>, Option<String>, u64)>,
    /// How many there are, listed or not.
    count: usize,
}

impl Reading {
    /// The groups for people.
    pub(super) async fn group_views(
        &self,
        viewer: Viewer,
        gathered: &Gathered,
    ) -> Result<Vec<ErrorGroupView>, AppError> {
        if gathered.counts.is_empty() {
            return Ok(Vec::new());
        }
        let records = gathered.records();
        let (scope, dialect) = (viewer.scope(), Dialect::default());
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
            workflows: self.parts(viewer, gathered, 0),
            steps: self.parts(viewer, gathered, 1),
        };
        let views = gathered.counts.iter().filter(|(_, count)| *count > 0);
        let mut views: Vec<_> = views
            .map(|(group, count)| view(gathered, &looks, group, *count))
            .collect();
        let titles = views.iter_mut().map(|view| &mut view.title).collect();
        self.veil(viewer, titles).await?;
        Ok(views)
    }

    /// The parts of every group, those with most errors first.
    fn parts(&self, viewer: Viewer, gathered: &Gathered, which: usize) -> HashMap<Group, Parts> {
        let Some(answer) = gathered.parts.as_ref().map(|parts| &parts[which]) else {
            return HashMap::new();
        };
        let names = self.names(viewer, answer);
        let names = names.values().next();
        let mut parts: HashMap<Group, Parts> = HashMap::new();
        // Where it is not known which step failed, there is none to list.
        let known = |row: &Row<'_>| errors_of(*row) > 0 && row.key(1).is_some();
        for row in Row::all(&answer.rows).filter(known) {
            let id = row.key(1);
            let name = names.zip(id.as_ref()).and_then(|(names, id)| names.get(id));
            let part = parts.entry(row.key(0)).or_default();
            part.listed.push((id, name.cloned(), errors_of(row)));
            part.count += 1;
        }
        for (group, part) in &mut parts {
            let other = answer
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
    }
}
