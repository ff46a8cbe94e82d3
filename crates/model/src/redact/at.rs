//! What surrounds an `@`: e-mail addresses, and credentials in URLs.

use super::{
    shape::{is_stand_in, looks_random},
    span::Span,
};

/// What ends the authority of a URL (credentials and host).
const ENDS_AUTHORITY: &[char] = &['/', '?', '#', '"', '\'', '<', '>', '`', '\\', '|'];
/// The longest local part of an address, in characters (RFC 5321).
const LOCAL: usize = 64;
/// How many bytes are searched for credentials in a URL.
const CREDENTIALS: usize = 512;
/// Image file extensions: `logo@2x.png` is not an address.
const IMAGES: &[&str] = &["png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico"];

/// Which of the two to find.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub addresses: bool,
    pub credentials: bool,
}

/// Finds the addresses and credentials in a text.
pub(super) fn find(text: &str, wanted: Wanted, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let signs = |byte: &u8| matches!(byte, b'@' | b'%');
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(signs) {
        let sign = at + found;
        let length = if bytes[sign] == b'@' { 1 } else { 3 };
        at = sign + 1;
        if length == 3 && !bytes[sign..].starts_with(b"%40") {
            continue;
        }
        match authority(text, sign).filter(|_| length == 1) {
            Some(begin) if wanted.credentials => spans.extend(credentials(text, begin, sign)),
            Some(_) => {}
            None if wanted.addresses => spans.extend(address(text, sign, sign + length)),
            None => {}
        }
    }
}

/// Where the authority of the URL that contains this `@` begins.
fn authority(text: &str, sign: usize) -> Option<usize> {
    let nearest = text.floor_char_boundary(sign.saturating_sub(CREDENTIALS));
    let ends = |c: char| c.is_whitespace() || ENDS_AUTHORITY.contains(&c);
    let slash = nearest + text[nearest..sign].rfind(ends)?;
    let is_slash = text.as_bytes()[slash] == b'/';
    (is_slash && text[..=slash].ends_with("://")).then_some(slash + 1)
}

/// The password in a URL, or a token in place of the user. The rest of the URL is kept.
fn credentials(text: &str, begin: usize, sign: usize) -> Option<Span> {
    let ends = |c: char| c.is_whitespace() || ENDS_AUTHORITY.contains(&c);
    let rest = &text[sign + 1..];
    let rest = &rest[..rest.floor_char_boundary(CREDENTIALS)];
    let host = rest.split(ends).next().unwrap_or_default();
    // A password can contain an `@`; the last one ends it.
    if host.contains('@') {
        return None;
    }
    let info = &text[begin..sign];
    let secret = match info.split_once(':') {
        Some((_, password)) => password,
        None if looks_random(info) => info,
        None => "",
    };
    let none = secret.is_empty() || is_stand_in(secret);
    (!none).then(|| Span::new(sign - secret.len(), sign, "credentials in URLs"))
}

/// The address around a sign that begins at `before` and ends at `after`.
fn address(text: &str, before: usize, after: usize) -> Option<Span> {
    let in_local = |c: char| c.is_alphanumeric() || "._%+-'".contains(c);
    let local: usize = text[..before]
        .chars()
        .rev()
        .take(LOCAL)
        .take_while(|&c| in_local(c))
        .map(char::len_utf8)
        .sum();
    let local = text[before - local..before].trim_start_matches(['.', '\'', '-', '%', '+']);
    let in_domain = |c: char| c.is_alphanumeric() || c == '.' || c == '-';
    let rest = &text[after..];
    let length = rest.find(|c| !in_domain(c)).unwrap_or(rest.len());
    let domain = rest[..length].trim_end_matches(['.', '-']);
    // `git@host:path` is the address of a repository.
    if local.is_empty() || local == "git" || !is_domain(domain) {
        return None;
    }
    Some(Span::new(
        before - local.len(),
        after + domain.len(),
        "e-mail addresses",
    ))
}

fn is_domain(domain: &str) -> bool {
    let labels = || domain.split('.');
    let last = labels().next_back().unwrap_or_default();
    let first = labels().next().unwrap_or_default();
    let numeric = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let letters = last.chars().all(char::is_alphabetic) || last.starts_with("xn--");
    // `package@1.2.3-rc.a` is a version.
    labels().count() >= 2
        && labels().all(|label| !label.is_empty())
        && last.chars().count() >= 2
        && letters
        && !(numeric(first) && labels().count() >= 3)
        && !IMAGES.contains(&last)
}
