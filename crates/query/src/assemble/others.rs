//! Limits per value of the first dimension, and the sums of what limits leave out.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{AssembleError, evaluate::Figures, order, rows::Side};
use crate::answer::{Key, Other, OtherRows, Row};

/// A value of the first dimension.
type First = Option<std::sync::Arc<str>>;

/// The best rows of each of the best values of the first dimension: the values in the order of their totals,
/// the rows of each in their existing order.
pub fn limited_each(
    side: &Side<'_>,
    rows: Vec<Row>,
    each: usize,
) -> Result<Vec<Row>, AssembleError> {
    let mut firsts: Vec<First> = Vec::new();
    let mut cells: FxHashMap<First, (usize, Vec<u32>)> = FxHashMap::default();
    let groups: FxHashMap<&Key, u32> = side.by_group.keys().map(|&g| (key(side, g), g)).collect();
    for row in &rows {
        let first = row.key[0].clone();
        let (_, of_first) = cells.entry(first.clone()).or_insert_with(|| {
            firsts.push(first);
            (firsts.len() - 1, Vec::new())
        });
        let group = groups.get(&row.key);
        of_first.extend(
            group
                .and_then(|group| side.by_group.get(group))
                .into_iter()
                .flatten(),
        );
    }
    let mut totals: Vec<(u32, Figures)> = Vec::new();
    for (position, cells) in cells.values() {
        totals.push((*position as u32, side.evaluator.figures(cells)?));
    }
    totals.sort_by_key(|(position, _)| *position);
    let limit = side.query.limit.unwrap_or(usize::MAX);
    let best = order::best_groups(side.query, &totals, limit);
    let mut of_first: FxHashMap<First, Vec<Row>> = FxHashMap::default();
    for row in rows {
        let listed = of_first.entry(row.key[0].clone()).or_default();
        if listed.len() < each {
            listed.push(row);
        }
    }
    let listed = best
        .into_iter()
        .filter_map(|position| of_first.remove(&firsts[position as usize]));
    Ok(listed.flatten().collect())
}

/// Sums of the groups that are not among the rows.
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

fn key<'a>(side: &'a Side<'_>, group: u32) -> &'a Key {
    &side.keys[group as usize]
}
