//! Secrets that are recognised by their prefix: a table of issuers, with sources.

mod chat;
mod cloud;
mod git;
mod models;
mod payment;
mod provider;

use std::sync::LazyLock;

use super::shape::is_random;
use provider::{Provider, Token};

/// The tables by kind of provider.
pub(super) const KINDS: &[(&str, &[Provider])] = &[
    ("cloud", cloud::CLOUD),
    ("models", models::MODELS),
    ("git and packages", git::GIT),
    ("payment", payment::PAYMENT),
    ("chat and services", chat::CHAT),
];

pub(super) fn providers() -> impl Iterator<Item = &'static Provider> {
    KINDS.iter().flat_map(|(_, providers)| *providers)
}

/// The names of providers as they appear in keys.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    providers().flat_map(|provider| provider.words.iter().copied())
}

/// The tokens by first byte, longer prefixes first.
static BY_FIRST: LazyLock<[Vec<(&'static Provider, Token)>; 256]> = LazyLock::new(|| {
    let mut by_first = [const { Vec::new() }; 256];
    for provider in providers() {
        for token in provider.tokens {
            by_first[usize::from(token.prefix.as_bytes()[0])].push((provider, *token));
        }
    }
    for tokens in &mut by_first {
        tokens.sort_by_key(|(_, token)| std::cmp::Reverse(token.prefix.len()));
    }
    by_first
});

/// How many bytes of a body are examined to decide what it is, so that a hostile text takes no
/// longer.
const LOOKED_AT: usize = 2_048;

/// The issuer, form and length in bytes of the secret that a text begins with.
pub(super) fn at_start(text: &str) -> Option<(&'static Provider, Token, usize)> {
    let first = text.as_bytes().first()?;
    let mut tokens = BY_FIRST[usize::from(*first)].iter();
    tokens.find_map(|&(provider, token)| {
        let body = text.strip_prefix(token.prefix)?;
        let length = token.body.length(body, LOOKED_AT);
        if length < token.least || !is_random(token.body, &body[..length]) {
            return None;
        }
        let length = match length {
            LOOKED_AT => token.body.length(body, usize::MAX).max(LOOKED_AT),
            length => length,
        };
        Some((provider, token, token.prefix.len() + length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_has_a_source_and_can_be_recognised() {
        for provider in providers() {
            assert!(provider.source.contains("//") || provider.source.ends_with(".md"));
            let signs = provider.words.len() + provider.tokens.len();
            assert!(signs > 0, "{}", provider.name);
            for token in provider.tokens {
                assert!(token.prefix.len() >= 2 && token.least >= 12, "{token:?}");
            }
        }
    }
}
