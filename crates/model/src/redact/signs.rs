//! The first check of a text: one pass over its bytes, which settles most texts.

/// Letters, digits, `_` and `-`: the characters of secrets.
const WORD: u8 = 1;
const DIGIT: u8 = 2;
/// `@`, and `%`, which can begin an encoded `@`.
const AT: u8 = 4;
/// What separates a key from its value.
const ASSIGNS: u8 = 8;
/// The first character of command-line options and of the header of a private key.
const DASH: u8 = 16;
/// What separates words.
const SPACE: u8 = 32;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => WORD | DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => WORD,
            b'-' => WORD | DASH,
            b'@' | b'%' => AT,
            b'=' | b':' | b'>' => ASSIGNS,
            b' ' => SPACE,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// The shortest word that is searched for a secret without a key.
pub(super) const SHORTEST: usize = 11;
/// The number of digits of the shortest card number.
const CARD: usize = 13;
/// The number of digits of a social security number; no account number has fewer.
const ACCOUNT: usize = 9;
/// The length of the shortest sentence that contains a password.
const SENTENCE: usize = "pwd is 1a2b".len();

/// Signs that a text can contain something sensitive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signs {
    seen: u8,
    digits: usize,
    /// The longest run of letters, digits, `_` and `-`.
    longest: usize,
    length: usize,
}

impl Signs {
    pub(super) fn of(text: &str) -> Self {
        let (mut seen, mut digits, mut run, mut longest) = (0, 0, 0_usize, 0);
        let mut before = 0;
        for &byte in text.as_bytes() {
            let class = CLASSES[usize::from(byte)];
            // A dash within a word does not begin an option or a key header.
            let within = (before & WORD & !(before / DASH)) * DASH;
            seen |= class & !within;
            digits += usize::from((class & DIGIT) / DIGIT);
            // Continue the run or restart it, without a branch: a branch would be mispredicted at
            // every space.
            run = (run + 1) & 0_usize.wrapping_sub(usize::from(class & WORD));
            longest = run.max(longest);
            before = class;
        }
        Self {
            seen,
            digits,
            longest,
            length: text.len(),
        }
    }

    /// Whether it can contain an address, or a URL with credentials.
    pub(super) fn at(self) -> bool {
        self.seen & AT != 0
    }

    /// Whether it can contain keys with their values.
    pub(super) fn assigns(self) -> bool {
        self.seen & ASSIGNS != 0
    }

    /// Whether it can contain command-line options or a private key.
    pub(super) fn dashes(self) -> bool {
        self.seen & DASH != 0
    }

    /// Whether it can contain a secret of a known form.
    pub(super) fn long_word(self) -> bool {
        self.longest >= SHORTEST
    }

    /// Whether it can contain a card number.
    pub(super) fn card(self) -> bool {
        self.digits >= CARD
    }

    /// Whether it can contain an account number or a social security number.
    pub(super) fn account(self) -> bool {
        self.digits >= ACCOUNT
    }

    /// Whether it can be a sentence that contains a password.
    pub(super) fn sentence(self) -> bool {
        self.seen & SPACE != 0 && self.length >= SENTENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_shows_no_signs() {
        let signs = Signs::of("Invoice intake, May");
        assert!(!signs.at() && !signs.assigns() && !signs.long_word() && !signs.card());
        assert!(Signs::of("a@b").at() && Signs::of("a%40b").at());
        assert!(Signs::of("a=b").assigns() && Signs::of("x: y").assigns());
        assert!(Signs::of("--p x").dashes() && Signs::of("a -u b").dashes());
        assert!(Signs::of("x-----BEGIN").dashes() && !Signs::of("hook-7").dashes());
        assert!(Signs::of("x_345678901").long_word());
        assert!(Signs::of("123-45-6789").account() && !Signs::of("1234 5678").account());
        assert!(Signs::of("pwd is 1a2b").sentence() && !Signs::of("one-word-only").sentence());
        assert!(Signs::of("4111 1111 1111 1").card() && !Signs::of("4111 1111 1111").card());
    }
}
