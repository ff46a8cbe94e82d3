//! The viewer of a read: which project they read, and whether they see real user ids.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::{Deref, Range},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use weir_meta::PseudonymKey;
use weir_model::Scope;

/// The prefix of pseudonyms.
const PREFIX: &str = "u_";
/// Bytes of the digest in a pseudonym; enough that no two users of a project share one.
const SHOWN: usize = 16;

/// The digest in a pseudonym.
pub(super) type Digest = [u8; SHOWN];

/// Who reads events of a project. Every read of the event store takes one, so that no view can forget to
/// check whether it may show real user ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    scope: Scope,
    veil: Option<PseudonymKey>,
    /// A hash of the environment that they are bound to.
    bound: Option<u64>,
}

impl Viewer {
    /// A viewer who sees real user ids; also used for internal reads.
    pub fn clear(scope: Scope) -> Self {
        Self {
            scope,
            veil: None,
            bound: None,
        }
    }

    /// A viewer who sees pseudonyms.
    pub(crate) fn veiled(scope: Scope, key: PseudonymKey) -> Self {
        Self {
            scope,
            veil: Some(key),
            bound: None,
        }
    }

    /// The same viewer, restricted to one environment: data about the whole project is hidden.
    #[must_use]
    pub fn bound(self, environment: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        environment.hash(&mut hasher);
        Self {
            bound: Some(hasher.finish()),
            ..self
        }
    }

    /// The project.
    pub fn scope(self) -> Scope {
        self.scope
    }

    /// Whether they are restricted to one environment.
    pub fn is_bound(self) -> bool {
        self.bound.is_some()
    }

    /// Whether they see pseudonyms.
    pub fn is_veiled(self) -> bool {
        self.veil.is_some()
    }

    /// A user as this viewer sees them: the id or the pseudonym.
    pub fn user(self, id: &str) -> String {
        match self.veil {
            None => id.to_owned(),
            Some(key) => pseudonym(digest(key, self.scope, id)),
        }
    }

    /// A secret for numbers that follow from stored texts: without it, a viewer of pseudonyms could guess a text
    /// and compare its number. Empty for viewers who see the texts.
    pub(crate) fn salt(self, purpose: &str) -> String {
        match self.veil {
            None => String::new(),
            // An id has no control characters, so this is the pseudonym of no user.
            Some(key) => {
                pseudonym(digest(key, self.scope, &format!("\u{1}{purpose}"))).replace(PREFIX, "")
            }
        }
    }

    /// The digest in the pseudonym of a user.
    pub(super) fn digest(self, id: &str) -> Digest {
        let of = |key| digest(key, self.scope, id);
        self.veil.map(of).unwrap_or_default()
    }
}

impl Deref for Viewer {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl Hash for Viewer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A tenant has one key.
        (self.scope, self.is_veiled(), self.bound).hash(state);
    }
}

/// The digest in a pseudonym; `None` if the text does not look like one.
pub(super) fn digest_shown(text: &str) -> Option<Digest> {
    let digits = text.strip_prefix(PREFIX)?.as_bytes();
    if digits.len() != 2 * SHOWN {
        return None;
    }
    let mut shown = [0; SHOWN];
    for (byte, digits) in shown.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = 16 * value(digits[0])? + value(digits[1])?;
    }
    Some(shown)
}

/// Whether a text looks like a pseudonym.
pub(super) fn is_pseudonym(text: &str) -> bool {
    digest_shown(text).is_some()
}

/// The byte ranges of a text that look like pseudonyms.
pub(super) fn pseudonyms_in(text: &str) -> impl Iterator<Item = Range<usize>> {
    let length = PREFIX.len() + 2 * SHOWN;
    text.match_indices(PREFIX)
        .map(move |(at, _)| at..at + length)
        .filter(move |place| text.get(place.clone()).is_some_and(is_pseudonym))
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The first half of HMAC-SHA256 over project and id: without the key, the id cannot be found, not even by
/// guessing.
fn digest(key: PseudonymKey, scope: Scope, id: &str) -> Digest {
    // A shorter key is padded with zeros to the length of a block (RFC 2104).
    let mut block = [0; 64];
    block[..key.0.len()].copy_from_slice(&key.0);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(&scope.project.0.to_be_bytes());
    mac.update(id.as_bytes());
    let whole = mac.finalize().into_bytes();
    let mut shown = [0; SHOWN];
    shown.copy_from_slice(&whole[..SHOWN]);
    shown
}

/// The pseudonym for a digest: `u_` and its hexadecimal digits.
fn pseudonym(digest: Digest) -> String {
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    std::iter::once(PREFIX.to_owned()).chain(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_never_change() {
        // The first half of HMAC-SHA256 over the project's number and the id, computed by another program.
        let viewer = Viewer::veiled(Scope::new(1, 1), PseudonymKey([1; 32]));
        assert_eq!(viewer.user("ada"), "u_92e5f87a73a7dc47be59325256a7dc44");
    }

    #[test]
    fn a_pseudonym_depends_only_on_key_project_and_id() {
        let key = |byte| PseudonymKey([byte; 32]);
        let of = |byte, project, id| Viewer::veiled(Scope::new(1, project), key(byte)).user(id);
        let one = of(1, 1, "ada");
        assert_eq!(one, of(1, 1, "ada"));
        for other in [of(2, 1, "ada"), of(1, 2, "ada"), of(1, 1, "bob")] {
            assert_ne!(one, other);
        }
        assert!(is_pseudonym(&one) && !one.contains("ada"));
        for other in ["u_", "ada", "u_0123", &one.to_uppercase()] {
            assert!(!is_pseudonym(other));
        }
        assert_eq!(Viewer::clear(Scope::new(1, 1)).user("ada"), "ada");
    }
}
