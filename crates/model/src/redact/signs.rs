//! The first look at a text: one pass over its bytes, which most texts do not get beyond.

/// Letters, digits, `_` and `-`: what secrets are made of.
const WORD: u8 = 1;
const DIGIT: u8 = 2;
/// `@`, and `%`, which may begin one that is encoded.
const AT: u8 = 4;
/// What stands between a key and its value.
const ASSIGNS: u8 = 8;
/// What options and the frames of keys begin with.
const DASH: u8 = 16;
/// What stands between words.
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

/// The shortest word in which a secret is looked for where no key says that it is one.
pub(super) const SHORTEST: usize = 11;
/// The digits of the shortest card.
const CARD: usize = 13;
/// The digits of a social security number; no account has fewer.
const ACCOUNT: usize = 9;
/// The length of the shortest sentence that tells a password.
const SENTENCE: usize = "pwd is 1a2b".len();

/// What a text holds that may be part of something sensitive.
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
            // A dash within a word is none of an option or of the frame of a key.
            let within = (before & WORD & !(before / DASH)) * DASH;
            seen |= class & !within;
            digits += usize::from((class & DIGIT) / DIGIT);
            // Goes on, or begins anew: without a branch, of which every space would be a wrong guess.
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

    /// Whether it may hold an address, or a URL with credentials.
    pub(super) fn at(self) -> bool {
        self.seen & AT != 0
    }

    /// Whether it may hold keys with their values.
    pub(super) fn assigns(self) -> bool {
        self.seen & ASSIGNS != 0
    }

    /// Whether it may hold options of a command.
    pub(super) fn dashes(self) -> bool {
        self.seen & DASH != 0
    }

    /// Whether it may hold a secret that can be told by its form.
    pub(super) fn long_word(self) -> bool {
        self.longest >= SHORTEST
    }

    /// Whether it may hold the number of a card.
    pub(super) fn card(self) -> bool {
        self.digits >= CARD
    }

    /// Whether it may hold the number of an account or of social security.
    pub(super) fn account(self) -> bool {
        self.digits >= ACCOUNT
    }

    /// Whether it may be a sentence that tells a password.
    pub(super) fn sentence(self) -> bool {
        self.seen & SPACE != 0 && self.length >= SENTENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_shows_no_sign() {
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
