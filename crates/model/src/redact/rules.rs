//! The rules: which keys and which values are sensitive.

/// Which keys and which values are sensitive. Keys are compared word by word. A term consists of
/// one or more words. It matches whole words of a key (`DB_PASSWORD`, `dbPassword`) or, if it has
/// at least five letters, the end of a word (`dbpassword`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RedactionRules {
    /// A key is sensitive if it contains one of these terms, ignoring case and separators.
    pub keys_containing: Vec<String>,
    /// A key is sensitive if it ends in one of these terms (`accessToken`, but not `inputTokens`).
    pub keys_ending: Vec<String>,
    /// A key that ends in one of these terms is sensitive if its value looks like a random secret,
    /// or if the key names a provider whose secrets have a known form (`OPENAI_KEY`).
    pub keys_hinting: Vec<String>,
    /// A key that ends in one of these terms is never sensitive: its value describes a secret or is
    /// not one.
    pub keys_kept: Vec<String>,
    /// Whether to redact secrets that have a known form, or that follow a sensitive key in a text:
    /// provider keys, web tokens, private keys, credentials in URLs, cookies, `password=...`.
    pub secrets: bool,
    /// Whether to redact e-mail addresses.
    pub emails: bool,
    /// Whether to redact payment card numbers.
    pub cards: bool,
    /// Whether to redact bank account numbers (IBAN) and US social security numbers.
    pub accounts: bool,
    /// Regular expressions for further sensitive values in any text. What a group named `keep`
    /// matches is kept.
    pub values: Vec<String>,
}

impl Default for RedactionRules {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
        Self {
            keys_containing: words(KEYS_CONTAINING),
            keys_ending: words(KEYS_ENDING),
            keys_hinting: words(KEYS_HINTING),
            keys_kept: words(KEYS_KEPT),
            secrets: true,
            emails: true,
            cards: true,
            accounts: true,
            values: Vec::new(),
        }
    }
}

const KEYS_CONTAINING: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "credential",
    "authorization",
    "api key",
    "access key",
    "private key",
    "secret key",
    "signing key",
    "encryption key",
    "master key",
    "account key",
    "auth key",
    "service key",
    "shared key",
    "card number",
    "credit card",
    "security code",
    "social security",
];

const KEYS_ENDING: &[&str] = &[
    "token",
    "cookie",
    "cookies",
    "bearer",
    "jwt",
    "pwd",
    "otp",
    "cvv",
    "cvc",
    "ssn",
    "iban",
    "pin",
    "email",
    "db pass",
    "smtp pass",
    "user pass",
    "mail pass",
    "ftp pass",
    "ssh pass",
    "root pass",
    "admin pass",
];

const KEYS_HINTING: &[&str] = &[
    "key",
    "keys",
    "tokens",
    "auth",
    "pass",
    "pat",
    "creds",
    "signature",
    "sig",
];

const KEYS_KEPT: &[&str] = &[
    "at",
    "on",
    "by",
    "id",
    "ids",
    "name",
    "type",
    "kind",
    "count",
    "length",
    "size",
    "limit",
    "age",
    "ttl",
    "url",
    "uri",
    "path",
    "file",
    "dir",
    "arn",
    "ref",
    "reference",
    "version",
    "status",
    "state",
    "policy",
    "strength",
    "score",
    "hint",
    "field",
    "label",
    "format",
    "scope",
    "scopes",
    "enabled",
    "required",
    "expired",
    "expires",
    "expiry",
    "expiration",
    "expires in",
    "valid",
    "usage",
    "used",
    "provider",
    "source",
    "method",
    "mode",
    "consent",
    "page token",
    "next token",
    "sync token",
    "continuation token",
    "cancellation token",
    "public key",
    "primary key",
    "foreign key",
    "partition key",
    "sort key",
    "cache key",
    "idempotency key",
    "object key",
    "row key",
    "route key",
    "routing key",
    "group key",
    "message key",
    "lookup key",
    "translation key",
    "issue key",
    "project key",
    "event key",
    "search key",
    "query key",
    "feature key",
    "hash key",
    "s3 key",
    "storage key",
    "item key",
    "correlation key",
    "dedup key",
    "deduplication key",
    "unique key",
    "business key",
    "natural key",
    "record key",
    "state key",
    "task key",
    "error key",
    "job key",
    "document key",
    "blob key",
    "file key",
];
