//! The class of an error from its words, where the cause is unknown.

use std::sync::LazyLock;

use regex::Regex;
use weir_model::ErrorClass;

use super::expression::compiled;

use ErrorClass as C;

/// If the words of several classes occur, the first class counts.
const WORDS: &[(ErrorClass, &str)] = &[
    (
        C::RateLimit,
        r"rate.?limit|throttl|too many requests|per second|per minute|rolling limit|provisioned throughput|request rate",
    ),
    (C::Auth, r"\baadsts\d+"),
    (
        C::Code,
        r"cannot read propert|is not a function|is not defined|not iterable|has no attribute|out of range|division by zero|dereference|null ?pointer|call stack|expression|referenced node|paired item|cannot find module|no module named|invalid syntax|syntax error|return items",
    ),
    (
        C::Auth,
        r"unauthori[sz]ed|not authori[sz]ed|authenticat|authori[sz]ation|permission|forbidden|access denied|credential|token .{0,40}(?:expired|invalid|revoked)|(?:expired|invalid|bad|without).{0,30} token|invalid_(?:auth|grant|token|client)|\bscopes?\b|not accessible by|blocked by|api.?key|log ?in\b|logon|password|signature .{0,40}match|client secret|missing_scope|has not been used in project|security token|jwt",
    ),
    (
        C::Quota,
        r"quota|credit balance|billing|limit.{0,20} exceeded|hard limit|exceeded .{0,20}limit|out of memory|\boom\b|out of storage|disk full|memory limit|payment required|insufficient credit",
    ),
    (C::Timeout, r"time[ds]?.?out|deadline|max iterations"),
    (
        C::NotFound,
        r"not.found|(?:does|did) ?n.t exist|do(?:es)? not exist|did not exist|no such|could not find|couldn.t find|cannot find|no longer exist|\bis gone\b|file not found|unknown (?:column|table|database|host)",
    ),
    (
        C::Validation,
        r"invalid|not valid|required|must (?:not )?be|missing|validation|malformed|parse|not supported|unsupported|expect|already exists|declined|insufficient funds|should be|too long|too large|constraint|schema|json|not in the format|required format|rejected|filtered|no recipients|could not get parameter|out of bounds|illegal|no valid|above the limit|exceeds|allowed option|not allowed|does not match|mismatch|blocked for|could not be verified|overflow|malformed",
    ),
    (
        C::Network,
        r"connection|socket|network|\bdns\b|\btls\b|\bssl\b|certificate|redirect|unreachable|econn|proxy|lost contact|could not reach|can.t reach",
    ),
    (
        C::Server,
        r"internal error|server error|unavailable|overloaded|gateway|the server had an error|crash|locked|could not serialize|maintenance|temporar|exclusive access|read-only|starting up|low on resource|nodes are available|target closed",
    ),
];

/// The same for names of error types, split into words.
const NAMES: &[(ErrorClass, &str)] = &[
    (C::Timeout, r"time ?d? ?out"),
    (C::RateLimit, r"rate ?limit|throttl|too many"),
    (
        C::Auth,
        r"auth|permission|forbidden|access denied|credential|token",
    ),
    (C::Quota, r"quota|memory|limit"),
    (C::NotFound, r"not ?found|no such|does not exist|missing"),
    (
        C::Network,
        r"connect|network|dns|socket|ssl|tls|unreachable|fetch",
    ),
    (
        C::Validation,
        r"valid|parse|format|constraint|schema|bad request|json|decode",
    ),
    (
        C::Server,
        r"server|unavailable|gateway|http 5|overload|crash",
    ),
    (
        C::Code,
        r"type error|reference error|attribute error|key error|index error|name error|range error|syntax|null ?pointer|zero division|assert|runtime|recursion|expression|import error|module|code",
    ),
];

struct Compiled(Vec<(ErrorClass, Regex)>);

impl Compiled {
    fn new(table: &[(ErrorClass, &str)]) -> Self {
        let compile = |&(class, words): &(ErrorClass, &str)| (class, compiled(words));
        Self(table.iter().map(compile).collect())
    }

    fn find(&self, text: &str) -> Option<ErrorClass> {
        let mut found = self.0.iter().filter(|(_, words)| words.is_match(text));
        found.next().map(|&(class, _)| class)
    }
}

static OF_WORDS: LazyLock<Compiled> = LazyLock::new(|| Compiled::new(WORDS));
static OF_NAMES: LazyLock<Compiled> = LazyLock::new(|| Compiled::new(NAMES));

/// The class of a lower-case text; `None` if no words match.
pub(super) fn text(lower: &str) -> Option<ErrorClass> {
    OF_WORDS.find(lower)
}

/// The class of the name of an error type: `ConnectTimeoutError`, `ETIMEDOUT`, `rate_limited`.
pub(super) fn name(name: &str) -> Option<ErrorClass> {
    if name.is_empty() {
        return None;
    }
    let mut apart = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            apart.push(' ');
        }
        apart.extend(if letter.is_alphanumeric() {
            letter.to_lowercase().next()
        } else {
            Some(' ')
        });
        before = letter;
    }
    OF_NAMES.find(&apart)
}
