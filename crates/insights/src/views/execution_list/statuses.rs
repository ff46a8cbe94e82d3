//! The words for states in the parameter `status`.

use weir_model::Status;
use weir_query::records::executions::STALE;

use crate::{AppError, ErrorCode};

/// The states in the parameter `status`, separated by commas: Weir's words, and `success`, `error` and
/// `running`. Fails at an unknown word.
pub fn statuses(words: &str) -> Result<Statuses, AppError> {
    let mut found = Statuses::default();
    let statuses = &mut found.of;
    for word in words.split(',').map(str::trim) {
        match word {
            "success" => statuses.push(Status::Completed),
            "error" => statuses.extend([Status::Failed, Status::Crashed]),
            "running" => statuses.push(Status::Started),
            STALE => found.stale = true,
            _ => statuses.push(Status::from_name(word).ok_or_else(|| unknown_status(word))?),
        }
    }
    Ok(found)
}

/// The states to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statuses {
    /// Executions in these states.
    pub of: Vec<Status>,
    /// Executions that have been open for too long.
    pub stale: bool,
}

fn unknown_status(word: &str) -> AppError {
    let names = Status::ALL.iter().map(|status| status.name());
    let known: Vec<_> = names
        .chain(["success", "error", "running", STALE])
        .collect();
    let near = weir_query::nearest(word, known.iter().copied());
    let fix = near.map_or_else(|| format!("one of {}", known.join(", ")), str::to_owned);
    AppError::new(
        ErrorCode::InvalidParameter,
        format!("There is no status {word:?}."),
    )
    .field("status")
    .fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_two_sets_of_words() {
        let of = |words: &str| statuses(words).unwrap().of;
        assert_eq!(of("failed, waiting"), [Status::Failed, Status::Waiting]);
        assert_eq!(of("error"), [Status::Failed, Status::Crashed]);
        let error = statuses("complete").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("completed"));
        assert_eq!(error.field.as_deref(), Some("status"));
        let error = statuses("success,").unwrap_err();
        assert!(error.fix.unwrap().starts_with("one of "));
    }
}
