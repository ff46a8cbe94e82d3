//! Small data kept in memory in addition to the tables: what has arrived, names, watermarks. It changes
//! with each commit and is read from the tables when the store is opened.

use std::{collections::BTreeMap, collections::BTreeSet, sync::Arc};

use duckdb::Connection;
use rustc_hash::FxHashMap;
use weir_model::{Event, EventKind, EventType, ProjectKey, Scope, Timestamp, cube::Dimension};
use weir_store::{KnownNames, KnownStep, Labels, SourceState, StoreError, fold::Environments};

use crate::{
    error::Context,
    names::{self, NameRow, Names},
    raw,
};

/// What is known about one project.
#[derive(Debug, Default)]
struct Project {
    watermark: u64,
    sources: BTreeMap<Arc<str>, SourceState>,
    environments: BTreeSet<String>,
    names: Names,
    /// The newest type of every step that has one.
    step_types: FxHashMap<String, (String, Timestamp)>,
    spans: FxHashMap<EventType, (Timestamp, Timestamp)>,
    /// Whether any execution was ever reported as started.
    has_starts: bool,
    /// The environments that executions of each workflow named.
    workflows: FxHashMap<String, Environments>,
    /// Whether any cost is part of another.
    has_parts: bool,
}

/// What is known about every project.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    projects: FxHashMap<ProjectKey, Project>,
}

impl Directory {
    /// Loads it from the raw tables. Returns it with the last sequence.
    pub(crate) fn load(connection: &Connection) -> Result<(Self, u64), StoreError> {
        let mut directory = Self::default();
        let mut sequence = 0;
        for &event_type in EventType::ALL {
            sequence = sequence.max(directory.load_table(connection, event_type)?);
        }
        sequence = sequence.max(directory.load_changes(connection)?);
        directory.load_starts(connection)?;
        directory.load_workflows(connection)?;
        directory.load_parts(connection)?;
        directory.load_names(connection)?;
        directory.load_step_types(connection)?;
        Ok((directory, sequence))
    }

    fn load_table(
        &mut self,
        connection: &Connection,
        event_type: EventType,
    ) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT project, source, min(timestamp), max(timestamp), max(received), count(*), max(sequence)
             FROM {} GROUP BY project, source",
            raw::table(event_type)
        );
        let mut statement = connection.prepare(&sql).context("read sources")?;
        let mut rows = statement.query([]).context("read sources")?;
        let mut newest = 0;
        while let Some(row) = rows.next().context("read sources")? {
            let number = |column: usize| row.get::<_, i64>(column).context("read sources");
            let source: String = row.get(1).context("read sources")?;
            let project: i32 = row.get(0).context("read sources")?;
            let state = SourceState {
                source: Arc::from(source),
                first_event: Timestamp(number(2)?),
                newest_event: Timestamp(number(3)?),
                newest_received: Timestamp(number(4)?),
                events: number(5)? as u64,
            };
            let sequence = number(6)? as u64;
            newest = newest.max(sequence);
            let project = self.projects.entry(ProjectKey(project)).or_default();
            project.watermark = project.watermark.max(sequence);
            project.widen(event_type, state.first_event, state.newest_event);
            project.add_source(state);
        }
        Ok(newest)
    }

    /// The newest event of all.
    pub(crate) fn newest_event(&self) -> Option<Timestamp> {
        let spans = self
            .projects
            .values()
            .flat_map(|project| project.spans.values());
        spans.map(|&(_, newest)| newest).max()
    }

    /// Loads the environments from the cubes, which must be up to date.
    pub(crate) fn load_environments(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let sql =
            "SELECT DISTINCT project, environment FROM arrivals_1d WHERE environment IS NOT NULL";
        let mut statement = connection.prepare(sql).context("read environments")?;
        let mut rows = statement.query([]).context("read environments")?;
        while let Some(row) = rows.next().context("read environments")? {
            let project = ProjectKey(row.get(0).context("read environments")?);
            let environment = row.get(1).context("read environments")?;
            self.projects
                .entry(project)
                .or_default()
                .environments
                .insert(environment);
        }
        Ok(())
    }

    fn load_changes(&mut self, connection: &Connection) -> Result<u64, StoreError> {
        let sql = "SELECT project, max(sequence) FROM changes GROUP BY project";
        let mut statement = connection.prepare(sql).context("read changes")?;
        let mut rows = statement.query([]).context("read changes")?;
        let mut newest = 0;
        while let Some(row) = rows.next().context("read changes")? {
            let project = ProjectKey(row.get(0).context("read changes")?);
            let sequence = row.get::<_, i64>(1).context("read changes")? as u64;
            newest = newest.max(sequence);
            let project = self.projects.entry(project).or_default();
            project.watermark = project.watermark.max(sequence);
        }
        Ok(newest)
    }

    fn load_starts(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let sql = "SELECT DISTINCT project FROM executions WHERE status IN ('started', 'waiting')";
        let mut statement = connection.prepare(sql).context("read starts")?;
        let mut rows = statement.query([]).context("read starts")?;
        while let Some(row) = rows.next().context("read starts")? {
            let project = ProjectKey(row.get(0).context("read starts")?);
            self.projects.entry(project).or_default().has_starts = true;
        }
        Ok(())
    }

    /// Loads the environments of workflows.
    pub(crate) fn load_workflows(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let sql = "SELECT project, workflow, environment FROM workflow_environments";
        let mut statement = connection.prepare(sql).context("read workflows")?;
        let mut rows = statement.query([]).context("read workflows")?;
        while let Some(row) = rows.next().context("read workflows")? {
            let project = ProjectKey(row.get(0).context("read workflows")?);
            let workflow: String = row.get(1).context("read workflows")?;
            let environment: Option<String> = row.get(2).context("read workflows")?;
            self.add_workflow(project, workflow, environment.as_deref());
        }
        Ok(())
    }

    fn load_parts(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let sql = "SELECT DISTINCT project FROM costs WHERE part_of_hash IS NOT NULL";
        let mut statement = connection.prepare(sql).context("read parts of costs")?;
        let mut rows = statement.query([]).context("read parts of costs")?;
        while let Some(row) = rows.next().context("read parts of costs")? {
            let project = ProjectKey(row.get(0).context("read parts of costs")?);
            self.projects.entry(project).or_default().has_parts = true;
        }
        Ok(())
    }

    /// Records that an execution of a workflow named an environment, or none.
    pub(crate) fn add_workflow(
        &mut self,
        project: ProjectKey,
        workflow: String,
        environment: Option<&str>,
    ) {
        let project = self.projects.entry(project).or_default();
        project
            .workflows
            .entry(workflow)
            .or_default()
            .add(environment);
    }

    /// The environments that executions of a workflow named.
    pub(crate) fn workflow_environments(&self, scope: Scope, workflow: &str) -> Environments {
        let project = self.projects.get(&scope.project);
        let known = project.and_then(|project| project.workflows.get(workflow));
        known.cloned().unwrap_or_default()
    }

    /// Reloads all names after stored ones changed.
    pub(crate) fn reload_names(&mut self, connection: &Connection) -> Result<(), StoreError> {
        for project in self.projects.values_mut() {
            project.names = Names::default();
        }
        self.load_names(connection)
    }

    fn load_names(&mut self, connection: &Connection) -> Result<(), StoreError> {
        names::load(connection, |row| self.add_name(row))
    }

    fn load_step_types(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let sql = "SELECT project, step, arg_max(step_type, struct_pack(at := timestamp, name := step_type)), max(timestamp)
                   FROM steps WHERE step_type IS NOT NULL GROUP BY project, step";
        let mut statement = connection.prepare(sql).context("read types of steps")?;
        let mut rows = statement.query([]).context("read types of steps")?;
        while let Some(row) = rows.next().context("read types of steps")? {
            let project = ProjectKey(row.get(0).context("read types of steps")?);
            let step: String = row.get(1).context("read types of steps")?;
            let step_type: String = row.get(2).context("read types of steps")?;
            let timestamp = Timestamp(row.get(3).context("read types of steps")?);
            let project = self.projects.entry(project).or_default();
            project.step_types.insert(step, (step_type, timestamp));
        }
        Ok(())
    }

    /// The names in a batch that are newer than the known ones.
    pub(crate) fn new_names(&self, events: &[(Scope, Event)]) -> Vec<NameRow> {
        names::told(events, |project| {
            let project = self.projects.get(&project)?;
            Some(&project.names)
        })
    }

    /// The known names that are not written yet.
    pub(crate) fn unwritten_names(&self) -> Vec<NameRow> {
        let projects = self.projects.values();
        projects
            .flat_map(|project| project.names.unwritten())
            .collect()
    }

    /// Adds a committed event.
    pub(crate) fn add(&mut self, scope: Scope, event: &Event, sequence: u64, received: Timestamp) {
        let project = self.projects.entry(scope.project).or_default();
        project.watermark = sequence;
        project.has_starts |=
            matches!(&event.kind, EventKind::Execution(e) if !e.status.is_terminal());
        project.has_parts |= matches!(&event.kind, EventKind::Cost(c) if c.part_of.is_some());
        project.widen(event.event_type(), event.timestamp, event.timestamp);
        if let EventKind::Step(step) = &event.kind {
            project.learn_type(&step.step_id, step.step_type.as_deref(), event.timestamp);
        }
        if let Some(environment) = &event.environment
            && !project.environments.contains(environment)
        {
            project.environments.insert(environment.clone());
        }
        match project.sources.get_mut(&event.source) {
            Some(state) => {
                state.first_event = state.first_event.min(event.timestamp);
                state.newest_event = state.newest_event.max(event.timestamp);
                state.newest_received = received;
                state.events += 1;
            }
            None => project.add_source(SourceState {
                source: event.source.clone(),
                first_event: event.timestamp,
                newest_event: event.timestamp,
                newest_received: received,
                events: 1,
            }),
        }
    }

    /// Records a change of stored events.
    pub(crate) fn add_change(&mut self, scope: Scope, sequence: u64) {
        let project = self.projects.entry(scope.project).or_default();
        project.watermark = sequence;
    }

    /// Adds a committed name.
    pub(crate) fn add_name(&mut self, row: NameRow) {
        let project = self.projects.entry(row.scope.project).or_default();
        project.names.add(row);
    }

    /// Whether rows of this type may be stored in the project at times in `from..=to`.
    pub(crate) fn may_hold(
        &self,
        scope: Scope,
        event_type: EventType,
        from: Timestamp,
        to: Timestamp,
    ) -> bool {
        let project = self.projects.get(&scope.project);
        let span = project.and_then(|project| project.spans.get(&event_type));
        span.is_some_and(|&(oldest, newest)| from <= newest && oldest <= to)
    }

    /// Whether any execution of the project was ever reported as started or waiting: if
    /// none was, ends take nothing from the past.
    pub(crate) fn has_starts(&self, scope: Scope) -> bool {
        self.projects
            .get(&scope.project)
            .is_some_and(|project| project.has_starts)
    }

    /// Whether any cost of the project is part of another.
    pub(crate) fn has_parts(&self, project: ProjectKey) -> bool {
        let known = self.projects.get(&project);
        known.is_some_and(|project| project.has_parts)
    }

    pub(crate) fn watermark(&self, scope: Scope) -> u64 {
        self.projects
            .get(&scope.project)
            .map_or(0, |project| project.watermark)
    }

    pub(crate) fn sources(&self, scope: Scope) -> Vec<SourceState> {
        let project = self.projects.get(&scope.project);
        project.map_or_else(Vec::new, |project| {
            project.sources.values().cloned().collect()
        })
    }

    pub(crate) fn environments(&self, scope: Scope) -> Vec<String> {
        let project = self.projects.get(&scope.project);
        project.map_or_else(Vec::new, |project| {
            project.environments.iter().cloned().collect()
        })
    }

    pub(crate) fn known(
        &self,
        scope: Scope,
        steps: &BTreeSet<String>,
        workflows: &BTreeSet<String>,
    ) -> KnownNames {
        let Some(project) = self.projects.get(&scope.project) else {
            return KnownNames::default();
        };
        let name = |dimension: Dimension, id: &String| {
            let name = project.names.get(dimension, id);
            name.map(str::to_owned)
        };
        let step = |id: &String| {
            let step_type = project.step_types.get(id);
            let known = KnownStep {
                name: name(Dimension::Step, id),
                step_type: step_type.map(|(step_type, _)| step_type.clone()),
            };
            (known != KnownStep::default()).then(|| (id.clone(), known))
        };
        let workflow = |id: &String| Some((id.clone(), name(Dimension::Workflow, id)?));
        KnownNames {
            steps: steps.iter().filter_map(step).collect(),
            workflows: workflows.iter().filter_map(workflow).collect(),
        }
    }

    pub(crate) fn labels(&self, scope: Scope, ids: &BTreeMap<Dimension, Vec<String>>) -> Labels {
        let Some(project) = self.projects.get(&scope.project) else {
            return Labels::new();
        };
        let named = |dimension: Dimension, ids: &[String]| -> BTreeMap<String, String> {
            // The step at which an execution failed also gets a step name.
            let dimension = match dimension {
                Dimension::ErrorStep => Dimension::Step,
                other => other,
            };
            ids.iter()
                .filter_map(|id| {
                    let name = project.names.get(dimension, id)?;
                    Some((id.clone(), name.to_owned()))
                })
                .collect()
        };
        ids.iter()
            .map(|(&dimension, ids)| (dimension, named(dimension, ids)))
            .collect()
    }
}

impl Project {
    fn learn_type(&mut self, step: &str, step_type: Option<&str>, at: Timestamp) {
        let Some(step_type) = step_type else { return };
        match self.step_types.get_mut(step) {
            // Of two types with the same time, the greater one applies, in any order of arrival.
            Some((known, since)) if (*since, known.as_str()) < (at, step_type) => {
                *since = at;
                if known != step_type {
                    step_type.clone_into(known);
                }
            }
            Some(_) => {}
            None => {
                let learnt = (step_type.to_owned(), at);
                self.step_types.insert(step.to_owned(), learnt);
            }
        }
    }

    fn widen(&mut self, event_type: EventType, from: Timestamp, to: Timestamp) {
        let span = self.spans.entry(event_type).or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }

    /// Adds the data on a source from one table to that from other tables.
    fn add_source(&mut self, state: SourceState) {
        let known = self
            .sources
            .entry(state.source.clone())
            .or_insert_with(|| SourceState {
                events: 0,
                ..state.clone()
            });
        known.first_event = known.first_event.min(state.first_event);
        known.newest_event = known.newest_event.max(state.newest_event);
        known.newest_received = known.newest_received.max(state.newest_received);
        known.events += state.events;
    }
}
