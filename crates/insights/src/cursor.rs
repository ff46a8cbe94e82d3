//! Where a list goes on: an opaque word that callers hand back.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use weir_model::Timestamp;
use weir_query::records::executions::Reached;

use super::{AppError, ErrorCode};

/// The key of the last item that a caller has: a moment and an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// When the item happened.
    pub timestamp: Timestamp,
    /// Its id among those of the moment.
    pub id: String,
}

/// Bytes before the id: a checksum and the moment.
const HEAD: usize = 4 + 8;

impl Cursor {
    /// The word for callers.
    pub fn encode(&self) -> String {
        let mut key = self.timestamp.0.to_be_bytes().to_vec();
        key.extend(self.id.as_bytes());
        let bytes = [&checksum(&key).to_be_bytes()[..], &key].concat();
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the parameter `cursor`. A word that this server did not make is refused.
    pub fn parse(word: &str) -> Result<Self, AppError> {
        Self::decode(word).ok_or_else(damaged)
    }

    /// Of a place in a list in which several rows may have one key.
    pub(crate) fn of_reached(reached: &Reached) -> Self {
        Self {
            timestamp: reached.timestamp,
            // An id has no control characters.
            id: format!("{}\0{}", reached.id, reached.seen),
        }
    }

    /// The place in a list in which several rows may have one key. Refused if it is of another list.
    pub(crate) fn reached(self) -> Result<Reached, AppError> {
        let parts = self.id.rsplit_once('\0');
        let place = parts.and_then(|(id, seen)| Some((id.to_owned(), seen.parse().ok()?)));
        let (id, seen) = place.ok_or_else(damaged)?;
        Ok(Reached {
            timestamp: self.timestamp,
            id,
            seen,
        })
    }

    fn decode(word: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(word).ok()?;
        let id = bytes.get(HEAD..)?;
        let sum = u32::from_be_bytes(bytes[..4].try_into().ok()?);
        let moment = i64::from_be_bytes(bytes[4..HEAD].try_into().ok()?);
        (sum == checksum(&bytes[4..])).then_some(())?;
        Some(Self {
            timestamp: Timestamp(moment),
            id: String::from_utf8(id.to_vec()).ok()?,
        })
    }
}

fn damaged() -> AppError {
    let detail = "The cursor is damaged, or none of this list.";
    AppError::new(ErrorCode::InvalidParameter, detail)
        .field("cursor")
        .fix("Use nextCursor of the page before as it is, or leave it out.")
}

/// FNV-1a: finds damage, not forgery; a cursor gives no access.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_out() {
        for id in ["", "run-1:completed", "ünï/\"€"] {
            let cursor = Cursor {
                timestamp: Timestamp(1_709_632_800_123),
                id: id.to_owned(),
            };
            assert_eq!(Cursor::parse(&cursor.encode()).unwrap(), cursor);
        }
    }

    #[test]
    fn a_cursor_with_any_letter_changed_is_refused() {
        let cursor = Cursor {
            timestamp: Timestamp(1_709_632_800_123),
            id: "run-1:completed".to_owned(),
        };
        let word = cursor.encode();
        for position in 0..word.len() {
            let mut damaged = word.clone().into_bytes();
            damaged[position] = if damaged[position] == b'A' {
                b'B'
            } else {
                b'A'
            };
            let damaged = String::from_utf8(damaged).unwrap();
            let error = Cursor::parse(&damaged).unwrap_err();
            assert_eq!(error.field.as_deref(), Some("cursor"), "{damaged}");
        }
        for bad in ["", "AAAA", "not a cursor", "ü", &word[..word.len() - 4]] {
            assert!(Cursor::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_word_makes_reading_a_cursor_panic() {
        let cursor = Cursor {
            timestamp: Timestamp(1_709_632_800_123),
            id: "run-1:completed".to_owned(),
        };
        weir_hostile::withstands(vec![cursor.encode().into_bytes()], |bytes| {
            let _ = Cursor::parse(&String::from_utf8_lossy(bytes));
        });
    }
}
