//! Assigns a project's errors to groups and classes.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::Mutex,
};

use weir_analysis::{Fingerprint, Fingerprinter, Rule};
use weir_meta::{ErrorExample, ErrorGroup, ErrorSettings};
use weir_model::{ErrorKey, Event, EventKind, Scope, SeenError, Status, event::StepStatus};
use weir_store::{ErrorKeying, EventStore, KnownNames};

/// How many keys are cached: the same few messages occur again and again.
const REMEMBERED: usize = 4_096;

/// The rules and groups of a project, ready to be applied.
pub struct Keying {
    fingerprinter: Fingerprinter,
    /// Fingerprint -> the stored group that holds it.
    groups: HashMap<String, String>,
    /// Group -> the name given to it.
    titles: HashMap<String, String>,
    /// Stored group -> its title if it has no name: that of the error whose fingerprint is the group's id. It
    /// stays the same whichever error of the group is newest.
    own_titles: HashMap<String, String>,
    /// Increases with every change of rules and groups.
    pub generation: i64,
    remembered: Mutex<HashMap<Box<str>, ErrorKey>>,
}

impl Keying {
    /// The stored rules and groups. Rules that this version cannot read are left out.
    pub fn of(settings: &ErrorSettings) -> Self {
        let fingerprinter = Fingerprinter::new(&rules_of(settings)).unwrap_or_else(|error| {
            tracing::error!(%error, "error rules cannot be used; errors are grouped without them");
            Fingerprinter::default()
        });
        Self::new(fingerprinter, &settings.groups, settings.generation)
    }

    /// Combines rules with the stored groups.
    pub fn new(fingerprinter: Fingerprinter, groups: &[ErrorGroup], generation: i64) -> Self {
        let mut held = HashMap::new();
        let mut own_titles = HashMap::new();
        for group in groups {
            let examples = group.examples.iter();
            let found: Vec<_> = examples.map(|e| fingerprint(&fingerprinter, e)).collect();
            // If rules have changed since, the first example represents the group.
            let own = found.iter().find(|found| found.id == group.id);
            if let Some(own) = own.or(found.first()) {
                own_titles.insert(group.id.clone(), own.title.clone());
            }
            for Fingerprint { id, .. } in found {
                // If two groups now have the same fingerprint, the older one holds it.
                held.entry(id).or_insert_with(|| group.id.clone());
            }
        }
        let named = groups
            .iter()
            .filter_map(|group| Some((group.id.clone(), group.title.clone()?)));
        Self {
            fingerprinter,
            groups: held,
            titles: named.collect(),
            own_titles,
            generation,
            remembered: Mutex::default(),
        }
    }

    /// The fingerprint of an example.
    pub fn fingerprint(&self, example: &ErrorExample) -> Fingerprint {
        fingerprint(&self.fingerprinter, example)
    }

    /// The title of a group, given one of its errors.
    pub fn title(&self, group: &str, error: &SeenError<'_>) -> String {
        let own = self
            .titles
            .get(group)
            .or_else(|| self.own_titles.get(group));
        own.cloned()
            .unwrap_or_else(|| self.fingerprinter.fingerprint(error).title)
    }

    /// The name given to a group, if it has one.
    pub fn name(&self, group: &str) -> Option<&str> {
        self.titles.get(group).map(String::as_str)
    }

    /// Sets the error keys of failed executions and steps. The names of their steps and workflows are looked
    /// up once for all of them.
    pub fn key_events(&self, store: &dyn EventStore, scope: Scope, events: &mut [Event]) {
        let (mut steps, mut workflows) = (BTreeSet::new(), BTreeSet::new());
        for event in events.iter() {
            let Some((_, step)) = failure(event) else {
                continue;
            };
            steps.extend(step.map(str::to_owned));
            workflows.extend(event.workflow_id.clone());
        }
        if steps.is_empty() && workflows.is_empty() && !events.iter().any(|e| failure(e).is_some())
        {
            return;
        }
        let mut known = store.known(scope, &steps, &workflows);
        for event in events.iter() {
            learn(&mut known, event, &steps, &workflows);
        }
        for event in events {
            let Some((error, step)) = failure(event) else {
                continue;
            };
            let key = self.key(&known.seen(error, step, event.workflow_id.as_deref()));
            match &mut event.kind {
                EventKind::Execution(e) => e.error_key = Some(key),
                EventKind::Step(s) => s.error_key = Some(key),
                _ => {}
            }
        }
    }

    fn find(&self, error: &SeenError<'_>) -> ErrorKey {
        let (id, class) = self.fingerprinter.key(error);
        let group = self.groups.get(&id).unwrap_or(&id);
        ErrorKey {
            group: group.as_str().into(),
            class,
        }
    }
}

/// The error of a failed execution or step, and the id of the failed step.
fn failure(event: &Event) -> Option<(SeenError<'_>, Option<&str>)> {
    match &event.kind {
        EventKind::Execution(e) if matches!(e.status, Status::Failed | Status::Crashed) => {
            let error = SeenError::told(e.error_type.as_deref(), e.error_message.as_deref());
            Some((error, e.error_step.as_deref()))
        }
        EventKind::Step(s) if s.status == StepStatus::Failed => {
            let error = SeenError::told(s.error_type.as_deref(), s.error_message.as_deref());
            Some((error, Some(&s.step_id)))
        }
        _ => None,
    }
}

/// Adds the names that an event has for the given steps and workflows.
fn learn(
    known: &mut KnownNames,
    event: &Event,
    steps: &BTreeSet<String>,
    workflows: &BTreeSet<String>,
) {
    if let (Some(id), Some(name)) = (&event.workflow_id, &event.workflow_name)
        && workflows.contains(id)
    {
        known.workflows.insert(id.clone(), name.clone());
    }
    if let EventKind::Step(step) = &event.kind
        && steps.contains(&step.step_id)
    {
        let known = known.steps.entry(step.step_id.clone()).or_default();
        if step.step_name.is_some() {
            known.name.clone_from(&step.step_name);
        }
        if step.step_type.is_some() {
            known.step_type.clone_from(&step.step_type);
        }
    }
}

impl ErrorKeying for Keying {
    fn key(&self, error: &SeenError<'_>) -> ErrorKey {
        let texts = [
            error.error_type,
            error.message,
            error.step,
            error.step_name,
            error.step_type,
            error.workflow,
            error.workflow_name,
        ];
        let all = texts.map(Option::unwrap_or_default).join("\0");
        let known = self
            .remembered
            .lock()
            .ok()
            .and_then(|kept| kept.get(all.as_str()).cloned());
        if let Some(key) = known {
            return key;
        }
        let key = self.find(error);
        if let Ok(mut kept) = self.remembered.lock() {
            if kept.len() >= REMEMBERED {
                kept.clear();
            }
            kept.insert(all.into(), key.clone());
        }
        key
    }
}

impl fmt::Debug for Keying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keying")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// The current rules; none if they cannot be read.
pub fn rules_of(settings: &ErrorSettings) -> Vec<Rule> {
    let Some(stored) = &settings.rules else {
        return Vec::new();
    };
    serde_json::from_str(&stored.rules).unwrap_or_else(|error| {
        tracing::error!(%error, "error rules cannot be read; errors are grouped without them");
        Vec::new()
    })
}

fn fingerprint(fingerprinter: &Fingerprinter, example: &ErrorExample) -> Fingerprint {
    fingerprinter.fingerprint(&example.seen())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(message: &str) -> ErrorExample {
        SeenError::told(None, Some(message)).into()
    }

    fn merged(id: &str, messages: &[&str]) -> ErrorGroup {
        ErrorGroup {
            id: id.to_owned(),
            title: None,
            examples: messages.iter().map(|message| example(message)).collect(),
        }
    }

    fn keying(rules: &str, groups: &[ErrorGroup]) -> Keying {
        let rules: Vec<Rule> = serde_json::from_str(rules).unwrap();
        Keying::new(Fingerprinter::new(&rules).unwrap(), groups, 1)
    }

    fn group(keying: &Keying, message: &str) -> String {
        keying
            .key(&SeenError::told(None, Some(message)))
            .group
            .to_string()
    }

    #[test]
    fn errors_similar_to_an_example_belong_to_its_group() {
        let keying = keying(
            "[]",
            &[merged("mine", &["stock of 7 is gone", "shelf 9 is empty"])],
        );
        assert_eq!(group(&keying, "stock of 12 is gone"), "mine");
        assert_eq!(group(&keying, "shelf 1 is empty"), "mine");
        assert_ne!(group(&keying, "cellar 1 is empty"), "mine");
        assert_eq!(
            group(&keying, "shelf 1 is empty"),
            "mine",
            "also from the cache"
        );
    }

    #[test]
    fn a_merged_group_has_the_title_of_the_group_whose_id_it_keeps() {
        let (stock, shelf) = ("stock of 7 is gone", "shelf 9 is empty");
        let plain = keying("[]", &[]);
        let error = SeenError::told(None, Some(stock));
        let (into, title) = (group(&plain, stock), plain.title("", &error));
        let newest = SeenError::told(None, Some(shelf));
        assert_ne!(plain.title(&into, &newest), title);
        for order in [[stock, shelf], [shelf, stock]] {
            let merged = keying("[]", &[merged(&into, &order)]);
            assert_eq!(merged.title(&into, &newest), title);
        }
        let mut named = merged(&into, &[stock, shelf]);
        named.title = Some("Ours".to_owned());
        assert_eq!(keying("[]", &[named]).title(&into, &newest), "Ours");
        // If rules give every part another fingerprint, the first part represents the group.
        let other = keying("[]", &[merged("gone", &[stock, shelf])]);
        assert_eq!(other.title("gone", &newest), title);
    }

    #[test]
    fn an_example_keeps_the_place_where_its_error_happened() {
        let example = SeenError {
            step_name: Some("Load orders"),
            ..SeenError::told(None, Some("Load orders: shelf 9 is empty"))
        };
        let made = ErrorGroup {
            id: "mine".to_owned(),
            title: None,
            examples: vec![example.into()],
        };
        let keying = keying("[]", &[made]);
        assert_eq!(group(&keying, "shelf 1 is empty"), "mine");
    }

    #[test]
    fn a_merged_group_survives_a_rule_that_changes_fingerprints() {
        let groups = [merged("mine", &["batch alpha broke", "batch beta broke"])];
        let before = keying("[]", &groups);
        assert_ne!(group(&before, "batch gamma broke"), "mine");
        let after = keying(
            r#"[{"pattern": "batch \\w+", "replace": "<batch>"}]"#,
            &groups,
        );
        for message in ["batch alpha broke", "batch beta broke", "batch gamma broke"] {
            assert_eq!(group(&after, message), "mine", "{message}");
        }
    }

    #[test]
    fn the_older_of_two_groups_holds_an_error_that_rules_unite() {
        let groups = [
            merged("older", &["batch alpha broke"]),
            merged("newer", &["batch beta broke"]),
        ];
        let keying = keying(
            r#"[{"pattern": "batch \\w+", "replace": "<batch>"}]"#,
            &groups,
        );
        assert_eq!(group(&keying, "batch beta broke"), "older");
    }
}
