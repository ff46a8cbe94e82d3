//! `weir rollup`.

use std::{fmt::Write, process::ExitCode};

use anyhow::{Context, Result, bail};
use weir_model::{TimeRange, Timestamp};
use weir_store::{EventStore, Verification};
use weir_store_duckdb::DuckDbStore;

use super::serve::say;
use crate::{
    arguments::{Rollup, RollupRange},
    instance,
};

/// Differences printed; all are counted.
const SHOWN: usize = 100;

/// Rebuilds or verifies rollups.
pub async fn run(arguments: Rollup) -> Result<ExitCode> {
    match arguments {
        Rollup::Rebuild(arguments) => {
            let (store, range) = open(&arguments)?;
            let rows = store.rebuild(range).await?;
            store.close().await?;
            say(&format!("{rows} rollup rows written from raw events.\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Rollup::Verify(arguments) => {
            let (store, range) = open(&arguments)?;
            let verification = store.verify(range).await?;
            store.close().await?;
            say(&report(&verification))?;
            Ok(match verification.differences.len() {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            })
        }
    }
}

fn open(arguments: &RollupRange) -> Result<(DuckDbStore, Option<TimeRange>)> {
    let range = match (&arguments.from, &arguments.to) {
        (Some(from), Some(to)) => Some(TimeRange {
            from: moment(from)?,
            to: moment(to)?,
        }),
        _ => None,
    };
    let config = instance::configuration(&arguments.place)?;
    if !config.data_dir.is_dir() {
        bail!("there is no data directory {}", config.data_dir.display());
    }
    let store = instance::open_store(&config)
        .context("a running server has its store to itself; stop it first")?;
    Ok((store, range))
}

fn moment(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text).with_context(|| {
        format!("{text:?} is no RFC 3339 time with an offset, such as 2026-01-31T00:00:00Z")
    })
}

fn report(verification: &Verification) -> String {
    let keys = verification.keys;
    let count = verification.differences.len();
    if count == 0 {
        return format!("{keys} rollup keys compared with raw events: no difference.\n");
    }
    let mut text = String::new();
    for difference in verification.differences.iter().take(SHOWN) {
        writeln!(
            text,
            "{}: {}: {}",
            difference.table, difference.key, difference.detail
        )
        .expect("a String takes everything");
    }
    if count > SHOWN {
        writeln!(text, "... and {} more", count - SHOWN).expect("a String takes everything");
    }
    text + &format!(
        "{keys} rollup keys compared with raw events: {count} differences. `weir rollup rebuild` repairs them.\n"
    )
}

#[cfg(test)]
mod tests {
    use weir_store::Difference;

    use super::*;

    #[test]
    fn a_report_names_each_difference_and_counts_them() {
        let difference = Difference {
            table: "executions_1h".to_owned(),
            key: "2026-01-01T00:00:00Z a".to_owned(),
            detail: "count: cube 1, raw 2".to_owned(),
        };
        let found = Verification {
            keys: 7,
            differences: vec![difference; SHOWN + 1],
        };
        let text = report(&found);
        assert!(text.starts_with("executions_1h: 2026-01-01T00:00:00Z a: count: cube 1, raw 2\n"));
        assert!(text.contains("... and 1 more"));
        assert!(text.contains("7 rollup keys compared with raw events: 101 differences"));
    }

    #[test]
    fn times_need_an_offset() {
        assert!(moment("2026-01-01T00:00:00Z").is_ok());
        assert!(moment("2026-01-01").is_err());
    }
}
