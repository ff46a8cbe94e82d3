//! The behaviour of connectors: how long calls take, and how they fail.

use crate::rng::Rng;

/// The behaviour of one step type.
pub(crate) struct Connector {
    /// The median duration of a call in milliseconds.
    pub median_ms: f64,
    /// The spread of durations (sigma of a log-normal distribution).
    pub sigma: f64,
    /// The share of calls that fail, 0 to 1.
    pub failing: f64,
    /// `errorType` and `errorMessage` of its failures, the most common first.
    pub failures: &'static [(&'static str, &'static str)],
}

type Failures = &'static [(&'static str, &'static str)];

const HTTP: Failures = &[
    ("connection_refused", "connect ECONNREFUSED 10.20.4.17:443"),
    ("timeout", "ETIMEDOUT: request timed out after 30000 ms"),
    (
        "http_502",
        "502 Bad Gateway: upstream prematurely closed connection",
    ),
    (
        "json_parse",
        "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
    ),
    (
        "tls",
        "unable to verify the first certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
    ),
    ("dns", "getaddrinfo ENOTFOUND api.partner.internal"),
];
const SAAS: Failures = &[
    (
        "rate_limited",
        "429 Too Many Requests: retry after 30 seconds",
    ),
    ("auth", "401 Unauthorized: the access token expired"),
    ("http_500", "500 Internal Server Error"),
    (
        "not_found",
        "404 Not Found: the record does not exist or was deleted",
    ),
    ("timeout", "ETIMEDOUT: request timed out after 30000 ms"),
];
const DATABASE: Failures = &[
    ("timeout", "canceling statement due to statement timeout"),
    (
        "deadlock",
        "deadlock detected: process 4183 waits for ShareLock",
    ),
    (
        "constraint",
        "duplicate key value violates unique constraint \"orders_external_id_key\"",
    ),
    ("connection_limit", "sorry, too many clients already"),
];
const LLM: Failures = &[
    (
        "rate_limited",
        "429 Rate limit reached for requests per min (RPM): Limit 500, Used 500",
    ),
    (
        "json_parse",
        "The model's answer is not valid JSON: Expected ',' or '}' at position 412",
    ),
    (
        "context_length",
        "This model's maximum context length is 128000 tokens, the messages have 141022",
    ),
    (
        "quota",
        "insufficient_quota: you exceeded your current quota",
    ),
    ("timeout", "ETIMEDOUT: request timed out after 60000 ms"),
];
const CODE: Failures = &[
    (
        "type_error",
        "TypeError: Cannot read properties of undefined (reading 'email')",
    ),
    (
        "validation",
        "ValidationError: \"amount\" must be a positive number",
    ),
    ("json_parse", "Unexpected end of JSON input"),
];
const MAIL: Failures = &[
    ("quota", "550 5.4.5 Daily user sending quota exceeded"),
    ("auth", "535 5.7.8 Username and Password not accepted"),
    ("rejected", "550 5.1.1 The mail account does not exist"),
];
const FILES: Failures = &[
    (
        "access_denied",
        "AccessDenied: user is not authorized to perform s3:PutObject",
    ),
    ("out_of_memory", "JavaScript heap out of memory"),
    (
        "corrupt_file",
        "Invalid PDF structure: cross reference table is missing",
    ),
];

const fn connector(median_ms: f64, sigma: f64, failing: f64, failures: Failures) -> Connector {
    Connector {
        median_ms,
        sigma,
        failing,
        failures,
    }
}

/// The behaviour of a step type.
pub(crate) fn connector_of(step_type: &str) -> Connector {
    match step_type {
        "set" => connector(3.0, 0.3, 0.0002, CODE),
        "code" => connector(18.0, 0.9, 0.0030, CODE),
        "wait" => connector(240_000.0, 0.5, 0.0, CODE),
        "postgres" => connector(42.0, 0.8, 0.0020, DATABASE),
        "bigquery" => connector(2_900.0, 0.6, 0.0040, DATABASE),
        "openai" | "anthropic" => connector(2_600.0, 0.55, 0.0120, LLM),
        "pinecone" => connector(120.0, 0.5, 0.0030, SAAS),
        "ocr" => connector(3_800.0, 0.5, 0.0080, FILES),
        "pdf" | "docx" => connector(1_300.0, 0.5, 0.0050, FILES),
        "s3" | "googleDrive" => connector(380.0, 0.7, 0.0030, FILES),
        "gmail" | "sendgrid" | "mailchimp" => connector(430.0, 0.5, 0.0060, MAIL),
        "sap" => connector(1_150.0, 0.8, 0.0110, HTTP),
        "httpRequest" => connector(310.0, 0.9, 0.0100, HTTP),
        "slack" => connector(180.0, 0.4, 0.0030, SAAS),
        _ => connector(360.0, 0.6, 0.0060, SAAS),
    }
}

impl Connector {
    /// Picks one of its failures: each is twice as likely as the next.
    pub fn failure(&self, rng: &mut Rng) -> (&'static str, &'static str) {
        let mut index = 0;
        while index + 1 < self.failures.len() && rng.chance(0.5) {
            index += 1;
        }
        self.failures[index]
    }
}

/// A language model and its price in dollars per million input and output tokens.
pub(crate) struct Model {
    pub provider: &'static str,
    pub name: &'static str,
    pub input: f64,
    pub output: f64,
}

/// The model that `openai` steps use.
pub(crate) const SMALL: Model = Model {
    provider: "openai",
    name: "gpt-4.1-mini",
    input: 0.4,
    output: 1.6,
};
/// The model that `anthropic` steps use.
pub(crate) const WRITER: Model = Model {
    provider: "anthropic",
    name: "claude-sonnet-4",
    input: 3.0,
    output: 15.0,
};
/// The model that ran on the day of the cost spike.
pub(crate) const EXPENSIVE: Model = Model {
    provider: "openai",
    name: "o1",
    input: 15.0,
    output: 60.0,
};
