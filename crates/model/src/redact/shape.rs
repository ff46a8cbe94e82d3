//! What random secrets look like, in contrast to words, numbers and paths.

/// The characters of the body of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Hex,
    /// Capital letters and digits.
    Upper,
    Alnum,
    /// Letters, digits, `_` and `-`.
    Url,
    /// As [`Body::Url`], with letters of both cases and digits: for prefixes that also occur in
    /// words.
    Mixed,
    /// As [`Body::Url`], with a long run of letters and digits.
    Keyed,
    /// As [`Body::Url`], with `.` and `=`.
    Dotted,
    /// As [`Body::Url`], with `+`, `/`, `=` and `,`.
    Base64,
    /// As [`Body::Url`], with `=`.
    Base64Url,
    /// As [`Body::Url`], with `/` and `+`.
    Path,
    /// Letters, digits and `$`.
    Dollar,
}

impl Body {
    fn takes(self, byte: u8) -> bool {
        let alnum = byte.is_ascii_alphanumeric();
        match self {
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alnum => alnum,
            Self::Url | Self::Mixed | Self::Keyed => alnum || b"_-".contains(&byte),
            Self::Dotted => alnum || b"_-.=".contains(&byte),
            Self::Base64 => alnum || b"+/=_-,".contains(&byte),
            Self::Base64Url => alnum || b"_-=".contains(&byte),
            Self::Path => alnum || b"_-/+".contains(&byte),
            Self::Dollar => alnum || byte == b'$',
        }
    }

    /// The number of bytes at the start of a text that can be the body, at most `most`; 0 if a
    /// longer token continues after them.
    pub(super) fn length(self, text: &str, most: usize) -> usize {
        let bytes = text.as_bytes();
        let takes = |byte: &&u8| self.takes(**byte);
        let taken = bytes.iter().take(most).take_while(takes).count();
        if taken == most {
            return most;
        }
        if bytes.get(taken).is_some_and(u8::is_ascii_alphanumeric) {
            return 0;
        }
        text[..taken].trim_end_matches(['.', ',', '-']).len()
    }
}

/// Whether a body is random rather than made of words.
pub(super) fn is_random(body: Body, text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let digit = has(u8::is_ascii_digit);
    let mixed = digit && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let stretch = |least| stretches(text).any(|stretch: &str| stretch.len() >= least);
    match body {
        Body::Hex | Body::Alnum | Body::Dollar => true,
        Body::Upper => digit,
        Body::Mixed => mixed,
        Body::Keyed => stretch(32),
        _ => mixed || stretch(16) || stretches(text).any(is_code),
    }
}

/// Whether it mixes letters and digits, or has many digits.
fn is_code(stretch: &str) -> bool {
    let letters = stretch.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = stretch.len() - letters;
    digits >= 10 || (stretch.len() >= 8 && letters > 0 && digits > 0)
}

fn stretches(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
}

/// Whether a value looks like a random secret, where only the key suggests one: it has a long part
/// that no one would write by hand, and is not a number, a path, a common form of id or prose.
pub(super) fn looks_random(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.~:%".contains(&byte);
    if value.len() < 16 || !value.bytes().all(plain) {
        return false;
    }
    let random = |stretch: &str| {
        let has = |test: fn(&u8) -> bool| stretch.as_bytes().iter().any(test);
        let letters = has(u8::is_ascii_alphabetic);
        let both = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
        (stretch.len() >= 16 && letters && has(u8::is_ascii_digit)) || (stretch.len() >= 24 && both)
    };
    !is_path(value) && value.split(['-', '_', '.', ':', '~', '%']).any(random)
}

/// Whether a value is a file path, which says where a secret is but not what it is.
pub(super) fn is_path(value: &str) -> bool {
    let rooted = ["/", "./", "../", "~/", "\\\\"]
        .iter()
        .any(|root| value.starts_with(root));
    let drive = value.as_bytes();
    let drive = drive.len() > 3 && drive[0].is_ascii_alphabetic() && &drive[1..3] == b":\\";
    let lower = value.bytes().filter(u8::is_ascii_lowercase).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    (rooted || drive) && !value.contains(['+', '=']) && lower * 10 >= letters * 6
}

/// Words in the place of a value that are not secrets.
const NO_VALUES: &[&str] = &[
    "null",
    "nil",
    "none",
    "true",
    "false",
    "undefined",
    "empty",
    "missing",
    "invalid",
    "expired",
    "required",
    "unset",
    "unknown",
    "hidden",
    "masked",
    "redacted",
    "removed",
    "filtered",
    "yes",
    "no",
    "not",
    "is",
    "was",
    "must",
    "string",
    "incorrect",
    "wrong",
    "denied",
    "failed",
    "nan",
    "bearer",
    "basic",
    "optional",
    "changed",
    "revoked",
    "valid",
    "ok",
];

/// Whether a value is a placeholder: a word that says that there is no secret, a mask, or the name
/// of a variable.
pub(super) fn is_stand_in(value: &str) -> bool {
    let masked = |c: char| matches!(c, '*' | '.' | '•' | '…' | 'x' | 'X' | '#' | '?' | '-' | '_');
    value.chars().all(masked)
        || value.contains(super::span::REDACTED)
        || value.starts_with("***")
        || ["{{", "${", "$(", "%{", "<", "[", "process.env", "env."]
            .iter()
            .any(|start| value.starts_with(start))
        || NO_VALUES
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
}

/// Whether a word in prose can be a secret: it has digits, capital letters inside or characters
/// that words do not have.
pub(super) fn looks_unlike_word(value: &str) -> bool {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.len() >= 4;
    }
    let capital_inside = value
        .as_bytes()
        .windows(2)
        .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    value
        .bytes()
        .any(|byte| byte.is_ascii_digit() || b"!@#$^*+=~&".contains(&byte))
        || capital_inside
}
