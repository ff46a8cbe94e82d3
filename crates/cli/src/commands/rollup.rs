//! `weir rollup`.

use std::{fmt::Write, fs::File, process::ExitCode};

use anyhow::{Context, Result, bail};
use weir_model::{Granularity, TimeRange, Timestamp};
use weir_store::{EventStore, Verification};
use weir_store_duckdb::DuckDbStore;

use crate::{
    arguments::{Place, Rollup, RollupCommand, RollupRange},
    data_dir, environment, instance,
    output::print,
};

/// The most differences that are printed; all are counted.
const SHOWN: usize = 100;
/// 2200-01-01, after every event.
const END: i64 = 7_258_118_400_000;
/// The length of 2025-01-31.
const DAY_LENGTH: usize = 10;

/// Rebuilds or verifies rollups. Fails if an argument is not valid or the server is running.
pub async fn run(arguments: Rollup) -> Result<ExitCode> {
    match arguments.command {
        None => rebuild(&arguments.rebuild).await,
        Some(RollupCommand::Rebuild(arguments)) => rebuild(&arguments).await,
        Some(RollupCommand::Verify(arguments)) => verify(&arguments).await,
    }
}

async fn rebuild(arguments: &RollupRange) -> Result<ExitCode> {
    let (widths, range) = (widths(arguments)?, range(arguments)?);
    let (store, _claim) = open(&arguments.place).await?;
    let rows = store.rebuild_at(&widths, range).await?;
    store.close().await?;
    print(&format!("{rows} rollup rows written from raw events.\n"))?;
    Ok(ExitCode::SUCCESS)
}

async fn verify(arguments: &RollupRange) -> Result<ExitCode> {
    let (widths, range) = (widths(arguments)?, range(arguments)?);
    let (store, _claim) = open(&arguments.place).await?;
    let verification = store.verify_at(&widths, range).await;
    let closed = store.close().await;
    let verification = verification?;
    closed?;
    print(&report(&verification))?;
    Ok(match verification.differences.len() {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn widths(arguments: &RollupRange) -> Result<Vec<Granularity>> {
    Ok(match &arguments.bucket {
        Some(name) => vec![width(name)?],
        None => Granularity::ALL.to_vec(),
    })
}

fn width(name: &str) -> Result<Granularity> {
    let found = Granularity::ALL.into_iter().find(|g| g.name() == name);
    found.with_context(|| format!("{name:?} is not a bucket width: use 1m, 5m, 1h or 1d"))
}

fn day_or_moment(text: &str) -> Result<Timestamp> {
    match text.len() {
        DAY_LENGTH => {
            moment(&format!("{text}T00:00:00Z")).with_context(|| format!("{text:?} is not a day"))
        }
        _ => moment(text),
    }
}

fn range(arguments: &RollupRange) -> Result<Option<TimeRange>> {
    let Some(since) = &arguments.since else {
        return Ok(None);
    };
    let to = arguments.to.as_deref().map(day_or_moment).transpose()?;
    let (from, to) = (day_or_moment(since)?, to.unwrap_or(Timestamp(END)));
    if from >= to {
        bail!("the range is empty: --to must be after --since");
    }
    Ok(Some(TimeRange { from, to }))
}

/// The store of a stopped server, and the claim on its data directory.
async fn open(place: &Place) -> Result<(DuckDbStore, File)> {
    let config = environment::configuration(place)?;
    let claim = data_dir::claim(&config)?;
    let (meta, store) = instance::open_stores(&config).await?;
    meta.close().await;
    Ok((store, claim))
}

fn moment(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text).with_context(|| {
        format!("{text:?} is not an RFC 3339 time with an offset, such as 2026-01-31T00:00:00Z")
    })
}

fn report(verification: &Verification) -> String {
    let keys = verification.keys;
    let count = verification.differences.len();
    if count == 0 {
        return format!("{keys} rollup keys compared with raw events: no differences.\n");
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
    use weir_store::CubeDifference;

    use super::*;

    #[test]
    fn a_day_begins_in_utc_and_any_other_text_is_quoted_in_the_error() {
        let day = day_or_moment("2025-01-31").unwrap();
        assert_eq!(day, day_or_moment("2025-01-31T05:30:00+05:30").unwrap());
        for bad in ["2025-02-30", "yesterday", "2025-01", "0123456789"] {
            let error = day_or_moment(bad).unwrap_err();
            assert!(error.to_string().contains(bad), "{error}");
        }
        assert_eq!(width("1h").unwrap(), Granularity::Hour);
        assert!(
            width("2h")
                .unwrap_err()
                .to_string()
                .contains("1m, 5m, 1h or 1d")
        );
    }

    #[test]
    fn a_report_names_each_difference_and_counts_them() {
        let difference = CubeDifference {
            table: "executions_1h".to_owned(),
            key: "2026-01-01T00:00:00Z a".to_owned(),
            detail: "count: cube 1, raw 2".to_owned(),
        };
        let found = Verification {
            keys: 7,
            differences: vec![difference; SHOWN + 1],
            ..Verification::default()
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
