//! The versions of the tables.

use std::sync::LazyLock;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
}

/// The files of `migrations/`, in the order of their versions. A database keeps a hash of each file that it ran, and
/// does not open if a file differs.
pub(crate) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let files = embedded::MIGRATION_FILES.iter();
    let migrations = files.map(|&(version, description, sql)| {
        let kind = MigrationType::Simple;
        Migration::new(version, description.into(), kind, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
});
