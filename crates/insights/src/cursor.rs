//! Cursors: opaque words that callers send back to get the next page of a list.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use weir_model::Timestamp;
use weir_query::records::executions::Reached;

use super::{AppError, ErrorCode};

/// The key of the last item on the previous page: a time and an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// When the item happened.
    pub timestamp: Timestamp,
    /// Its id among the items of that time.
    pub id: String,
}

/// Number of bytes before the id: a checksum and the time.
const HEAD: usize = 4 + 8;

impl Cursor {
    /// The opaque word for callers.
    pub fn encode(&self) -> String {
        let mut key = self.timestamp.0.to_be_bytes().to_vec();
        key.extend(self.id.as_bytes());
        let bytes = [&checksum(&key).to_be_bytes()[..], &key].concat();
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the parameter `cursor`. Fails if this server did not issue it.
    pub fn parse(word: &str) -> Result<Self, AppError> {
        Self::decode(word).ok_or_else(damaged)
    }

    /// The cursor of a position in a list in which several rows can have the same key.
    pub(crate) fn of_reached(reached: &Reached) -> Self {
        Self {
            timestamp: reached.timestamp,
            // An id has no control characters.
            id: format!("{}\0{}", reached.id, reached.seen),
        }
    }

    /// The position in a list in which several rows can have the same key. Fails if the cursor is of another
    /// list.
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
    let detail = "The cursor is damaged or belongs to another list.";
    AppError::new(ErrorCode::InvalidParameter, detail)
        .field("cursor")
        .fix("Pass nextCursor of the previous page unchanged, or leave it out.")
}

/// FNV-1a: detects damage, not forgery. A cursor grants no access.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, &byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_encoding_and_parsing() {
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
    fn parsing_a_cursor_never_panics() {
        let cursor = Cursor {
            timestamp: Timestamp(1_709_632_800_123),
            id: "run-1:completed".to_owned(),
        };
        weir_hostile::withstands(vec![cursor.encode().into_bytes()], |bytes| {
            let _ = Cursor::parse(&String::from_utf8_lossy(bytes));
        });
    }
}
