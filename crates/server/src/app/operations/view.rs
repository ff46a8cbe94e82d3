//! The whole view.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{ServerHour, ServerTally, TenantUse};
use weir_model::{
    TenantKey, TimeRange, Timestamp,
    time::{DAY, HOUR},
};
use weir_query::records::usage::{self, TenantDay};

use super::{
    advice::{ServerAdvice, advice},
    levels::{ServerLevel, levels},
    storage::ServerStorage,
};
use crate::app::{App, AppError, ErrorCode};

/// The default and the longest range, in days.
const DAYS: u32 = 30;
const MOST_DAYS: u32 = 365;
/// How many organisations are listed; the others are summed.
const LISTED: usize = 20;
/// Who was seen in this time counts as active.
const ACTIVE_MS: i64 = 7 * DAY;

/// How the server fares, over all organisations and without their contents.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Server)]
pub struct ServerView {
    /// Start of the range: the beginning of a day, in UTC.
    #[schema(value_type = String, format = "date-time")]
    pub from: Timestamp,
    /// End of the range: now.
    #[schema(value_type = String, format = "date-time")]
    pub to: Timestamp,
    /// When the server first noted how it fares; null if it has not yet.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_noted: Option<Timestamp>,
    /// What to do, the most urgent first.
    pub advice: Vec<ServerAdvice>,
    /// The server's own service levels over the range.
    pub levels: Vec<ServerLevel>,
    /// How much it stores, and how fast that grows.
    pub storage: ServerStorage,
    /// Each day of the range, in UTC, since the server first noted how it fares.
    pub days: Vec<ServerDay>,
    /// The organisations with the most events in the range.
    pub organisations: Vec<OrganisationUse>,
    /// The organisations that are not listed; null if all are.
    pub other: Option<OtherOrganisations>,
    /// Number of accounts.
    pub people: u64,
    /// How many of them were seen in the last seven days.
    pub active_people: u64,
    /// These as a percentage of all; null without accounts.
    pub active_pct: Option<f64>,
}

/// A day of the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerDay {
    /// Its start, in UTC.
    #[schema(value_type = String, format = "date-time")]
    pub day: Timestamp,
    /// Events stored on it.
    pub events: u64,
    /// Posts of events.
    pub posts: u64,
    /// Other requests.
    pub requests: u64,
    /// The average time to answer those, in milliseconds; null without any.
    pub request_ms: Option<f64>,
    /// Posts and requests that failed for reasons of the server.
    pub failed: u64,
    /// Posts and requests that took too long.
    pub slow: u64,
    /// Bytes stored at the end of it.
    pub bytes: u64,
    /// Hours of it in which the server ran.
    pub hours_up: f64,
}

/// How much an organisation uses the server.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationUse {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name.
    pub name: String,
    /// Events that happened in the range.
    pub events: u64,
    /// These as a percentage of the events of all organisations; null if there are none.
    pub share_pct: Option<f64>,
    /// Number of projects.
    pub projects: u64,
    /// Number of members.
    pub people: u64,
    /// Members who were seen in it in the last seven days.
    pub active_people: u64,
}

/// Organisations that are not listed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherOrganisations {
    /// How many there are.
    pub count: usize,
    /// Their events in the range.
    pub events: u64,
    /// These as a percentage of the events of all organisations; null if there are none.
    pub share_pct: Option<f64>,
}

impl App {
    /// How the server fared in the last days, today included. Fails if `days` is out of range, or a store
    /// cannot be read.
    pub async fn server_view(&self, days: Option<u32>) -> Result<ServerView, AppError> {
        let days = days.unwrap_or(DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            let detail = "The number of days is out of range.";
            let error = AppError::new(ErrorCode::InvalidParameter, detail).field("days");
            return Err(error.fix(format!("1 to {MOST_DAYS}")));
        }
        let now = self.clock.now();
        let today = now.0.div_euclid(DAY) * DAY;
        let range = TimeRange {
            from: Timestamp(today - i64::from(days - 1) * DAY),
            to: now,
        };
        let hours = self.meta.server_hours(range.from).await?;
        let statement = usage::write(range, self.store.dialect());
        let batches = self.store.port().read(statement).await?;
        let events = usage::read(&batches).map_err(AppError::internal)?;
        let active = now.plus(-ACTIVE_MS);
        let (organisations, other) = ranked(self.meta.tenant_uses(active).await?, &events);
        let (people, active_people) = self.meta.people_seen(active).await?;
        let storage = ServerStorage::of(now, self.server_sizes().await?, &hours);
        let levels = levels(&hours);
        Ok(ServerView {
            from: range.from,
            to: range.to,
            first_noted: first_noted(self.meta.first_server_hour().await?, now),
            advice: advice(now, &storage, &levels),
            days: by_day(&hours),
            levels,
            storage,
            organisations,
            other,
            people,
            active_people,
            active_pct: (people > 0).then(|| active_people as f64 / people as f64 * 100.0),
        })
    }
}

/// When the server began to note: it ran from then to the end of the first hour, or until now.
fn first_noted(first: Option<ServerHour>, now: Timestamp) -> Option<Timestamp> {
    let first = first?;
    let until = first.hour.plus(HOUR).min(now);
    let ran = i64::try_from(first.tally.up_ms).unwrap_or(HOUR);
    Some(until.plus(-ran).max(first.hour))
}

fn by_day(hours: &[ServerHour]) -> Vec<ServerDay> {
    let mut days: BTreeMap<i64, Vec<&ServerHour>> = BTreeMap::new();
    for hour in hours {
        let day = hour.hour.0.div_euclid(DAY) * DAY;
        days.entry(day).or_default().push(hour);
    }
    days.into_iter()
        .map(|(day, hours)| of_day(day, &hours))
        .collect()
}

fn of_day(day: i64, hours: &[&ServerHour]) -> ServerDay {
    let sum = |of: fn(&ServerTally) -> u64| hours.iter().map(|hour| of(&hour.tally)).sum::<u64>();
    let requests = sum(|tally| tally.reads);
    let last = hours.last().map(|hour| hour.sizes).unwrap_or_default();
    ServerDay {
        day: Timestamp(day),
        events: sum(|tally| tally.events),
        posts: sum(|tally| tally.posts),
        requests,
        request_ms: (requests > 0).then(|| sum(|tally| tally.read_ms) as f64 / requests as f64),
        failed: sum(|tally| tally.posts_failed + tally.reads_failed),
        slow: sum(|tally| tally.posts_slow + tally.reads_slow),
        bytes: last.store + last.control,
        hours_up: sum(|tally| tally.up_ms) as f64 / HOUR as f64,
    }
}

/// The organisations with the most events, and what the others have.
fn ranked(
    tenants: Vec<TenantUse>,
    days: &[TenantDay],
) -> (Vec<OrganisationUse>, Option<OtherOrganisations>) {
    let mut events: HashMap<TenantKey, u64> = HashMap::new();
    for day in days {
        *events.entry(day.tenant).or_default() += day.events;
    }
    let total: u64 = events.values().sum();
    let share = |events: u64| (total > 0).then(|| events as f64 / total as f64 * 100.0);
    let of = |tenant: TenantUse| {
        let events = events.get(&tenant.key).copied().unwrap_or(0);
        OrganisationUse {
            id: tenant.id.to_string(),
            name: tenant.name,
            events,
            share_pct: share(events),
            projects: tenant.projects,
            people: tenant.people,
            active_people: tenant.seen,
        }
    };
    let mut organisations: Vec<_> = tenants.into_iter().map(of).collect();
    organisations.sort_by_key(|one| std::cmp::Reverse(one.events));
    let rest = organisations.split_off(organisations.len().min(LISTED));
    let other = (!rest.is_empty()).then(|| {
        let events = rest.iter().map(|one| one.events).sum();
        OtherOrganisations {
            count: rest.len(),
            events,
            share_pct: share(events),
        }
    });
    (organisations, other)
}
