//! What who runs the server sees of it: how it fared by hour, and how much its organisations use it.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{TenantKey, Timestamp, time::HOUR};

use crate::{MetaError, MetaStore, sqlite::uuid_column};

/// What happened in some minutes of an hour, or in all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerTally {
    /// How long the server ran, in milliseconds.
    pub up_ms: u64,
    /// Events stored.
    pub events: u64,
    /// Posts of events.
    pub posts: u64,
    /// Posts that the server failed to take, for reasons of its own.
    pub posts_failed: u64,
    /// Posts that were stored, but not in time.
    pub posts_slow: u64,
    /// Other requests, without health checks, metrics and streams.
    pub reads: u64,
    /// Those that the server failed to answer, for reasons of its own.
    pub reads_failed: u64,
    /// Those that were answered, but not in time.
    pub reads_slow: u64,
    /// How long they took in all, in milliseconds.
    pub read_ms: u64,
}

/// How much the server stores, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerSizes {
    /// The event store.
    pub store: u64,
    /// The control data.
    pub control: u64,
    /// Free on the disk of the event store; `None` if that is unknown.
    pub free: Option<u64>,
}

/// An hour of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerHour {
    /// Its start.
    pub hour: Timestamp,
    /// What happened in it.
    pub tally: ServerTally,
    /// The sizes at the end of it.
    pub sizes: ServerSizes,
}

/// How much an organisation uses the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantUse {
    /// The organisation.
    pub key: TenantKey,
    /// Its public id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Number of projects.
    pub projects: u64,
    /// Number of members.
    pub people: u64,
    /// Number of members who were seen since a moment.
    pub seen: u64,
}

impl MetaStore {
    /// Adds what happened in an hour to the hour of `moment`.
    pub async fn add_server_tally(
        &self,
        moment: Timestamp,
        tally: &ServerTally,
        sizes: ServerSizes,
    ) -> Result<(), MetaError> {
        let integer = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        sqlx::query(
            "INSERT INTO server_hours VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (hour) DO UPDATE SET
                up_ms = up_ms + excluded.up_ms, events = events + excluded.events,
                posts = posts + excluded.posts, posts_failed = posts_failed + excluded.posts_failed,
                posts_slow = posts_slow + excluded.posts_slow, reads = reads + excluded.reads,
                reads_failed = reads_failed + excluded.reads_failed, reads_slow = reads_slow + excluded.reads_slow,
                read_ms = read_ms + excluded.read_ms, store_bytes = excluded.store_bytes,
                control_bytes = excluded.control_bytes, free_bytes = excluded.free_bytes",
        )
        .bind(moment.0.div_euclid(HOUR) * HOUR)
        .bind(integer(tally.up_ms))
        .bind(integer(tally.events))
        .bind(integer(tally.posts))
        .bind(integer(tally.posts_failed))
        .bind(integer(tally.posts_slow))
        .bind(integer(tally.reads))
        .bind(integer(tally.reads_failed))
        .bind(integer(tally.reads_slow))
        .bind(integer(tally.read_ms))
        .bind(integer(sizes.store))
        .bind(integer(sizes.control))
        .bind(sizes.free.map(integer))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The hours since a moment, oldest first.
    pub async fn server_hours(&self, since: Timestamp) -> Result<Vec<ServerHour>, MetaError> {
        let rows = sqlx::query("SELECT * FROM server_hours WHERE hour >= $1 ORDER BY hour")
            .bind(since.0)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(hour_of).collect()
    }

    /// The first hour that is noted.
    pub async fn first_server_hour(&self) -> Result<Option<ServerHour>, MetaError> {
        let row = sqlx::query("SELECT * FROM server_hours ORDER BY hour LIMIT 1")
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(hour_of).transpose()
    }

    /// Deletes the hours before a moment.
    pub async fn prune_server_hours(&self, before: Timestamp) -> Result<(), MetaError> {
        sqlx::query("DELETE FROM server_hours WHERE hour < $1")
            .bind(before.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The size of the control data, in bytes, without its write-ahead log.
    pub async fn bytes(&self) -> Result<u64, MetaError> {
        let bytes: i64 = sqlx::query_scalar(
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(bytes.unsigned_abs())
    }

    /// How much each organisation uses the server, by name. Members count as seen since a moment.
    pub async fn tenant_uses(&self, since: Timestamp) -> Result<Vec<TenantUse>, MetaError> {
        let rows = sqlx::query(
            "SELECT t.key, t.id, t.name,
                (SELECT count(*) FROM projects p WHERE p.tenant_key = t.key) AS projects,
                (SELECT count(DISTINCT m.person_key) FROM memberships m WHERE m.tenant_key = t.key) AS people,
                (SELECT count(*) FROM sightings s WHERE s.tenant_key = t.key AND s.last_seen_at >= $1
                    AND EXISTS (SELECT 1 FROM memberships m
                        WHERE m.tenant_key = t.key AND m.person_key = s.person_key)) AS seen
             FROM tenants t ORDER BY t.name, t.key",
        )
        .bind(since.0)
        .fetch_all(&self.pool)
        .await?;
        let of = |row: &SqliteRow| {
            Ok(TenantUse {
                key: TenantKey(row.try_get("key")?),
                id: uuid_column(row, "id")?,
                name: row.try_get("name")?,
                projects: count(row, "projects")?,
                people: count(row, "people")?,
                seen: count(row, "seen")?,
            })
        };
        rows.iter().map(of).collect()
    }

    /// How many people have an account, and how many of them were seen in any organisation since a moment.
    pub async fn people_seen(&self, since: Timestamp) -> Result<(u64, u64), MetaError> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM people) AS people,
                (SELECT count(DISTINCT s.person_key) FROM sightings s WHERE s.last_seen_at >= $1) AS seen",
        )
        .bind(since.0)
        .fetch_one(&self.pool)
        .await?;
        Ok((count(&row, "people")?, count(&row, "seen")?))
    }
}

fn count(row: &SqliteRow, column: &str) -> Result<u64, MetaError> {
    Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
}

fn hour_of(row: &SqliteRow) -> Result<ServerHour, MetaError> {
    let free: Option<i64> = row.try_get("free_bytes")?;
    Ok(ServerHour {
        hour: Timestamp(row.try_get("hour")?),
        tally: ServerTally {
            up_ms: count(row, "up_ms")?,
            events: count(row, "events")?,
            posts: count(row, "posts")?,
            posts_failed: count(row, "posts_failed")?,
            posts_slow: count(row, "posts_slow")?,
            reads: count(row, "reads")?,
            reads_failed: count(row, "reads_failed")?,
            reads_slow: count(row, "reads_slow")?,
            read_ms: count(row, "read_ms")?,
        },
        sizes: ServerSizes {
            store: count(row, "store_bytes")?,
            control: count(row, "control_bytes")?,
            free: free.map(i64::unsigned_abs),
        },
    })
}
