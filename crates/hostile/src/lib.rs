//! Hostile input for testing decoders: valid input, damaged.
//!
//! What belongs here: a strategy that generates such input, and the number of cases that a decoder
//! is tested with. What does not: anything about a format.

use proptest::{collection::vec, prelude::*, sample::Index};

/// Pieces that break decoders: delimiters, numbers out of range, invalid text, and extreme times.
const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"<",
    b">",
    b"&",
    b"/",
    b"=",
    b";",
    b"\n",
    b"\r\n",
    b"\0",
    b"\\u0000",
    b"\\ud800",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x92\xa9",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"1e999",
    b"-0.0",
    b"NaN",
    b"9223372036854775807",
    b"-9223372036854775809",
    b"340282366920938463463374607431768211456",
    b"0.00000000000000000000000000001",
    b"0001-01-01T00:00:00Z",
    b"9999-12-31T23:59:60+23:59",
    b"2026-02-30",
    b"P99999999999Y",
    b"&amp;",
    b"&#0;",
    b"<![CDATA[",
    b"<!DOCTYPE x [<!ENTITY a \"b\">]>",
    b"]]>",
    b"../",
    b"%00",
    b"' OR 1=1 --",
    b"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

/// The longest input that is generated, in bytes.
const LONGEST: usize = 1 << 13;

/// A single change to the input.
#[derive(Clone, Debug)]
enum Edit {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Delete(Index, u8),
    Repeat(Index, u8, u8),
    CutOff(Index),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let at = |index: &Index| index.index(bytes.len() + 1);
        match self {
            Self::Replace(index, byte) => {
                let at = at(index);
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
            Self::Insert(index, piece) => {
                let at = at(index);
                bytes.splice(at..at, piece.iter().copied());
            }
            Self::Delete(index, length) => {
                let at = at(index);
                let end = (at + usize::from(*length)).min(bytes.len());
                bytes.drain(at..end);
            }
            Self::Repeat(index, length, times) => {
                let at = at(index);
                let end = (at + usize::from(*length)).min(bytes.len());
                let piece = bytes[at..end].repeat(usize::from(*times));
                bytes.splice(at..at, piece);
            }
            Self::CutOff(index) => bytes.truncate(at(index)),
        }
        bytes.truncate(LONGEST);
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    let piece = prop_oneof![
        3 => (0..PIECES.len()).prop_map(|piece| PIECES[piece].to_vec()),
        1 => vec(any::<u8>(), 1..8),
    ];
    prop_oneof![
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        4 => (any::<Index>(), piece).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, length)| Edit::Delete(at, length)),
        1 => (any::<Index>(), any::<u8>(), any::<u8>())
            .prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        1 => any::<Index>().prop_map(Edit::CutOff),
    ]
}

/// Valid input after fewer than eight changes, and occasionally random bytes.
fn damaged(valid: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edited =
        (proptest::sample::select(valid), vec(edit(), 0..8)).prop_map(|(mut bytes, edits)| {
            for edit in edits {
                edit.apply(&mut bytes);
            }
            bytes
        });
    prop_oneof![9 => edited, 1 => vec(any::<u8>(), 0..200)]
}

/// How many cases a decoder is tested with: enough to find its weaknesses, few enough for every
/// test run. `PROPTEST_CASES` overrides the number.
fn cases() -> ProptestConfig {
    let given = std::env::var("PROPTEST_CASES").ok();
    let cases = given.and_then(|given| given.parse().ok()).unwrap_or(3_000);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Feeds a decoder with damaged input. Panics if the decoder does, with the smallest input found
/// that causes it.
pub fn withstands(valid: Vec<Vec<u8>>, decode: impl Fn(&[u8])) {
    let mut runner = proptest::test_runner::TestRunner::new(cases());
    let result = runner.run(&damaged(valid), |bytes| {
        decode(&bytes);
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_is_detected() {
        let fragile = |bytes: &[u8]| assert!(!bytes.ends_with(b"["), "unfinished");
        let found = std::panic::catch_unwind(|| withstands(vec![b"[1,2]".to_vec()], fragile));
        assert!(found.is_err());
        withstands(vec![b"[1,2]".to_vec()], |bytes| {
            assert!(bytes.len() <= LONGEST)
        });
    }

    #[test]
    fn most_generated_input_is_damaged_and_some_is_not() {
        let valid = b"{\"a\": 1}".to_vec();
        let (mut same, mut other) = (0, 0);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for _ in 0..1_000 {
            let tree = damaged(vec![valid.clone()]).new_tree(&mut runner).unwrap();
            match proptest::strategy::ValueTree::current(&tree) == valid {
                true => same += 1,
                false => other += 1,
            }
        }
        assert!(same > 20 && other > 500, "{same} {other}");
    }
}
