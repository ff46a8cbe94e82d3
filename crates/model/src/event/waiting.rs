//! Whether a type of step waits, for producers that do not say how long their steps waited.

/// Words of types that wait: for a person, or for a time.
const WAITING: [&str; 10] = [
    "approval", "approve", "delay", "form", "human", "pause", "sleep", "timer", "wait", "waiting",
];
/// Words before `task` that make a type wait.
const BY_HAND: [&str; 2] = ["manual", "user"];

/// Whether steps of this type wait for a person or for a time instead of working, judged by the
/// words of the type: `wait`, `userTask`, `n8n-nodes-base.form`. Words end at a change to upper case
/// and at everything but letters, so `transform` and `awaitable` do not wait.
pub fn waits(step_type: &str) -> bool {
    let mut before = "";
    words(step_type).any(|word| {
        let is = |known: &&str| known.eq_ignore_ascii_case(word);
        let by_hand = BY_HAND
            .iter()
            .any(|known| known.eq_ignore_ascii_case(before));
        before = word;
        WAITING.iter().any(&is) || (by_hand && is(&"task"))
    })
}

/// The words of a name in camelCase, snake_case or any other case; of `HTTPWait`, `HTTP` and `Wait`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_alphabetic())
        .flat_map(humps)
        .filter(|word| !word.is_empty())
}

/// The parts of a word in camelCase.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let cut = hump(rest)?;
        let (first, others) = rest.split_at(cut);
        rest = others;
        Some(first)
    })
}

/// The length of the first part in bytes; `None` if nothing is left.
fn hump(word: &str) -> Option<usize> {
    let next = |from: usize| word.get(from..)?.chars().next();
    let mut before = word.chars().next()?;
    for (at, letter) in word.char_indices().skip(1) {
        let follows = next(at + letter.len_utf8());
        let ends_abbreviation = before.is_uppercase() && follows.is_some_and(char::is_lowercase);
        if letter.is_uppercase() && (before.is_lowercase() || ends_abbreviation) {
            return Some(at);
        }
        before = letter;
    }
    Some(word.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_wait_for_a_person_or_a_time_are_recognised_in_any_case() {
        for name in [
            "wait",
            "Wait",
            "WAITING",
            "n8n-nodes-base.wait",
            "n8n-nodes-base.form",
            "userTask",
            "bpmn:UserTask",
            "USER_TASK",
            "manual task",
            "human_approval",
            "approve-invoice",
            "sleepUntil",
            "io.kestra.plugin.core.flow.Pause",
            "HTTPWaitNode",
            "timer2",
            "waitForEvent",
        ] {
            assert!(waits(name), "{name}");
        }
    }

    #[test]
    fn other_types_work_even_if_they_contain_such_letters() {
        for name in [
            "",
            "transform",
            "platformTask",
            "awaitable",
            "informer",
            "approved",
            "delayed",
            "timers",
            "task",
            "user",
            "taskUser",
            "userTasks",
            "user.data.task",
            "postgres",
            "w\u{e4}it",
        ] {
            assert!(!waits(name), "{name}");
        }
    }
}
