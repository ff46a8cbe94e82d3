use std::collections::BTreeSet;

use super::*;

fn unset(_: &str) -> Option<String> {
    None
}

/// Every key of the default configuration.
fn keys() -> BTreeSet<String> {
    fn walk(table: &Table, path: &str, found: &mut BTreeSet<String>) {
        for (key, value) in table {
            match value {
                Value::Table(inner) => walk(inner, &format!("{key}."), found),
                _ => drop(found.insert(format!("{path}{key}"))),
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&DEFAULT.parse().unwrap(), "", &mut found);
    found
}

/// The error for a file that sets one key to an invalid value.
fn refusal(key: &str, value: &str) -> String {
    let refused = Config::load(Some(&format!("{key} = {value}")), unset)
        .and_then(|config| config.check_files());
    let error = refused.expect_err(&format!("{key} = {value} is accepted"));
    format!("{error:#}")
}

/// Invalid values of every key.
const WRONG: &[(&str, &[&str])] = &[
    ("data_dir", &["\"\"", "3", "\"/etc/hostname\""]),
    (
        "listen",
        &[
            "\"\"",
            "\"foo\"",
            "\":8080\"",
            "\"localhost\"",
            "\"127.0.0.1:http\"",
            "\"127.0.0.1:70000\"",
            "\"300.1.1.1:80\"",
            "\"::1:80:\"",
            "\"a b:80\"",
            "8080",
        ],
    ),
    ("tls_cert", &["5", "\"/nowhere/cert.pem\""]),
    ("tls_key", &["true", "\"/nowhere/key.pem\""]),
    ("secure_cookie", &["\"yes\"", "1"]),
    (
        "trusted_proxies",
        &["\"10.0.0.0/8\"", "[\"proxy\"]", "[\"10.0.0.0/33\"]", "[5]"],
    ),
    (
        "public_url",
        &[
            "\"foo\"",
            "\"weir.example.com\"",
            "\"ftp://a.example\"",
            "\"https://\"",
            "\"https://a.example/?b\"",
            "\"https://u:p@a.example\"",
            "\"https:weir.example.com\"",
            "\"https://a b\"",
        ],
    ),
    (
        "cors_origins",
        &[
            "[\"app.example.com\"]",
            "[\"https://a.example/x\"]",
            "[\"https://\"]",
            "[\"*\"]",
            "[\"ftp://a.example\"]",
            "[\"https://u@a.example\"]",
            "\"https://a.example\"",
        ],
    ),
    ("encrypt_store", &["\"true\"", "0"]),
    (
        "crypto_module",
        &["\"/nowhere/module\"", "\"built-in\"", "1"],
    ),
    (
        "log",
        &[
            "\"loud\"",
            "\"\"",
            "\"info,weir_server\"",
            "\"weir_server=loud\"",
            "\"info,,\"",
            "\"=\"",
            "3",
        ],
    ),
    ("log_format", &["\"xml\"", "\"\"", "1"]),
    ("metrics_key", &["\"two words\"", "\"schlüssel\"", "5"]),
    (
        "store.memory_limit",
        &[
            "\"\"",
            "\"many\"",
            "\"768\"",
            "\"0MB\"",
            "\"-1GB\"",
            "\"80%\"",
            "\"1e3MB\"",
            "\"768 megs\"",
            "\"1KB\"",
            "\"99999TB\"",
            "768",
        ],
    ),
    ("store.threads", &["-1", "1000000", "\"4\"", "1.5"]),
    ("store.readers", &["0", "-1", "100000"]),
    ("store.queued_events", &["0", "-1"]),
    ("store.answer_bytes", &["0", "\"1GB\""]),
    ("store.reserved_bytes", &["-1", "9000000000000000000"]),
    ("store.compaction_seconds", &["0", "9000000000000000000"]),
    (
        "retention.minute",
        &["\"2\"", "\"0h\"", "\"2w\"", "\"-1d\"", "48"],
    ),
    ("retention.five_minutes", &["\"\"", "\"d\""]),
    ("retention.hour", &["\"5 weeks\"", "\"never\""]),
    ("retention.day", &["\"1.5d\"", "\"99999999999d\""]),
    ("retention.clock_jump", &["\"soon\"", "\"0d\""]),
    ("executions.clock_skew_ms", &["-1", "5000000000", "\"5s\""]),
    (
        "executions.stale_after",
        &["\"0h\"", "\"later\"", "\"\"", "12"],
    ),
    ("executions.open_bytes", &["-1", "\"64MB\""]),
    ("intake.body_bytes", &["0", "-5"]),
    ("intake.decoded_bytes", &["0"]),
    ("intake.decoded_ratio", &["0"]),
    ("intake.decompressing", &["0", "5000"]),
    ("intake.memory_bytes", &["0"]),
    ("intake.slices", &["0", "5000"]),
    ("intake.body_seconds", &["0", "40000000"]),
    ("intake.body_bytes_per_second", &["-1"]),
    ("query.deadline_seconds", &["0"]),
    ("query.light_deadline_seconds", &["0"]),
    ("query.concurrent", &["0", "\"many\""]),
    ("query.heavy_concurrent", &["0"]),
    ("query.cache_bytes", &["-1"]),
    ("query.tree_executions", &["0"]),
    ("dimensions.most", &["-1"]),
    ("dimensions.most_values", &["0"]),
    ("sli.measure_seconds", &["0"]),
    ("live.subscribers", &["-1"]),
    ("live.heartbeat_seconds", &["0"]),
    ("live.check_seconds", &["0"]),
    ("live.waiting_bytes", &["0"]),
    ("limits.person_reads", &["-1", "5000000000"]),
    ("limits.person_requests", &["\"none\""]),
    ("limits.key_requests", &["-1"]),
    ("limits.address_attempts", &["-1"]),
    ("limits.unread_seconds", &["0"]),
    ("outgoing.allowed", &["[\"internal\"]", "[\"10.0.0.0/99\"]"]),
    ("outgoing.plain_http", &["\"no\""]),
    (
        "outgoing.authorities",
        &["\"/nowhere/ca.pem\"", "\"/etc/hostname\"", "5"],
    ),
    ("costs.budget_seconds", &["0"]),
    ("costs.worths", &["-1"]),
    ("process.workflows", &["-1"]),
    ("projects.annotations", &["-1"]),
    ("projects.saved_views", &["-1"]),
    ("projects.triaged_errors", &["-1", "5001"]),
    ("audit.kept", &["\"long\"", "\"0d\"", "400"]),
    ("audit.waiting", &["0"]),
    (
        "mail.smtp_url",
        &[
            "\"mail.example.com\"",
            "\"http://mail.example.com\"",
            "\"smtps://\"",
            "\"smtp://host?tls=maybe\"",
            "5",
        ],
    ),
    ("mail.directory", &["\"/etc/hostname\"", "5"]),
    ("mail.from", &["\"Weir\"", "\"\"", "\"a@b@c\""]),
    ("redaction.keys_containing", &["\"password\"", "[5]"]),
    ("redaction.keys_ending", &["\"token\""]),
    ("redaction.keys_hinting", &["[true]"]),
    ("redaction.keys_kept", &["5"]),
    ("redaction.secrets", &["\"yes\""]),
    ("redaction.emails", &["1"]),
    ("redaction.cards", &["[]"]),
    ("redaction.accounts", &["\"on\""]),
    ("redaction.values", &["[\"(\"]", "[5]", "\"a\""]),
];

#[test]
fn an_invalid_value_of_any_key_is_refused_with_the_key_the_fault_and_a_valid_value() {
    let named: BTreeSet<String> = WRONG.iter().map(|(key, _)| (*key).to_owned()).collect();
    assert_eq!(named, keys(), "every key has an invalid value");
    for (key, values) in WRONG {
        for value in *values {
            let error = refusal(key, value);
            assert!(error.contains(key), "{key} = {value}: {error}");
            let pair = error.contains("or neither");
            let valid = error.contains(&format!("use for example {key} = "));
            assert!(pair || valid, "{key} = {value}: {error}");
        }
    }
}

#[test]
fn the_value_that_a_refusal_suggests_is_accepted() {
    for key in keys() {
        // The files that these name do not exist here.
        if key.starts_with("tls_") {
            continue;
        }
        let text = format!("{key} = {}", example(&key));
        Config::load(Some(&text), unset).unwrap_or_else(|error| panic!("{text}: {error:#}"));
    }
}

#[test]
fn an_invalid_variable_is_refused_by_the_key_that_it_sets() {
    for (variable, value, key) in [
        ("WEIR_LOG", "loud", "log"),
        ("WEIR_PUBLIC_URL", "foo", "public_url"),
        ("WEIR_STORE_MEMORY_LIMIT", "lots", "store.memory_limit"),
        ("WEIR_QUERY_CONCURRENT", "many", "query.concurrent"),
        ("WEIR_TRUSTED_PROXIES", "proxy", "trusted_proxies"),
        ("WEIR_ENCRYPT_STORE", "yes", "encrypt_store"),
    ] {
        let environment = |name: &str| (name == variable).then(|| value.to_owned());
        let error = format!("{:#}", Config::load(None, environment).unwrap_err());
        assert!(
            error.contains(&format!("{key}:")) && error.contains("use for example"),
            "{error}"
        );
        assert!(error.contains(value), "{error}");
    }
}

#[test]
fn valid_values_are_accepted() {
    for text in [
        "listen = \"localhost:0\"",
        "listen = \"[::1]:8080\"",
        "listen = \"weir-1.internal:80\"",
        "public_url = \"https://weir.example.com:8443/\"",
        "log = \"info,weir_server=debug\"",
        "log = \"OFF\"",
        "log = \"warn,[request{id=1}]=trace\"",
        "store.memory_limit = \"1.5 GiB\"",
        "mail.smtp_url = \"smtp://user:pass%40@host.example:587?tls=required\"",
        "mail.from = \"weir@localhost\"",
        "cors_origins = [\"http://localhost:5173\"]",
    ] {
        Config::load(Some(text), unset).unwrap_or_else(|error| panic!("{text}: {error:#}"));
    }
}

#[test]
fn a_refusal_shows_no_secret() {
    for (key, value) in [
        ("mail.smtp_url", "\"http://user:opensesame@mail.example\""),
        ("metrics_key", "\"open sesame opensesame\""),
        ("mail.smtp_url", "[\"opensesame\"]"),
    ] {
        let error = refusal(key, value);
        assert!(!error.contains("opensesame"), "{error}");
    }
}
