use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::*;

const TABLES: &[(&str, &str)] = &[
    ("network", include_str!("table/network.txt")),
    ("http", include_str!("table/http.txt")),
    ("databases", include_str!("table/databases.txt")),
    ("cloud", include_str!("table/cloud.txt")),
    ("llm", include_str!("table/llm.txt")),
    ("code", include_str!("table/code.txt")),
    ("n8n", include_str!("table/n8n.txt")),
    ("second", include_str!("table/second.txt")),
];

/// A message with the group that a person put it into.
struct Row {
    class: ErrorClass,
    group: &'static str,
    error_type: Option<&'static str>,
    message: String,
}

fn rows() -> Vec<Row> {
    TABLES
        .iter()
        .flat_map(|(_, table)| rows_of(table))
        .collect()
}

fn rows_of(table: &'static str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut header = None;
    for line in table.lines().filter(|line| !line.is_empty()) {
        let titled = line
            .strip_prefix('[')
            .and_then(|line| line.split_once("] "));
        let titled = titled.and_then(|(class, group)| Some((ErrorClass::from_name(class)?, group)));
        if titled.is_some() {
            header = titled;
            continue;
        }
        let (class, group) = header.expect("a header comes first");
        let (error_type, message) = match line.split_once(" => ") {
            Some((error_type, message)) => (Some(error_type), message),
            None => (None, line),
        };
        let message = message
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\r", "\r");
        rows.push(Row {
            class,
            group,
            error_type,
            message,
        });
    }
    rows
}

fn found(row: &Row) -> Fingerprint {
    Fingerprinter::default().fingerprint(row.error_type, Some(&row.message))
}

#[test]
fn the_table_is_large_and_no_message_stands_in_two_groups() {
    let rows = rows();
    assert!(rows.len() >= 400, "{}", rows.len());
    let messages: HashSet<_> = rows
        .iter()
        .map(|row| (row.error_type, &row.message))
        .collect();
    assert_eq!(messages.len(), rows.len());
}

#[test]
fn messages_of_a_group_have_one_fingerprint_and_those_of_others_have_others() {
    let mut by_group: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    let mut by_id: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows() {
        let id = found(row).id;
        by_id.entry(id.clone()).or_default().insert(row.group);
        by_group
            .entry(row.group)
            .or_default()
            .entry(id)
            .or_default()
            .push(row.message.clone());
    }
    let torn: Vec<_> = by_group.iter().filter(|(_, ids)| ids.len() > 1).collect();
    let mixed: Vec<_> = by_id.values().filter(|groups| groups.len() > 1).collect();
    assert!(
        torn.is_empty() && mixed.is_empty(),
        "torn apart: {torn:#?}\nmixed: {mixed:#?}"
    );
}

#[test]
fn every_message_has_the_class_that_a_person_gave_it() {
    let wrong: Vec<_> = rows()
        .iter()
        .map(|row| (row.class, found(row), row.message.clone()))
        .filter(|(class, found, _)| *class != found.class)
        .map(|(class, found, message)| {
            format!("{message:?} is {:?} and should be {class:?}", found.class)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_class_has_messages_in_the_table() {
    let classes: HashSet<_> = rows().iter().map(|row| row.class).collect();
    assert_eq!(classes.len(), ErrorClass::ALL.len());
}

#[test]
fn titles_of_causes_are_unique() {
    let mut seen = HashSet::new();
    for title in causes::titles() {
        assert!(seen.insert(title), "{title} stands twice");
    }
}

#[test]
fn values_of_every_kind_do_not_matter() {
    let plain = Fingerprinter::default();
    let of = |value: &str| {
        let message = format!("The shipment {value} left the depot twice");
        plain.fingerprint(None, Some(&message)).id
    };
    let values = [
        "4711",
        "-12.50",
        "1,024",
        "30000 ms",
        "2026-02-11",
        "2026-02-11T10:14:02.123Z",
        "10:14:02",
        "550e8400-e29b-41d4-a716-446655440000",
        "10.0.0.1",
        "10.0.0.1:8080",
        "2001:db8::8a2e:370:7334",
        "api.example.com",
        "db.prod.internal:5432",
        "localhost:3000",
        "https://x.test/a?b=1#c",
        "ada@example.com",
        "[redacted]",
        "\"in quotes\"",
        "'single'",
        "`code`",
        "/var/spool/x.csv",
        "./a/b",
        "0x7f3c5c0b5d90",
        "5d41402abc4b2a76b9719d911017c592",
        "cus_9s6XKzkNRiz8i3",
        "SO-2026-0042",
        "arn:aws:s3:::lake/x",
    ];
    for value in values {
        assert_eq!(of(value), of("4711"), "{value}");
    }
    assert_ne!(of("broke and"), of("4711"));
}

#[test]
fn a_key_is_the_fingerprint_without_its_title() {
    let plain = Fingerprinter::default();
    for row in rows() {
        let found = found(&row);
        let key = plain.key(row.error_type, Some(&row.message));
        assert_eq!(key, (found.id, found.class), "{}", row.message);
    }
}

#[test]
fn an_error_that_says_nothing_is_known_by_its_type() {
    let plain = Fingerprinter::default();
    let of = |error_type, message| plain.fingerprint(error_type, message);
    assert_eq!(of(None, None), of(Some(""), Some("  ")));
    assert_eq!(of(None, None).title, "Unknown error");
    let typed = of(Some("ConnectTimeoutError"), None);
    assert_eq!(
        (typed.title.as_str(), typed.class),
        ("Connection timed out", ErrorClass::Timeout)
    );
    assert_ne!(typed.id, of(Some("QuotaError"), None).id);
    assert_eq!(
        of(Some("A"), Some("the pump broke")).id,
        of(Some("B"), Some("the pump broke")).id
    );
}

#[test]
fn hostile_text_is_fingerprinted_without_harm() {
    let plain = Fingerprinter::default();
    let long = "é".repeat(50_000);
    let nested = "{\"message\": \"".repeat(3_000);
    let prefixes = "Error: ".repeat(5_000);
    for text in [
        long.as_str(),
        nested.as_str(),
        prefixes.as_str(),
        "\u{0}",
        "<",
        "{",
        "''\"",
        "İİ timed out İ",
    ] {
        let found = plain.fingerprint(None, Some(text));
        assert_eq!(found.id.len(), 16);
        assert!(found.title.chars().count() <= 161);
    }
}
