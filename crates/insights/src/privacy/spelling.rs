//! Normalises texts for comparison with user ids: ignores case, and decodes URL and JSON escapes.

/// How many layers of escapes are decoded: JSON within JSON, or a URL within JSON.
const LAYERS: usize = 2;

/// A normalised character, and its byte range in the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub is: char,
    pub from: u32,
    pub to: u32,
}

impl Unit {
    /// Whether it is part of a word.
    pub fn is_of_word(self) -> bool {
        self.is.is_alphanumeric()
    }

    /// Whether it separates words in plain text.
    pub fn is_blank(self) -> bool {
        self.is == BLANK || self.is.is_whitespace()
    }
}

/// The normalised space, which forms encode like this.
const BLANK: char = '+';

/// Calls `each` with the normalised form of a character: lower case, with characters such as ß spelled out.
pub(super) fn fold(c: char, mut each: impl FnMut(char)) {
    match c {
        ' ' => each(BLANK),
        _ if c.is_ascii() => each(c.to_ascii_lowercase()),
        // Through upper case, because only that makes ß and ss equal.
        _ => c.to_uppercase().flat_map(char::to_lowercase).for_each(each),
    }
}

/// All readings of a text: as written, and with escapes decoded.
pub(super) fn readings(text: &str) -> Vec<Vec<Unit>> {
    let mut readings = vec![written(text)];
    let mut done = 0;
    for _ in 0..LAYERS {
        let made = readings.len();
        for at in done..made {
            let before = [from_address, from_json].map(|decoded| decoded(&readings[at]));
            readings.extend(before.into_iter().flatten());
        }
        done = made;
    }
    readings
}

fn written(text: &str) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        push(&mut units, c, at as u32, (at + c.len_utf8()) as u32);
    }
    units
}

fn push(units: &mut Vec<Unit>, c: char, from: u32, to: u32) {
    fold(c, |is| units.push(Unit { is, from, to }));
}

/// A text with URL escapes such as `%C3` decoded; `None` if it has none.
fn from_address(units: &[Unit]) -> Option<Vec<Unit>> {
    let mut decoded = Vec::new();
    let (mut at, mut kept) = (0, 0);
    while at < units.len() {
        let bytes: Vec<u8> = escaped_bytes(&units[at..]).collect();
        if bytes.utf8_chunks().all(|chunk| chunk.valid().is_empty()) {
            at += 1.max(3 * bytes.len());
            continue;
        }
        decoded.extend_from_slice(&units[kept..at]);
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                let last = at + 3 * c.len_utf8() - 1;
                push(&mut decoded, c, units[at].from, units[last].to);
                at = last + 1;
            }
            let strange = at + 3 * chunk.invalid().len();
            decoded.extend_from_slice(&units[at..strange]);
            at = strange;
        }
        kept = at;
    }
    rest(decoded, units, kept)
}

/// The URL-escaped bytes at the start of a text.
fn escaped_bytes(units: &[Unit]) -> impl Iterator<Item = u8> {
    units.chunks_exact(3).map_while(|three| match three {
        [percent, digits @ ..] if percent.is == '%' => number(digits).map(|byte| byte as u8),
        _ => None,
    })
}

/// A text with JSON escapes decoded; `None` if it has none.
fn from_json(units: &[Unit]) -> Option<Vec<Unit>> {
    let mut decoded = Vec::new();
    let (mut at, mut kept) = (0, 0);
    while at < units.len() {
        let Some((c, length)) = escaped_character(&units[at..]) else {
            at += 1;
            continue;
        };
        decoded.extend_from_slice(&units[kept..at]);
        let last = at + length - 1;
        push(&mut decoded, c, units[at].from, units[last].to);
        at = last + 1;
        kept = at;
    }
    rest(decoded, units, kept)
}

/// The character of a JSON escape at the start of a text, and the length of the escape.
fn escaped_character(units: &[Unit]) -> Option<(char, usize)> {
    let [slash, kind, after @ ..] = units else {
        return None;
    };
    let simple = match kind.is {
        _ if slash.is != '\\' => return None,
        'u' => return escaped_code(after).map(|(c, length)| (c, 2 + length)),
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '"' | '\\' | '/' => kind.is,
        _ => return None,
    };
    Some((simple, 2))
}

/// The character of a `\u` escape, or of a surrogate pair of two, and the length after the first `\u`.
fn escaped_code(units: &[Unit]) -> Option<(char, usize)> {
    let high = number(units.get(..4)?)?;
    if let Some(c) = char::from_u32(high) {
        return Some((c, 4));
    }
    let [slash, kind, low @ ..] = units.get(4..10)? else {
        return None;
    };
    let low = number(low).filter(|_| slash.is == '\\' && kind.is == 'u')?;
    let pair = char::decode_utf16([high as u16, low as u16]).next()?;
    pair.ok().map(|c| (c, 10))
}

fn number(digits: &[Unit]) -> Option<u32> {
    let mut digits = digits.iter();
    digits.try_fold(0, |number, digit| {
        Some(number * 16 + digit.is.to_digit(16)?)
    })
}

/// The decoded text followed by the rest; `None` if nothing was decoded.
fn rest(mut decoded: Vec<Unit>, units: &[Unit], kept: usize) -> Option<Vec<Unit>> {
    (kept > 0).then(|| {
        decoded.extend_from_slice(&units[kept..]);
        decoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let readings = readings(text);
        let read = readings
            .iter()
            .map(|units| units.iter().map(|unit| unit.is).collect());
        read.collect()
    }

    #[test]
    fn a_text_is_read_as_written_and_decoded() {
        for (text, expected) in [
            ("Jürgen MÜSSIG", &["jürgen+müssig"][..]),
            ("Müßig", &["müssig"]),
            ("100%", &["100%"]),
            ("J%C3%BCrgen+M", &["j%c3%bcrgen+m", "jürgen+m"]),
            ("a%FFb%41", &["a%ffb%41", "a%ffba"]),
            (r#"o\"b"#, &[r#"o\"b"#, r#"o"b"#]),
            (r"\u00DCx \ud83d\ude00", &[r"\u00dcx+\ud83d\ude00", "üx+😀"]),
            (r"\ud83d x \u12", &[r"\ud83d+x+\u12"]),
            ("a%2541", &["a%2541", "a%41", "aa"]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn decoded_characters_keep_their_position() {
        for (text, at) in [("x%C3%BCy", (1, 7)), (r"x\u00fcy", (1, 7)), ("xüy", (1, 3))] {
            let readings = readings(text);
            let units = readings.last().unwrap();
            let place = (units[1].from, units[1].to);
            assert_eq!((units[1].is, place), ('ü', at), "{text}");
        }
    }
}
