//! Splitting errors off a group.

use weir_analysis::Rule;
use weir_insights::errors::{Keying, Turn, compiled, rules_of, version_of};
use weir_meta::{ErrorChange, ErrorExample, ErrorGroup, NewErrorRules};

use super::Grouping;
use crate::app::{AppError, ErrorCode};

/// The most stored errors that are examined to find what stays in a group.
const LOOKED_AT: u32 = 5_000;

impl Grouping {
    /// Adds a rule that moves the group's matching messages to a new group. The group keeps examples of what
    /// stays. Fails if the pattern does not compile or nothing would stay.
    pub(super) async fn by_rule(
        &self,
        turn: &Turn,
        group: ErrorGroup,
        pattern: String,
        title: String,
    ) -> Result<ErrorChange, AppError> {
        let mut rules = rules_of(&turn.settings);
        rules.push(Rule {
            note: Some(format!("split from {}", group.id)),
            pattern,
            within: group
                .examples
                .iter()
                .map(|example| turn.keying.fingerprint(example).id)
                .collect(),
            group: Some(title),
            ..Rule::default()
        });
        let last = format!("rules[{}].", rules.len() - 1);
        let fingerprinter = compiled(&rules).map_err(|mut error| {
            error.field = error.field.map(|field| field.replace(&last, ""));
            error
        })?;
        let after = Keying::new(fingerprinter, &[], 0);
        let stays = |example: &ErrorExample| {
            after.fingerprint(example).id == turn.keying.fingerprint(example).id
        };
        let stored = self
            .keyings
            .newest(turn.scope, &group.id, LOOKED_AT)
            .await?;
        let mut kept: Vec<ErrorExample> = Vec::new();
        for example in group
            .examples
            .iter()
            .chain(&stored)
            .filter(|example| stays(example))
        {
            let id = after.fingerprint(example).id;
            if !kept.iter().any(|known| after.fingerprint(known).id == id) {
                kept.push(example.clone());
            }
        }
        if kept.is_empty() {
            let detail = "Every error of the group matches. Rename the group instead.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("pattern"));
        }
        let made = turn
            .settings
            .groups
            .iter()
            .any(|known| known.id == group.id);
        let note = Some(format!("split {}", group.id));
        let rules = serde_json::to_string(&rules).map_err(AppError::internal)?;
        let rules = NewErrorRules {
            after: version_of(&turn.settings),
            rules,
            note,
        };
        let write = ErrorGroup {
            examples: kept,
            ..group
        };
        Ok(ErrorChange {
            rules: Some(rules),
            write: if made {
                vec![write.clone()]
            } else {
                Vec::new()
            },
            ..split(write)
        })
    }
}

/// The change that removes fingerprints from a group. Fails if one does not belong to the group, if none or
/// all are named, or if one gave the group its id.
pub(super) fn without(
    turn: &Turn,
    group: ErrorGroup,
    fingerprints: &[String],
) -> Result<ErrorChange, AppError> {
    let refused = |detail: String| {
        Err(AppError::new(ErrorCode::InvalidParameter, detail).field("fingerprints"))
    };
    let (out, kept): (Vec<_>, Vec<_>) = group
        .examples
        .into_iter()
        .partition(|example| fingerprints.contains(&turn.keying.fingerprint(example).id));
    let of = |example: &ErrorExample| turn.keying.fingerprint(example).id;
    if let Some(unknown) = fingerprints
        .iter()
        .find(|id| !out.iter().any(|example| of(example) == **id))
    {
        return refused(format!("{unknown:?} is not a fingerprint of this group."));
    }
    if out.is_empty() || kept.is_empty() {
        return refused("Name at least one of the group's fingerprints, but not all.".to_owned());
    }
    if out.iter().any(|example| of(example) == group.id) {
        let detail =
            "One of these fingerprints gives the group its id. Split off the others instead.";
        return refused(detail.to_owned());
    }
    Ok(split(ErrorGroup {
        examples: kept,
        ..group
    }))
}

/// The change that stores a group from which a part was split off.
fn split(group: ErrorGroup) -> ErrorChange {
    ErrorChange {
        action: "error_group.split",
        subject: group.id.clone(),
        rules: None,
        write: vec![group],
        remove: Vec::new(),
    }
}
