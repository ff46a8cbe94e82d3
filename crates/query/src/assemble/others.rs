//! Limits per value of the first dimension, and the sums of what limits leave out.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{
    AssembleError,
    side::{First, Side, key},
};
use crate::answer::{Key, Other, OtherRows, Row};

/// Sums of the groups that are not among the rows. Fails if a sketch of the groups cannot be decoded.
pub fn other(
    main: &Side<'_>,
    comparison: Option<&Side<'_>>,
    rows: &[Row],
) -> Result<Other, AssembleError> {
    let listed: FxHashSet<&Key> = rows.iter().map(|row| &row.key).collect();
    let firsts: FxHashSet<&First> = match main.query.limit_each {
        Some(_) => rows.iter().map(|row| &row.key[0]).collect(),
        None => FxHashSet::default(),
    };
    let comparison = comparison
        .map(|side| sums(side, &listed, &firsts))
        .transpose()?;
    Ok(Other {
        rows: sums(main, &listed, &firsts)?,
        comparison,
    })
}

/// The groups that are left out, and their cells by bucket.
#[derive(Default)]
struct LeftOut {
    groups: usize,
    cells: BTreeMap<u32, Vec<u32>>,
}

fn sums(
    side: &Side<'_>,
    listed: &FxHashSet<&Key>,
    firsts: &FxHashSet<&First>,
) -> Result<OtherRows, AssembleError> {
    // Sorted by key, with the groups left out altogether at the end.
    let mut left: BTreeMap<(bool, Vec<First>), LeftOut> = BTreeMap::new();
    for (&group, cells) in &side.by_group {
        let key = key(side, group);
        if listed.contains(key) {
            continue;
        }
        let of_listed = firsts.contains(&key[0]);
        let prefix = key[..usize::from(of_listed)].to_vec();
        let left = left.entry((!of_listed, prefix)).or_default();
        left.groups += 1;
        for &cell in cells {
            let (_, bucket) = side.cells.places()[cell as usize];
            left.cells.entry(bucket).or_default().push(cell);
        }
    }
    let (mut rows, mut groups) = (Vec::new(), Vec::new());
    for ((_, prefix), left) in left {
        let key: Key = prefix.into();
        for (bucket, cells) in left.cells {
            rows.push(Row {
                bucket: bucket as usize,
                key: key.clone(),
                values: side.evaluator.figures(&cells)?,
            });
            groups.push(left.groups);
        }
    }
    Ok(OtherRows {
        rows: side.headed(rows),
        groups,
    })
}
