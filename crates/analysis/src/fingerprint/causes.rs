//! Causes that libraries phrase in many ways, each with a single title. The text before a cause
//! says what was being done and keeps errors apart; the text after it only elaborates.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};
use weir_model::ErrorClass;

use super::expression::{compiled, compiled_set};

use ErrorClass as C;

/// A cause found in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cause {
    /// Its title, which is part of fingerprints: changing it regroups stored errors.
    pub title: &'static str,
    /// The class of the error.
    pub class: ErrorClass,
    /// Where it begins in the text, in bytes.
    pub at: usize,
}

/// Class, title, and regular expression for lower-case text. The first match counts, so more
/// specific causes come first.
const CAUSES: &[(ErrorClass, &str, &str)] = &[
    (
        C::Timeout,
        "Connection pool exhausted",
        r"knex: timeout acquiring a connection|queuepool limit of size|fetching a new connection from the connection pool|timed out fetching a new connection|hikaripool-\S+ - connection is not available|resourcerequest timed out",
    ),
    (
        C::Timeout,
        "Server selection timed out",
        r"server selection timed out|serverselectiontimeout",
    ),
    (
        C::Timeout,
        "Statement timed out",
        r"canceling statement due to statement timeout|maximum statement execution time exceeded|query execution was interrupted|timeout expired\. the timeout period elapsed",
    ),
    (
        C::Timeout,
        "Lock timed out",
        r"lock wait timeout exceeded|canceling statement due to lock timeout|lock request time out",
    ),
    (
        C::Timeout,
        "Workflow timed out",
        r"(?:workflow|execution)(?: was cancell?ed because it)? (?:has )?timed out",
    ),
    (C::Timeout, "Gateway timed out", r"gateway time(?:d |-)?out"),
    (
        C::Timeout,
        "Connection timed out",
        r"\betimedout\b|connect(?:ion)?(?: attempt| establishment)? ?time(?:d ?|-)?out|connection (?:to \S+ )?time(?:d out|out)|dial (?:tcp|udp).*i/o timeout|connect timed out|connecttimeout|connection terminated due to connection timeout",
    ),
    (
        C::Timeout,
        "Request timed out",
        r"\besockettimedout\b|read timed out|request time(?:d |-)?out|timeout of .{1,12} exceeded|headers timeout|body timeout|(?:rpc error: code = deadlineexceeded desc = )?context deadline exceeded|client\.timeout exceeded|timeout awaiting|operation (?:was aborted due to timeout|(?:has )?timed out|timeout)|did not observe any item or terminal signal|socket timeout|response timeout|timeout was reached|deadline exceeded|i/o timeout",
    ),
    (
        C::Network,
        "Connection refused",
        r"\beconnrefused\b|connection refused|(?:no connection could be made because the target machine )?actively refused|refused the connection",
    ),
    (C::Network, "Broken pipe", r"\bepipe\b|broken pipe"),
    (
        C::Network,
        "Database connection lost",
        r"connection terminated unexpectedly|server closed the connection(?: unexpectedly)?|(?:mysql )?server has gone away|lost connection to \w+ server|^connection lost",
    ),
    (
        C::Network,
        "Connection reset",
        r"\beconnreset\b|connection reset|socket hang up|connection to the server w[ae]s closed unexpectedly|reset by peer|remote end closed connection",
    ),
    (
        C::Network,
        "Connection aborted",
        r"\beconnaborted\b|connection was aborted|software caused connection abort",
    ),
    (
        C::Network,
        "Name resolution failed for now",
        r"\beai_again\b|temporary failure in name resolution|(?:the )?dns server returned an error|server misbehaving",
    ),
    (
        C::Network,
        "Host not found",
        r"\benotfound\b|name or service not known|unknownhostexception|could not resolve host|lookup \S+.{0,60}no such host|no such host|nodename nor servname|the connection cannot be established, this usually occurs|name does not resolve",
    ),
    (
        C::Network,
        "Host unreachable",
        r"\behostunreach\b|no route to host",
    ),
    (
        C::Network,
        "Network unreachable",
        r"\benetunreach\b|network is unreachable",
    ),
    (
        C::Network,
        "Certificate expired",
        r"certificate has expired|cert_has_expired",
    ),
    (
        C::Network,
        "Self-signed certificate",
        r"self[- ]signed certificate|(?:depth_zero_)?self_signed_cert",
    ),
    (
        C::Network,
        "Certificate of an unknown issuer",
        r"verify the first certificate|local issuer certificate|signed by unknown authority|pkix path building failed|unable_to_verify_leaf",
    ),
    (
        C::Network,
        "Certificate of another host",
        r"hostname/ip does not match certificate's altnames|certificate is (?:not )?valid for|hostname mismatch",
    ),
    (
        C::Auth,
        "SSH login refused",
        r"all configured authentication methods failed|(?:ssh: handshake failed: ssh: )?unable to authenticate, attempted methods",
    ),
    (
        C::Network,
        "TLS handshake failed",
        r"\beproto\b|wrong[ _]version[ _]number|handshake[ _]failure|client network socket disconnected before|(?:received fatal alert: )handshake_failure|sslhandshake|handshake failed",
    ),
    (
        C::Network,
        "Too many redirects",
        r"maximum number of redirects|exceeded maxredirects|exceeded \d+ redirects|too many redirects",
    ),
    (
        C::Auth,
        "Invalid API key",
        r"incorrect api key|invalid x-api-key|api key not valid|invalid api[ _-]key",
    ),
    (
        C::Auth,
        "Token expired",
        r"jwt expired|access token (?:has |is )?expired",
    ),
    (
        C::Quota,
        "Quota used up",
        r"exceeded your current quota|insufficient_quota",
    ),
    (
        C::Quota,
        "Resource exhausted",
        r"resource has been exhausted",
    ),
    (
        C::Validation,
        "Context length exceeded",
        r"(?:this model's )?maximum context length|prompt is too long|input length and .{1,20} exceed context limit|(?:the )?input token count .{0,20}exceeds",
    ),
    (
        C::NotFound,
        "Model not found",
        r"(?:the )?model `[^`]+` (?:does not exist|has been deprecated)|^model: \S+$|models/\S+ is not found|model .{1,60} not found",
    ),
    (
        C::RateLimit,
        "Tokens per minute used up",
        r"(?:this request would exceed (?:the|your) )?rate limit.*\b(?:tokens per min|tokens per minute|tpm)\b",
    ),
    (
        C::RateLimit,
        "Requests per minute used up",
        r"rate limit.*\b(?:requests per min|rpm)\b",
    ),
    (
        C::RateLimit,
        "API quota per minute used up",
        r"quota exceeded for quota metric.*per (?:minute|second|\d+ seconds)",
    ),
    (
        C::RateLimit,
        "Secondary rate limit",
        r"(?:you have exceeded a )?secondary rate limit",
    ),
    (
        C::RateLimit,
        "Rate limited",
        r"rate.?limit.{0,20}(?:exceeded|reached)|(?:you are being )?rate.?limited|ratelimit_exceeded|rate exceeded|too many requests|reduce your request rate",
    ),
    (
        C::Server,
        "Overloaded",
        r"(?:the |that )?(?:model|engine|server|system)? ?(?:is )?(?:currently )?\boverloaded\b",
    ),
    (
        C::Validation,
        "Content filtered",
        r"(?:the )?response was filtered|(?:your )?request was rejected as a result of our safety system|content[_ ]filter",
    ),
    (
        C::Validation,
        "Model output not in the required format",
        r"model output doesn't fit required format|failed to parse\. text:|could not parse (?:llm )?output",
    ),
    (
        C::Server,
        "Model server error",
        r"the server had an error (?:while )?processing your request",
    ),
    (
        C::Validation,
        "Duplicate key",
        r"(?:e11000 )?duplicate key|duplicate entry|(?:violation of )?unique(?: key)? constraint(?: failed|.*violated)?",
    ),
    (
        C::Validation,
        "Foreign key violated",
        r"(?:insert or update on table .{1,80} violates foreign key|update or delete on table .{1,80} violates foreign key|cannot add or update a child row|cannot delete or update a parent row|foreign key constraint)",
    ),
    (
        C::Validation,
        "Not null violated",
        r"(?:null value in )?column .{1,80} (?:violates not-null|cannot be null)|not null constraint failed",
    ),
    (
        C::Validation,
        "Value too long",
        r"value too long for type|data too long for column|string or binary data would be truncated",
    ),
    (
        C::NotFound,
        "Table does not exist",
        r"(?:relation|table) \S+ (?:does not exist|doesn't exist)|no such table|invalid object name",
    ),
    (
        C::NotFound,
        "Column does not exist",
        r"column \S+ (?:of relation \S+ )?does not exist|unknown column|no such column",
    ),
    (
        C::Code,
        "SQL syntax",
        r"syntax error at or near|error in your sql syntax|near \S+: syntax error|incorrect syntax near",
    ),
    (
        C::Auth,
        "Database login refused",
        r"password authentication failed|access denied for user|login failed for user|wrongpass|ora-01017|^authentication failed\.?$",
    ),
    (
        C::Auth,
        "Table permission denied",
        r"permission denied for (?:table|relation|schema|sequence)",
    ),
    (
        C::Quota,
        "Too many connections",
        r"too many clients already|remaining connection slots are reserved|too many connections",
    ),
    (
        C::Server,
        "Read-only transaction",
        r"cannot execute \w+ in a read-only transaction",
    ),
    (
        C::Server,
        "Deadlock",
        r"deadlock (?:detected|found)|.*was deadlocked on lock",
    ),
    (
        C::Server,
        "Database locked",
        r"database (?:table )?is locked|sqlite_busy",
    ),
    (
        C::Quota,
        "No space left",
        r"no space left on device|\benospc\b",
    ),
    (
        C::Quota,
        "Out of memory",
        r"reached heap limit|(?:javascript |near )?heap (?:limit|out of memory)|(?:cuda )?out of memory|gc overhead limit|ineffective mark-compacts|(?:workflow did not finish, )?possible out-of-memory|outofmemoryerror|java heap space|killed at \d+ ?[mg]i?b|oomkilled|cannot allocate memory",
    ),
    (
        C::Code,
        "Property of undefined",
        r"cannot read propert(?:y|ies) (?:\S+ )?of undefined|undefined is not an object",
    ),
    (
        C::Code,
        "Property of null",
        r"cannot read propert(?:y|ies) (?:\S+ )?of null",
    ),
    (
        C::Code,
        "Name is not defined",
        r"^(?:name )?\S+ is not defined",
    ),
    (
        C::Code,
        "Not a function",
        r"^\S+(?: \S+)? is not a function",
    ),
    (C::Code, "Not iterable", r"^\S+ is not iterable"),
    (
        C::Code,
        "Index out of range",
        r"(?:list |slice |string )?index out of (?:range|bounds)",
    ),
    (
        C::Code,
        "Null pointer",
        r"nil pointer dereference|invalid memory address|(?:java\.lang\.)?nullpointerexception|cannot invoke .* because .* is null",
    ),
    (
        C::Code,
        "Module not found",
        r"cannot find module|no module named",
    ),
    (
        C::Code,
        "Stack overflow",
        r"maximum call stack|maximum recursion depth|stackoverflowerror",
    ),
    (
        C::Validation,
        "Unexpected token in JSON",
        r"unexpected token .{1,40}(?:in json|is not valid json)",
    ),
    (
        C::Validation,
        "Unexpected end of JSON",
        r"unexpected end of json",
    ),
    (
        C::Validation,
        "Parameter is not valid JSON",
        r"the value in the .{1,60} field is not valid json|json parameter needs to be valid json",
    ),
    (
        C::Validation,
        "Missing required field",
        r"missing required (?:field|parameter|property|argument)s?",
    ),
    (
        C::NotFound,
        "File not found",
        r"no such file or directory|\benoent\b",
    ),
    (
        C::Auth,
        "File permission denied",
        r"\beacces\b|^(?:\[errno 13\] )?permission denied(?:, \w+|: )?",
    ),
    (
        C::Auth,
        "Invalid credentials",
        r"(?:login failed: )?\binvalid credentials\b",
    ),
    (
        C::Auth,
        "Username and password not accepted",
        r".*username and password not accepted",
    ),
    (
        C::Code,
        "Referenced node does not exist",
        r"referenced node doesn't exist|the node .{1,80} doesn't exist",
    ),
    (
        C::Auth,
        "No credentials set",
        r"does not have any credentials set",
    ),
    (
        C::Unknown,
        "Unknown error",
        r"^(?:an )?(?:unknown |unexpected |unspecified )?error(?: (?:has )?occurred)?[.!]?$",
    ),
];

static ANY: LazyLock<RegexSet> =
    LazyLock::new(|| compiled_set(CAUSES.iter().map(|(_, _, words)| *words)));

static EACH: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let each = CAUSES.iter().map(|(_, _, words)| compiled(words));
    each.collect()
});

/// The cause that a lower-case text names.
pub(super) fn find(lower: &str) -> Option<Cause> {
    let first = ANY.matches(lower).into_iter().next()?;
    let (class, title, _) = CAUSES[first];
    let at = EACH[first].find(lower)?.start();
    Some(Cause { title, class, at })
}

#[cfg(test)]
pub(super) fn titles() -> impl Iterator<Item = &'static str> {
    CAUSES.iter().map(|(_, title, _)| *title)
}
