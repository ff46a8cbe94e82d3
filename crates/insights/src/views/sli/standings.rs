//! Every service level of a project in one answer: the one that runs out of error budget first comes first.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Counted, burn::BurnTable, burn_table, days_left};
use weir_meta::SliConfig;
use weir_model::{Scope, TimeRange, Timestamp, cube::Dimension, time::MINUTE};
use weir_query::Direction;

use super::{
    WINDOWS,
    burning::{BurnWindow, ByLength, alerts_of, length_of, lengths},
    measure::Measured,
    one_decimal, one_of,
    report::{CurrentSli, current},
    targets::{InForce, SliConfigView, SliLevel},
    windows,
};
use crate::{
    AppError, ErrorCode, Reading,
    privacy::Viewer,
    query::{Freshness, Names},
    views::{Frame, Meta, Questions, Versioned, frame},
};

/// The default and the largest number of service levels in an answer.
const DEFAULT: usize = 200;
const MOST: usize = 500;
/// The most values of a filter.
const MOST_VALUES: usize = 500;

/// Which service levels to return.
#[derive(Clone, Debug, Default)]
pub struct StandingsWanted {
    /// 1d, 7d, 28d or 30d instead of the window of each target.
    pub window: Option<String>,
    /// Time zone and environment.
    pub frame: Frame,
    /// How many: 1 to 500, 200 by default.
    pub limit: Option<u32>,
}

/// The service levels of a project and its workflows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliStandings {
    /// The service levels: those whose error budget is spent first come first, then those that burn it, then
    /// those that spent most of it.
    pub targets: Vec<SliStanding>,
    /// Number of service levels, listed or not: of the project, of workflows with a target of their own, and of
    /// workflows that ran in the window.
    pub total: usize,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A service level and the state of its error budget.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliStanding {
    /// The workflow; null for the whole project.
    pub workflow_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The target that applies.
    pub config: SliConfigView,
    /// The window that ends with the current day.
    pub current: CurrentSli,
    /// Percentage of the error budget that is left; below 0 if it is overspent. Null without runs, or if no run may
    /// fail but some did.
    pub budget_left_pct: Option<f64>,
    /// In how many days the budget is spent at the pace of `pace`; 0 if it is spent already. Null if nothing burns
    /// it, or with fewer runs than the minimum in either window.
    pub days_left: Option<f64>,
    /// The pace at which the budget of failures is spent: over the longest window of the burn rates.
    pub pace: BurnWindow,
    /// Number of burn-rate alerts that fire now, of success and of latency.
    pub firing: usize,
}

/// A service level that is to be measured.
#[derive(Clone, Debug)]
struct Level {
    workflow: Option<String>,
    held: InForce,
}

/// What service levels have in common that one query measures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    window: String,
    p95_ms: i64,
    zone: String,
}

/// The measurements of a service level.
#[derive(Debug)]
struct Found {
    range: TimeRange,
    window: Measured,
    burns: ByLength,
}

impl Reading {
    /// Every service level of a project. Fails if the request is not valid, or if control data or the store fails.
    pub async fn sli_standings(
        &self,
        viewer: Viewer,
        wanted: &StandingsWanted,
        freshness: Freshness,
    ) -> Result<Versioned<SliStandings>, AppError> {
        let limit = size(wanted.limit)?;
        let mut questions = Questions::new(self, viewer, freshness);
        let project = self.as_wanted(viewer.scope(), wanted).await?;
        let now = self.clock.now();
        let range = windows::current(&project.settings.window, now, &project.zone);
        let own = self.control.sli_configs(viewer.scope()).await?;
        let (others, named) = busiest(&mut questions, &wanted.frame, range, &own).await?;
        let levels = levels(&project, own, others, wanted)?;
        let total = levels.len().max(named);
        let revision = revision(&levels, now);
        let found = measured(&mut questions, &wanted.frame, &levels, now).await?;
        let ids: BTreeSet<String> = levels.iter().filter_map(|of| of.workflow.clone()).collect();
        let ids = BTreeMap::from([(Dimension::Workflow, ids.into_iter().collect())]);
        let names = self.names_of(viewer, &ids);
        let mut targets: Vec<SliStanding> = levels
            .iter()
            .zip(&found)
            .map(|(level, found)| standing(level, found, &names))
            .collect();
        targets.sort_by(by_urgency);
        targets.truncate(limit);
        let body = SliStandings {
            targets,
            total,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body).revised(revision))
    }

    /// The target of the project, with the window and time zone that the request names. Fails if they are not
    /// valid, or if control data cannot be read.
    async fn as_wanted(&self, scope: Scope, wanted: &StandingsWanted) -> Result<InForce, AppError> {
        let held = self.sli_in_force(scope, None).await?;
        overridden(held, wanted)
    }
}

fn size(limit: Option<u32>) -> Result<usize, AppError> {
    let limit = limit.map_or(DEFAULT, |limit| limit as usize);
    if (1..=MOST).contains(&limit) {
        return Ok(limit);
    }
    let detail = format!("An answer can have 1 to {MOST} service levels.");
    Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"))
}

/// The target with the window and time zone that the request names. Fails if there is no such window or zone.
fn overridden(mut held: InForce, wanted: &StandingsWanted) -> Result<InForce, AppError> {
    if let Some(window) = &wanted.window {
        one_of("window", window, &WINDOWS)?;
        held.settings.window.clone_from(window);
    }
    if let Some(name) = &wanted.frame.timezone {
        let zone = weir_query::Zone::parse(name);
        held.zone = zone.map_err(|error| frame::in_parameters(error.into()))?;
    }
    Ok(held)
}

/// The workflows without a target of their own that ran in a range, most executions first; and how many service
/// levels there are with those that are not among them. Fails if the query does.
async fn busiest(
    questions: &mut Questions<'_>,
    frame: &Frame,
    range: TimeRange,
    own: &[SliConfig],
) -> Result<(Vec<String>, usize), AppError> {
    let query = frame
        .question()
        .range(range)
        .by(["workflow"])
        .order("executions", Direction::Desc)
        .limit(MOST as i64);
    let results = questions.figures::<Ran>(query).await?;
    let has_own = |id: &str| {
        own.iter()
            .any(|config| config.workflow.as_deref() == Some(id))
    };
    let ran: Vec<String> = results.lines().filter_map(|line| line.key(0)).collect();
    let beyond = results.groups().saturating_sub(MOST);
    let others: Vec<String> = ran.into_iter().filter(|id| !has_own(id)).collect();
    let own = own
        .iter()
        .filter(|config| config.workflow.is_some())
        .count();
    let all = 1 + own + others.len() + beyond;
    Ok((others, all))
}

crate::figures! {
    /// Whether a workflow ran.
    struct Ran {
        _executions: u64 = count("executions"),
    }
}

/// The service levels: of the project, of workflows with a target of their own, and of those that are measured
/// against the project's. Fails like [`overridden`].
fn levels(
    project: &InForce,
    own: Vec<SliConfig>,
    others: Vec<String>,
    wanted: &StandingsWanted,
) -> Result<Vec<Level>, AppError> {
    let mut levels = vec![Level {
        workflow: None,
        held: project.clone(),
    }];
    for config in own {
        let Some(workflow) = config.workflow.clone() else {
            continue;
        };
        let held = InForce::of(SliLevel::Workflow, config)?;
        levels.push(Level {
            workflow: Some(workflow),
            held: overridden(held, wanted)?,
        });
    }
    levels.extend(others.into_iter().map(|id| Level {
        workflow: Some(id),
        held: project.clone(),
    }));
    Ok(levels)
}

/// The measurements of each service level, in their order. Those with the same window, p95 and time zone are
/// measured together. Fails if a query does.
async fn measured(
    questions: &mut Questions<'_>,
    frame: &Frame,
    levels: &[Level],
    now: Timestamp,
) -> Result<Vec<Found>, AppError> {
    let mut alike: BTreeMap<Alike, Vec<usize>> = BTreeMap::new();
    for (place, Level { held, .. }) in levels.iter().enumerate() {
        let key = Alike {
            window: held.settings.window.clone(),
            p95_ms: held.settings.target.p95_ms,
            zone: held.zone.name().to_owned(),
        };
        alike.entry(key).or_default().push(place);
    }
    let unknown = |Level { held, .. }: &Level| Found {
        range: windows::current(&held.settings.window, now, &held.zone),
        window: Measured::default(),
        burns: ByLength::new(),
    };
    let mut found: Vec<Found> = levels.iter().map(unknown).collect();
    let until = now.floor(MINUTE).plus(MINUTE);
    for (of, places) in alike {
        let Some(first) = places.first().map(|&place| &levels[place].held) else {
            continue;
        };
        let range = windows::current(&of.window, now, &first.zone);
        let each = each(questions, frame, levels, &places, range).await?;
        for (&place, measured) in places.iter().zip(each) {
            found[place].window = measured;
        }
        for length in lengths(table_of(first)) {
            let range = TimeRange {
                from: until.plus(-length),
                to: until,
            };
            let each = self::each(questions, frame, levels, &places, range).await?;
            for (&place, measured) in places.iter().zip(each) {
                found[place].burns.insert(length, measured);
            }
        }
    }
    Ok(found)
}

/// The measurements of some service levels in a range, in the order of their places. They have one p95. Fails if a
/// query does.
async fn each(
    questions: &mut Questions<'_>,
    frame: &Frame,
    levels: &[Level],
    places: &[usize],
    range: TimeRange,
) -> Result<Vec<Measured>, AppError> {
    let Some(target) = places.first().map(|&place| levels[place].held.target()) else {
        return Ok(Vec::new());
    };
    let ids: Vec<&str> = places
        .iter()
        .filter_map(|&place| levels[place].workflow.as_deref())
        .collect();
    let mut by_workflow: HashMap<String, Measured> = HashMap::new();
    for some in ids.chunks(MOST_VALUES) {
        let mut query = frame
            .question()
            .range(range)
            .by(["workflow"])
            .filter("workflow", some.iter().copied())
            .limit(MOST_VALUES as i64);
        query.threshold = Some(target.p95_ms as i64);
        let results = questions.figures::<Measured>(query).await?;
        by_workflow.extend(
            results
                .lines()
                .filter_map(|line| Some((line.key(0)?, line.figures))),
        );
    }
    let mut found = Vec::new();
    for &place in places {
        found.push(match &levels[place].workflow {
            Some(id) => by_workflow.get(id).copied().unwrap_or_default(),
            None => Measured::ask(questions, frame, range, target).await?,
        });
    }
    Ok(found)
}

fn days_of(held: &InForce) -> u32 {
    u32::from(windows::days(&held.settings.window))
}

fn table_of(held: &InForce) -> &'static BurnTable {
    burn_table(days_of(held))
}

fn standing(level: &Level, found: &Found, names: &Names) -> SliStanding {
    let held = &level.held;
    let days = days_of(held);
    let burn = found.window.verified(held.target()).error_budget_burn_pct;
    let left = burn.map(|burn| 100.0 - burn);
    let pace = table_of(held).longest();
    let paced = found.burns.get(&pace.milliseconds).copied();
    let paced: Counted = paced.unwrap_or_default().success();
    // With fewer runs than the minimum, neither the window nor the pace is judged.
    let judged = found.window.total() >= held.minimum();
    let spent = left.is_some_and(|left| left <= 0.0);
    let paced_enough = spent || paced.total >= held.minimum();
    let runs_out = |left| days_left(left, days, paced, held.target().may_fail_pct());
    SliStanding {
        workflow_id: level.workflow.clone(),
        workflow_name: names.of("workflow", level.workflow.as_deref()),
        config: held.into(),
        current: current(found.window, held, found.range),
        budget_left_pct: left.map(one_decimal),
        days_left: left
            .filter(|_| judged && paced_enough)
            .and_then(runs_out)
            .map(one_decimal),
        pace: length_of(pace, paced, held.target().may_fail_pct()),
        firing: alerts_of(days, held, &found.burns)
            .iter()
            .filter(|alert| alert.is_firing())
            .count(),
    }
}

/// Those that run out first, then those that spent most, then by name.
fn by_urgency(a: &SliStanding, b: &SliStanding) -> Ordering {
    let soonest = |of: &SliStanding| of.days_left.unwrap_or(f64::INFINITY);
    let left = |of: &SliStanding| of.budget_left_pct.unwrap_or(f64::INFINITY);
    let name = |of: &SliStanding| (of.workflow_name.clone(), of.workflow_id.clone());
    (soonest(a).total_cmp(&soonest(b)))
        .then(left(a).total_cmp(&left(b)))
        .then_with(|| name(a).cmp(&name(b)))
}

/// A number that changes with the targets and the current minute: the watermark does not include these.
fn revision(levels: &[Level], now: Timestamp) -> u64 {
    let mut hasher = DefaultHasher::new();
    now.floor(MINUTE).hash(&mut hasher);
    for level in levels {
        (&level.workflow, level.held.revision()).hash(&mut hasher);
    }
    hasher.finish()
}
