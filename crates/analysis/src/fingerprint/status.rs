//! HTTP statuses in messages: removed, so that the rest of a message decides, and used as the title
//! where a message says nothing else.

use std::sync::LazyLock;

use regex::Regex;
use weir_model::ErrorClass;

use super::expression::compiled;

/// An HTTP error status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status(u16);

struct KnownStatus {
    code: u16,
    title: &'static str,
    class: ErrorClass,
    /// Its wording in messages, as a regular expression: the reason phrase of RFC 9110 and n8n's
    /// sentence.
    words: &'static str,
}

const fn known(
    code: u16,
    title: &'static str,
    class: ErrorClass,
    words: &'static str,
) -> KnownStatus {
    KnownStatus {
        code,
        title,
        class,
        words,
    }
}

use ErrorClass as C;

const KNOWN: &[KnownStatus] = &[
    known(
        400,
        "Bad request",
        C::Validation,
        "bad request(?: - please check your parameters)?|your request is invalid or could not be processed by the service",
    ),
    known(
        401,
        "Unauthorized",
        C::Auth,
        "unauthorized|authorization failed(?: - please check your credentials)?",
    ),
    known(
        402,
        "Payment required",
        C::Quota,
        "payment required(?: - perhaps check your payment details\\?)?",
    ),
    known(
        403,
        "Forbidden",
        C::Auth,
        "forbidden(?: - perhaps check your credentials\\??)?",
    ),
    known(
        404,
        "Not found",
        C::NotFound,
        "(?:page )?not found|the resource you are requesting could not be found",
    ),
    known(
        405,
        "Method not allowed",
        C::Validation,
        "method not allowed(?: - please check you are using the right http method)?",
    ),
    known(406, "Not acceptable", C::Validation, "not acceptable"),
    known(408, "Request timed out", C::Timeout, "request time-?out"),
    known(409, "Conflict", C::Validation, "conflict"),
    known(410, "Gone", C::NotFound, "gone"),
    known(
        413,
        "Payload too large",
        C::Validation,
        "(?:payload|content|request entity) too large",
    ),
    known(
        415,
        "Unsupported media type",
        C::Validation,
        "unsupported media type",
    ),
    known(
        422,
        "Unprocessable",
        C::Validation,
        "unprocessable (?:entity|content)",
    ),
    known(
        429,
        "Rate limited",
        C::RateLimit,
        "(?:the service is receiving )?too many requests(?: from you)?",
    ),
    known(
        500,
        "Internal server error",
        C::Server,
        "internal server error|the service was not able to process your request",
    ),
    known(501, "Not implemented", C::Server, "not implemented"),
    known(
        502,
        "Bad gateway",
        C::Server,
        "bad gateway(?:: upstream prematurely closed connection| - the service failed to handle your request)?",
    ),
    known(
        503,
        "Service unavailable",
        C::Server,
        "service (?:temporarily )?unavailable(?: - try again later.*)?",
    ),
    known(
        504,
        "Gateway timed out",
        C::Timeout,
        "gateway time(?:d |-)?out(?: - perhaps try again later\\??)?",
    ),
    known(
        520,
        "Error of the origin server",
        C::Server,
        "web server returned an unknown error",
    ),
    known(521, "Origin server down", C::Server, "web server is down"),
    known(
        522,
        "Origin server timed out",
        C::Timeout,
        "origin time-?out",
    ),
    known(
        524,
        "Origin server timed out",
        C::Timeout,
        "a timeout occurred",
    ),
    known(529, "Overloaded", C::Server, "overloaded"),
];

static CODE: LazyLock<Regex> = LazyLock::new(|| {
    let before = r"^(?:unexpected (?:http )?(?:response )?status(?: code)?:? |response status code does not indicate success:? +|(?:(?:request|api call) failed with )?(?:http )?status(?: code)?[: ]+|http(?:/\d(?:\.\d)?)?(?: error)? |(?:response|error) code:? |(?:api|http) error:? |\[)?";
    let reasons: Vec<&str> = KNOWN.iter().map(|known| known.words).collect();
    let after = format!(
        r#"([45]\d\d)\b(?P<smtp>[ -]\d\.\d\.\d)?[\s:-]*(?:(?:client|server) error:)?\s*["(]?(?:{})?[")\]]?(?:\s+for url:.*$)?[\s:,.-]*"#,
        reasons.join("|")
    );
    compiled(&format!("(?i){before}{after}"))
});

static WORDS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let expression = |known: &KnownStatus| {
        compiled(&format!(
            r"(?i)^(?:{})(?:\s*[.!]?\s*$|\s*:\s+)",
            known.words
        ))
    };
    KNOWN.iter().map(expression).collect()
});

/// The status that a text begins with, and the rest of the text.
pub(super) fn take(text: &str) -> (Option<Status>, String) {
    if let Some(found) = CODE.captures(text)
        && found.name("smtp").is_none()
        && let Ok(code) = found[1].parse()
    {
        let rest = &text[found[0].len()..];
        return (Some(Status(code)), rest.to_owned());
    }
    let in_words = KNOWN.iter().zip(&*WORDS);
    let mut found = in_words.filter_map(|(known, words)| Some((known, words.find(text)?)));
    match found.next() {
        Some((known, words)) => (Some(Status(known.code)), text[words.end()..].to_owned()),
        None => (None, text.to_owned()),
    }
}

impl Status {
    fn known(self) -> Option<&'static KnownStatus> {
        KNOWN.iter().find(|known| known.code == self.0)
    }

    /// The title of an error with this status that says nothing else.
    pub fn title(self) -> &'static str {
        match (self.known(), self.0) {
            (Some(known), _) => known.title,
            (None, ..500) => "Other client error",
            (None, _) => "Other server error",
        }
    }

    /// The class of the status.
    pub fn class(self) -> ErrorClass {
        match (self.known(), self.0) {
            (Some(known), _) => known.class,
            (None, ..500) => ErrorClass::Validation,
            (None, _) => ErrorClass::Server,
        }
    }
}
