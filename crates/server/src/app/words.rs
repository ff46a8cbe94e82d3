//! Validation of what people type: e-mail addresses, names and passwords.

use super::{AppError, ErrorCode};

/// The longest e-mail address, in bytes (RFC 5321).
const EMAIL_BYTES: usize = 254;
const NAME_BYTES: usize = 128;
/// The shortest password, in characters: shorter ones can be guessed.
const PASSWORD_LETTERS: usize = 10;
/// The longest password, in bytes: longer ones are not checked.
const PASSWORD_BYTES: usize = 1024;

/// An e-mail address in lower case. Fails if it is malformed.
pub(super) fn email(given: &str) -> Result<String, AppError> {
    let email = given.trim().to_lowercase();
    let parts = email.split_once('@');
    let good = parts.is_some_and(|(name, host)| {
        let visible =
            |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;:\"()[]\\".contains(c);
        !name.is_empty() && !host.is_empty() && !host.contains('@') && email.chars().all(visible)
    });
    match good && email.len() <= EMAIL_BYTES {
        true => Ok(email),
        false => Err(wrong(
            "email",
            "This is not an e-mail address.",
            "ada@example.com",
        )),
    }
}

/// A name without surrounding spaces. Fails if it is empty, too long or has control characters.
pub(super) fn name<'a>(field: &str, given: &'a str) -> Result<&'a str, AppError> {
    let name = given.trim();
    let good = (1..=NAME_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
    match good {
        true => Ok(name),
        false => Err(wrong(
            field,
            "A name has 1 to 128 bytes and no line break.",
            "Ada Lovelace",
        )),
    }
}

/// A new password. Fails if it is too short or too long.
pub(super) fn new_password<'a>(field: &str, given: &'a str) -> Result<&'a str, AppError> {
    let good = given.chars().count() >= PASSWORD_LETTERS && given.len() <= PASSWORD_BYTES;
    match good {
        true => Ok(given),
        false => Err(wrong(
            field,
            "A password has at least 10 characters and at most 1024 bytes.",
            "Four unrelated words make a good password.",
        )),
    }
}

/// Whether a password is short enough to be checked.
pub(super) fn is_plausible(password: &str) -> bool {
    password.len() <= PASSWORD_BYTES
}

fn wrong(field: &str, detail: &str, fix: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail)
        .field(field)
        .fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        assert_eq!(email(" Owner@localhost ").unwrap(), "owner@localhost");
        assert_eq!(email("a.b+c@example.co.uk").unwrap(), "a.b+c@example.co.uk");
        for bad in ["", "@", "a@", "@b", "a@b@c", "a b@c", "a\n@b", "<a@b>"] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
        assert!(email(&format!("{}@example.com", "x".repeat(250))).is_err());
    }

    #[test]
    fn the_length_of_a_password_counts_characters_of_any_alphabet() {
        assert!(new_password("password", "ααααααααα").is_err());
        assert!(new_password("password", "αααααααααα").is_ok());
        assert!(new_password("password", &"x".repeat(1025)).is_err());
    }
}
