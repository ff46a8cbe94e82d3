//! The occurrences on a journey, and their words in the API.

use std::fmt;

use weir_model::{Status, event::StepStatus};

use crate::{
    error::{ErrorCode, QueryError},
    nearest::nearest,
};

/// Something that can happen on a journey: a step of a funnel, or an exclusion.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Occurrence {
    /// The enrolment itself.
    Enrolled,
    /// An execution entered a state.
    State(Status),
    /// A step ran: with this outcome, or with any except skipped.
    Step {
        /// The step.
        id: String,
        /// How it ended.
        status: Option<StepStatus>,
    },
    /// A goal was reached: this one, or any.
    Goal(Option<String>),
    /// A user did this action.
    Action(String),
    /// A user acted on this resource.
    Resource(String),
}

/// The words without an id.
const WORDS: [(&str, Occurrence); 7] = [
    ("enrolled", Occurrence::Enrolled),
    ("waiting", Occurrence::State(Status::Waiting)),
    ("completed", Occurrence::State(Status::Completed)),
    ("failed", Occurrence::State(Status::Failed)),
    ("crashed", Occurrence::State(Status::Crashed)),
    ("canceled", Occurrence::State(Status::Canceled)),
    ("goal", Occurrence::Goal(None)),
];

/// The words before an id.
const PREFIXES: [&str; 6] = [
    "step:",
    "failed_step:",
    "any_step:",
    "goal:",
    "action:",
    "resource:",
];

impl Occurrence {
    /// Reads `enrolled`, `completed`, `step:fetch`, `failed_step:fetch`, `goal:order paid`, ... at `field` of
    /// a request. What follows the first colon is the id as it is.
    pub fn parse(text: &str, field: &str) -> Result<Self, QueryError> {
        if let Some((_, word)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(word.clone());
        }
        let known = text.split_once(':').filter(|(_, id)| !id.is_empty());
        let known = known.and_then(|(kind, id)| Self::of_kind(kind, id.to_owned()));
        known.ok_or_else(|| unknown(text, field))
    }

    fn of_kind(kind: &str, id: String) -> Option<Self> {
        let step = |status| Self::Step {
            id: id.clone(),
            status,
        };
        Some(match kind {
            "step" => step(Some(StepStatus::Completed)),
            "failed_step" => step(Some(StepStatus::Failed)),
            "any_step" => step(None),
            "goal" => Self::Goal(Some(id)),
            "action" => Self::Action(id),
            "resource" => Self::Resource(id),
            _ => return None,
        })
    }
}

fn unknown(text: &str, field: &str) -> QueryError {
    let detail = format!("`{text}` is not a journey event");
    let error = QueryError::new(ErrorCode::UnknownOccurrence, field, detail);
    let (kind, id) = match text.split_once(':') {
        Some((kind, id)) => (format!("{kind}:"), id),
        None => (text.to_owned(), ""),
    };
    let words = WORDS.iter().map(|(word, _)| *word);
    match nearest(&kind, words.chain(PREFIXES)) {
        Some(near) if near.ends_with(':') && id.is_empty() => error.with_fix(format!("{near}ID")),
        Some(near) => error.with_fix(format!("{near}{id}")),
        None => error.with_fix(format!(
            "for a step, `step:{text}`; otherwise one of {}, {}",
            WORDS.map(|(word, _)| word).join(", "),
            PREFIXES.join(", ")
        )),
    }
}

impl fmt::Display for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enrolled => f.write_str("enrolled"),
            Self::State(status) => f.write_str(status.name()),
            Self::Step { id, status } => match status {
                Some(StepStatus::Completed) => write!(f, "step:{id}"),
                Some(status) => write!(f, "{}_step:{id}", status.name()),
                None => write!(f, "any_step:{id}"),
            },
            Self::Goal(None) => f.write_str("goal"),
            Self::Goal(Some(id)) => write!(f, "goal:{id}"),
            Self::Action(id) => write!(f, "action:{id}"),
            Self::Resource(id) => write!(f, "resource:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_survives_a_round_trip() {
        let prefixed = PREFIXES.map(|prefix| format!("{prefix}an id: with, colons"));
        let words = WORDS.map(|(word, _)| word.to_owned());
        for word in words.into_iter().chain(prefixed) {
            let occurrence = Occurrence::parse(&word, "steps").unwrap();
            assert_eq!(occurrence.to_string(), word);
        }
    }

    #[test]
    fn the_error_for_an_unknown_word_suggests_a_fix() {
        for (word, fix) in [
            ("complete", "completed"),
            ("stp:fetch", "step:fetch"),
            ("step:", "step:ID"),
            ("steps", "step:ID"),
            ("Fetch order", "for a step, `step:Fetch order`"),
        ] {
            let error = Occurrence::parse(word, "steps[1]").unwrap_err();
            assert_eq!(error.code, ErrorCode::UnknownOccurrence);
            assert_eq!(error.field, "steps[1]");
            let found = error.fix.unwrap();
            assert!(found.starts_with(fix), "{word}: {found}");
        }
    }
}
