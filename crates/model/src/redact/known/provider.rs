//! What is known about issuers of secrets.

use crate::redact::shape::Body;

/// The form of a secret: its prefix, and what follows it.
#[derive(Clone, Copy, Debug)]
pub(in crate::redact) struct Token {
    pub(in crate::redact) prefix: &'static str,
    pub(super) body: Body,
    /// The length of the shortest body that is issued, in bytes.
    pub(super) least: usize,
    /// Whether the prefix is not part of the secret, as in the address of a webhook.
    pub(in crate::redact) keeps_prefix: bool,
}

/// An issuer of secrets.
#[derive(Clone, Copy, Debug)]
pub(in crate::redact) struct Provider {
    pub(in crate::redact) name: &'static str,
    /// Its name in keys: a `{WORD}_KEY` is a secret. Empty where other keys also contain the word.
    pub(super) words: &'static [&'static str],
    pub(super) tokens: &'static [Token],
    /// Where the form of its secrets is described.
    #[cfg_attr(not(test), expect(dead_code, reason = "it documents the table"))]
    pub(super) source: &'static str,
}

pub(super) const fn token(prefix: &'static str, body: Body, least: usize) -> Token {
    Token {
        prefix,
        body,
        least,
        keeps_prefix: false,
    }
}

/// The address of a webhook; what follows the prefix is the secret.
pub(super) const fn hook(prefix: &'static str, least: usize) -> Token {
    Token {
        prefix,
        body: Body::Path,
        least,
        keeps_prefix: true,
    }
}

pub(super) const fn provider(
    name: &'static str,
    words: &'static [&'static str],
    tokens: &'static [Token],
    source: &'static str,
) -> Provider {
    Provider {
        name,
        words,
        tokens,
        source,
    }
}

/// The rules of a repository scanner, which describe the secrets of issuers that do not document
/// them.
pub(super) const GITLEAKS: &str =
    "https://github.com/gitleaks/gitleaks/blob/b58d3f10/config/gitleaks.toml";
