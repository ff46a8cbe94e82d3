//! Embeds the migrations: writes the array `MIGRATION_FILES` of version, description and SQL. sqlx has a macro for it,
//! which costs a second build of sqlx and of SQLite.

use std::{env, error::Error, fmt::Write, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("migrations");
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        files.push(entry?.path());
    }
    files.sort();

    let mut code = String::from("pub(super) const MIGRATION_FILES: &[(i64, &str, &str)] = &[\n");
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let (version, description) = name
            .split_once('_')
            .ok_or_else(|| format!("{} is not named VERSION_DESCRIPTION.sql", file.display()))?;
        let version: i64 = version.parse()?;
        let description = description.replace('_', " ");
        // The text, not its path: clones in other places share build results.
        let sql = fs::read_to_string(&file)?;
        writeln!(code, "    ({version}, {description:?}, {sql:?}),")?;
    }
    code.push_str("];\n");
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("migrations.rs"),
        code,
    )?;
    Ok(())
}
