//! The database connection and what every query needs.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use sqlx::{
    Connection, Sqlite, Transaction,
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use tokio::sync::watch;
use weir_model::{Clock, SystemClock, TenantKey, Timestamp};

use crate::{
    Entropy, MasterKey, MetaError, Opaque, Principal, Sealer, SystemEntropy, Who,
    key_cache::KeyCache, migrations::MIGRATIONS, principal::Grants, rights::Rights,
};

/// How to open the control data.
#[derive(Clone)]
pub struct Options {
    /// The database file, which is created if it is missing; `None` keeps everything in memory.
    pub path: Option<PathBuf>,
    /// The source of the current time.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Seals and opens secrets.
    pub sealer: Arc<Sealer>,
}

impl Default for Options {
    /// In memory, with the machine's clock and randomness and a random master key that is stored nowhere.
    fn default() -> Self {
        Self {
            path: None,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            sealer: Arc::new(Sealer::new(MasterKey::generate(&SystemEntropy), Vec::new())),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The control data of all tenants. [`MetaStore::door`] gives access to the rows of one tenant.
pub struct MetaStore {
    pub(crate) pool: SqlitePool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) key_cache: KeyCache,
    pub(crate) sealer: Arc<Sealer>,
    pub(crate) rights: Rights,
}

impl MetaStore {
    /// A cipher that hides numbers of this server from the clients that store them, for one purpose.
    pub fn opaque(&self, purpose: &str) -> Opaque {
        Opaque::new(&self.sealer, purpose)
    }

    /// Opens the database and runs the migrations that it lacks. Fails if the file cannot be opened or a
    /// migration fails.
    pub async fn open(options: Options) -> Result<Self, MetaError> {
        let connect = match &options.path {
            Some(path) => SqliteConnectOptions::new().filename(path),
            None => SqliteConnectOptions::new().in_memory(true),
        };
        let connect = connect
            .create_if_missing(true)
            .foreign_keys(true)
            // Deleted data must not remain readable in the file, because users are erased.
            .pragma("secure_delete", "ON")
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5));
        // One connection switches a new file to WAL mode before the pool opens several at once: otherwise all
        // but one of them would find the file locked.
        if options.path.is_some() {
            SqliteConnection::connect_with(&connect)
                .await?
                .close()
                .await?;
        }
        // Each connection to an in-memory database has a separate database, so there is only one connection,
        // and it stays open.
        let is_file = options.path.is_some();
        let pool = SqlitePoolOptions::new()
            .after_release(move |connection, _| {
                Box::pin(async move { Ok(!is_file || is_usable(connection).await) })
            })
            .max_connections(if is_file { 4 } else { 1 })
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(connect)
            .await?;
        MIGRATIONS.run(&pool).await?;
        Ok(Self {
            pool,
            clock: options.clock,
            entropy: options.entropy,
            key_cache: KeyCache::default(),
            sealer: options.sealer,
            rights: Rights::default(),
        })
    }

    /// Signals that rights changed: a key was revoked, a session ended, or a role changed.
    pub fn rights_changes(&self) -> watch::Receiver<u64> {
        self.rights.listen()
    }

    /// Begins a transaction that writes, and waits for the write lock. A transaction that first reads and
    /// then writes would fail if another one had written in between.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, MetaError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The operator, who runs this program on the data directory and has every permission in the first
    /// tenant. For commands of the program, never for a request. `None` before the first start.
    pub async fn operator(&self) -> Result<Option<Principal>, MetaError> {
        let tenant: Option<i32> =
            sqlx::query_scalar("SELECT key FROM tenants ORDER BY key LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        Ok(tenant.map(|key| Principal {
            tenant: TenantKey(key),
            who: Who::Operator,
            grants: Grants::All,
            session: None,
            in_first_tenant: false,
        }))
    }

    /// Fails if the database does not answer.
    pub async fn health(&self) -> Result<(), MetaError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes the database; SQLite merges its log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl fmt::Debug for MetaStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetaStore").finish_non_exhaustive()
    }
}

/// Whether a connection that returns to the pool can begin transactions. A full disk ends a transaction
/// midway; the rollback then fails, and the driver considers the transaction open.
async fn is_usable(connection: &mut SqliteConnection) -> bool {
    // The ping runs after the rollback of what was not committed.
    connection.ping().await.is_ok() && !connection.is_in_transaction()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn transactions_work_again_after_the_disk_was_full() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            path: Some(folder.path().join("meta.sqlite")),
            ..Options::default()
        };
        let store = MetaStore::open(options).await.unwrap();
        let execute = async |transaction: &mut Transaction<'static, Sqlite>, sql: &'static str| {
            sqlx::query(sql).execute(&mut **transaction).await
        };
        let mut transaction = store.begin().await.unwrap();
        let table = "CREATE TABLE filled (bytes BLOB)";
        execute(&mut transaction, table).await.unwrap();
        transaction.commit().await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        let full = "PRAGMA max_page_count = 1";
        execute(&mut transaction, full).await.unwrap();
        let too_much = "INSERT INTO filled VALUES (zeroblob(100000000))";
        assert!(execute(&mut transaction, too_much).await.is_err());
        drop(transaction);
        for _ in 0..8 {
            let mut transaction = store.begin().await.unwrap();
            let little = "INSERT INTO filled VALUES (x'00')";
            execute(&mut transaction, little).await.unwrap();
            transaction.commit().await.unwrap();
        }
    }

    #[tokio::test]
    async fn opening_a_database_again_runs_no_migration_twice() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options {
            path: Some(directory.path().join("meta.sqlite")),
            ..Options::default()
        };
        for _ in 0..2 {
            let store = MetaStore::open(options.clone()).await.unwrap();
            store.health().await.unwrap();
            store.close().await;
        }
    }

    #[tokio::test]
    async fn foreign_keys_are_enforced() {
        let store = MetaStore::open(Options::default()).await.unwrap();
        let orphan = sqlx::query(
            "INSERT INTO projects (id, tenant_key, name, created_at) VALUES ('x', 99, 'x', 0)",
        );
        assert!(orphan.execute(&store.pool).await.is_err());
    }
}
