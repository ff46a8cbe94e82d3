//! Inspecting the control data before it is opened. This changes nothing in its folder, so that a start that
//! is refused leaves everything as it was.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use sqlx::{
    Connection,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use zeroize::Zeroizing;

use crate::{
    KnownStore, MetaError, MetaStore, Sealed, Sealer, Unopened, master_key::unopened,
    migrations::MIGRATIONS, sqlite::has_table,
};

/// What the control data says about itself and the event store.
#[derive(Debug, Default)]
pub struct LookedAt {
    /// Whether there has been a first start, which creates a tenant.
    pub begun: bool,
    /// The event store that belongs to it; `None` if none is recorded.
    pub event_store: Option<KnownStore>,
    /// The key of the event store, if it has one that a master key opens.
    pub store_key: Option<Zeroizing<Vec<u8>>>,
    /// The sealed secrets that no available master key opens.
    pub unopened: Vec<Unopened>,
}

/// Checks the pages of the control data for damage (`PRAGMA quick_check`).
///
/// `in_use` says whether another process may have it open.
///
/// # Errors
/// If the file cannot be read or is damaged ([`MetaError::DamagedFile`]).
pub async fn check(path: &Path, in_use: bool) -> Result<(), MetaError> {
    let mut quiet = Quiet::open(path, in_use).await?;
    let checked = check_pages(&mut quiet.connection).await;
    quiet.close().await?;
    checked
}

async fn check_pages(connection: &mut SqliteConnection) -> Result<(), MetaError> {
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => Err(MetaError::DamagedFile(found)),
    }
}

impl MetaStore {
    /// Checks the pages of the control data for damage while it is in use.
    ///
    /// # Errors
    /// If the file is damaged ([`MetaError::DamagedFile`]).
    pub async fn check(&self) -> Result<(), MetaError> {
        let mut connection = self.pool.acquire().await?;
        check_pages(&mut connection).await
    }
}

/// Reads what the control data of this or an earlier version says, before it is opened. `store` is the name
/// of the event store; `in_use` says whether another process may have the file open.
///
/// # Errors
/// If the file cannot be read, or a newer version of Weir wrote it ([`MetaError::Newer`]).
pub async fn look(
    path: &Path,
    sealer: &Sealer,
    store: &str,
    in_use: bool,
) -> Result<LookedAt, MetaError> {
    let mut quiet = Quiet::open(path, in_use).await?;
    let looked = look_at(&mut quiet.connection, sealer, store).await;
    quiet.close().await?;
    looked
}

async fn look_at(
    connection: &mut SqliteConnection,
    sealer: &Sealer,
    store: &str,
) -> Result<LookedAt, MetaError> {
    check_version(connection).await?;
    let mut looked = LookedAt {
        unopened: unopened(connection, sealer).await?,
        ..LookedAt::default()
    };
    if has_table(connection, "tenants").await? {
        looked.begun = sqlx::query_scalar("SELECT count(*) > 0 FROM tenants")
            .fetch_one(&mut *connection)
            .await?;
    }
    if has_table(connection, "event_store").await? {
        looked.event_store = KnownStore::find(&mut *connection).await?;
    }
    if has_table(connection, "store_keys").await? {
        let sealed: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT sealed FROM store_keys WHERE id = $1")
                .bind(store)
                .fetch_optional(&mut *connection)
                .await?;
        let opened = sealed.map(|sealed| sealer.open(Sealed::StoreKey, store, &sealed));
        looked.store_key = opened.and_then(Result::ok);
    }
    Ok(looked)
}

/// Fails if a newer version of Weir wrote the file.
async fn check_version(connection: &mut SqliteConnection) -> Result<(), MetaError> {
    if !has_table(connection, "_sqlx_migrations").await? {
        return Ok(());
    }
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    match (found, known) {
        (Some(found), Some(known)) if found > known => Err(MetaError::Newer { found, known }),
        _ => Ok(()),
    }
}

/// A connection that only reads, and leaves no traces in the folder.
struct Quiet {
    connection: SqliteConnection,
    links: Option<Links>,
}

impl Quiet {
    async fn open(path: &Path, in_use: bool) -> Result<Self, MetaError> {
        let read_only = SqliteConnectOptions::new().read_only(true);
        // If another process has the file open, it can change at any time, and the index of its log exists.
        let (options, links) = if in_use {
            (read_only.filename(path), None)
        } else if fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len()) == 0 {
            (read_only.filename(path).immutable(true), None)
        } else if let Ok(links) = Links::make(path) {
            (read_only.filename(&links.file), Some(links))
        } else {
            // Nothing changes except that SQLite creates the index of the log, as on every opening.
            (read_only.filename(path), None)
        };
        let connection = SqliteConnection::connect_with(&options).await?;
        Ok(Self { connection, links })
    }

    async fn close(self) -> Result<(), MetaError> {
        let closed = self.connection.close().await;
        drop(self.links);
        Ok(closed?)
    }
}

/// Hard links to the database and its log in a temporary folder, which is removed on drop: SQLite writes an
/// index next to every log that it reads.
struct Links {
    folder: PathBuf,
    file: PathBuf,
}

impl Links {
    fn make(path: &Path) -> io::Result<Self> {
        let folder = beside(path, "-look");
        // A process that was killed during an inspection can have left one behind.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&folder)?,
        }
        let file = folder.join("look.sqlite");
        let links = Self { folder, file };
        fs::hard_link(path, &links.file)?;
        fs::hard_link(beside(path, "-wal"), beside(&links.file, "-wal"))?;
        Ok(links)
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        // The next inspection removes what remains.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The path with a suffix added to the file name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
