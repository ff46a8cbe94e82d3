//! Secrets that are recognised by their form alone.

use super::{known, signs::SHORTEST, span::Span};

/// Authentication schemes that precede a secret.
const SCHEMES: &[&str] = &["bearer", "basic", "token", "apikey"];

/// Tests whether a word is a secret of a given form.
type Form = fn(&str) -> bool;

/// The length of the shortest secret without a telling prefix.
const ODD: usize = 35;
/// Secrets without a telling prefix: the rule's name, and the test.
const ODD_FORMS: &[(&str, Form)] = &[
    ("Discord secret", is_discord_token),
    ("HashiCorp secret", |run| run.contains(".atlasv1.")),
    ("Mailchimp secret", is_mailchimp_key),
    ("Airtable secret", is_airtable_token),
];

/// Finds secrets of a known form in a text.
pub(super) fn find(text: &str, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|byte| joins(**byte)).count();
        let end = at + run;
        if run < SHORTEST && bytes.get(end) != Some(&b'~') {
            at = end;
            continue;
        }
        let from = after_escape(bytes, at);
        let found = span(text, from, end);
        at = found.as_ref().map_or(end, |span| span.to.max(end));
        spans.extend(found);
    }
}

fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)
}

/// The letters of `%3D` and `\n` before a token do not belong to it.
fn after_escape(bytes: &[u8], at: usize) -> usize {
    let before = at.checked_sub(1).map(|before| bytes[before]);
    match before {
        Some(b'%') if bytes[at..].iter().take(2).all(u8::is_ascii_hexdigit) => at + 2,
        Some(b'\\') if b"nrt".contains(&bytes[at]) => at + 1,
        _ => at,
    }
}

fn span(text: &str, from: usize, end: usize) -> Option<Span> {
    let rest = &text[from..];
    if let Some((provider, token, length)) = known::at_start(rest) {
        let kept = if token.keeps_prefix {
            token.prefix.len()
        } else {
            0
        };
        let rule = format!("{} secret", provider.name);
        return Some(Span::new(from + kept, from + length, rule));
    }
    let run = text[from..end].trim_end_matches(['.', '-', '_']);
    let whole = |rule: &'static str| Some(Span::new(from, from + run.len(), rule));
    if is_web_token(run) {
        return whole("JSON web tokens");
    }
    if run.len() >= ODD {
        let issuer = ODD_FORMS.iter().find(|(_, is_form)| is_form(run));
        if let Some(&(rule, _)) = issuer {
            return whole(rule);
        }
    }
    telegram(text, from, run)
        .or_else(|| teams(text, from, end))
        .or_else(|| azure(text, from, end))
        .or_else(|| after_scheme(text, from))
}

/// A JSON web token (RFC 7519): a base64 object, followed by further parts after dots.
fn is_web_token(run: &str) -> bool {
    let parts = || run.split('.');
    run.starts_with("eyJ")
        && (2..=5).contains(&parts().count())
        && parts().take(2).all(|part| part.len() >= 8)
}

/// A bot token: its id in base64, a time and a signature.
/// <https://docs.discord.com/developers/reference#authentication>
fn is_discord_token(run: &str) -> bool {
    let mut parts = run.split('.');
    let (id, time, signature) = (parts.next(), parts.next(), parts.next());
    let of = |part: Option<&str>, least, most| {
        part.is_some_and(|part| (least..=most).contains(&part.len()))
    };
    run.starts_with(['M', 'N', 'O'])
        && of(id, 23, 28)
        && of(time, 6, 7)
        && of(signature, 27, 40)
        && parts.next().is_none()
}

/// 32 hexadecimal digits and the name of a data centre.
fn is_mailchimp_key(run: &str) -> bool {
    let Some((key, centre)) = run.split_once("-us") else {
        return false;
    };
    key.len() == 32
        && key.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (1..=2).contains(&centre.len())
        && centre.bytes().all(|byte| byte.is_ascii_digit())
}

/// `pat`, 14 letters, and 64 hexadecimal digits.
fn is_airtable_token(run: &str) -> bool {
    let Some((id, secret)) = run.split_once('.') else {
        return false;
    };
    id.len() == 17
        && id.starts_with("pat")
        && secret.len() == 64
        && secret.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A bot's id, a colon, and 35 characters that begin with `AA`.
fn telegram(text: &str, from: usize, run: &str) -> Option<Span> {
    let before = text[..from].strip_suffix(':')?;
    let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let is_token = run.len() == 35 && run.starts_with("AA") && (8..=10).contains(&digits);
    let begin = before.len() - digits;
    is_token.then(|| Span::new(begin, from + run.len(), "Telegram secret"))
}

/// The path of an incoming webhook of a Teams tenant.
fn teams(text: &str, from: usize, end: usize) -> Option<Span> {
    let path = text[from..end].ends_with(".webhook.office.com");
    let rest = text[end..].strip_prefix("/webhookb2/").filter(|_| path)?;
    let takes = |byte: &u8| byte.is_ascii_alphanumeric() || b"-/@".contains(byte);
    let length = rest
        .as_bytes()
        .iter()
        .take_while(|byte| takes(byte))
        .count();
    let begin = text.len() - rest.len();
    (length >= 36).then(|| Span::new(begin, begin + length, "Microsoft Teams secret"))
}

/// An Azure application secret: three characters, a digit, `Q~` and at least 31 more.
fn azure(text: &str, from: usize, end: usize) -> Option<Span> {
    let head = &text.as_bytes()[from..end];
    let rest = text[end..].strip_prefix('~')?;
    if head.len() < 5 || !head.ends_with(b"Q") || !head[head.len() - 2].is_ascii_digit() {
        return None;
    }
    let takes = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_~.-".contains(byte);
    let length = rest.as_bytes().iter().take_while(takes).count();
    (length >= 31).then(|| Span::new(end - 5, end + 1 + length, "Microsoft Azure secret"))
}

/// What follows the name of an authentication scheme: `Bearer ...`.
fn after_scheme(text: &str, from: usize) -> Option<Span> {
    let before = text[..from].strip_suffix(' ')?;
    let letters = before
        .bytes()
        .rev()
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let word = &before[before.len() - letters..];
    let scheme = SCHEMES
        .iter()
        .find(|scheme| word.eq_ignore_ascii_case(scheme))?;
    let takes = |byte: &u8| joins(*byte) || b"~+/=".contains(byte);
    let rest = &text.as_bytes()[from..];
    let length = rest.iter().take_while(|byte| takes(byte)).count();
    let secret = text[from..from + length].trim_end_matches('.');
    let fits = match *scheme {
        "basic" => is_base64(secret),
        // `token` is also an ordinary word.
        "token" => super::shape::looks_random(secret),
        _ => secret.bytes().any(|byte| byte.is_ascii_digit()) || has_both_cases(secret),
    };
    fits.then(|| Span::new(from, from + secret.len(), "authentication credentials"))
}

fn has_both_cases(secret: &str) -> bool {
    let capital = secret[1..].bytes().any(|byte| byte.is_ascii_uppercase());
    secret.len() >= 16 && capital && secret.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether it is base64 rather than a word.
fn is_base64(secret: &str) -> bool {
    let capital = secret[1..].bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = secret.bytes().any(|byte| byte.is_ascii_lowercase());
    secret.len().is_multiple_of(4) && capital && lower
}

/// The beginning of a private key in PEM format.
const PEM: &str = "-----BEGIN ";

/// Finds private keys in PEM format, up to their end or that of the text.
pub(super) fn private_keys(text: &str, spans: &mut Vec<Span>) {
    let mut at = 0;
    while let Some(found) = text[at..].find(PEM) {
        let from = at + found;
        let head = &text[from + PEM.len()..];
        let label = head.split("-----").next().unwrap_or_default();
        at = from + PEM.len();
        if !label.contains("PRIVATE KEY") || label.len() > 100 {
            continue;
        }
        let end = format!("-----END {label}-----");
        let to = text[at..]
            .find(&end)
            .map_or(text.len(), |found| at + found + end.len());
        spans.push(Span::new(from, to, "private keys"));
        at = to;
    }
}
