//! Redaction: removes what must not be stored, such as passwords, tokens, card numbers and
//! addresses.
//!
//! Every text of every event is checked, so the first check ([`signs::Signs`]) is a single pass
//! over its bytes, which settles most texts. Its result decides what to search for: keys with their
//! values ([`assigned`]), secrets of a known form ([`tokens`], [`known`]), e-mail addresses and
//! credentials ([`at`]), card numbers ([`cards`]), bank accounts ([`accounts`]), and passwords in
//! sentences ([`prose`]). Each search finds spans of the original text, which are removed together.
//! The regular expressions of the configuration and of a project are then applied to what remains.

mod accounts;
mod assigned;
mod at;
mod cards;
mod json;
mod keys;
mod known;
mod own;
mod prose;
mod redactor;
mod rules;
mod shape;
mod signs;
mod span;
mod tokens;

#[cfg(test)]
mod tests;

pub use json::Hit;
pub use own::{NamedPattern, OwnRules, RuleFault};
pub use redactor::{Redactor, RulesError};
pub use rules::RedactionRules;
pub use span::REDACTED;
