//! Checks events as the server would, before they are sent.

use std::sync::Arc;

use jiff::Timestamp;
use weir_model::event::{Decoder, Limits};
use weir_model::redact::Redactor;

use crate::error::ImportError;
use crate::record::WireEvent;

/// The server's rules for events, at the time of the import.
pub(crate) struct Check {
    decoder: Decoder,
    source: Arc<str>,
    now: weir_model::Timestamp,
}

impl Check {
    pub fn at(now: Timestamp) -> Self {
        Self {
            decoder: Decoder::new(Limits::default(), Arc::new(Redactor::default())),
            source: "import".into(),
            now: weir_model::Timestamp(now.as_millisecond()),
        }
    }

    /// Why the server would reject the event; `None` if it would not. Fails if the event cannot be written as JSON.
    pub fn refusal(&self, event: &WireEvent<'_>) -> Result<Option<String>, ImportError> {
        let json = serde_json::to_vec(event).map_err(|error| ImportError::Output(error.into()))?;
        let refused = self.decoder.decode(&json, &self.source, self.now).err();
        Ok(refused.map(|error| {
            let field = error.field.map(|field| format!(" ({field})"));
            let code = error.code.name();
            format!("{code}{}: {}", field.unwrap_or_default(), error.detail)
        }))
    }

    /// Whether the server would accept a step that begins at this time.
    pub fn accepts_start(&self, at: Timestamp) -> bool {
        at.as_millisecond() >= self.decoder.limits.oldest.0
    }
}
