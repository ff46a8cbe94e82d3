//! Carrying people's decisions over to new fingerprinting steps: merged and renamed groups keep their errors,
//! and rules restricted to certain fingerprints follow those.

use std::collections::BTreeSet;

use weir_analysis::{Fingerprinter, Rule, fingerprint::of_rule};
use weir_insights::errors::{Keying, Turn, compiled, rules_of, version_of};
use weir_meta::{Actor, ErrorChange, ErrorExample, ErrorGroup, NewErrorRules};

use super::Grouping;
use crate::app::AppError;

/// The most stored errors of a group that are examined, newest first.
const LOOKED_AT: u32 = 5_000;

impl Grouping {
    /// Adds examples to groups, and fingerprints to rules, for stored errors that would otherwise fall out of
    /// them. Stored errors still have the keys of the previous steps.
    pub(super) async fn carry_over(&self, turn: &Turn) -> Result<(), AppError> {
        let mut all = rules_of(&turn.settings);
        let mut ruled = false;
        for rule in &mut all {
            let (Some(title), false) = (&rule.group, rule.within.is_empty()) else {
                continue;
            };
            let stored = self
                .keyings
                .newest(turn.scope, &of_rule(title), LOOKED_AT)
                .await?;
            ruled |= follow(rule, &stored);
        }
        let keying = Keying::new(compiled(&all)?, &turn.settings.groups, 0);
        let mut write = Vec::new();
        for group in &turn.settings.groups {
            let stored = self
                .keyings
                .newest(turn.scope, &group.id, LOOKED_AT)
                .await?;
            write.extend(completed(&keying, group, stored));
        }
        if write.is_empty() && !ruled {
            return Ok(());
        }
        let new_rules = NewErrorRules {
            after: version_of(&turn.settings),
            rules: serde_json::to_string(&all).map_err(AppError::internal)?,
            note: Some("fingerprints of a new version of Weir".to_owned()),
        };
        let change = ErrorChange {
            action: "error_groups.carried_over",
            subject: "groups".to_owned(),
            rules: ruled.then_some(new_rules),
            write,
            remove: Vec::new(),
        };
        let actor = Actor::system();
        let changed = self.meta.change_errors(turn.scope, &change, None, &actor);
        match changed.await? {
            true => Ok(()),
            false => Err(super::stale()),
        }
    }
}

/// Adds the fingerprints that the errors of a rule now have, and returns whether there were new ones.
fn follow(rule: &mut Rule, stored: &[ErrorExample]) -> bool {
    let plain = Fingerprinter::default();
    let before = rule.within.len();
    for example in stored {
        let (id, _) = plain.key(&example.seen());
        if !rule.within.contains(&id) {
            rule.within.push(id);
        }
    }
    rule.within.len() > before
}

/// The group with examples of all errors that it contained; `None` if it already has them.
fn completed(keying: &Keying, group: &ErrorGroup, stored: Vec<ErrorExample>) -> Option<ErrorGroup> {
    let mut completed = group.clone();
    let ids = group.examples.iter().map(|one| keying.fingerprint(one).id);
    let mut held: BTreeSet<String> = ids.collect();
    for example in stored {
        if held.insert(keying.fingerprint(&example).id) {
            completed.examples.push(example);
        }
    }
    (completed.examples.len() > group.examples.len()).then_some(completed)
}

#[cfg(test)]
mod tests {
    use weir_model::SeenError;
    use weir_store::ErrorKeying;

    use super::*;

    fn example(step: &str, message: &str) -> ErrorExample {
        let seen = SeenError {
            step_name: Some(step),
            ..SeenError::told(None, Some(message))
        };
        seen.into()
    }

    #[test]
    fn a_merged_group_keeps_its_errors_under_new_steps() {
        // Examples from earlier versions do not state where the error happened.
        let merged = ErrorGroup {
            id: "mine".to_owned(),
            title: Some("Our shelves".to_owned()),
            examples: vec![SeenError::told(None, Some("Count: shelf 9 is empty")).into()],
        };
        let keying = Keying::new(Fingerprinter::default(), std::slice::from_ref(&merged), 0);
        let stored = vec![
            example("Count", "Count: shelf 7 is empty"),
            example("Sum up", "Sum up: shelf 3 is empty"),
            example("Sum up", "Sum up: the cellar is wet"),
        ];
        let completed = completed(&keying, &merged, stored.clone()).unwrap();
        assert_eq!(completed.examples.len(), 3, "one more for each fingerprint");
        assert_eq!(
            (&completed.id, &completed.title),
            (&merged.id, &merged.title)
        );
        let keying = Keying::new(
            Fingerprinter::default(),
            std::slice::from_ref(&completed),
            0,
        );
        for error in &stored {
            assert_eq!(&*keying.key(&error.seen()).group, "mine", "{error:?}");
        }
        assert_eq!(super::completed(&keying, &completed, stored), None);
    }

    #[test]
    fn a_rule_restricted_to_fingerprints_follows_them() {
        let mut rule = Rule {
            pattern: "north".to_owned(),
            within: vec!["0123456789abcdef".to_owned()],
            group: Some("The north".to_owned()),
            ..Rule::default()
        };
        let stored = [example("Count", "Count: shelf 9 of north is empty")];
        assert!(follow(&mut rule, &stored));
        assert!(!follow(&mut rule, &stored), "it has them");
        let ruled = Fingerprinter::new(&[rule]).unwrap();
        let found = ruled.key(&stored[0].seen()).0;
        assert_eq!(found, of_rule("The north"));
    }
}
