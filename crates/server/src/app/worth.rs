//! Setting the worth of workflows and goals.

use weir_insights::worth::{Of, WorthPeriod, WorthView, tag_of, view};
use weir_meta::{Actor, StoredWorth, WantedWorth, WorthSaved};
use weir_model::Scope;

use super::{App, AppError, ErrorCode};

/// The longest id of a workflow or goal, in bytes, as in events.
const ID_BYTES: usize = 256;

impl App {
    /// Sets the worth of a workflow or goal; none if `periods` is empty. With `expected`, only if that is its
    /// current tag. Fails with `changed_meanwhile` if it is not, or if the project has too many worths.
    pub async fn put_worth(
        &self,
        scope: Scope,
        of: Of<'_>,
        periods: Vec<WorthPeriod>,
        expected: Option<&str>,
        actor: &Actor,
    ) -> Result<WorthView, AppError> {
        if of.id.is_empty() || of.id.len() > ID_BYTES || of.id.chars().any(char::is_control) {
            let detail = "This cannot be the id of a workflow or goal.";
            return Err(wrong("id", detail).fix(format!("1 to {ID_BYTES} bytes of text")));
        }
        let text = match periods.is_empty() {
            true => None,
            false => Some(serde_json::to_string(&periods).map_err(AppError::internal)?),
        };
        let most = self.settings.worths;
        let wanted = WantedWorth {
            kind: of.kind,
            subject: of.id,
            periods: text.as_deref(),
            most,
        };
        let is_expected =
            |stored: Option<&StoredWorth>| expected.is_none_or(|tag| tag == tag_of(stored));
        let saved = self.meta.put_worth(scope, wanted, is_expected, actor);
        match saved.await? {
            WorthSaved::Now(stored) => view(of, stored.as_ref()),
            WorthSaved::Changed(_) => {
                let detail = "The worth has changed since you read it.";
                let error = AppError::new(ErrorCode::ChangedMeanwhile, detail);
                Err(error.fix("Read it again and apply your change to it."))
            }
            WorthSaved::TooMany => {
                let detail = format!("The project has {most} workflows and goals with a worth.");
                Err(wrong("id", &detail).fix(
                    "Remove the worth of others, or ask the operator to raise `costs.worths`.",
                ))
            }
        }
    }
}

fn wrong(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}
